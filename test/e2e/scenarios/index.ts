/** All themes: what every arrangement of servers and processes has to play. */
import type { Theme } from '../../harness/scenario.ts';
import { clients } from './clients.ts';
import { commands } from './commands.ts';
import { configuring } from './configuring.ts';
import { identity } from './identity.ts';
import { joining } from './joining.ts';
import { meaning } from './meaning.ts';
import { moderating } from './moderating.ts';
import { occupants } from './occupants.ts';
import { privately } from './private.ts';
import { ranks } from './ranks.ts';
import { rooms } from './rooms.ts';
import { services } from './services.ts';
import { talking } from './talking.ts';

/** In the order in which a newcomer would read them. */
export const themes: readonly Theme[] = [
  joining,
  talking,
  meaning,
  occupants,
  rooms,
  ranks,
  identity,
  moderating,
  configuring,
  privately,
  clients,
  services,
  commands,
];
