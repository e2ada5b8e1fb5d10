/** People whom a network has on its user's list, and what has been done to bring them into the user's contact list. */
import type { AccountId, PersonId } from './ids.ts';

/**
 * How far somebody on the network's list has come into the owner's contact list. `listed`: nothing was done yet; `suggested` to a client; `asked`: we have
 * asked the owner to see them; `placed`: there; `unseen`: there, but may not see the owner; `unwatched`: there, but the owner does not watch them;
 * `declined`: the owner does not want them there; `leaving`: removed by the owner, which the network is to be told; `asks`: they have asked, and the owner with us; `accepted`, `refused`: the network is to be told.
 */
export type ListedState =
  | 'listed'
  | 'suggested'
  | 'asked'
  | 'placed'
  | 'unseen'
  | 'unwatched'
  | 'declined'
  | 'leaving'
  | 'asks'
  | 'accepted'
  | 'refused';

/** Somebody whom the network has on the owner's list, or who has asked to see the owner. */
export interface ListedRow {
  readonly account: AccountId;
  readonly person: PersonId;
  readonly state: ListedState;
  /** As the network has them, when it was last looked at. */
  readonly name: string;
  readonly groups: readonly string[];
  /** Since when they are in that state, epoch milliseconds. */
  readonly at: number;
}
