/** What goes wrong with Discord, within one process: one after the other, for each leaps over the minutes and hours that it takes. */
import { describe, test } from 'vitest';
import { discordFaults } from '../e2e/scenarios/discord/index.ts';
import { DiscordStage } from '../harness/discord/stage.ts';
import { useDiscordWorld } from '../harness/discord/use-world.ts';

const limitMs = 120_000;

describe('in memory', () => {
  const live = useDiscordWorld();

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
