/** The scenarios of Discord between real programs. `npm test` plays each once, half of them behind either XMPP server; the whole matrix all of them everywhere. */
import { describe } from 'vitest';
import { type RealDiscordOptions, useRealDiscord } from '../harness/discord/real-world.ts';
import { DiscordStage } from '../harness/discord/stage.ts';
import { hasEjabberd } from '../harness/ejabberd.ts';
import { every, isWhole } from '../harness/matrix.ts';
import { playOn } from '../harness/scenario.ts';
import { discordFaults, discordThemes } from './scenarios/discord/index.ts';

const themes = [...discordFaults, ...discordThemes];
const sample: readonly RealDiscordOptions[] = [
  { server: 'prosody', processes: 'one' },
  { server: 'ejabberd', processes: 'split' },
];
const others: readonly RealDiscordOptions[] = [
  { server: 'prosody', processes: 'split' },
  { server: 'ejabberd', processes: 'one' },
];
const arrangements = (isWhole() ? [...sample, ...others] : sample).filter(
  ({ server }) => server === 'prosody' || hasEjabberd(),
);

for (const [at, options] of arrangements.entries()) {
  const processes = options.processes === 'one' ? 'one process' : 'an edge and two workers';
  describe(`${processes}, ${options.server}`, () => {
    const live = useRealDiscord(options);
    playOn(() => new DiscordStage(live()), [options.server], isWhole() ? themes : every(2, themes, at));
  });
}
