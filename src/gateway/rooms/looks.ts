/**
 * How occupants look, rendered once for all accounts that are in the same channel (DESIGN.md §1.1: caches of pure work): fifty users in a channel of five
 * hundred hold five hundred presences, not twenty-five thousand.
 */
import type { Xml } from '../../xml/writer.ts';
import type { Photo } from '../photos.ts';
import { sameAway, sameFacts, sameHats } from './facts.ts';
import type { Occupant, Room } from './room.ts';

/** Somebody of whom all is rendered. */
export type Rendered = Occupant & { readonly id: Xml; readonly presence: Xml };

interface Look {
  readonly occupant: Rendered;
  readonly photo: Photo;
}

/** Those of one room. */
export interface Looks {
  readonly byNick: Map<string, Look>;
  /** With so many it is looked whether they are all still there. */
  sweepAt: number;
}

const roomsAtFirst = 1_000;
const looksAtFirst = 100;

/** By the room's JID. An open room keeps its own for as long as it is open in any account; of those that are closed only the names are left, for a while. */
export function createLooks(): (room: string) => Looks {
  const byRoom = new Map<string, WeakRef<Looks>>();
  let sweepAt = roomsAtFirst;
  return (room) => {
    const known = byRoom.get(room)?.deref();
    if (known !== undefined) return known;
    if (byRoom.size >= sweepAt) {
      for (const [one, looks] of byRoom) if (looks.deref() === undefined) byRoom.delete(one);
      sweepAt = Math.max(roomsAtFirst, 2 * byRoom.size);
    }
    const looks: Looks = { byNick: new Map(), sweepAt: looksAtFirst };
    byRoom.set(room, new WeakRef(looks));
    return looks;
  };
}

/** Who somebody is, before anything of them is rendered. */
export type Seen = Pick<Occupant, 'person' | 'identity' | 'nick' | 'power' | 'facts'>;

/** As somebody else's account has rendered them, who may know other things of them; undefined where they are not, or no longer, like that. */
export function lookOf(
  looks: Looks,
  { person, identity, nick, power, facts }: Seen,
  photo: Photo,
): Rendered | undefined {
  const look = looks.byNick.get(nick);
  if (look === undefined || look.photo !== photo) return undefined;
  const { occupant } = look;
  const isSame =
    occupant.power === power &&
    occupant.identity === identity &&
    occupant.person === person &&
    (occupant.facts === facts ||
      (occupant.facts.address === facts.address && sameHats(occupant.facts, facts) && sameAway(occupant.facts, facts)));
  return isSame ? occupant : undefined;
}

/** The same, where all that is known is the same: they can be one object. */
export function alike(looks: Looks, seen: Seen, photo: Photo): Rendered | undefined {
  const occupant = lookOf(looks, seen, photo);
  return occupant !== undefined && sameFacts(occupant.facts, seen.facts) ? occupant : undefined;
}

/** For the other accounts. */
export function keepLook(looks: Looks, room: Whole, occupant: Rendered, photo: Photo): void {
  if (looks.byNick.size >= looks.sweepAt) forgetLeavers(looks, room);
  looks.byNick.set(occupant.nick, { occupant, photo });
}

/** What tells who is in the room, and whether that is everybody. */
type Whole = Pick<Room, 'people' | 'joined' | 'listed'>;

/** Looked for when there are twice as many as were there last: so each costs one look-up in all. Whoever does not see everybody can't tell who has left. */
function forgetLeavers(looks: Looks, { people, joined, listed }: Whole): void {
  if (!joined || listed !== undefined) return;
  const { byNick } = looks;
  for (const nick of byNick.keys()) if (people.called(nick) === undefined) byNick.delete(nick);
  looks.sweepAt = Math.max(looksAtFirst, 2 * byNick.size);
}
