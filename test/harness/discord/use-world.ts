/** A world of Discord within the test's own process, for all tests of a file; at its end no bug was logged. */
import { afterAll, beforeAll, expect } from 'vitest';
import { type DiscordWorld, startDiscordWorld } from './memory-world.ts';

/** Registers the hooks; call what it returns within a test. */
export function useDiscordWorld(): () => DiscordWorld {
  let world: DiscordWorld | undefined;
  const live = (): DiscordWorld => {
    if (world === undefined) throw new Error('the world did not start');
    return world;
  };
  beforeAll(async () => {
    world = await startDiscordWorld();
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    expect(live().errors).toEqual([]);
  });
  return live;
}
