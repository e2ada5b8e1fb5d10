/** Something becomes known of somebody in the room (`facts.ts`): told again only where it looks different. */
import type { MemberFacts } from '../../core/event.ts';
import type { PersonId } from '../../core/ids.ts';
import { HATS } from '../../xmpp/xep/0317-hats.ts';
import { photoOf } from '../photos.ts';
import { changedBy, sameAway, sameFacts, sameHats } from './facts.ts';
import type { FaceState, Out, RoomFeature } from './feature.ts';
import { identified } from './identity.ts';
import { tellPresence } from './occupants.ts';
import { become, type Facts, type Occupant, type Room } from './room.ts';

/** In a room with more people than this, who is away is shown with their next presence, not told by one of its own (45-32). */
const crowd = 1000;

/** They have another picture, and which is known: else it is told when it is. */
function looksOther(face: FaceState, before: Facts, { avatar }: Facts): boolean {
  return before.avatar !== avatar && photoOf(face, avatar) !== 'unknown';
}

/** Puts the facts in place; returns who stands there now, the same where nothing is new. */
export function learn(room: Room, occupant: Occupant, facts: Facts): Occupant {
  if (sameFacts(occupant.facts, facts)) return occupant;
  const contact = occupant.facts.address === facts.address ? occupant.contact : undefined;
  const now = become(room, occupant, { facts, contact, ...identified(room, occupant, facts) });
  const isRenewed = now.identity !== occupant.identity && occupant.id !== undefined && now !== room.me;
  if (isRenewed && room.everybody.length > 0) room.people.renewed.add(now.person);
  return now;
}

/** Is whoever is in to be told? Of ourselves our clients show whether we are away. */
export function showsOther(face: FaceState, room: Room, before: Facts, now: Occupant): boolean {
  const { facts } = now;
  if (!sameHats(before, facts)) return true;
  if (room.people.size > crowd) return false;
  return looksOther(face, before, facts) || (now !== room.me && !sameAway(before, facts));
}

function tell(face: FaceState, room: Room, occupant: Occupant, change: MemberFacts, out: Out): void {
  const before = occupant.facts;
  const now = learn(room, occupant, changedBy(before, change));
  if (showsOther(face, room, before, now)) tellPresence(face, room, now, out);
}

/** The picture of somebody is there: those who see them are told, but for the crowd. */
export function pictured(face: FaceState, person: PersonId, out: Out): void {
  for (const room of face.rooms.values()) {
    const occupant = room.people.of(person);
    if (occupant?.facts.avatar === undefined) continue;
    const now = become(room, occupant, {});
    if (room.people.size <= crowd) tellPresence(face, room, now, out);
  }
}

/** Something became known of somebody. */
export const learning: RoomFeature = {
  namespaces: [HATS],
  on: {
    facts(face, room, change, out) {
      const occupant = room.people.of(change.person);
      if (occupant !== undefined) tell(face, room, occupant, change.facts, out);
    },
  },
};
