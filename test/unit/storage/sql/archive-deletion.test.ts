/** What goes from the archive is gone, in bites, between which others have their turn; how many rows went is told. */
import { expect, test } from 'vitest';
import { accountId, chatId } from '../../../../src/core/ids.ts';
import type { ArchiveRow } from '../../../../src/storage/ports.ts';
import { createArchive } from '../../../../src/storage/sql/archive.ts';
import { openDatabase } from '../../../../src/storage/sql/database.ts';

const account = accountId('romeo@test/net/irc.test');
const [verona, mantua] = [chatId('#verona'), chatId('#mantua')];

/** Rows of the moments 0 to 1,099 in one chat, and of the first ten in another. */
async function world() {
  const database = await openDatabase(':memory:');
  const archive = createArchive(database);
  const row = (chat: typeof verona, n: number): ArchiveRow => {
    return { account, chat, id: `${chat}-${n}`, at: n, nick: 'juliet', body: '<body>x</body>' };
  };
  const of = (chat: typeof verona, length: number) => Array.from({ length }, (_, n) => row(chat, n));
  await archive.add([...of(verona, 1_100), ...of(mantua, 10)]);
  return {
    archive,
    rows: async () => (await database.db.selectFrom('archive').select('id').execute()).length,
    chats: () => database.db.selectFrom('chats').select('chat').where('account', '=', account).execute(),
    left: async (chat = verona) => (await archive.recent(account, chat, 2_000)).length,
    [Symbol.asyncDispose]: () => database.close(),
  };
}

test.each([
  ['by age', { before: 1_050 }, [600, 100, 50, 0]],
  ['by number', { perRoom: 10 }, [600, 100, 10, 10]],
] as const)('%s: nothing more goes while others have their turn', async (_, rule, [first, second, last, other]) => {
  await using it = await world();
  const seen: number[] = [];
  const expired = it.archive.expire(rule, async () => {
    seen.push(await it.left());
    for (let n = 0; n < 10; n++) await new Promise((resolve) => setImmediate(resolve));
    expect(await it.left()).toBe(seen.at(-1));
  });
  expect(await expired).toBe(1_110 - last - other);
  expect([...new Set(seen)]).toEqual([first, second, last]);
  expect([await it.left(), await it.left(mantua)]).toEqual([last, other]);
});

test('of many chats others have their turn behind each that was counted', async () => {
  await using it = await world();
  let [turns, under] = [0, 0];
  const breathe = async () => {
    expect(under++).toBe(0);
    await new Promise((resolve) => setImmediate(resolve));
    under--;
    turns++;
  };
  expect(await it.archive.expire({ perRoom: 5_000 }, breathe)).toBe(0);
  expect(turns).toBe(3);
  expect(await it.archive.expire({}, breathe)).toBe(0);
  expect([await it.left(), await it.left(mantua)]).toEqual([1_100, 10]);
});

test('what is forgotten is not only nobody’s any more, but gone; and so is which chats there were', async () => {
  await using it = await world();
  await it.archive.forget(account, verona);
  expect(await it.rows()).toBe(10);
  expect(await it.chats()).toEqual([{ chat: mantua }]);
  await it.archive.forget(account);
  expect(await it.rows()).toBe(0);
  expect(await it.chats()).toEqual([]);
});
