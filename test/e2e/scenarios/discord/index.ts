/** All themes of Discord, as its users see it: played in memory, behind Prosody and behind ejabberd. */
import type { DiscordStage } from '../../../harness/discord/stage.ts';
import type { Theme } from '../../../harness/scenario.ts';
import { doneToMessages } from './done-to-messages.ts';
import { entering } from './entering.ts';
import { files, past } from './files-and-past.ts';
import { outages } from './outages.ts';
import { places } from './places.ts';
import { privately } from './privately.ts';
import { refusals } from './refusals.ts';
import { slowness } from './slowness.ts';
import { talking } from './talking.ts';

/** In the order in which a newcomer would read them. */
export const discordThemes: readonly Theme<DiscordStage>[] = [
  entering,
  talking,
  doneToMessages,
  places,
  privately,
  files,
  past,
];

/** What goes wrong at Discord or on the way there: time passes in these. */
export const discordFaults: readonly Theme<DiscordStage>[] = [outages, refusals, slowness];
