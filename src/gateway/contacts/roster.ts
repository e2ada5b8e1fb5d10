/**
 * People in the owner's contact list (RFC 6121 §3, CHECKLIST 7.1 and 8): their presence comes from their one resource, while the account is connected. Networks
 * that ask nobody for consent are taken for having given it.
 */
import { chatId, type PersonId, personId, theServer } from '../../core/ids.ts';
import type { Origin } from '../../core/intent.ts';
import { bareOf } from '../../core/jids.ts';
import { empty, type Xml, xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { idle } from '../../xmpp/xep/0319-idle.ts';
import type { Announced } from '../disco.ts';
import type { Heard } from '../face.ts';
import { photoOf, writePhoto } from '../photos.ts';
import type { ContactShown, EventOf, FaceState, IntentOf, Out } from '../rooms/feature.ts';
import { writeShown } from '../shown.ts';
import { clientJid, contactAddress } from './addresses.ts';
import { isKept } from './archived.ts';
import { isBlocked } from './blocked.ts';
import { introduction } from './introduction.ts';
import { nameOf } from './listed.ts';
import { notHere } from './probe.ts';

/** Subscriptions live between addresses without resource (RFC 6121 §3.1). */
function put(face: FaceState, person: PersonId, type: string | undefined, body: Xml, to: string, out: Out): void {
  const isTheirs = type === undefined || type === 'unavailable';
  const from = (isTheirs ? clientJid : contactAddress)(face.context, person);
  out.stanzas.push({ kind: 'presence', from, to: [to], ...(type !== undefined && { type }), body });
}

const isHere = (shown: ContactShown | undefined): shown is ContactShown =>
  shown !== undefined && shown.show !== 'offline';

/** Of whom the owner has blocked it is remembered how they are, and not told (191-02). */
const isSeen = (face: FaceState, person: PersonId, shown: ContactShown | undefined): shown is ContactShown =>
  isHere(shown) && !isBlocked(face, person);

function bodyOf(face: FaceState, person: PersonId, shown: ContactShown): Xml {
  const photo = writePhoto(photoOf(face, face.appearances.get(person)?.avatar) ?? 'none');
  return xml`${writeShown(shown)}${idleOf(shown)}${photo}${infoOf(face, person)?.caps ?? empty}`;
}

/** What that contact's address answers to disco#info (115-01). */
function infoOf(face: FaceState, person: PersonId): Announced | undefined {
  const { account, contactInfo, serverInfo } = face.context;
  const chat = chatId(person);
  if (person !== theServer) return contactInfo?.(face.session, chat, isKept(face, chat));
  return serverInfo?.({ is: 'service', ...(account.on !== undefined && { on: account.on }) });
}

/** That contact is here: told to the owner. */
function putHere(face: FaceState, person: PersonId, shown: ContactShown, out: Out): void {
  const ver = infoOf(face, person)?.ver;
  if (ver !== undefined) face.announced.set(person, ver);
  put(face, person, undefined, bodyOf(face, person, shown), face.context.account.owner, out);
}

/** Whoever announces another thing than before says so (115-07). */
export function tellAnnounced(face: FaceState, out: Out): void {
  for (const [person, shown] of face.contacts) {
    if (!isSeen(face, person, shown)) continue;
    if (infoOf(face, person)?.ver !== face.announced.get(person)) putHere(face, person, shown, out);
  }
}

/** Of whoever is away, where the network says since when (PRE-06). */
const idleOf = ({ show, since }: ContactShown): Xml =>
  since === undefined || (show !== 'away' && show !== 'xa') ? empty : idle.write({ since: new Date(since) });

/** Somebody became a contact, or is none any more (ROS-01, ROS-04, ROS-21). */
export function contactSettled(face: FaceState, intent: IntentOf<'contact'>, origin: Origin, out: Out): void {
  const person = personId(intent.chat);
  const { owner } = face.context.account;
  const shown = face.contacts.get(person);
  if (!intent.wanted) {
    face.contacts.delete(person);
    face.appearances.delete(person);
    face.announced.delete(person);
    if (isHere(shown)) put(face, person, 'unavailable', empty, owner, out);
    return;
  }
  const isNew = !face.contacts.has(person);
  if (isNew) face.contacts.set(person, undefined);
  out.stanzas.push(answer(origin, 'subscribed', empty));
  const now = shown ?? whatIsSo(face, person);
  if (isSeen(face, person, now)) tellNow(face, person, now, undefined, out);
  // Whoever was asked before has answered with this.
  if (isNew && !face.asked.delete(person))
    put(face, person, 'subscribe', introduction(nameOf(face, person), origin.lang), owner, out);
}

/** A server is here while we are connected to it; of people only the session knows. */
const whatIsSo = ({ session, away }: FaceState, person: PersonId): ContactShown | undefined =>
  person === theServer && session !== undefined && !away ? { show: 'online' } : undefined;

/** @param to one client; undefined: the owner */
function tellNow(face: FaceState, person: PersonId, shown: ContactShown, to: string | undefined, out: Out): void {
  face.contacts.set(person, shown);
  if (to === undefined) putHere(face, person, shown, out);
  else put(face, person, undefined, bodyOf(face, person, shown), to, out);
}

/** It could not be done: the subscription is refused (ROS-02). */
export function contactRefused(origin: Origin, why: string, out: Out): void {
  out.stanzas.push(answer(origin, 'unsubscribed', xml`<status>${why}</status>`));
}

/** The request's id comes back. */
const answer = ({ from, to, stanzaId }: Origin, type: string, body: Xml): Outgoing => ({
  kind: 'presence',
  type,
  from: bareOf(to),
  to: [bareOf(from)],
  ...(stanzaId !== undefined && { id: stanzaId }),
  body,
});

/** How somebody is, as the network has told it. */
export const contactShown = ({
  show,
  status,
  since,
}: Pick<EventOf<'presence'>, 'show' | 'status' | 'since'>): ContactShown => ({
  show,
  ...(status !== undefined && { status }),
  ...(since !== undefined && { since }),
});

/** Told where it is new (PRE-01, PRE-05, PRE-10). */
export function tellPresence(
  face: FaceState,
  event: Pick<EventOf<'presence'>, 'person' | 'show' | 'status' | 'since'>,
  out: Out,
): void {
  const { person, show, status, since } = event;
  const before = face.contacts.get(person);
  if (!face.contacts.has(person)) return;
  if (before !== undefined && before.show === show && before.status === status && before.since === since) return;
  const now = contactShown(event);
  face.contacts.set(person, now);
  if (isHere(now)) putHere(face, person, now, out);
  else put(face, person, 'unavailable', writeStatus(status), face.context.account.owner, out);
}

const writeStatus = (status: string | undefined): Xml =>
  status === undefined ? empty : xml`<status>${status}</status>`;

/** They look otherwise: said by their presence, where they are here, and to the clients that listen (153-04, 163-02). */
export function tellLook(face: FaceState, person: PersonId, out: Out): void {
  const shown = face.contacts.get(person);
  if (isSeen(face, person, shown)) tellNow(face, person, shown, undefined, out);
}

/** Nothing is known of anybody any more, or still not since a restart that nobody said farewell before (PRE-13). */
export function contactsUnknown(face: FaceState, out: Out): void {
  for (const [person, shown] of face.contacts) {
    const seemsHere = isHere(shown) || (shown === undefined && face.doubtful.has(person));
    if (seemsHere) put(face, person, 'unavailable', empty, face.context.account.owner, out);
    face.contacts.set(person, undefined);
  }
  face.doubtful.clear();
}

/**
 * A server asks how a contact is, for a client that has come (PRE-03, PRE-04); undefined: it is nothing of the kind. Who comes from another gateway has the network's server in the contact list already: that is as
 * good as having asked for it here.
 */
export function hearContact(face: FaceState, stanza: Stanza, person: PersonId): Heard | undefined {
  if (stanza.kind !== 'presence' || stanza.type !== 'probe') return undefined;
  const { full, bare } = stanza.from;
  const out: Out = { stanzas: [], archive: [] };
  if (person === theServer && !face.contacts.has(person)) face.contacts.set(person, undefined);
  const shown = face.contacts.get(person) ?? (face.contacts.has(person) ? whatIsSo(face, person) : undefined);
  if (isHere(shown)) tellNow(face, person, shown, full, out);
  else if (face.contacts.has(person)) {
    // Of a network that does not say how people are nobody is called away: they can be reached (PRE-07).
    const isToldOf = shown !== undefined || face.session === undefined || face.away;
    if (isToldOf) out.stanzas.push(notHere(stanza));
  } else put(face, person, 'unsubscribed', empty, bare, out);
  return { stanzas: out.stanzas };
}
