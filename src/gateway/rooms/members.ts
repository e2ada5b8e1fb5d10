/** The member list: who comes in, and what a complete list says about those who are not in it any more. Everybody is told differences only. */
import type { Member } from '../../core/event.ts';
import type { PersonId } from '../../core/ids.ts';
import { listed } from './facts.ts';
import { type EventHandlers, type EventOf, type FaceState, meThen, type Out, type RoomFeature } from './feature.ts';
import { learn, showsOther } from './learning.ts';
import { tellRenamed } from './nicks.ts';
import { place, tellPresence, vanished } from './occupants.ts';
import { become, type Occupant, type Room } from './room.ts';
import { standingOf } from './snapshot.ts';
import { looksAlike } from './standing.ts';

/** How many may have left by not being on a list, in one projection. */
const leaveAtOnce = 500;

/** What a list needs of the other features, folded (`fold.ts`). */
export type MemberHandlers = Required<Pick<EventHandlers, 'in' | 'renamed' | 'power' | 'facts' | 'out'>>;

/**
 * Each change in turn; of a complete list ourselves first, and then who is not in it. We are in the room once such a list has us. Of one that comes in
 * pieces nothing is known before its first, and who is not in it is known with its last.
 */
export function foldMembers(
  face: FaceState,
  room: Room,
  event: EventOf<'members'>,
  handlers: MemberHandlers,
  out: Out,
): void {
  const { piece } = event;
  const isList = event.complete === true || piece !== undefined;
  // Of a whole list of a room that is empty nobody can be missing.
  const isFirst = piece === undefined && room.people.size === 0;
  if (piece === undefined || piece === 'first') room.listed = isList && !isFirst ? new Set() : undefined;
  // Its beginning was told to a room that has been closed since.
  if (isList && !isFirst && room.listed === undefined) return;
  if (isList) ourselvesFirst(face, room, event, handlers, out);
  for (const change of event.changes) {
    if (change.is === 'in') handlers.in(face, room, change, out);
    else if (change.is === 'renamed') handlers.renamed(face, room, change, out);
    else if (change.is === 'power') handlers.power(face, room, change, out);
    else if (change.is === 'facts') handlers.facts(face, room, change, out);
    else handlers.out(face, room, change, out);
  }
  if (room.listed !== undefined) {
    for (const change of event.changes) if (change.is === 'in') room.listed.add(change.member.person);
  }
  if (event.complete !== true) return;
  if (room.listed !== undefined) unlisted(face, room, room.listed, event, handlers, out);
  room.listed = undefined;
  tellVanished(room, out);
  room.joined = room.me !== undefined;
}

/** Who is in the room and not on the list has left. Of very many the first are told now, the others as an event that follows at once. */
function unlisted(
  face: FaceState,
  room: Room,
  listed: ReadonlySet<PersonId>,
  { kind, chat, at }: EventOf<'members'>,
  handlers: MemberHandlers,
  out: Out,
): void {
  const left = [...room.people.persons()].filter((person) => !listed.has(person));
  const outs = left.map((person) => ({ is: 'out', person, how: 'left' }) as const);
  for (const change of outs.splice(0, leaveAtOnce)) handlers.out(face, room, change, out);
  if (outs.length > 0) out.rest = { kind, chat, at, changes: outs };
}

/**
 * After a reconnect we may be there under another id and nick: that is a change of nick, told before somebody else is seen under the old one. Whoever had
 * that id is not there any more.
 */
function ourselvesFirst(
  face: FaceState,
  room: Room,
  event: EventOf<'members'>,
  handlers: MemberHandlers,
  out: Out,
): void {
  const now = meThen(face);
  const own = event.changes.find((change) => change.is === 'in' && change.member.person === now);
  if (own?.is !== 'in') return;
  const { person, nick } = own.member;
  const before = room.me?.person;
  if (before !== undefined && before !== person) {
    handlers.out(face, room, { is: 'out', person, how: 'left' }, out);
    handlers.renamed(face, room, { is: 'renamed', person: before, nick, as: person }, out);
  }
  handlers.in(face, room, own, out);
}

/** Of those whom the clients were told of before a restart, the ones who went meanwhile. */
function tellVanished(room: Room, out: Out): void {
  if (room.told === undefined) return;
  for (const nick of room.told.powers.keys()) {
    if (room.everybody.length === 0) break;
    out.stanzas.push(vanished(room, nick, room.everybody));
  }
  room.told = undefined;
}

function comeIn(face: FaceState, room: Room, member: Member, out: Out): void {
  const isMe = member.person === meThen(face);
  const known = room.people.of(member.person);
  if (known === undefined) {
    const occupant = place(face, room, member, isMe);
    if (room.told === undefined || !wasTold(face, room, room.told, occupant, out)) {
      tellPresence(face, room, occupant, out);
    }
    return;
  }
  const { nick, power } = member;
  const learned = learn(room, known, listed(known.facts, member));
  const now = learned.power === power ? learned : become(room, learned, { power });
  if (now.nick !== nick) tellRenamed(face, room, now, nick, undefined, out);
  else if (showsOther(face, room, known.facts, now) || !looksAlike(known.power, power)) {
    tellPresence(face, room, now, out);
  }
}

/** After a restart: do the clients know this occupant as it is? Ours may have another nick than before: that is a rename to them. */
function wasTold(face: FaceState, room: Room, told: NonNullable<Room['told']>, occupant: Occupant, out: Out): boolean {
  if (occupant === room.me && told.me !== occupant.nick) {
    told.powers.delete(told.me);
    room.me = { ...occupant, nick: told.me, jid: `${room.jid}/${told.me}` };
    tellRenamed(face, room, room.me, occupant.nick, undefined, out);
    return true;
  }
  const power = told.powers.get(occupant.nick);
  told.powers.delete(occupant.nick);
  return power === standingOf(occupant);
}

/** Somebody comes in, or is as the list says (45-60). */
export const members: RoomFeature = {
  on: { in: (face, room, { member }, out) => comeIn(face, room, member, out) },
};
