/** What a network repeats of its past, and what only looks like it. */
import { expect, test, vi } from 'vitest';
import { createArchiving } from '../../../src/accounts/archiving.ts';
import { createDoubles } from '../../../src/accounts/doubles.ts';
import { plainText } from '../../../src/core/content.ts';
import type { MessageEvent } from '../../../src/core/event.ts';
import { accountId, chatId, messageId, personId } from '../../../src/core/ids.ts';
import type { ArchiveRow } from '../../../src/storage/ports.ts';
import { createArchive } from '../../../src/storage/sql/archive.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { turnsOf } from '../../harness/turns.ts';

const account = accountId('romeo on net');
const chat = chatId('#verona');
let names = 0;
const row = (at: number, text: string, more: Partial<ArchiveRow> = {}): ArchiveRow => ({
  account,
  chat,
  id: `id-${names++}`,
  at,
  nick: 'juliet',
  by: personId('juliet'),
  body: `<body>${text}</body>`,
  ...more,
});
const ours = (at: number, text: string): ArchiveRow => {
  const { by: _, ...rest } = row(at, text, { nick: 'romeo' });
  return rest;
};
const again = (at: number, text: string, more: Partial<MessageEvent> = {}): MessageEvent => ({
  kind: 'message',
  at: new Date(at),
  chat,
  by: personId('juliet'),
  nick: 'juliet',
  ref: { id: messageId(`~${names++}`), part: 0 },
  content: { text: plainText(text) },
  history: true,
  unnamed: true,
  ...more,
});

async function setUp(...rows: readonly ArchiveRow[]) {
  const archive = createArchiving(createArchive(await openDatabase(':memory:')), createManualClock(), silentLog);
  archive.keep(rows);
  const doubles = createDoubles(account, { archive, log: silentLog });
  const isDouble = async (event: MessageEvent): Promise<boolean> => {
    await doubles.look(event);
    return doubles.isDouble(event);
  };
  return { archive, doubles, isDouble };
}

test.each<readonly [string, MessageEvent, boolean]>([
  ['the same', again(100_000, 'hello'), true],
  ['the same by another clock', again(102_500, 'hello'), true],
  ['the same a while later', again(104_000, 'hello'), false],
  ['something else', again(100_000, 'hello there'), false],
  ['somebody else', again(100_000, 'hello', { by: personId('tybalt'), nick: 'tybalt' }), false],
  ['in another room', again(100_000, 'hello', { chat: chatId('#mantua') }), false],
  ['a name that the archive has', again(5, 'x', { unnamed: false, ref: { id: messageId('m1'), part: 0 } }), true],
  ['one that it has not', again(100_000, 'hello', { unnamed: false, ref: { id: messageId('m2'), part: 0 } }), false],
  ['our own', again(200_000, 'one\ntwo', { by: personId('romeo'), nick: 'romeo' }), true],
  ['a line of our own', again(208_000, 'two', { by: personId('romeo'), nick: 'romeo' }), true],
  ['no line of our own', again(200_000, 'tw', { by: personId('romeo'), nick: 'romeo' }), false],
])('%s', async (_, event, expected) => {
  const { isDouble } = await setUp(
    row(100_000, 'hello', { refs: [{ id: messageId('m1'), part: 0 }] }),
    ours(200_000, 'one\ntwo'),
    row(150_000, 'gone', { kind: 'remark' }),
  );
  expect(await isDouble(event)).toBe(expected);
});

test('two that said the same are two, once a connection; asked twice, one is one', async () => {
  const { isDouble, doubles } = await setUp(row(1_000, 'ok'), row(2_000, 'ok'));
  const play = async () => {
    const events = [again(1_000, 'ok'), again(2_000, 'ok'), again(3_000, 'ok')];
    await Promise.all([doubles.look(events[0] ?? again(0, '')), doubles.look(events[0] ?? again(0, ''))]);
    const found: boolean[] = [];
    for (const event of events) found.push(await isDouble(event));
    return found;
  };
  expect(await play()).toEqual([true, true, false]);
  doubles.lost();
  expect(await play()).toEqual([true, true, false]);
});

test('what became a row just now is no double of what comes behind it', async () => {
  const { isDouble, doubles, archive } = await setUp();
  const fresh = row(1_000, 'ok');
  expect(await isDouble(again(1_000, 'ok'))).toBe(false);
  archive.keep([fresh]);
  doubles.told([fresh]);
  expect(await isDouble(again(2_000, 'ok'))).toBe(false);
  doubles.lost();
  expect(await isDouble(again(1_000, 'ok'))).toBe(true);
});

