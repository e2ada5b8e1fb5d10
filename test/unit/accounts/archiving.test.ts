/** The archive's gatherer: batches, reads behind writes, outages. */
import { expect, test, vi } from 'vitest';
import { createArchiving, noArchive } from '../../../src/accounts/archiving.ts';
import { accountId, chatId, messageId } from '../../../src/core/ids.ts';
import type { ArchiveRow } from '../../../src/storage/ports.ts';
import { createArchive } from '../../../src/storage/sql/archive.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

const account = accountId('romeo@montague.lit/verona/irc.test');
const chat = chatId('#verona');
const row = (n: number): ArchiveRow => ({
  account,
  chat,
  id: `id${String(n).padStart(6, '0')}`,
  at: 1000 + n,
  nick: 'juliet',
  body: `<body>${n}</body>`,
});
const rows = (from: number, to: number): ArchiveRow[] => Array.from({ length: to - from }, (_, i) => row(from + i));

async function setUp() {
  const clock = createManualClock();
  const database = await openDatabase(':memory:');
  const archive = createArchive(database);
  const add = vi.spyOn(archive, 'add');
  return { clock, add, archive, database, archiving: createArchiving(archive, clock, silentLog) };
}

test('a row is written when its message is in the journal, or when that takes too long', async () => {
  const clock = createManualClock();
  const archive = createArchive(await openDatabase(':memory:'));
  const add = vi.spyOn(archive, 'add');
  const journal = { landed: Promise.withResolvers<void>() };
  const archiving = createArchiving(archive, clock, silentLog, () => journal.landed.promise);
  archiving.keep(rows(0, 1));
  await clock.advance(500);
  expect(add).not.toHaveBeenCalled();
  journal.landed.resolve();
  await expect.poll(() => add.mock.calls.length).toBe(1);
  journal.landed = Promise.withResolvers();
  archiving.keep(rows(1, 2));
  await clock.advance(1_000);
  expect(add).toHaveBeenCalledTimes(1);
  await clock.advance(2_000);
  await expect.poll(() => add.mock.calls.length).toBe(2);
});

test('what is kept while others are written waits for the journal itself', async () => {
  const clock = createManualClock();
  const archive = createArchive(await openDatabase(':memory:'));
  const disk = Promise.withResolvers<void>();
  const { add: write } = archive;
  const add = vi.spyOn(archive, 'add').mockImplementationOnce((some) => disk.promise.then(() => write(some)));
  const journal = { landed: Promise.resolve() };
  const archiving = createArchiving(archive, clock, silentLog, () => journal.landed);
  archiving.keep(rows(0, 1));
  await clock.advance(1);
  expect(add).toHaveBeenCalledTimes(1);
  const late = Promise.withResolvers<void>();
  journal.landed = late.promise;
  archiving.keep(rows(1, 2));
  disk.resolve();
  await expect.poll(() => archive.recent(account, chat, 9)).toEqual(rows(0, 1));
  await clock.advance(500);
  expect(add).toHaveBeenCalledTimes(1);
  late.resolve();
  expect(await archiving.recent(account, chat, 9)).toEqual(rows(0, 2));
});

test('who asks for the past of a chat waits for what was kept of it, and not for others', async () => {
  const clock = createManualClock();
  const archive = createArchive(await openDatabase(':memory:'));
  const archiving = createArchiving(archive, clock, silentLog, () => Promise.withResolvers<void>().promise);
  archiving.keep(rows(0, 1));
  await clock.advance(1);
  archiving.keep([{ ...row(1), chat: chatId('#mantua') }]);
  expect(await archiving.recent(account, chatId('#padua'), 9)).toEqual([]);
  expect(await archiving.known(accountId('juliet@capulet.lit'), chat, [])).toEqual([]);
  for (const [one, id] of [
    [chat, row(0).id],
    [chatId('#mantua'), row(1).id],
  ] as const) {
    let found: string | undefined;
    const asking = archiving.find(account, one, { id }).then((it) => (found = it?.id));
    await clock.advance(100);
    expect(found).toBeUndefined();
    await clock.advance(2_000);
    await asking;
    expect(found).toBe(id);
  }
});

