/** One account's XMPP side: folds what happens over the room features (rooms/room-features.ts) and hands what belongs to no room to contacts/. */
import { GatewayError } from '../core/errors.ts';
import type { NetworkEvent } from '../core/event.ts';
import { type PersonId, personId, theServer } from '../core/ids.ts';
import type { DurableIntent, Origin } from '../core/intent.ts';
import { withFunctions } from '../core/sharing-functions.ts';
import type { Stanza } from '../xmpp/stanza.ts';
import { hearCall } from './calls.ts';
import { clientJid } from './contacts/addresses.ts';
import { tellClient } from './contacts/answers.ts';
import { learn as learnAppearance, listen, tellListeners } from './contacts/appearance.ts';
import { block, hearBlocked, isHidden, mayReach } from './contacts/blocking.ts';
import { type Deed, hearState, tellDeed } from './contacts/deeds.ts';
import { hearDirect, tellDirect, tellMoved } from './contacts/direct.ts';
import { askOwner, dropContact, placeContact } from './contacts/listed.ts';
import { tellNotice, tellState } from './contacts/notices.ts';
import { tellOwnDeed } from './contacts/own-deeds.ts';
import { doubtOwn, hearOwn } from './contacts/own-presence.ts';
import { leave, letIn, shutOut, withTrouble } from './contacts/own-service.ts';
import { contactsUnknown, hearContact, tellAnnounced, tellLook, tellPresence } from './contacts/roster.ts';
import { hearTurnedAway } from './contacts/turned-away.ts';
import { hearSecret } from './encryption.ts';
import type { Face, FaceContext, Heard } from './face.ts';
import { asMeant } from './named.ts';
import { failed, isRoomAddress, settled, toldAgain } from './outcomes.ts';
import { askedBy } from './own-client.ts';
import { withPassableNick, withPassableNicks } from './passable-nicks.ts';
import { knownFromRow } from './relearn.ts';
import { actsIn } from './rooms/acts.ts';
import { pastOf, timely } from './rooms/archived.ts';
import { createFaceState, createOut, type FaceState, meThen, type Out } from './rooms/feature.ts';
import { type Folded, fold } from './rooms/fold.ts';
import { wanted } from './rooms/history.ts';
import { tellInvited } from './rooms/invitations.ts';
import { enter } from './rooms/joining.ts';
import { pictured } from './rooms/learning.ts';
import { leftSince } from './rooms/leavers.ts';
import { takeOut } from './rooms/leaving.ts';
import { foldMembers } from './rooms/members.ts';
import { type Past, recall } from './rooms/messages.ts';
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

/** Where the network does not say who did it, the other has. */
function tellBetweenTwo(face: FaceState, told: Extract<NetworkEvent, Pick<Deed, 'kind'>>, out: Out): void {
  const event: Deed = told.by === undefined ? { ...told, by: personId(told.chat) } : { ...told, by: told.by };
  if (event.by === meThen(face) && String(event.by) !== String(event.chat)) tellOwnDeed(face, event, out);
  else tellDeed(face, event, out);
}