test('MSG-09 what came live and without a name, and in the past that was told meanwhile, is one; said again it is two', async () => {
  const { doubles, archive } = await setUp(row(9_500, 'now'));
  const rows = [
    row(10_000, 'now'),
    row(20_000, 'now'),
    row(30_000, 'named', { refs: [{ id: messageId('m1'), part: 0 }] }),
  ];
  archive.keep(rows);
  const live = (at: number, text: string, more: Partial<MessageEvent> = {}): MessageEvent => {
    const { history: _, ...event } = again(at, text, more);
    return event;
  };
  const first = live(10_400, 'now');
  expect(await doubles.besides([first])).toEqual([first]);
  doubles.told(rows);
  const [twice, later] = [live(10_500, 'now'), live(12_000, 'now')];
  const named = { unnamed: false, ref: { id: messageId('m2'), part: 0 } };
  const [stranger, other] = [
    live(10_000, 'now', { by: personId('tybalt'), nick: 'tybalt' }),
    live(30_000, 'named', named),
  ];
  const same = live(30_000, 'named', { ...named, ref: { id: messageId('m1'), part: 0 } });
  const some = [first, twice, later, live(20_000, 'now'), stranger, same, other];
  expect(await doubles.besides(some)).toEqual([twice, later, stranger, other]);
});

test('MSG-09 hundreds of lines in the same second are told apart, each from its own', async () => {
  const rows = Array.from({ length: 450 }, (_, n) => row(10_000 + n * 2, `line ${n}`));
  const { doubles, isDouble } = await setUp(...rows);
  for (const n of [0, 225, 449]) expect(await isDouble(again(10_000 + n * 2, `line ${n}`))).toBe(true);
  expect(await isDouble(again(10_300, 'another'))).toBe(false);
  doubles.lost();
  doubles.told(rows);
  const live = rows.map(({ at }, n): MessageEvent => {
    const { history: _, ...event } = again(at, `line ${n}`);
    return event;
  });
  expect(await doubles.besides(live)).toEqual([]);
});

test.each([450, 3_000])(
  'MSG-09 %i lines of one second, of whose past the network keeps the second only',
  async (many) => {
    const rows = Array.from({ length: many }, (_, n) => row(10_000, `line ${n}`));
    const { doubles } = await setUp(...rows);
    const live = rows.map((_, n): MessageEvent => {
      const { history: _h, ...event } = again(10_000 + Math.floor((n * 1_000) / many), `line ${n}`);
      return event;
    });
    const past = rows.map((_, n) => again(10_000, `line ${n}`));
    expect(await doubles.without(past)).toEqual([]);
    doubles.lost();
    doubles.told(rows);
    expect(await doubles.besides(live)).toEqual([]);
  },
);

test('MSG-09 a flood is read once, however many messages of its second are looked for', async () => {
  const rows = Array.from({ length: 12_000 }, (_, n) => row(10_000, `line ${n}`));
  const { archive, doubles } = await setUp(...rows);
  const page = vi.spyOn(archive, 'page');
  expect(await doubles.without(rows.slice(0, 100).map((_, n) => again(10_000, `line ${n}`)))).toEqual([]);
  expect(page.mock.calls.length).toBeLessThan(40);
});

test('MSG-09 everybody else has a turn while a flood is looked for', async () => {
  const rows = Array.from({ length: 10_000 }, (_, n) => row(10_000, `line ${n}`));
  const { doubles } = await setUp(...rows);
  const past = rows.slice(0, 200).map((_, n) => again(10_000, `line ${n}`));
  // All of them have been written behind this.
  await doubles.without(past.slice(0, 1));
  expect(await turnsOf(() => doubles.without(past))).toBeGreaterThan(30);
});

test('MSG-09 thousands of lines behind thousands of others are all known', async () => {
  const before = Array.from({ length: 9_900 }, (_, n) => row(5_000, `line ${n}`));
  const behind = Array.from({ length: 2_000 }, (_, n) => row(22_000, `line ${n}`));
  const { doubles } = await setUp(...before, ...behind);
  expect(await doubles.without([again(5_000, 'line 0'), again(22_000, 'line 1999')])).toEqual([]);
});

test('MSG-09 what is kept from before a gap is nobody’s double in it', async () => {
  const { doubles } = await setUp(row(1_000, 'ok'), row(3_000, 'ok'));
  const [first, second] = [again(2_500, 'ok'), again(3_500, 'ok')];
  expect(await doubles.without([first, second], 1_000)).toEqual([second]);
  expect(await doubles.without([second])).toEqual([]);
});

test('only the past is looked at', async () => {
  const { doubles } = await setUp();
  const { history: _, ...live } = again(1, 'x');
  expect(doubles.look(live)).toBeUndefined();
  expect(await doubles.without([])).toEqual([]);
});

test('an archive that can not be read costs the comparison, nothing else', async () => {
  const { archive } = await setUp();
  const page = () => Promise.reject(new Error('the database is locked'));
  const doubles = createDoubles(account, { archive: { ...archive, page }, log: silentLog });
  const event = again(1, 'x');
  await doubles.look(event);
  expect(doubles.isDouble(event)).toBe(false);
});
