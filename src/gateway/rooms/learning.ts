/** Something becomes known of somebody in the room (`facts.ts`): told again only where it looks different. */
import type { MemberFacts } from '../../core/event.ts';
import type { PersonId } from '../../core/ids.ts';
import { HATS } from '../../xmpp/xep/0317-hats.ts';
import { photoOf } from '../photos.ts';
import { changedBy, sameAway, sameHats } from './facts.ts';
import type { FaceState, Out, RoomFeature } from './feature.ts';
import { identify } from './identity.ts';
import { refresh, tellPresence } from './occupants.ts';
import type { Facts, Occupant, Room } from './room.ts';

/** In a room with more people than this, who is away is shown with their next presence, not told by one of its own (45-32). */
const crowd = 1000;

/** They have another picture, and which is known: else it is told when it is. */
function looksOther(face: FaceState, before: Facts, { avatar }: Facts): boolean {
  return before.avatar !== avatar && photoOf(face, avatar) !== 'unknown';
}

/** Puts the facts in place. True: it shows, and whoever is in is to be told. Of ourselves our clients show whether we are away. */
export function becomes(face: FaceState, room: Room, occupant: Occupant, facts: Facts): boolean {
  const before = occupant.facts;
  occupant.facts = facts;
  identify(room, occupant, before);
  if (before.address !== facts.address) occupant.contact = undefined;
  refresh(occupant);
  if (!sameHats(before, facts)) return true;
  if (room.occupants.size > crowd) return false;
  return looksOther(face, before, facts) || (occupant !== room.me && !sameAway(before, facts));
}

function tell(face: FaceState, room: Room, occupant: Occupant, change: MemberFacts, out: Out): void {
  if (becomes(face, room, occupant, changedBy(occupant.facts, change))) tellPresence(face, room, occupant, out);
}

/** The picture of somebody is there: those who see them are told, but for the crowd. */
export function pictured(face: FaceState, person: PersonId, out: Out): void {
  for (const room of face.rooms.values()) {
    const occupant = room.occupants.get(person);
    if (occupant?.facts.avatar === undefined) continue;
    refresh(occupant);
    if (room.occupants.size <= crowd) tellPresence(face, room, occupant, out);
  }
}

/** Something became known of somebody. */
export const learning: RoomFeature = {
  namespaces: [HATS],
  on: {
    facts(face, room, change, out) {
      const occupant = room.occupants.get(change.person);
      if (occupant !== undefined) tell(face, room, occupant, change.facts, out);
    },
  },
};
