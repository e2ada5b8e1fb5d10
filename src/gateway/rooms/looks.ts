/**
 * How occupants look, rendered once for all accounts that are in the same channel (DESIGN.md §1.1: caches of pure work): fifty users in a channel of five
 * hundred hold five hundred presences, not twenty-five thousand.
 */
import type { Xml } from '../../xml/writer.ts';
import type { Photo } from '../photos.ts';
import { sameAway, sameHats } from './facts.ts';
import type { Occupant } from './room.ts';

/** What was rendered, and from what. */
export interface Look extends Pick<Occupant, 'person' | 'identity' | 'power' | 'facts' | 'jid'> {
  readonly photo: Photo;
  readonly id: Xml;
  readonly presence: Xml;
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

/** As somebody else's account has rendered it; undefined where this occupant is not, or no longer, like that. */
export function lookOf(looks: Looks, occupant: Occupant, photo: Photo): Look | undefined {
  const look = looks.get(occupant.nick);
  if (look === undefined) return undefined;
  const { facts } = occupant;
  const isSame =
    look.power === occupant.power &&
    look.photo === photo &&
    look.identity === occupant.identity &&
    look.person === occupant.person &&
    look.facts.address === facts.address &&
    sameHats(look.facts, facts) &&
    sameAway(look.facts, facts);
  return isSame ? look : undefined;
}

/** For the other accounts. */
export function keepLook(
  looks: Looks,
  { nick, person, identity, power, facts, jid }: Occupant,
  photo: Photo,
  id: Xml,
  presence: Xml,
): void {
  if (looks.size >= looksAtMost) looks.clear();
  looks.set(nick, { person, identity, power, facts, jid, photo, id, presence });
}
