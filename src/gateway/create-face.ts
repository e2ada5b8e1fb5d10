/** One account's XMPP side: folds what happens over the room features (rooms/room-features.ts) and hands what belongs to no room to contacts/. */
import { GatewayError } from '../core/errors.ts';
import type { NetworkEvent } from '../core/event.ts';
import { type ChatId, type PersonId, personId, theServer } from '../core/ids.ts';
import type { DurableIntent, Origin } from '../core/intent.ts';
import type { Stanza } from '../xmpp/stanza.ts';
import { clientJid } from './contacts/addresses.ts';
import { tellClient } from './contacts/answers.ts';
import { learn as learnAppearance, listen, tellListeners } from './contacts/appearance.ts';
import { block, hearBlocked, isHidden, mayReach } from './contacts/blocking.ts';
import { type Deed, hearState, tellDeed } from './contacts/deeds.ts';
import { hearDirect, tellDirect, tellMoved } from './contacts/direct.ts';
import { askOwner, dropContact, placeContact } from './contacts/listed.ts';
import { tellNotice, tellState } from './contacts/notices.ts';
import { tellOwnDeed } from './contacts/own-deeds.ts';
import { hearOwn } from './contacts/own-presence.ts';
import { contactsUnknown, hearContact, tellAnnounced, tellLook, tellPresence } from './contacts/roster.ts';
import { hearSecret } from './encryption.ts';
import type { Face, FaceContext, Heard } from './face.ts';
import { asMeant } from './named.ts';
import { failed, isRoomAddress, settled, toldAgain } from './outcomes.ts';
import { askedBy } from './own-client.ts';
import { knownFromRow } from './relearn.ts';
import { actsIn } from './rooms/acts.ts';
import { pastOf } from './rooms/archived.ts';
import { createFaceState, createOut, type FaceState, type Out } from './rooms/feature.ts';
import { type Folded, fold } from './rooms/fold.ts';
import { wanted } from './rooms/history.ts';
import { tellInvited } from './rooms/invitations.ts';
import { enter } from './rooms/joining.ts';
import { pictured } from './rooms/learning.ts';
import { hasLeft } from './rooms/leavers.ts';
import { takeOut } from './rooms/leaving.ts';
import { foldMembers } from './rooms/members.ts';
import { recall } from './rooms/messages.ts';
import { addRoom, closedRoom, dropRoom, openRoom, roomsOf } from './rooms/open-rooms.ts';
import { tellPicture } from './rooms/picture.ts';
import { shownToNetwork } from './rooms/presence.ts';
import { tellRemark } from './rooms/remarks.ts';
import { clientsOf, type Room } from './rooms/room.ts';
import { roomFeatures } from './rooms/room-features.ts';
import { restoreRoom, snapshotOf } from './rooms/snapshot.ts';
import { online } from './shown.ts';
import { authorOf, mustBeTheirs } from './speakers.ts';

const folded: Folded = fold(roomFeatures);
type RoomEvent = Extract<
  NetworkEvent,
  { kind: 'message' | 'members' | 'room' | 'removed' | 'edited' | 'retracted' | 'reaction' | 'typing' | 'remark' }
>;

/** What happens in a room that nobody of ours ever entered is nobody's business. */
function projectInRoom(face: FaceState, event: RoomEvent, out: Out): void {
  const room = face.rooms.get(event.chat);
  if (room === undefined) return;
  if (event.kind === 'message') folded.on.message(face, room, event, out);
  else if (event.kind === 'members') {
    for (const change of event.changes) {
      if (change.is === 'renamed' && change.as !== undefined) face.refs.renamed(event.chat, change.person, change.as);
    }
    foldMembers(face, room, event, folded.on, out);
  } else if (event.kind === 'room') folded.on.room(face, room, event, out);
  else if (event.kind === 'edited') folded.on.edited(face, room, event, out);
  else if (event.kind === 'retracted') folded.on.retracted(face, room, event, out);
  else if (event.kind === 'reaction') folded.on.reaction(face, room, event, out);
  else if (event.kind === 'typing') folded.on.typing(face, room, event, out);
  else if (event.kind === 'remark') tellRemark(face, room, event, out);
  else {
    folded.on.removed(face, room, event, out);
    dropRoom(face, room);
  }
}

function tellBetweenTwo(face: FaceState, event: Deed, out: Out): void {
  if (event.by === face.session?.me && String(event.by) !== String(event.chat)) tellOwnDeed(face, event, out);
  else tellDeed(face, event, out);
}

