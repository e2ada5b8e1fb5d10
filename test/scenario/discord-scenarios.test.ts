/** The scenarios of Discord within one process: what is wrong with the gateway and the bridge themselves shows here in seconds. */
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { discordThemes } from '../e2e/scenarios/discord/index.ts';
import { type DiscordWorld, startDiscordWorld } from '../harness/discord/memory-world.ts';
import { DiscordStage } from '../harness/discord/stage.ts';
import { playOn } from '../harness/scenario.ts';

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

  playOn(() => new DiscordStage(live()), ['memory'], discordThemes);
});
