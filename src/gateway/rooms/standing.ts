/**
 * How a member's power shows in a room (CHECKLIST 45-63). Role is the momentary right, affiliation the lasting one; the network's own rank is behind
 * both, and each bridge documents how its ranks become a `Power`.
 *
 *   power        role         affiliation   on IRC
 *   visitor      visitor      none          no voice in a moderated channel
 *   participant  participant  none          nothing
 *   voiced       participant  member        +v
 *   helper       moderator    member        +h
 *   moderator    moderator    admin         +o
 *   admin        moderator    owner         +a
 *   owner        moderator    owner         +q
 */
import type { Power } from '../../core/event.ts';

/** XEP-0045 §5.1. */
export type Role = 'visitor' | 'participant' | 'moderator';
/** XEP-0045 §5.2. */
export type Affiliation = 'none' | 'member' | 'admin' | 'owner';
/** What an item says of a member. */
export interface Standing {
  readonly role: Role;
  readonly affiliation: Affiliation;
}

/** The table above. */
export const standings: Readonly<Record<Power, Standing>> = {
  visitor: { role: 'visitor', affiliation: 'none' },
  participant: { role: 'participant', affiliation: 'none' },
  voiced: { role: 'participant', affiliation: 'member' },
  helper: { role: 'moderator', affiliation: 'member' },
  moderator: { role: 'moderator', affiliation: 'admin' },
  admin: { role: 'moderator', affiliation: 'owner' },
  owner: { role: 'moderator', affiliation: 'owner' },
};

/** Do both show alike? Then nobody is told of the change. */
export function looksAlike(a: Power, b: Power): boolean {
  const one = standings[a];
  const other = standings[b];
  return one.role === other.role && one.affiliation === other.affiliation;
}