test('a past that is asked for holds what was kept a moment ago', async () => {
  const { archiving, add } = await setUp();
  archiving.keep(rows(0, 3));
  expect(add).not.toHaveBeenCalled();
  expect(await archiving.recent(account, chat, 2)).toEqual(rows(1, 3));
});

test('rows are written by batch after a while, and at once when there are many', async () => {
  const { archiving, add, clock, archive } = await setUp();
  archiving.keep(rows(0, 10));
  archiving.keep(rows(10, 20));
  await clock.advance(1000);
  expect(add).toHaveBeenCalledOnce();
  archiving.keep(rows(20, 2520));
  await archiving.close();
  expect(add).toHaveBeenCalledTimes(3);
  expect(await archive.recent(account, chat, 10_000)).toEqual(rows(0, 2520));
});

test('a large batch lets everybody else have their turn between its pieces, and hurries for who waits for it', async () => {
  const { archiving, clock, archive, database } = await setUp();
  const pieces = vi.fn();
  database.file?.function('piece', (n) => pieces(n));
  database.file?.exec(
    'create temp trigger piece after insert on archive when new.at % 512 = 0 begin select piece(new.at); end',
  );
  archiving.keep(rows(0, 2_048));
  await settle();
  expect(pieces).toHaveBeenCalledTimes(1);
  await clock.advance(10);
  expect(pieces).toHaveBeenCalledTimes(2);
  const asked = archiving.recent(account, chat, 1);
  await clock.advance(10);
  expect(await asked).toEqual(rows(2_047, 2_048));
  expect(pieces).toHaveBeenCalledTimes(4);
  expect(await archive.recent(account, chat, 10_000)).toEqual(rows(0, 2_048));
});

test('what is kept is written at once, in a lively hour five times a second, and at once again behind it', async () => {
  const { archiving, add, clock } = await setUp();
  for (let n = 0; n < 10; n++) {
    archiving.keep(rows(n, n + 1));
    await clock.advance(1);
    expect(add).toHaveBeenCalledTimes(n + 1);
  }
  for (let n = 10; n < 30; n++) {
    archiving.keep(rows(n, n + 1));
    await clock.advance(10);
  }
  expect(add).toHaveBeenCalledTimes(11);
  expect(add.mock.lastCall?.[0].length).toBeGreaterThan(15);
  await clock.advance(1000);
  expect(add.mock.calls.flatMap(([written]) => written)).toHaveLength(30);
  add.mockClear();
  await clock.advance(2000);
  for (let n = 30; n < 40; n++) {
    archiving.keep(rows(n, n + 1));
    await clock.advance(1);
  }
  expect(add).toHaveBeenCalledTimes(10);
});

test('a clock that is set back keeps no row waiting', async () => {
  const { archiving, add, clock } = await setUp();
  for (let n = 0; n < 10; n++) {
    archiving.keep(rows(n, n + 1));
    await clock.advance(1);
  }
  clock.jump(-3_600_000);
  archiving.keep(rows(10, 11));
  await clock.advance(200);
  expect(add).toHaveBeenCalledTimes(11);
  archiving.keep(rows(11, 12));
  await clock.advance(200);
  expect(add).toHaveBeenCalledTimes(12);
});

test('an archive that is away loses nothing: the rows are written when it is back, in order', async () => {
  const { archiving, add, clock, archive } = await setUp();
  add.mockRejectedValueOnce(new Error('disk full'));
  archiving.keep(rows(0, 5));
  await clock.advance(1000);
  archiving.keep(rows(5, 8));
  await clock.advance(10_000);
  expect(await archive.recent(account, chat, 100)).toEqual(rows(0, 8));
});

