/** What a client shows to the gateway itself: who is looked up for it, and how much of it waits. */
import { expect, test } from 'vitest';
import type { Order } from '../../../src/accounts/orders.ts';
import { createShownToAll } from '../../../src/accounts/shown-to-all.ts';
import { accountId } from '../../../src/core/ids.ts';
import { stanzaIn } from '../../../src/gateway/stanza-text.ts';
import type { AccountRow } from '../../../src/storage/ports.ts';
import { silentLog } from '../../harness/silent-log.ts';

const domain = 'net.test';
const work = { id: accountId('work'), on: '=~work' } as unknown as AccountRow;

function setUp() {
  const lookedUp: string[] = [];
  const orders: Order[] = [];
  const there = Promise.withResolvers<void>();
  const hear = createShownToAll({
    domain,
    accountStore: {
      async owned(_, owner) {
        lookedUp.push(owner);
        await there.promise;
        return [work];
      },
    },
    order: async (_, order) => void orders.push(order),
    allows: ({ bare }) => bare !== 'stranger@example.org',
    log: silentLog,
  });
  const shows = (from: string, status: number): void => {
    const stanza = stanzaIn(
      `<presence xmlns='jabber:component:accept' from='${from}' to='${domain}'><status>${status}</status></presence>`,
    );
    if (stanza !== undefined) hear(stanza);
  };
  return { shows, lookedUp, orders, there };
}

test('whoever may not use the gateway is not looked up', () => {
  const { shows, lookedUp } = setUp();
  shows('stranger@example.org/desk', 1);
  shows('romeo@example.org/desk', 1);
  expect(lookedUp).toEqual(['romeo@example.org']);
});

test('while the database takes its time the newest wait, and no more than fifty; in their order', async () => {
  const { shows, lookedUp, orders, there } = setUp();
  for (let n = 0; n < 80; n++) shows('romeo@example.org/desk', n);
  expect(lookedUp).toHaveLength(1);
  there.resolve();
  await expect.poll(() => orders.length).toBe(51);
  const shown = orders.map((order) => Number(order.is === 'shown' && /<status>(\d+)/.exec(order.stanza)?.[1]));
  expect(shown).toEqual([0, ...Array.from({ length: 50 }, (_, n) => n + 30)]);
});
