/** What goes wrong with Discord, within one process: one after the other, for each leaps over the minutes and hours that it takes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { discordFaults } from '../e2e/scenarios/discord/index.ts';
import { type DiscordWorld, startDiscordWorld } from '../harness/discord/memory-world.ts';
import { DiscordStage } from '../harness/discord/stage.ts';

const limitMs = 120_000;

describe('in memory', () => {
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

  for (const { name, scenarios } of discordFaults)
    describe(name, () => {
      for (const one of scenarios)
        test(
          one.name,
          async () => {
            await using stage = new DiscordStage(live());
            await one.play(stage);
          },
          limitMs,
        );
    });
});
