/**
 * How occupants look, rendered once for all accounts that are in the same channel (DESIGN.md §1.1: caches of pure work): fifty users in a channel of five
 * hundred hold five hundred presences, not twenty-five thousand.
 */
import type { Xml } from '../../xml/writer.ts';
import type { Photo } from '../photos.ts';
import { sameAway, sameFacts, sameHats } from './facts.ts';
import type { Occupant } from './room.ts';

/** Somebody of whom all is rendered. */
export type Rendered = Occupant & { readonly id: Xml; readonly presence: Xml };

interface Look {
  readonly occupant: Rendered;
  readonly photo: Photo;
}

/** Those of one room, by nick. */
export type Looks = Map<string, Look>;

const roomsAtMost = 1_000;
const looksAtMost = 20_000;

/** By the room's JID. Rooms that are open keep theirs; of those that nobody asked for in a long time they are made anew. */
export function createLooks(): (room: string) => Looks {
  let young = new Map<string, Looks>();
  let old = new Map<string, Looks>();
  return (room) => {
    let looks = young.get(room);
    if (looks !== undefined) return looks;
    looks = old.get(room) ?? new Map();
    if (young.size >= roomsAtMost) {
      old = young;
      young = new Map();
    }
    young.set(room, looks);
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
  const look = looks.get(nick);
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
export function keepLook(looks: Looks, occupant: Rendered, photo: Photo): void {
  if (looks.size >= looksAtMost) looks.clear();
  looks.set(occupant.nick, { occupant, photo });
}
