/** Invitations that the room passes on (XEP-0045 §7.8.2, XEP-0249): of our user to others on XMPP, and of somebody on the network to our user. */
import { xml } from '../../xml/writer.ts';
import { parseJid } from '../../xmpp/jid.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { type MucUser, mucUser } from '../../xmpp/xep/0045-muc.ts';
import { directInvitation } from '../../xmpp/xep/0249-direct-invitations.ts';
import { isShared, readOn } from '../labels.ts';
import { saidIn } from '../translation.ts';
import type { EventOf, FaceState, Out, RoomFeature } from './feature.ts';
import { contactJid } from './occupants.ts';
import { refuse } from './origin.ts';
import type { Room } from './room.ts';
import { addressOf, joinUri, roomJid } from './venue.ts';

const longestReason = 1000;
/** The same room again so soon is not told: anybody on a network can invite anybody, as often as they like. */
const quietMs = 60_000;
const rememberedAtMost = 100;

interface Invitation {
  readonly room: string;
  readonly to: string;
  /** Who invites, as an address. */
  readonly by: string;
  readonly reason: string | undefined;
  readonly password: string | undefined;
  readonly continued?: MucUser['invites'][number]['continue'];
}

const lineOf = (who: string, where: string, lang: string | undefined): string =>
  saidIn(`${who} invites you to ${where}`, lang).text;

/** Both vocabularies in one message, as servers write it, and a line for clients that know neither. */
function invitation(face: FaceState, invited: Invitation, line: string): Outgoing {
  const { room, to, by, password, continued } = invited;
  const reason = invited.reason?.slice(0, longestReason);
  const because = reason === undefined || reason === '' ? {} : { reason };
  const key = password === undefined || password === '' ? {} : { password };
  const mediated = mucUser.write({
    items: [],
    statuses: [],
    invites: [{ from: by, ...because, ...(continued !== undefined && { continue: continued }) }],
    ...key,
  });
  const direct = directInvitation.write({ jid: room, ...because, ...key });
  const body = xml`<body>${because.reason === undefined ? line : `${line} (${because.reason})`}</body>`;
  return {
    kind: 'message',
    from: room,
    to: [to],
    id: face.context.newId(),
    body: xml`${body}${mediated}${direct}`,
    keep: true,
  };
}

/** Where others than its owner find it: the label of a further account is its owner's own, one of a shared account is everybody's. */
function roomForOthers({ context: { account, addresses, domain } }: FaceState, room: Room): string {
  const { label, server } = readOn(account.on);
  if (label === undefined || isShared(account.on)) return room.jid;
  return `${addresses.format({ is: 'room', id: room.chat, ...(server !== undefined && { on: server }) })}@${domain}`;
}

/** By who asks: a shared account has others than its owner in its rooms. Decoding has looked at every address: they are users of ours (decode/invitations.ts). */
function passOn(face: FaceState, room: Room, invites: MucUser['invites'], stanza: Stanza): readonly Outgoing[] {
  const by = stanza.from.bare;
  return invites.flatMap(({ to, reason, continue: continued }) => {
    const jid = to === undefined ? undefined : parseJid(to);
    if (jid === undefined) return [];
    const venue = jid.bare === by ? room.jid : roomForOthers(face, room);
    const line = lineOf(by, joinUri(venue), stanza.lang);
    const invited = { room: venue, to: jid.bare, by, reason, password: room.password };
    return [invitation(face, continued === undefined ? invited : { ...invited, continued }, line)];
  });
}

/** Somebody on the network asks our user in: told to the account, wherever its owner is, unless they are in already. */
export function tellInvited(face: FaceState, event: EventOf<'invited'>, out: Out): void {
  if ((face.rooms.get(event.chat)?.everybody.length ?? 0) > 0) return;
  const now = face.context.now();
  for (const [chat, at] of face.invited) if (now - at >= quietMs) face.invited.delete(chat);
  const isTooMuch = face.invited.has(event.chat) || face.invited.size >= rememberedAtMost;
  if (isTooMuch && event.isAsked !== true) return;
  if (!isTooMuch) face.invited.set(event.chat, now);
  const { account, addresses } = face.context;
  const room = roomJid(face, event.chat);
  const by = event.person === undefined ? `${room}/${event.by}` : contactJid(face, event.person);
  const where = `${event.name ?? addresses.title(addressOf(face, event.chat))}: ${joinUri(room)}`;
  const line = lineOf(event.by, where, face.lang);
  const { password } = event;
  // What no person says is the bridge's.
  const isOurs = event.reason !== undefined && event.person === undefined;
  const reason = isOurs ? saidIn(event.reason, face.lang, face.context.translate).text : event.reason;
  out.stanzas.push(invitation(face, { room, to: account.owner, by, reason, password }, line));
}

/** Passed on by the room for who is in it. */
export const invitations: RoomFeature = {
  hears: {
    message(face, room, stanza) {
      if (stanza.to.resource !== '' || stanza.type === 'groupchat' || stanza.type === 'error') return undefined;
      const invites = mucUser.in(stanza.el)?.invites ?? [];
      if (invites.length === 0) return undefined;
      if (!room.clients.has(stanza.from.full)) return { stanzas: [refuse(stanza, 'not-in-room', room.jid)] };
      return { stanzas: passOn(face, room, invites, stanza) };
    },
  },
};
