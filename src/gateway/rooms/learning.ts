/** Something becomes known of somebody in the room (`facts.ts`): told again only where it looks different. */
import type { MemberFacts } from '../../core/event.ts';
import { HATS } from '../../xmpp/xep/0317-hats.ts';
import { changedBy, sameAway, sameHats } from './facts.ts';
import type { FaceState, Out, RoomFeature } from './feature.ts';
import { identify } from './identity.ts';
import { refresh, tellPresence } from './occupants.ts';
import type { Facts, Occupant, Room } from './room.ts';

/** In a room with more people than this, who is away is shown with their next presence, not told by one of its own (45-32). */
const crowd = 1000;

/** Puts the facts in place. True: it shows, and whoever is in is to be told. Of ourselves our clients show whether we are away. */
export function becomes(room: Room, occupant: Occupant, facts: Facts): boolean {
  const before = occupant.facts;
  occupant.facts = facts;
  identify(room, occupant, before);
  if (before.address !== facts.address) occupant.contact = undefined;
  refresh(occupant);
  if (!sameHats(before, facts)) return true;
  return occupant !== room.me && room.occupants.size <= crowd && !sameAway(before, facts);
}

function tell(face: FaceState, room: Room, occupant: Occupant, change: MemberFacts, out: Out): void {
  if (becomes(room, occupant, changedBy(occupant.facts, change))) tellPresence(face, room, occupant, out);
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
