/** How a room's address is written here: shown to whoever wrote one that is none. */
import type { Addresses } from '../bridge/contract.ts';
import { type ChatId, chatId } from '../core/ids.ts';

/** The id of a room that need not be there. */
export const exampleRoom = ({ exampleRoom: own }: Addresses): ChatId => own ?? chatId('#channel');

/** Its localpart, with a server's name where the domain has many. */
export const exampleLocal = (addresses: Addresses): string =>
  addresses.format({
    ...{ is: 'room', id: exampleRoom(addresses) },
    ...(hasServers({ addresses }) && { on: 'irc.example.org' }),
  });

/** Has the domain many servers, each with an address? */
export const hasServers = ({ addresses }: { readonly addresses: Addresses }): boolean =>
  addresses.format({ is: 'service', on: 'server.example' }) !== '';
