/**
 * People in the owner's contact list (RFC 6121 §3, CHECKLIST 7.1 and 8): their presence comes from their address without resource, while the account is
 * connected. Networks that ask nobody for consent are taken for having given it.
 */
import { type ChatId, type PersonId, personId } from '../../core/ids.ts';
import type { Origin } from '../../core/intent.ts';
import { empty, type Xml, xml } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import { noAvatar } from '../../xmpp/xep/0153-avatar-hash.ts';
import { nickElement } from '../../xmpp/xep/0172-nick.ts';
import type { Heard } from '../face.ts';
import type { ContactShown, EventOf, FaceState, IntentOf, Out } from '../rooms/feature.ts';
import { silence } from '../rooms/feature.ts';
import { bareOf } from '../rooms/room.ts';
import { writeShown } from '../shown.ts';
import { personJid } from './addresses.ts';

function put(face: FaceState, person: PersonId, type: string | undefined, body: Xml, to: string, out: Out): void {
  const from = personJid(face.context, person);
  out.stanzas.push({ kind: 'presence', from, to: [to], ...(type !== undefined && { type }), body });
}

const isHere = (shown: ContactShown | undefined): shown is ContactShown =>
  shown !== undefined && shown.show !== 'offline';

const bodyOf = (shown: ContactShown): Xml => xml`${writeShown(shown)}${noAvatar}`;

/** Somebody became a contact, or is none any more (ROS-01, ROS-04, ROS-21). */
export function contactSettled(face: FaceState, intent: IntentOf<'contact'>, origin: Origin, out: Out): void {
  const person = personId(intent.chat);
  const { owner } = face.context.account;
  const shown = face.contacts.get(person);
  if (!intent.wanted) {
    face.contacts.delete(person);
    if (isHere(shown)) put(face, person, 'unavailable', empty, owner, out);
    return;
  }
  const isNew = !face.contacts.has(person);
  if (isNew) face.contacts.set(person, undefined);
  out.stanzas.push(answer(origin, 'subscribed', empty));
  if (isHere(shown)) put(face, person, undefined, bodyOf(shown), owner, out);
  if (isNew) put(face, person, 'subscribe', nickElement(person), owner, out);
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

/** Told where it is new (PRE-01, PRE-05, PRE-10). */
export function tellPresence(face: FaceState, { person, show, status }: EventOf<'presence'>, out: Out): void {
  const before = face.contacts.get(person);
  if (!face.contacts.has(person)) return;
  if (before !== undefined && before.show === show && before.status === status) return;
  const now: ContactShown = status === undefined ? { show } : { show, status };
  face.contacts.set(person, now);
  const { owner } = face.context.account;
  if (isHere(now)) put(face, person, undefined, bodyOf(now), owner, out);
  else put(face, person, 'unavailable', writeStatus(status), owner, out);
}

const writeStatus = (status: string | undefined): Xml =>
  status === undefined ? empty : xml`<status>${status}</status>`;

/** Nothing is known of anybody any more (PRE-13). */
export function contactsUnknown(face: FaceState, out: Out): void {
  for (const [person, shown] of face.contacts) {
    if (isHere(shown)) put(face, person, 'unavailable', empty, face.context.account.owner, out);
    face.contacts.set(person, undefined);
  }
}

/** A server asks how a contact is, or tells it that a client came (PRE-03, PRE-04); undefined: it is nothing of the kind. */
export function hearContact(face: FaceState, stanza: Stanza, chat: ChatId): Heard | undefined {
  if (stanza.kind !== 'presence') return undefined;
  const person = personId(chat);
  const shown = face.contacts.get(person);
  const out: Out = { stanzas: [], archive: [] };
  if (stanza.type === undefined && isHere(shown)) put(face, person, undefined, bodyOf(shown), stanza.from.full, out);
  if (stanza.type === 'probe') {
    const to = stanza.from.full;
    if (!face.contacts.has(person)) put(face, person, 'unsubscribed', empty, stanza.from.bare, out);
    else if (isHere(shown)) put(face, person, undefined, bodyOf(shown), to, out);
    else put(face, person, 'unavailable', empty, to, out);
  }
  return out.stanzas.length === 0 ? silence : { stanzas: out.stanzas };
}
