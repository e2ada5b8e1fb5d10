/** Orders on their way through a mailbox. */
import { expect, test } from 'vitest';
import { type Order, readOrder, writeOrder } from '../../../src/accounts/orders.ts';
import { accountId } from '../../../src/core/ids.ts';

const romeo = accountId('romeo@example.org/net.test/irc.test');

test.each<Order>([
  { is: 'reconfigure' },
  { is: 'erase', reason: 'x' },
  { is: 'disconnect', reason: 'order "that" <one>\nand this' },
])('%j comes out as it went in', (order) =>
  expect(readOrder(writeOrder(romeo, order))).toEqual({ account: romeo, order }),
);

test('stanzas and wake-ups are no orders', () => {
  expect(readOrder("<message from='a@b' to='c'/>")).toBeUndefined();
  expect(readOrder('wake ["a","b"]')).toBeUndefined();
});