function project(face: FaceState, event: NetworkEvent, out: Out): void {
  if (face.blocked.size > 0 && isHidden(face, event)) return;
  switch (event.kind) {
    case 'message':
      if (event.direct === true) tellDirect(face, event, out);
      else projectInRoom(face, event, out);
      return;
    case 'members':
    case 'room':
    case 'removed':
    case 'remark':
      projectInRoom(face, event, out);
      return;
    case 'state':
      if (event.state === 'reconnecting' || event.state === 'ended') contactsUnknown(face, out);
      if (event.state === 'ready') {
        tellPresence(face, { person: theServer, show: 'online' }, out);
        tellAnnounced(face, out);
      }
      tellState(face, event, out);
      return;
    case 'invited':
      tellInvited(face, event, out);
      return;
    case 'moved':
      tellMoved(face, event, out);
      return;
    case 'notice':
      tellNotice(face, event.text.plain, out);
      return;
    case 'edited':
    case 'retracted':
    case 'reaction':
    case 'typing':
      if (face.rooms.has(event.chat)) projectInRoom(face, event, out);
      else tellBetweenTwo(face, event, out);
      return;
    case 'read':
      // Nobody in a room is told how far another has read.
      if (!face.rooms.has(event.chat)) tellBetweenTwo(face, event, out);
      return;
    case 'presence':
      tellPresence(face, event, out);
      return;
    case 'person':
      if (learnAppearance(face, event)) tellLook(face, event.person, out);
      tellListeners(face, event.person, out);
      return;
    case 'contact':
      // What of it concerns the contact list is the account's to do (accounts/listing.ts).
      return;
    default:
      event satisfies never;
  }
}

function hear(face: FaceState, stanza: Stanza): Heard {
  const refused = hearSecret(face, stanza);
  if (refused !== undefined) return refused;
  const open = face.byJid.get(stanza.to.bare);
  if (open !== undefined) return folded.hear(face, open, stanza);
  const address = stanza.to.local ? face.context.addresses.parse(stanza.to.local) : undefined;
  if (address?.is !== 'room') {
    const person = address?.is === 'person' ? address.id : address?.is === 'service' ? theServer : undefined;
    const own = hearOwn(face, stanza, address?.is !== 'person');
    const contact =
      person === undefined ? undefined : (hearBlocked(face, stanza, person) ?? hearContact(face, stanza, person));
    return own ?? contact ?? hearState(face, stanza) ?? hearDirect(stanza);
  }
  return folded.hear(face, closedRoom(address.id, stanza.to.bare), stanza);
}

function check(face: FaceState, intent: DurableIntent, origin: Origin): void {
  const room = face.rooms.get(intent.chat);
  const comesOrGoes = intent.kind === 'join' || intent.kind === 'leave';
  if (room === undefined && !comesOrGoes && isRoomAddress(face, origin.to)) {
    throw new GatewayError('not-in-room', { text: 'You are not in this room' });
  }
  folded.check(face, room, intent, origin);
  mayReach(face, room, intent);
}

function attach(face: FaceState, session: FaceState['session'], out: Out): void {
  face.session = session;
  face.shownLast = online;
  face.writing.clear();
  if (session !== undefined) {
    tellPresence(face, { person: theServer, show: 'online' }, out);
    return;
  }
  for (const room of face.rooms.values()) room.joined = false;
  contactsUnknown(face, out);
}

/** As a contact, else in a room. */
function wornBy(face: FaceState, person: PersonId): string | null | undefined {
  const known = face.appearances.get(person)?.avatar;
  if (known !== undefined) return known;
  for (const room of face.rooms.values()) {
    const occupant = room.occupants.get(person);
    if (occupant !== undefined) return occupant.facts.avatar ?? null;
  }
  return undefined;
}

/** Nobody is in it, nobody comes, and the network knows nothing of it. */
const isVain = (room: Room): boolean => !room.joined && room.clients.size === 0 && room.entering.size === 0;

