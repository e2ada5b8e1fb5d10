/** The archive's gatherer: batches, reads behind writes, outages. */
import { expect, test, vi } from 'vitest';
import { createArchiving, noArchive } from '../../../src/accounts/archiving.ts';
import { accountId, chatId } from '../../../src/core/ids.ts';
import type { ArchiveRow } from '../../../src/storage/ports.ts';
import { createArchive } from '../../../src/storage/sql/archive.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
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

test('an archive that is away loses nothing: the rows are written when it is back, in order', async () => {
  const { archiving, add, clock, archive } = await setUp();
  add.mockRejectedValueOnce(new Error('disk full'));
  archiving.keep(rows(0, 5));
  await clock.advance(1000);
  archiving.keep(rows(5, 8));
  await clock.advance(10_000);
  expect(await archive.recent(account, chat, 100)).toEqual(rows(0, 8));
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

test('where nothing is to be kept, nothing is, and rooms have no past', async () => {
  noArchive.keep(rows(0, 10));
  expect(await noArchive.recent(account, chat, 10)).toEqual([]);
  await noArchive.close();
});
