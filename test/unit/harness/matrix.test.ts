/** The sample of worlds that `npm test` plays in: every two properties meet in it. */
import { expect, test } from 'vitest';
import { type Arrangement, matrix, players, sample, shareOf, titleOf } from '../../harness/matrix.ts';
import { only, scenario, theme } from '../../harness/scenario.ts';

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

test('in the sample each scenario meets each IRC server once, and everything else', () => {
  const play = async (): Promise<void> => undefined;
  const names = ['a', 'b', 'c', 'd', 'e'];
  const themes = [
    theme(
      'one',
      names.slice(0, 2).map((name) => scenario(name, play)),
    ),
    theme(
      'two',
      names.slice(2).map((name) => scenario(name, play)),
    ),
  ];
  const played = sample.flatMap((world) =>
    shareOf(world, themes).flatMap(({ scenarios }) => scenarios.map(({ name }) => ({ name, world }))),
  );
  for (const name of names) {
    const worlds = played.filter((one) => one.name === name).map(({ world }) => world);
    expect(worlds.map(({ ircd }) => ircd)).toEqual([...players]);
    expect(new Set(worlds.map(({ server, processes }) => `${server} ${processes}`)).size).toBe(4);
  }
});

test('what is for some servers only is refused for all the others, with the reason', () => {
  expect(only(['modern', 'services'], 'no accounts')).toEqual({
    ngircd: 'no accounts',
    inspircd: 'no accounts',
    hybrid: 'no accounts',
    plain: 'no accounts',
  });
});