/** A face that knows nothing yet. */
export function createFace(context: FaceContext): Face {
  const face = createFaceState(context);
  const whois = (chat: ChatId, nick: string): PersonId | undefined => face.rooms.get(chat)?.nicks.get(nick)?.person;
  return {
    apply(event) {
      const out = createOut();
      project(face, event, out);
      return out;
    },
    past(messages) {
      const out = createOut();
      for (const message of messages) {
        const room = face.rooms.get(message.chat);
        if (room !== undefined) recall(face, room, message, out);
      }
      return out.archive;
    },
    attach(session) {
      const out = createOut();
      attach(face, session, out);
      return out.stanzas;
    },
    hear(stanza) {
      if (stanza.lang !== undefined) face.lang = stanza.lang;
      return hear(face, stanza);
    },
    isIn: (chat) => face.rooms.get(chat)?.joined === true,
    hasLeft: ({ chat }, origin) => hasLeft(face, chat, origin),
    begin(intent, origin) {
      face.lang = origin.lang ?? face.lang;
      const room = openRoom(face, intent.chat, origin.to);
      return enter(face, room, intent, origin, folded.joining, () => isVain(room) && dropRoom(face, room));
    },
    wants: ({ chat, history }) => wanted(history, context.now(), pastOf(context, { chat }).length),
    check: (intent, origin) => check(face, intent, origin),
    acts(intent) {
      const room = face.rooms.get(intent.chat);
      if (room === undefined) throw new GatewayError('not-in-room', { text: 'You are not in this room' });
      return actsIn(room, intent);
    },
    whois,
    meant: (chat, content) => asMeant({ context, whois }, chat, content),
    find: (chat, ref) => face.refs.find(chat, ref),
    authorOf: (origin) => authorOf(context, origin),
    mustBeTheirs(taken, known) {
      const { chat, target } = taken.intent;
      mustBeTheirs(context, face.session, taken, known, face.refs.namesakes(chat, target));
    },
    lastOwn: (chat) => face.refs.lastOwn(chat),
    named: (chat, ref) => face.refs.named(chat, ref),
    learn(row) {
      const room = face.rooms.get(row.chat);
      const contact = clientJid(context, personId(row.chat));
      const place = room === undefined ? { contact, owner: context.account.owner } : { room: room.jid };
      const known = knownFromRow(row, place, face.session?.me);
      if (known !== undefined) face.refs.add(row.chat, known);
      return known;
    },
    sending(key, intent, origin, standsIn = false) {
      // Whoever has said something is not writing any more.
      face.writing.delete(intent.chat);
      if (face.sendings.get(key) !== undefined) return;
      const known = 'target' in intent ? face.refs.find(intent.chat, intent.target) : undefined;
      face.sendings.set(key, { intent, origin, standsIn, known, reflected: undefined });
    },
    done(key, intent, origin, sent) {
      const out = createOut();
      const result = settled(face, folded, key, intent, origin, sent, out);
      const { stanzas, archive } = out;
      return result === undefined ? out : { stanzas, archive, result };
    },
    failed(key, intent, origin, error) {
      const out = createOut();
      failed(face, key, intent, origin, error, out);
      return out;
    },
    tell: (origin, told) => tellClient(face, origin, told),
    again: (intent, origin, result) => toldAgain(face, intent, origin, result),
    dismiss(why, reason, client, chat) {
      const out = createOut();
      for (const room of roomsOf(face, chat)) takeOut(face, room, why, reason, client, out);
      if (client === undefined && chat === undefined) contactsUnknown(face, out);
      return out.stanzas;
    },
    reconfigured() {
      const out = createOut();
      tellAnnounced(face, out);
      return out.stanzas;
    },
    pictured(person) {
      const out = createOut();
      pictured(face, person, out);
      if (face.appearances.has(person)) tellLook(face, person, out);
      tellListeners(face, person, out);
      return out.stanzas;
    },
    avatarOf: (person) => wornBy(face, person),
    roomPictured(chat) {
      const out = createOut();
      for (const room of roomsOf(face, chat)) tellPicture(face, room, room.settings.avatar, out);
      return out.stanzas;
    },
    roomAvatar: (chat) => face.rooms.get(chat)?.settings.avatar,
    listens: (client, nodes) => listen(face, client, nodes),
    shown: () => shownToNetwork(face),
    askedBy: (asker) => askedBy(face, asker),
    ownNick: () => [...face.rooms.values()].find(({ me }) => me !== undefined)?.me?.nick,
    clients: (chat) => [...new Set(roomsOf(face, chat).flatMap(clientsOf))],
    rooms: () => [...face.rooms.keys()],
    contacts: () => [...face.contacts.keys()],
    knowContacts(persons) {
      for (const person of persons) {
        face.contacts.set(person, undefined);
        face.doubtful.add(person);
      }
    },
    block(persons, blocked) {
      const out = createOut();
      for (const person of persons) block(face, person, blocked, out);
      return out.stanzas;
    },
    listed: {
      name: (person, name) => void face.names.set(person, name),
      wait: (person) => void face.asked.add(person),
      place: (person) => placeContact(face, person),
      ask: (person, text) => askOwner(face, person, text),
      drop: (person, isTaken) => dropContact(face, person, isTaken),
    },
    forget(chat) {
      for (const room of roomsOf(face, chat)) dropRoom(face, room);
    },
    snapshot(chat) {
      const room = face.rooms.get(chat);
      return room === undefined ? undefined : snapshotOf(room);
    },
    restore: (row, clients) => addRoom(face, restoreRoom(row, clients, context.domain)),
  };
}
