/** The sample of worlds that `npm test` plays in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { matrix, players, sample, titleOf } from '../../harness/matrix.ts';
import { only } from '../../harness/scenario.ts';

test('the matrix is whole; in the sample is each IRC server once, and either XMPP server in one process and in several', () => {
  expect(new Set(matrix.map(titleOf)).size).toBe(players.length * 2 * 2);
  expect(sample.map(({ ircd }) => ircd)).toEqual([...players]);
  const all = (worlds: typeof sample): readonly string[] =>
    [...new Set(worlds.map(({ server, processes }) => `${server} ${processes}`))].toSorted();
  expect(all(sample)).toEqual(all(matrix));
  expect(matrix.map(titleOf)).toEqual(expect.arrayContaining(sample.map(titleOf)));
});

test('the README says how many of how many', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
  expect(readme).toContain(`in ${sample.length} of ${matrix.length} worlds`);
});

test('what is for some servers only is refused for all the others, with the reason', () => {
  expect(only(['modern', 'services'], 'no accounts')).toEqual({
    ngircd: 'no accounts',
    inspircd: 'no accounts',
    hybrid: 'no accounts',
    plain: 'no accounts',
  });
});
