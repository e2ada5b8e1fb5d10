/** All themes of Discord, as its users see it: played in memory, behind Prosody and behind ejabberd. */
import type { DiscordStage } from '../../../harness/discord/stage.ts';
import type { Theme } from '../../../harness/scenario.ts';
import { doneToMessages } from './done-to-messages.ts';
import { entering } from './entering.ts';
import { files, past } from './files-and-past.ts';
import { places } from './places.ts';
import { privately } from './privately.ts';
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
