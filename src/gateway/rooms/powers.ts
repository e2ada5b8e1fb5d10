/** A member's rank changes (XEP-0045 §8.3 to §10.8, CHECKLIST 45-63): one presence with the new item to everybody. */
import type { RoomFeature } from './feature.ts';
import { tellPresence } from './occupants.ts';
import { become } from './room.ts';
import { looksAlike } from './standing.ts';

/** Told only where it shows. */
export const powers: RoomFeature = {
  on: {
    power(face, room, { person, power }, out) {
      const occupant = room.people.of(person);
      if (occupant === undefined || occupant.power === power) return;
      const now = become(room, occupant, { power });
      if (!looksAlike(occupant.power, power)) tellPresence(face, room, now, out);
    },
  },
};
