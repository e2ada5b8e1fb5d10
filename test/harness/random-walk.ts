/** People who do by chance what people do, in a gateway with a quick line to the XMPP server and in one with a slow: the same for the same seed (FC_SEED). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MemoryWorld, startMemoryWorld } from './memory-world.ts';
import { seededRandom } from './seed.ts';

/** A number below that. */
export type Below = (n: number) => number;

const seeds = Number(process.env.FC_SEED ?? 1) || 1;

/** Three walks at a time in each of the two; what the gateway logs as an error is one. */
export function walksAtRandom(walk: (world: MemoryWorld, below: Below) => Promise<void>): void {
  describe.each(['quick', 'slow'])('a %s line', (line) => {
    let world: MemoryWorld | undefined;
    beforeAll(async () => {
      world = await startMemoryWorld('modern', false, line === 'slow' ? 100 : undefined);
    });
    afterAll(async () => {
      await world?.[Symbol.asyncDispose]();
      expect(world?.errors).toEqual([]);
    });

    test.concurrent.each([0, 1, 2].map((n) => seeds + n))('at random (%i)', async (seed) => {
      if (world === undefined) throw new Error('the world did not start');
      const random = seededRandom(seed);
      await walk(world, (n) => Math.floor(random() * n));
    });
  });
}
