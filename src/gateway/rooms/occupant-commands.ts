/** Commands at an occupant's address (XEP-0050, CHECKLIST 050-11): those of the person behind the nick, for whoever's account it is and is in the room. */
import { child, firstChild } from '../../xml/query.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { DISCO_INFO, DISCO_ITEMS } from '../../xmpp/xep/0030-disco.ts';
import { COMMANDS } from '../../xmpp/xep/0050-commands.ts';
import type { Heard } from '../face.ts';
import { isOwners } from '../shares.ts';
import type { FaceState, RoomFeature } from './feature.ts';
import { refuseWith } from './origin.ts';
import { isAmong, type Room } from './room.ts';

/** Is it for a command, or asks which there are? */
function isAboutCommands({ el, type }: Stanza): boolean {
  if (type === 'set') return firstChild(el)?.ns === COMMANDS;
  const query = child(el, 'query', DISCO_INFO) ?? child(el, 'query', DISCO_ITEMS);
  return query?.attrs.node !== undefined && query.attrs.node !== '';
}

/** Does that client find commands at occupants? */
export const hasOccupantCommands = ({ context }: FaceState, client: string): boolean =>
  context.occupantCommands !== undefined && isOwners(context.account, client);

function hear(face: FaceState, room: Room, stanza: Stanza): Heard | undefined {
  const { occupantCommands } = face.context;
  if (stanza.to.resource === '' || occupantCommands === undefined || !isAboutCommands(stanza)) return undefined;
  if (!isAmong(room, stanza.from.full)) {
    return { stanzas: [refuseWith(stanza, 'cancel', 'not-acceptable', room.jid)] };
  }
  const occupant = room.people.called(stanza.to.resource);
  if (occupant === undefined) return { stanzas: [refuseWith(stanza, 'cancel', 'item-not-found', room.jid)] };
  if (occupant === room.me) return undefined;
  const decoded = occupantCommands(stanza, occupant.person);
  if (decoded?.is === 'question') return { stanzas: [], question: decoded.question };
  return decoded?.is === 'answer' ? { stanzas: decoded.stanzas } : undefined;
}

/** Before service discovery in the list, which knows of no nodes at occupants. */
export const occupantCommands: RoomFeature = { hears: { iq: hear } };
