/** The scenarios of e2e/ within one process: what is wrong with the gateway itself shows here in seconds; what is wrong between programs, there. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { themes } from '../e2e/scenarios/index.ts';
import { type MemoryWorld, startMemoryWorld } from '../harness/memory-world.ts';
import { playIn, reasonAgainst, type Trait } from '../harness/scenario.ts';

const ircds = ['modern', 'plain'] as const;
const traitsOf = (ircd: (typeof ircds)[number]): readonly Trait[] => [ircd, 'memory'];

describe.each(ircds)('in memory, %s', (name) => {
  let world: MemoryWorld | undefined;
  const live = (): MemoryWorld => {
    if (world === undefined) throw new Error('the world did not start');
    return world;
  };
  beforeAll(async () => {
    world = await startMemoryWorld(name);
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    expect(live().errors).toEqual([]);
    expect(live().leaks(), 'said, and in the log').toEqual([]);
  });

  playIn(live, traitsOf(name), themes);
});

test('every scenario is played in one of these worlds', () => {
  const all = themes.flatMap(({ scenarios }) => scenarios);
  const nowhere = all.filter((one) => ircds.every((ircd) => reasonAgainst(one, traitsOf(ircd)) !== undefined));
  expect(nowhere.map(({ name }) => name)).toEqual([]);
});
