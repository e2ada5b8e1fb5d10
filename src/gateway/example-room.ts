/** How addresses are written here: shown to whoever wrote one that is none, or left one out. */
import type { Scene } from '../bridge/commands.ts';
import type { Addresses } from '../bridge/contract.ts';
import { type ChatId, chatId, personId } from '../core/ids.ts';

/** The id of a room that need not be there. */
export const exampleRoom = ({ exampleRoom: own }: Addresses): ChatId => own ?? chatId('#channel');

/** Its localpart, with a server's name where the domain has many: of any, where none is meant. */
export const exampleLocal = (addresses: Addresses, on = 'irc.example.org'): string =>
  addresses.format({
    ...{ is: 'room', id: exampleRoom(addresses) },
    ...(hasServers({ addresses }) && { on }),
  });

/** The localpart of something of that kind. */
export function exampleAt(addresses: Addresses, scene: Exclude<Scene, 'gateway'>): string {
  if (scene === 'room') return exampleLocal(addresses);
  const where = hasServers({ addresses }) ? { on: 'irc.example.org' } : {};
  if (scene === 'server') return addresses.format({ is: 'service', ...where });
  // Where rooms have numbers for names, so have people.
  const id = personId(addresses.exampleRoom?.replace(/^#/, '') ?? 'nick');
  return addresses.format({ is: 'person', id, ...where });
}

/** Has the domain many servers, each with an address? */
export const hasServers = ({ addresses }: { readonly addresses: Addresses }): boolean =>
  addresses.format({ is: 'service', on: 'server.example' }) !== '';
