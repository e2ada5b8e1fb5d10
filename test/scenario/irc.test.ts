/** The scenarios of e2e/ within one process: what is wrong with the gateway itself shows here in seconds; what is wrong between programs, there. */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { themes } from '../e2e/scenarios/index.ts';
import { type MemoryWorld, startMemoryWorld } from '../harness/memory-world.ts';
import { playIn } from '../harness/scenario.ts';

describe.each(['modern', 'plain'] as const)('in memory, %s', (name) => {
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
  });

  playIn(live, [name, 'memory'], themes);
});
