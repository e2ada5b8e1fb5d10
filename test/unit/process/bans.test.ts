/** Who is banned, as a process knows it. */
import { expect, test } from 'vitest';
import { createBans, isBanned } from '../../../src/process/bans.ts';
import { createBanStore } from '../../../src/storage/sql/ban-store.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';

test('a change is known here at once, to others when they read, and is there twice as once', async () => {
  const database = await openDatabase(':memory:');
  const [here, there] = [createBans(createBanStore(database)), createBans(createBanStore(database))];
  await here.change(['tybalt@test', 'spam.example'], []);
  await here.change(['tybalt@test'], []);
  expect([[...here.now], [...there.now]]).toEqual([['spam.example', 'tybalt@test'], []]);
  await there.read();
  expect([...there.now]).toEqual(['spam.example', 'tybalt@test']);
  await there.change([], ['spam.example', 'nobody@test']);
  expect([...there.now]).toEqual(['tybalt@test']);
  await database.close();
});

test('one is banned as oneself or with one’s domain, and with no other', () => {
  const bans = new Set(['tybalt@test', 'spam.example']);
  const who = [
    'tybalt@test',
    'x@spam.example',
    'spam.example',
    'tybalt@test.example',
    'x@sub.spam.example',
    'romeo@test',
  ];
  expect(who.map((one) => isBanned(bans, one))).toEqual([true, true, true, false, false, false]);
});
