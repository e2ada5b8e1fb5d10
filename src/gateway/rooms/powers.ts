/** A member's rank changes (XEP-0045 §8.3 to §10.8, CHECKLIST 45-63): one presence with the new item to everybody. */
import type { RoomFeature } from './feature.ts';
import { refresh, tellPresence } from './occupants.ts';
import { looksAlike } from './standing.ts';

/** Told only where it shows. */
export const powers: RoomFeature = {
  on: {
    power(face, room, { person, power }, out) {
      const occupant = room.occupants.get(person);
      if (occupant === undefined) return;
      const before = occupant.power;
      occupant.power = power;
      if (looksAlike(before, power)) return;
      refresh(occupant);
      tellPresence(face, room, occupant, out);
    },
  },
};
