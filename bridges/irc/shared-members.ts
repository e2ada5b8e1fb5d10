/** Members of channels, one object for all sessions that see somebody alike: fifty users of a channel of five hundred hold five hundred, not twenty-five thousand. */
import type { PersonId } from '#bridge';
import { detached } from './wire/casemap.ts';

/** Somebody in a channel. Shared: replaced, never changed. */
export interface ChannelMember {
  readonly nick: string;
  readonly person: PersonId;
  /** Rank modes held, in no order: "ov". */
  readonly ranks: string;
  /** `user@host`; empty where it is not known. */
  readonly address: string;
}

export type MemberOf = (nick: string, person: PersonId, ranks: string, address: string) => ChannelMember;

/** Knows how each person was seen last: at most twice `limit`, as when the young half is full, the old one is dropped. */
export function createMembers(limit = 16_384): MemberOf {
  let young = new Map<PersonId, ChannelMember>();
  let old = young;
  return (nick, person, ranks, address) => {
    const known = young.get(person) ?? old.get(person);
    const isSame = known?.nick === nick && known.ranks === ranks && known.address === address;
    if (isSame && young.has(person)) return known;
    const member = isSame ? known : made(nick, person, ranks, address);
    if (young.size >= limit) {
      old = young;
      young = new Map();
    }
    young.set(person, member);
    return member;
  };
}

/** In memory longer than the line by which somebody came; whoever is called as their id is has one text for both. */
const made: MemberOf = (nick, person, ranks, address) => {
  return { nick: nick === person ? nick : detached(nick), person, ranks, address: detached(address) };
};
