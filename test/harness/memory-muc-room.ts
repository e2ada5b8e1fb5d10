/** A room of a MUC service in memory, as it is kept. */
import type { Element } from '../../src/xml/element.ts';
import type { Kept } from './memory-muc-archive.ts';

export type Affiliation = 'owner' | 'admin' | 'member' | 'none' | 'outcast';

/** Somebody in it. */
export interface Occupant {
  readonly jid: string;
  nick: string;
  role: 'moderator' | 'participant' | 'visitor';
  /** What its presence has besides. */
  shows: readonly Element[];
}

/** One that stays. */
export interface Room extends RoomRules {
  readonly jid: string;
  readonly occupants: Map<string, Occupant>;
  readonly affiliations: Map<string, Affiliation>;
  readonly past: Kept[];
  subject: { readonly text: string; readonly by: string };
}

/** Who comes in, and who may speak. */
export interface RoomRules {
  isMembersOnly: boolean;
  isModerated: boolean;
  password: string | undefined;
  /** Who has no rank is to solve one first. */
  wantsCaptcha: boolean;
  /** So many occupants, but for owners. */
  atMost: number;
}

/** With nobody in it. */
export const roomOf = (jid: string): Room => ({
  jid,
  occupants: new Map(),
  affiliations: new Map(),
  past: [],
  subject: { text: '', by: '' },
  isMembersOnly: false,
  isModerated: false,
  password: undefined,
  wantsCaptcha: false,
  atMost: Number.POSITIVE_INFINITY,
});

/** What others see of a presence: all but what is for the room alone. */
export const shownIn = ({ children }: Element): readonly Element[] =>
  children.filter(
    (one): one is Element => typeof one !== 'string' && !one.ns.startsWith('http://jabber.org/protocol/muc'),
  );
