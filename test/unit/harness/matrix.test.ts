/** The sample of worlds that `npm test` plays in: every two properties meet in it. */
import { expect, test } from 'vitest';
import { type Arrangement, matrix, players, sample, titleOf } from '../../harness/matrix.ts';
import { only } from '../../harness/scenario.ts';

const pairs = (all: readonly Arrangement[]): ReadonlySet<string> =>
  new Set(
    all.flatMap(({ ircd, server, processes }) => [
      `${ircd} ${server}`,
      `${ircd} ${processes}`,
      `${server} ${processes}`,
    ]),
  );

test('the matrix is whole, and the sample has every pair of it in half the worlds', () => {
  expect(new Set(matrix.map(titleOf)).size).toBe(players.length * 2 * 2);
  expect(sample).toHaveLength(matrix.length / 2);
  expect(pairs(sample)).toEqual(pairs(matrix));
});

test('what is for some servers only is refused for all the others, with the reason', () => {
  expect(only(['modern', 'services'], 'no accounts')).toEqual({
    ngircd: 'no accounts',
    inspircd: 'no accounts',
    hybrid: 'no accounts',
  });
});