test('an archive that is away is tried every ten seconds, however much is said, and each time is told once', async () => {
  const { archiving, add, clock, archive } = await setUp();
  add.mockImplementation(() => Promise.reject(new Error('disk full')));
  archiving.keep(rows(0, 3000));
  for (let n = 0; n < 900; n++) {
    archiving.keep(rows(3000 + n, 3001 + n));
    await clock.advance(20);
  }
  expect(add).toHaveBeenCalledTimes(2);
  add.mockRestore();
  await clock.advance(10_000);
  expect(await archive.recent(account, chat, 10_000)).toEqual(rows(0, 3900));
});

test('424-04 what was taken back is not there any more, nor are its corrections; the retraction is, and what else was said', async () => {
  const { archiving, add, archive, clock } = await setUp();
  const about = row(1).id;
  archiving.keep([...rows(0, 3), { ...row(3), kind: 'edit', about }, { ...row(4), kind: 'reaction', about }]);
  const body = `<retract xmlns='urn:xmpp:message-retract:1' id='${about}'></retract>`;
  add.mockRejectedValueOnce(new Error('disk full'));
  archiving.keep([
    { ...row(5), kind: 'retraction', about, body },
    { ...row(6), kind: 'retraction', about: 'unknown', body },
  ]);
  await clock.advance(1000);
  await clock.advance(10_000);
  await archiving.close();
  const page = await archive.page({ account, chat, max: 10, order: 'oldest' });
  expect(page?.rows.map(({ kind }) => kind)).toEqual([
    undefined,
    'tombstone',
    undefined,
    'tombstone',
    'reaction',
    'retraction',
    'retraction',
  ]);
  expect(page?.rows.map((one) => one.body.includes('<body>'))).toEqual([true, false, true, false, true, false, false]);
});

test('pages, look-ups and exports hold what was kept a moment ago; a change of it is a change before it is written', async () => {
  const { archiving, add, archive } = await setUp();
  const last = rows(0, 5).at(-1);
  archiving.keep(rows(0, 4));
  const page = await archiving.page({ account, chat, max: 2, order: 'newest' });
  expect(page?.rows).toEqual(rows(2, 4));
  archiving.keep(rows(4, 5));
  expect((await archiving.metadata(account, chat))?.last.id).toBe(last?.id);
  archiving.keep([{ ...row(5), refs: [{ id: messageId('five'), part: 0 }] }]);
  add.mockRejectedValueOnce(new Error('disk full'));
  expect(await archiving.find(account, chat, { id: row(5).id })).toBeUndefined();
  await archiving.change({ ...row(5), kind: 'tombstone', body: '<gone/>' });
  await archiving.change({ ...row(1), kind: 'tombstone', body: '<gone/>' });
  expect(await archiving.find(account, chat, { ref: { id: messageId('five'), part: 0 } })).toMatchObject({
    kind: 'tombstone',
    body: '<gone/>',
  });
  expect(await archive.find(account, chat, { id: row(1).id })).toMatchObject({ kind: 'tombstone' });
  archiving.keep([{ ...row(6), kind: 'reaction', about: row(1).id }]);
  expect(await archiving.about(account, chat, row(1).id)).toHaveLength(1);
  archiving.keep([row(7)]);
  expect(await archiving.known(account, chat, [{ id: messageId('five'), part: 0 }])).toEqual([true]);
  const all: ArchiveRow[] = [];
  for await (const one of archiving.all(account)) all.push(one);
  expect(all).toHaveLength(8);
});

test('what is forgotten is not written afterwards either', async () => {
  const { archiving, archive } = await setUp();
  archiving.keep(rows(0, 3));
  await archiving.recent(account, chat, 1);
  archiving.keep([row(3), { ...row(4), chat: chatId('#mantua') }]);
  await archiving.forget(account, chat);
  await archiving.close();
  expect(await archive.recent(account, chat, 10)).toEqual([]);
  expect(await archive.recent(account, chatId('#mantua'), 10)).toHaveLength(1);
  await archiving.forget(account);
  expect(await archive.recent(account, chatId('#mantua'), 10)).toEqual([]);
});

