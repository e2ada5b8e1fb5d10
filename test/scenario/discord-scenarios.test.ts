/** The scenarios of Discord within one process: what is wrong with the gateway and the bridge themselves shows here in seconds. */
import { describe } from 'vitest';
import { discordThemes } from '../e2e/scenarios/discord/index.ts';
import { DiscordStage } from '../harness/discord/stage.ts';
import { useDiscordWorld } from '../harness/discord/use-world.ts';
import { playOn } from '../harness/scenario.ts';

describe('in memory', () => {
  const live = useDiscordWorld();

  playOn(() => new DiscordStage(live()), ['memory'], discordThemes);
});
