/** All themes: what every arrangement of servers and processes has to play. */
import type { Theme } from '../../harness/scenario.ts';
import { archive } from './archive.ts';
import { blocking } from './blocking.ts';
import { channelLists } from './channel-lists.ts';
import { clients } from './clients.ts';
import { commands } from './commands.ts';
import { configuring } from './configuring.ts';
import { contacts } from './contacts.ts';
import { doneToMessages } from './done-to-messages.ts';
import { formatting } from './formatting.ts';
import { past } from './history.ts';
import { identity } from './identity.ts';
import { invitations } from './invitations.ts';
import { joining } from './joining.ts';
import { knocking } from './knocking.ts';
import { meaning } from './meaning.ts';
import { moderating } from './moderating.ts';
import { network } from './network.ts';
import { occupants } from './occupants.ts';
import { people } from './people.ts';
import { privately } from './private.ts';
import { ranks } from './ranks.ts';
import { rooms } from './rooms.ts';
import { services } from './services.ts';
import { settings } from './settings.ts';
import { talking } from './talking.ts';
import { typedCommands } from './typed-commands.ts';

/** In the order in which a newcomer would read them. */
export const themes: readonly Theme[] = [
  joining,
  talking,
  formatting,
  meaning,
  doneToMessages,
  occupants,
  rooms,
  ranks,
  identity,
  past,
  archive,
  moderating,
  configuring,
  invitations,
  knocking,
  privately,
  blocking,
  typedCommands,
  settings,
  channelLists,
  people,
  contacts,
  clients,
  services,
  commands,
  network,
];
