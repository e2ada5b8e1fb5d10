/** What was settled last, and no more of it. */
import { expect, test } from 'vitest';
import { accountId, deliveryKey } from '../../../../src/core/ids.ts';
import { createLately } from '../../../../src/storage/redis/lately.ts';

const [one, other] = [accountId('romeo'), accountId('juliet')];
const keysOf = (lately: ReturnType<typeof createLately>): string[] =>
  lately.all().flatMap(({ settled }) => settled.map(({ key }) => key));

test('what one account settled in a row goes together, under the fence of then', () => {
  const lately = createLately(1_024);
  expect(lately.all()).toEqual([]);
  const [a, b, c, d] = ['1-0', '2-0', '3-0', '4-0'].map((key) => ({ key: deliveryKey(key) }));
  if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('four');
  lately.add(one, 1, [a]);
  lately.add(one, 1, [b]);
  lately.add(other, 1, [c]);
  lately.add(one, 2, [d]);
  expect(lately.all()).toEqual([
    { account: one, fence: 1, settled: [a, b] },
    { account: other, fence: 1, settled: [c] },
    { account: one, fence: 2, settled: [d] },
  ]);
});

test('the oldest is forgotten first, and the order stays', () => {
  const lately = createLately(1_024);
  for (let n = 0; n < 1_500; n++) lately.add(one, 1, [{ key: deliveryKey(`${n}-0`) }]);
  expect(keysOf(lately)).toEqual(Array.from({ length: 1_024 }, (_, n) => `${n + 476}-0`));
});
