/** What waits and what could not be delivered, over all of somebody's accounts. */
import { expect, test } from 'vitest';
import { plainText } from '../../../src/core/content.ts';
import { type AccountId, accountId, chatId } from '../../../src/core/ids.ts';
import { createDeliveries } from '../../../src/process/deliveries.ts';
import { createAccountStore } from '../../../src/storage/sql/account-store.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { createMemoryStores } from '../../harness/memory-stores.ts';

const domain = 'irc.test';
const chat = chatId('#verona');

test('oldest first, of that owner on that domain alone; requeued they are looked after, dropped they are gone', async () => {
  const clock = createManualClock();
  const { outbox } = createMemoryStores(clock);
  const database = await openDatabase(':memory:');
  const woken: string[] = [];
  const deliveries = createDeliveries({
    domain,
    accountStore: createAccountStore(database),
    outboxStore: outbox,
    wake: async (...what) => void woken.push(what.join(' ')),
  });
  const puts = async (account: AccountId, text: string, isDead: boolean): Promise<void> => {
    const intent = { kind: 'send', chat, content: { text: plainText(text) } } as const;
    const origin = { from: 'romeo@test/desk', to: `#verona@${domain}`, via: 'message', at: clock.now() } as const;
    const was = await outbox.append(account, { intent, origin }, undefined, { account: 9 });
    if (was.is === 'new' && isDead) await outbox.settle(account, 1, [{ key: was.key, dead: 'timed-out' }]);
    await clock.advance(1_000);
  };
  const [b, a] = ['b.test', 'a.test'].map((on) => accountId(`romeo@test/${on}/${domain}`));
  if (a === undefined || b === undefined) throw new Error('two accounts');
  await puts(b, 'first', true);
  await puts(a, 'second', true);
  await puts(a, 'waits', false);
  await puts(accountId(`juliet@test/a.test/${domain}`), 'not his', true);
  await puts(accountId('romeo@test/a.test/other.test'), 'not here', true);

  const { waiting, undelivered } = await deliveries.of('romeo@test', 9);
  expect([waiting, undelivered.map(({ on, about, sender, bytes }) => [on, about, sender, bytes])]).toEqual([
    1,
    [
      ['b.test', 'first', 'romeo@test', 5],
      ['a.test', 'second', 'romeo@test', 6],
    ],
  ]);
  expect(await deliveries.of('romeo@test', 1)).toEqual({ waiting: 1, failed: 2, undelivered: undelivered.slice(0, 1) });
  const [first, second] = undelivered;
  if (first === undefined || second === undefined) throw new Error('two letters');
  expect([await deliveries.requeue(first), await deliveries.requeue(first)]).toEqual([true, false]);
  expect(woken).toEqual([`${b} ${chat} 0`]);
  expect([await deliveries.drop(second), await deliveries.drop(second)]).toEqual([true, false]);
  expect(await deliveries.of('romeo@test', 9)).toEqual({ waiting: 2, failed: 0, undelivered: [] });
  await database.close();
});
