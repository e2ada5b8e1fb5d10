/**
 * How a client leaves: it says so (XEP-0045 §7.14, CHECKLIST 45-55), it bounces what the room sends it (§18.1.2, 45-59), or we take it out (§11.1, §11.2). Nobody
 * else is told: the occupant is the network's, and stays as long as the account does.
 */
import { asResource } from '../../core/resource.ts';
import { childText } from '../../xml/query.ts';
import { type Xml, xml } from '../../xml/writer.ts';
import { readError } from '../../xmpp/error.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { Heard } from '../face.ts';
import { saidIn } from '../translation.ts';
import { momentIn } from './archived.ts';
import { cameOrWent } from './coming.ts';
import { type FaceState, type Out, type RoomFeature, silence } from './feature.ts';
import { departure } from './kicks.ts';
import { departs, goesOut } from './leavers.ts';
import { occupantIdOf } from './occupants.ts';
import { hides, shownToNetwork } from './presence.ts';
import { clientsOf, dropClient, ownJid, type Room } from './room.ts';
import { forgetWriting } from './typing.ts';

/** Conditions that tell that a client is not there any more, whatever bounced. */
const gone: ReadonlySet<string> = new Set([
  'gone',
  'item-not-found',
  'recipient-unavailable',
  'redirect',
  'remote-server-not-found',
  'remote-server-timeout',
]);
/** The same when a message bounced: servers answer a message to a dead client so. */
const goneToMessages: ReadonlySet<string> = new Set(['service-unavailable', 'jid-malformed', 'internal-server-error']);

/** Since when a client that goes hears nothing of the room. */
function goesFrom(face: FaceState, room: Room, client: string): { readonly since: number } | { readonly early: true } {
  if (room.clients.has(client)) {
    goesOut(face, room.chat, client);
    return { since: momentIn(face, room) };
  }
  const since = room.entering.get(client)?.since;
  return since === undefined ? { early: true } : { since };
}

function leave(face: FaceState, room: Room, stanza: Stanza): Heard | undefined {
  if (stanza.type !== 'unavailable') return undefined;
  const client = stanza.from.full;
  const from = ownJid(room, stanza.to.resource);
  cameOrWent(face, room.chat, client);
  const isIn = room.clients.has(client);
  const since = goesFrom(face, room, client);
  if (!isIn) departs(face, room.chat, client, room.entering.has(client) ? undefined : { id: stanza.id });
  if (!dropClient(room, client)) return silence;
  hides(face, room, client);
  forgetWriting(face, [room.chat]);
  const fleeting = shownToNetwork(face);
  const reason = childText(stanza.el, 'status');
  // Servers give what a client sends its language (RFC 6120 §8.1.5); what they send themselves when its stream is over has none.
  const how = stanza.lang === undefined ? 'ended' : 'left';
  return {
    stanzas: [
      {
        kind: 'presence',
        type: 'unavailable',
        from,
        to: [client],
        ...(stanza.id !== undefined && { id: stanza.id }),
        body: departure(face, room, room.me, { how: 'left', reason }, client),
      },
    ],
    ...(fleeting !== undefined && { fleeting }),
    departed: {
      chat: room.chat,
      client,
      how,
      ...since,
      ...(reason !== undefined && reason !== '' && { reason }),
    },
  };
}

/** It was the speaker's address that the server refused, in the name of whoever was to hear them: that client is there as before. */
const isAboutSpeaker = ({ to }: Stanza, condition: string): boolean =>
  condition === 'jid-malformed' && asResource(to.resource) !== to.resource;

function bounce(face: FaceState, room: Room, stanza: Stanza): Heard | undefined {
  const error = readError(stanza);
  if (error === undefined) return undefined;
  const { condition } = error;
  const isGone = gone.has(condition) || (stanza.kind === 'message' && goneToMessages.has(condition));
  const client = stanza.from.full;
  if (!isGone || isAboutSpeaker(stanza, condition)) return silence;
  const { chat } = room;
  const unheard = stanza.kind === 'message' ? stanza.id : undefined;
  const since = goesFrom(face, room, client);
  if (!dropClient(room, client))
    return unheard === undefined ? silence : { stanzas: [], departed: { chat, client, how: 'before', unheard } };
  hides(face, room, client);
  forgetWriting(face, [room.chat]);
  const fleeting = shownToNetwork(face);
  return {
    stanzas: [],
    ...(fleeting !== undefined && { fleeting }),
    departed: {
      chat,
      client,
      how: 'bounced',
      reason: condition,
      ...since,
      ...(unheard !== undefined && { unheard }),
    },
  };
}

const stopCodes: Readonly<Record<'technical' | 'shutdown', Xml>> = {
  technical: xml`<status code='110'/><status code='333'/>`,
  shutdown: xml`<status code='110'/><status code='332'/>`,
};

/** Takes one client, or all, out of the room, also who is just coming in: its join is not tried again. 333 for a technical reason, 332 because the service ends (45-150, 45-151). */
export function takeOut(
  face: FaceState,
  room: Room,
  why: 'technical' | 'shutdown',
  reason: string,
  client: string | undefined,
  out: Out,
): void {
  const said = saidIn(reason, face.lang, face.context.translate).text;
  for (const each of clientsOf(room)) {
    if (client !== undefined && each !== client) continue;
    const from = ownJid(room, room.entering.get(each)?.nick ?? '');
    if (room.entering.has(each)) departs(face, room.chat, each);
    dropClient(room, each);
    hides(face, room, each);
    const body = xml`<status>${said}</status><x xmlns='http://jabber.org/protocol/muc#user'>
      <item affiliation='none' role='none'><reason>${said}</reason></item>${stopCodes[why]}
    </x>${room.me && occupantIdOf(face, room, room.me)}`;
    out.stanzas.push({ kind: 'presence', type: 'unavailable', from, to: [each], body });
  }
}

/** Only the client itself is answered. */
export const leaving: RoomFeature = {
  hears: {
    presence: (face, room, stanza) => leave(face, room, stanza) ?? bounce(face, room, stanza),
    message: bounce,
  },
};
