/** A domain that is one IRC server's (`fixedServer`), in memory: every scenario under its addresses, and what it has of its own. */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { themes } from '../e2e/scenarios/index.ts';
import { oneServer } from '../e2e/scenarios/one-server.ts';
import { type MemoryWorld, startMemoryWorld } from '../harness/memory-world.ts';
import { playIn } from '../harness/scenario.ts';

describe('in memory', () => {
  let world: MemoryWorld | undefined;
  const live = (): MemoryWorld => {
    if (world === undefined) throw new Error('the world did not start');
    return world;
  };
  beforeAll(async () => {
    world = await startMemoryWorld('modern', true);
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    expect(live().errors).toEqual([]);
    expect(live().leaks(), 'said, and in the log').toEqual([]);
  });

  playIn(live, ['modern', 'memory', 'fixed'], [oneServer, ...themes]);
});