test('where nothing is to be kept, nothing is, and rooms have no past', async () => {
  noArchive.keep(rows(0, 10));
  expect(await noArchive.recent(account, chat, 10)).toEqual([]);
  expect(await noArchive.page({ account, chat, max: 5, order: 'oldest' })).toEqual({ rows: [], complete: true });
  expect(await noArchive.known(account, chat, [{ id: messageId('x'), part: 0 }])).toEqual([false]);
  for await (const _ of noArchive.all(account)) throw new Error('a row out of nowhere');
  await noArchive.close();
});

test('whoever reads from a network waits while more is gathered than is written, and not for a store that is away', async () => {
  const clock = createManualClock();
  const archive = createArchive(await openDatabase(':memory:'));
  const { add: write } = archive;
  let disk = Promise.withResolvers<void>();
  vi.spyOn(archive, 'add').mockImplementation((some) => disk.promise.then(() => write(some)));
  const archiving = createArchiving(archive, clock, silentLog);
  archiving.keep(rows(0, 2_000));
  await clock.advance(0);
  archiving.keep(rows(2_000, 9_999));
  expect(archiving.pressure()).toBeUndefined();
  archiving.keep(rows(9_999, 10_000));
  const pressure = archiving.pressure();
  expect(pressure).toBeInstanceOf(Promise);
  expect(archiving.pressure()).toBe(pressure);
  disk.resolve();
  await pressure;
  await archiving.close();
  expect(archiving.pressure()).toBeUndefined();
  expect(await archiving.recent(account, chat, 20_000)).toHaveLength(10_000);

  disk = Promise.withResolvers();
  archiving.keep(rows(10_000, 12_000));
  await clock.advance(0);
  archiving.keep(rows(12_000, 22_000));
  const slow = archiving.pressure();
  expect(slow).toBeInstanceOf(Promise);
  await clock.advance(2_000);
  await slow;
  expect(archiving.pressure()).toBeUndefined();
  disk.reject(new Error('away'));
  await clock.advance(0);
  archiving.keep(rows(22_000, 23_000));
  expect(archiving.pressure()).toBeUndefined();
});

test('what is forgotten is not written behind it, whoever else has waited for the same write', async () => {
  const { clock, add, archive, archiving } = await setUp();
  const { add: write } = createArchive(await openDatabase(':memory:'));
  const disk = Promise.withResolvers<void>();
  add.mockImplementationOnce((some) => disk.promise.then(() => write(some)));
  archiving.keep(rows(0, 1));
  await clock.advance(1);
  expect(add).toHaveBeenCalledTimes(1);
  const other = { ...row(1), account: accountId('juliet@capulet.lit') };
  archiving.keep([other, row(2)]);
  const read = archiving.recent(other.account, chat, 9);
  const forgotten = archiving.forget(account);
  disk.resolve();
  expect(await read).toEqual([other]);
  await forgotten;
  await archiving.close();
  expect(await archive.recent(account, chat, 9)).toEqual([]);
});

test('what is changed is changed, whoever else has waited for the same write', async () => {
  const { clock, add, archiving } = await setUp();
  const { add: write } = createArchive(await openDatabase(':memory:'));
  const disk = Promise.withResolvers<void>();
  add.mockImplementationOnce((some) => disk.promise.then(() => write(some)));
  archiving.keep(rows(0, 1));
  await clock.advance(1);
  archiving.keep([row(1)]);
  const read = archiving.recent(account, chat, 9);
  const other = archiving.change({ ...row(1), body: '<body>other</body>' });
  disk.resolve();
  await Promise.all([read, other]);
  expect((await archiving.recent(account, chat, 9)).map(({ body }) => body)).toEqual(['<body>other</body>']);
});
