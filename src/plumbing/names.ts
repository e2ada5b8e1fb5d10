/** What a message is called on both sides of a plumbing, so that replies, reactions and retractions find it. The last ones; what is older is not found. */
import type { PlumbedName } from '../storage/plumbing-ports.ts';

export interface Names {
  add(name: PlumbedName): void;
  toMuc(room: string): string | undefined;
  toRoom(muc: string): string | undefined;
  /** What was added since it was asked last. */
  fresh(): readonly PlumbedName[];
}

/** So many are kept in mind. */
export const namesAtMost = 4_000;

/** @param known as they were written down */
export function createNames(known: readonly PlumbedName[]): Names {
  const byRoom = new Map(known.map(({ room, muc }) => [room, muc]));
  const byMuc = new Map(known.map(({ room, muc }) => [muc, room]));
  let added: PlumbedName[] = [];
  return {
    add(name) {
      if (byRoom.get(name.room) === name.muc) return;
      byRoom.set(name.room, name.muc);
      byMuc.set(name.muc, name.room);
      added.push(name);
      for (const map of [byRoom, byMuc]) {
        const [oldest] = map.keys();
        if (map.size > namesAtMost && oldest !== undefined) map.delete(oldest);
      }
    },
    toMuc: (room) => byRoom.get(room),
    toRoom: (muc) => byMuc.get(muc),
    fresh() {
      const all = added;
      added = [];
      return all;
    },
  };
}
