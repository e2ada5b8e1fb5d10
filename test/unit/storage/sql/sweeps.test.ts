/** How often the sweep asks the database: not for every chat that there ever was, nor for every picture's name. */
import type { KyselyPlugin } from 'kysely';
import { expect, test } from 'vitest';
import { accountId, chatId } from '../../../../src/core/ids.ts';
import { createArchive } from '../../../../src/storage/sql/archive.ts';
import { createAvatarStore } from '../../../../src/storage/sql/avatar-store.ts';
import { openDatabase } from '../../../../src/storage/sql/database.ts';

/** A database that counts what it is asked. */
async function counted() {
  const database = await openDatabase(':memory:');
  let asked = 0;
  const counter: KyselyPlugin = {
    transformQuery({ node }) {
      asked++;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const db = database.db.withPlugin(counter);
  return {
    parts: { ...database, db },
    asked: () => asked,
    [Symbol.asyncDispose]: () => database.close(),
  };
}

test('of a thousand chats two have something that is too old: those two are asked for it', async () => {
  await using it = await counted();
  const archive = createArchive(it.parts);
  const account = accountId('romeo@test/net/irc.test');
  const at = (n: number): number => (n === 7 || n === 999 ? 1 : 100);
  await archive.add(
    Array.from({ length: 1_000 }, (_, n) => ({
      ...{ account, chat: chatId(`#${n}`), id: `id${n}`, at: at(n), nick: 'n', body: '<body>x</body>' },
    })),
  );
  const before = it.asked();
  expect(await archive.expire({ before: 100 })).toBe(2);
  expect(it.asked() - before).toBeLessThan(20);
  expect(await archive.recent(account, chatId('#7'), 1)).toEqual([]);
  expect(await archive.recent(account, chatId('#8'), 1)).toHaveLength(1);
});

test('names of pictures go together', async () => {
  await using it = await counted();
  const store = createAvatarStore(it.parts);
  for (let n = 0; n < 500; n++) await store.keep('irc.test', `nick${n}`, undefined, n);
  const before = it.asked();
  expect(await store.expire(450, 1_000)).toBe(450);
  expect(it.asked() - before).toBeLessThan(10);
  expect([...(await store.known('irc.test', ['nick449', 'nick450'])).keys()]).toEqual(['nick450']);
});