function project(face: FaceState, event: NetworkEvent, out: Out): void {
  if (face.blocked.size > 0 && isHidden(face, event, out)) return;
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

const hearOf = (face: FaceState, stanza: Stanza, person: PersonId): Heard | undefined =>
  hearBlocked(face, stanza, person) ?? hearContact(face, stanza, person) ?? hearTurnedAway(face, stanza, person);

function hear(face: FaceState, stanza: Stanza): Heard {
  const refused = hearSecret(face, stanza) ?? hearCall(face, stanza);
  if (refused !== undefined) return refused;
  const open = face.byJid.get(stanza.to.bare);
  if (open !== undefined) return folded.hear(face, open, stanza);
  const address = stanza.to.local ? face.context.addresses.parse(stanza.to.local) : undefined;
  if (address?.is !== 'room') {
    const person = address?.is === 'person' ? address.id : address?.is === 'service' ? theServer : undefined;
    const own = hearOwn(face, stanza, address?.is !== 'person');
    const contact = person === undefined ? undefined : hearOf(face, stanza, person);
    return withTrouble(face, stanza, own ?? contact ?? hearState(face, stanza) ?? hearDirect(stanza));
  }
  return folded.hear(face, closedRoom(address.id, stanza.to.bare), stanza);
}

function check(face: FaceState, intent: DurableIntent, origin: Origin): void {
  const room = face.rooms.get(intent.chat);
  const comesOrGoes = intent.kind === 'join' || intent.kind === 'leave';
  if (room === undefined && !comesOrGoes && isRoomAddress(face, origin.to)) {
    throw new GatewayError('not-in-room', { text: 'You are not in this room' });
  }
  // What waits for a login that is to be mended goes on waiting; nobody mends one that was logged out.
  if (face.refused?.code === 'not-registered' && !comesOrGoes) throw face.refused;
  folded.check(face, room, intent, origin);
  mayReach(face, room, intent);
}

function attach(face: FaceState, session: FaceState['session'], out: Out): void {
  face.session = session;
  face.shownLast = online;
  face.writing.clear();
  if (session !== undefined) {
    out.stanzas.push(...letIn(face));
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
    const occupant = room.people.of(person);
    if (occupant !== undefined) return occupant.facts.avatar ?? null;
  }
  return undefined;
}

/** Nobody is in it, nobody comes, the network knows nothing of it, and we are not on the way back into it. */
const isVain = ({ joined, clients, entering, told }: Room): boolean =>
  !joined && clients.size === 0 && entering.size === 0 && told === undefined;

const listedIn = (face: FaceState): Face['listed'] => ({
  name: (person, name) => void face.names.set(person, name),
  wait: (person) => void face.asked.add(person),
  place: (person) => placeContact(face, person),
  ask: (person, text) => askOwner(face, person, text),
  drop: (person, isTaken) => dropContact(face, person, isTaken),
});

/** What a face does: there are many functions, and one face for each account. */
const functions: Face & ThisType<Face & { readonly face: FaceState }> = {
  apply(event, me) {
    const out = createOut();
    this.face.was = me;
    project(this.face, timely(withPassableNicks(event), this.face.context), out);
    return out;
  },
  past(messages) {
    const out = createOut();
    const past: Past = new Map();
    for (const message of messages) {
      const room = this.face.rooms.get(message.chat);
      const told = timely(withPassableNick(message), this.face.context);
      if (room !== undefined) recall(this.face, room, told, past, out);
    }
    return out.archive;
  },
  attach(session) {
    const out = createOut();
    attach(this.face, session, out);
    return out.stanzas;
  },
  shutOut(why) {
    return shutOut(this.face, why);
  },
  hear(stanza) {
    if (stanza.lang !== undefined) this.face.lang = stanza.lang;
    return hear(this.face, stanza);
  },
  isIn(chat) {
    return this.face.rooms.get(chat)?.joined === true;
  },
  leftSince(intent, origin) {
    return leftSince(this.face, intent, origin);
  },
  begin(intent, origin) {
    this.face.lang = origin.lang ?? this.face.lang;
    const room = openRoom(this.face, intent.chat, origin.to);
    return enter(this.face, room, intent, origin, folded.joining, () => isVain(room) && dropRoom(this.face, room));
  },
  wants({ chat, history }) {
    return wanted(history, this.face.context.now(), pastOf(this.face.context, { chat }).length);
  },
  check(intent, origin) {
    check(this.face, intent, origin);
  },
  acts(intent) {
    const room = this.face.rooms.get(intent.chat);
    if (room === undefined) throw new GatewayError('not-in-room', { text: 'You are not in this room' });
    return actsIn(room, intent);
  },
  whois(chat, nick) {
    return this.face.rooms.get(chat)?.people.called(nick)?.person;
  },
  meant(chat, content) {
    return asMeant({ context: this.face.context, whois: (where, nick) => this.whois(where, nick) }, chat, content);
  },
  find(chat, ref) {
    return this.face.refs.find(chat, ref);
  },
  authorOf(origin) {
    return authorOf(this.face.context, origin);
  },
  mustBeTheirs(taken, known) {
    const { chat, target } = taken.intent;
    mustBeTheirs(this.face.context, this.face.session, taken, known, this.face.refs.namesakes(chat, target));
  },
  lastOwn(chat) {
    return this.face.refs.lastOwn(chat);
  },
  named(chat, ref) {
    return this.face.refs.named(chat, ref);
  },
  learn(row, since) {
    const room = this.face.rooms.get(row.chat);
    const contact = clientJid(this.face.context, personId(row.chat));
    const place = room === undefined ? { contact, owner: this.face.context.account.owner } : { room: room.jid };
    const known = knownFromRow(row, place, this.face.session?.me, since);
    if (known !== undefined) this.face.refs.add(row.chat, known);
    return known;
  },
  sending(key, intent, origin, standsIn = false) {
    // Whoever has said something is not writing any more.
    this.face.writing.delete(intent.chat);
    const known = 'target' in intent ? this.face.refs.find(intent.chat, intent.target) : undefined;
    this.face.sendings.add(key, { intent, origin, standsIn, known, reflected: undefined, gone: undefined });
  },
  done(key, intent, origin, sent) {
    const out = createOut();
    const result = settled(this.face, folded, key, intent, origin, sent, out);
    const { stanzas, archive } = out;
    return result === undefined ? out : { stanzas, archive, result };
  },
  failed(key, intent, origin, error) {
    const out = createOut();
    failed(this.face, key, intent, origin, error, out);
    return out;
  },
  tell(origin, told) {
    return tellClient(this.face, origin, told);
  },
  again(intent, origin, result) {
    return toldAgain(this.face, intent, origin, result);
  },
  dismiss(why, reason, client, chat) {
    const out = createOut();
    for (const room of roomsOf(this.face, chat)) takeOut(this.face, room, why, reason, client, out);
    if (client === undefined && chat === undefined) contactsUnknown(this.face, out);
    if (why === 'shutdown') out.stanzas.push(...leave(this.face));
    return out.stanzas;
  },
  reconfigured() {
    const out = createOut();
    for (const room of this.face.rooms.values()) room.past = undefined;
    tellAnnounced(this.face, out);
    return out.stanzas;
  },
  pictured(person) {
    const out = createOut();
    pictured(this.face, person, out);
    if (this.face.appearances.has(person)) tellLook(this.face, person, out);
    tellListeners(this.face, person, out);
    return out.stanzas;
  },
  avatarOf(person) {
    return wornBy(this.face, person);
  },
  roomPictured(chat) {
    const out = createOut();
    for (const room of roomsOf(this.face, chat)) tellPicture(this.face, room, room.settings.avatar, out);
    return out.stanzas;
  },
  roomAvatar(chat) {
    return this.face.rooms.get(chat)?.settings.avatar;
  },
  listens(client, nodes) {
    return listen(this.face, client, nodes);
  },
  shown() {
    return shownToNetwork(this.face);
  },
  doubt() {
    return doubtOwn(this.face);
  },
  askedBy(asker) {
    return askedBy(this.face, asker);
  },
  ownNick() {
    return [...this.face.rooms.values()].find(({ me }) => me !== undefined)?.me?.nick;
  },
  clients(chat) {
    return [...new Set(roomsOf(this.face, chat).flatMap(clientsOf))];
  },
  rooms() {
    return [...this.face.rooms.keys()];
  },
  hasRoom(chat) {
    return chat === undefined ? this.face.rooms.size > 0 : this.face.rooms.has(chat);
  },
  contacts() {
    return [...this.face.contacts.keys()];
  },
  knowContacts(persons) {
    for (const person of persons) {
      this.face.contacts.set(person, undefined);
      this.face.doubtful.add(person);
    }
  },
  block(persons, blocked) {
    const out = createOut();
    for (const person of persons) block(this.face, person, blocked, out);
    return out.stanzas;
  },
  /** Made each time it is asked for, which is rare. */
  get listed() {
    return listedIn(this.face);
  },
  forget(chat) {
    for (const room of roomsOf(this.face, chat)) dropRoom(this.face, room);
  },
  snapshot(chat) {
    const room = this.face.rooms.get(chat);
    return room === undefined ? undefined : snapshotOf(room);
  },
  restore(row, clients) {
    addRoom(this.face, restoreRoom(row, clients, this.face.context.domain));
  },
};

/** A face that knows nothing yet. */
export const createFace = (context: FaceContext): Face => withFunctions(functions, { face: createFaceState(context) });
