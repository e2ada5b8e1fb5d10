/** What another process has changed is known here in the end, although the database was away when we were told. */
import { expect, test } from 'vitest';
import { createBans } from '../../../src/process/bans.ts';
import { createRereading } from '../../../src/process/rereading.ts';
import { createBanStore } from '../../../src/storage/sql/ban-store.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

async function setUp() {
  const clock = createManualClock();
  const database = await openDatabase(':memory:');
  const stopping = new AbortController();
  const [here, there] = [createBans(createBanStore(database)), createBans(createBanStore(database))];
  const reread = createRereading({ clock, log: silentLog, signal: stopping.signal });
  const { schema } = database.db;
  return {
    ...{ clock, here, reread, stopping },
    ban: () => there.change(['tybalt@test'], []),
    goesAway: () => schema.alterTable('bans').renameTo('elsewhere').execute(),
    comesBack: () => schema.alterTable('elsewhere').renameTo('bans').execute(),
    [Symbol.asyncDispose]: () => database.close(),
  };
}

test('who is banned is known when the first try has ended', async () => {
  await using it = await setUp();
  await it.ban();
  await it.reread(it.here);
  expect([...it.here.now]).toEqual(['tybalt@test']);
});

test('where the database is away nobody waits for it, and it is read when it is back', async () => {
  await using it = await setUp();
  await it.ban();
  await it.goesAway();
  await it.reread(it.here);
  await it.reread(it.here);
  await it.clock.advance(5_000);
  expect([...it.here.now]).toEqual([]);
  await it.comesBack();
  while (it.here.now.size === 0) await it.clock.advance(1_000);
  expect([...it.here.now]).toEqual(['tybalt@test']);
});

test('at the end nothing is tried any more', async () => {
  await using it = await setUp();
  await it.goesAway();
  await it.reread(it.here);
  it.stopping.abort();
  await it.clock.advance(0);
  expect(it.clock.waiting).toBe(0);
});
