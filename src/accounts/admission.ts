/** Whom a shared account admits no more is taken out of its rooms, which stay as long as others are in them, and comes into none. */
import { GatewayError } from '../core/errors.ts';
import type { Face } from '../gateway/face.ts';
import type { AccountRow } from '../storage/ports.ts';
import type { PresenceOfClients } from './clients.ts';
import type { AccountWorld } from './world.ts';

const noMore = 'This shared account does not admit you any more';

/** Throws where the account admits that client no more: its join was accepted while it did, and has waited since. */
export function mustBeAdmitted(row: AccountRow, client: string, world: Pick<AccountWorld, 'admits'>): void {
  if (!world.admits(row, client)) throw new GatewayError('not-permitted', { text: noMore });
}

/** At the start, and whenever the list or the bans are others. Nothing happens to an account of one person. */
export function readmit(
  row: AccountRow,
  face: Pick<Face, 'rooms' | 'clients' | 'dismiss'>,
  world: Pick<AccountWorld, 'admits' | 'send'>,
  clients: Pick<PresenceOfClients, 'departed'>,
): void {
  for (const chat of face.rooms()) {
    for (const client of face.clients(chat)) {
      if (world.admits(row, client)) continue;
      world.send(face.dismiss('technical', noMore, client, chat));
      clients.departed({ chat, client, how: 'left' });
    }
  }
}
