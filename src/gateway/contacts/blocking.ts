/**
 * People whom the owner has blocked (CHECKLIST 191): nothing that they say, do or show is told or kept, in rooms neither; who is in a room is. What is sent
 * to them is refused as an XMPP server refuses it (XEP-0191 §3.3).
 */
import { GatewayError } from '../../core/errors.ts';
import type { NetworkEvent } from '../../core/event.ts';
import { type ChatId, type PersonId, personId } from '../../core/ids.ts';
import type { DurableIntent } from '../../core/intent.ts';
import { empty } from '../../xml/writer.ts';
import type { Stanza } from '../../xmpp/stanza.ts';
import type { Heard } from '../face.ts';
import { type FaceState, type Out, silence } from '../rooms/feature.ts';
import type { Room } from '../rooms/room.ts';
import { clientJid } from './addresses.ts';
import { isBlocked, knownBy } from './blocked.ts';
import { notHere } from './probe.ts';
import { contactShown, tellPresence } from './roster.ts';

/** Somebody is blocked from now on, or not any more: they seem to go, and come again as they are (XEP-0191 §3.3, §3.4), by each name that they had meanwhile. */
export function block(face: FaceState, person: PersonId, isFromNow: boolean, out: Out): void {
  if (!isFromNow) {
    for (const [now, then] of face.blocked) {
      if (then !== person && now !== person) continue;
      face.blocked.delete(now);
      if (now !== person) show(face, now, out);
    }
    show(face, person, out);
    return;
  }
  const isNew = !face.blocked.has(person);
  face.blocked.set(person, person);
  face.blocked.set(knownBy(face, person), person);
  if (isNew) hide(face, person, out);
}

function show(face: FaceState, person: PersonId, out: Out): void {
  const shown = face.contacts.get(person);
  if (shown === undefined) return;
  face.contacts.set(person, undefined);
  if (shown.show !== 'offline') tellPresence(face, { person, ...shown }, out);
}

function hide(face: FaceState, person: PersonId, out: Out): void {
  const shown = face.contacts.get(person);
  if (shown === undefined || shown.show === 'offline') return;
  const { owner } = face.context.account;
  const from = clientJid(face.context, person);
  out.stanzas.push({ kind: 'presence', type: 'unavailable', from, to: [owner], body: empty });
}

/** They are called otherwise now, and stay blocked. The name that the owner has blocked does, too; another that they give up may be anybody's next. */
function follow(face: FaceState, person: PersonId, as: PersonId, out: Out): void {
  const { blocked } = face;
  const then = blocked.get(person);
  if (then === undefined || person === as) return;
  // Networks tell that somebody of that name is here before they tell who.
  if (!isBlocked(face, as)) hide(face, as, out);
  blocked.set(as, blocked.get(as) ?? then);
  if (person !== then && person !== knownBy(face, then)) blocked.delete(person);
}

/** What a moderator has taken away of others is gone, whoever that was. */
function isTheirs(face: FaceState, { chat, target }: Extract<NetworkEvent, { kind: 'retracted' }>): boolean {
  const known = face.refs.named(chat, target);
  return known === undefined || isBlocked(face, known.by);
}

/** Is that what somebody does who is blocked? What has to be known of them all the same is remembered. */
export function isHidden(face: FaceState, event: NetworkEvent, out: Out): boolean {
  const { blocked } = face;
  switch (event.kind) {
    case 'message':
      return event.sentBy === undefined && isBlocked(face, event.by);
    case 'retracted':
      return event.by !== undefined && isBlocked(face, event.by) && isTheirs(face, event);
    case 'edited':
    case 'reaction':
    case 'read':
    case 'typing':
      return event.by !== undefined && isBlocked(face, event.by);
    case 'invited':
      return event.person !== undefined && isBlocked(face, event.person);
    case 'presence': {
      if (!isBlocked(face, event.person)) return false;
      if (face.contacts.has(event.person)) face.contacts.set(event.person, contactShown(event));
      return true;
    }
    case 'moved': {
      const [before, now] = [personId(event.chat), personId(event.to)];
      const wasBlocked = isBlocked(face, before);
      follow(face, before, now, out);
      // A room may have told of it before.
      return wasBlocked || (blocked.get(now) ?? now) !== now;
    }
    case 'members':
      for (const change of event.changes)
        if (change.is === 'renamed' && change.as !== undefined) follow(face, change.person, change.as, out);
      return false;
    default:
      return false;
  }
}

const refused = (): GatewayError =>
  new GatewayError('blocked', { text: 'You have blocked this person; unblock them to write to them' });

/** Throws where the owner has blocked whom that is meant for. @param room where it is said to one occupant alone */
export function mayReach(face: FaceState, room: Room | undefined, intent: DurableIntent): void {
  if (face.blocked.size === 0) return;
  switch (intent.kind) {
    case 'send':
    case 'edit':
    case 'retract':
    case 'react': {
      const occupant = intent.privately === undefined ? undefined : room?.people.called(intent.privately)?.person;
      const person = intent.privately === undefined && !face.rooms.has(intent.chat) ? personOf(intent.chat) : occupant;
      if (person !== undefined && isBlocked(face, person)) throw refused();
      return;
    }
    case 'invite':
      if (isBlocked(face, intent.person)) throw refused();
      return;
    default:
      return;
  }
}

const personOf = (chat: ChatId): PersonId => personId(chat);

/** Whoever is blocked seems not to be there, and is told nothing of us; undefined: they are not. */
export function hearBlocked(face: FaceState, stanza: Stanza, person: PersonId): Heard | undefined {
  if (!isBlocked(face, person) || stanza.kind === 'iq') return undefined;
  if (stanza.kind !== 'presence' || stanza.type !== 'probe') return silence;
  return { stanzas: [notHere(stanza)] };
}
