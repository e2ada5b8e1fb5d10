/** What an account is told from outside its conversation: by its owner or by an operator, in whatever process they were heard. */
import type { AccountId, PersonId } from '../core/ids.ts';

export type Order =
  /** What its owner has set has changed. */
  | { readonly is: 'reconfigure' }
  /** Its owner has blocked somebody, or does not block them any more; it is written down already. */
  | { readonly is: 'block'; readonly person: PersonId; readonly blocked: boolean }
  /** Its login was registered, mended, or is wanted again: also of one that does not run. `isOther`: of another account of the network than before. */
  | { readonly is: 'login'; readonly isOther?: boolean }
  /** Whom it admits is another set than it was: who is no longer admitted is taken out of its rooms. */
  | { readonly is: 'readmit' }
  /** Its plumbings are others than they were: also of one that does not run. */
  | { readonly is: 'replumb' }
  /** What its owner's client shows, as it came to the gateway's own address. */
  | { readonly is: 'shown'; readonly stanza: string }
  /** Off the network; `reason` is what people read there and in the rooms. Also of one that runs nowhere because it moves to another worker. */
  | { readonly is: 'disconnect'; readonly reason: string }
  | Erasure;

/** Off the network, and everything that is kept of it is deleted; also of one that does not run. By `as` whoever ordered it learns that it is done (Leases.erased). */
export interface Erasure {
  readonly is: 'erase';
  readonly reason: string;
  readonly as?: string;
}

/** To the account wherever it runs; one that does not run needs no order but to be erased, to log in or, where it moves from one worker to another, to be disconnected. Resolves when it is on its way. */
export type GiveOrder = (account: AccountId, order: Order) => Promise<void>;

const mark = 'order ';

/** For a worker's mailbox, in which stanzas begin with '<'. */
export const writeOrder = (account: AccountId, order: Order): string => mark + JSON.stringify([account, order]);

/** undefined: it is something else. */
export function readOrder(text: string): { readonly account: AccountId; readonly order: Order } | undefined {
  if (!text.startsWith(mark)) return undefined;
  const [account, order] = JSON.parse(text.slice(mark.length)) as [AccountId, Order];
  return { account, order };
}
