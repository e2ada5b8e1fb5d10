/** What clients show of themselves in a room (XEP-0045 §7.7), and clients that believe they are in one and are not (§7.2.18). */

import type { FleetingIntent } from '../../core/intent.ts';
import { childText } from '../../xml/query.ts';
import { empty, type Xml, xml } from '../../xml/writer.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { Heard } from '../face.ts';
import { createOut, type FaceState, type RoomFeature, silence } from './feature.ts';
import { tellPresence } from './occupants.ts';
import type { Room } from './room.ts';

const outside = xml`<x xmlns='http://jabber.org/protocol/muc#user'>
  <item affiliation='none' role='none'><reason>You are not in this room; please join again</reason></item>
  <status code='110'/><status code='307'/><status code='333'/>
</x>`;

type Fleeting = Extract<FleetingIntent, { kind: 'presence' }>;
const shows: ReadonlySet<string> = new Set(['chat', 'away', 'xa', 'dnd']);
const isShow = (text: string): text is Fleeting['show'] => shows.has(text);

/** Longer ones are cut: every occupant gets a copy. */
const statusAtMost = 1000;

/** What the presence says of its sender, and the same as markup. */
function shown(stanza: Stanza): { show: Fleeting['show']; status: string | undefined; appearance: Xml } {
  const showText = childText(stanza.el, 'show')?.trim() ?? '';
  const show = isShow(showText) ? showText : 'online';
  const status = childText(stanza.el, 'status')?.slice(0, statusAtMost);
  const appearance = xml`${show === 'online' ? empty : xml`<show>${show}</show>`}${
    status === undefined ? empty : xml`<status>${status}</status>`
  }`;
  return { show, status, appearance };
}

function hear(face: FaceState, room: Room, stanza: Stanza): Heard {
  const { from, to } = stanza;
  if (stanza.type !== undefined || to.resource === '') return silence;
  if (room.entering.has(from.full)) return silence;
  if (!room.clients.has(from.full)) {
    return { stanzas: [{ kind: 'presence', type: 'unavailable', from: to.full, to: [from.full], body: outside }] };
  }
  const { show, status, appearance } = shown(stanza);
  room.appearance = appearance;
  const out = createOut();
  if (room.me !== undefined) tellPresence(face, room, room.me, out);
  if (face.session?.status === undefined) return { stanzas: out.stanzas };
  return { stanzas: out.stanzas, fleeting: { kind: 'presence', show, ...(status !== undefined && { status }) } };
}

/** The last of the presence features: whatever is left is an update, or silence (45-29). */
export const presence: RoomFeature = { hears: { presence: hear } };
