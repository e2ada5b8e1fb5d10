/** Accounts that serve several people (src/design/shared-accounts.md): whose each is, and whom it admits. Known in memory, so that stanzas are judged without a question. */
import type { AccountId } from '../core/ids.ts';
import { bareOf } from '../core/jids.ts';
import type { Jid } from '../xmpp/jid.ts';
import type { AccountKey, FaceContext } from './face.ts';
import { isShared } from './labels.ts';

/** A shared account. */
export interface Share {
  readonly id: AccountId;
  /** The bare JID of the operator who registered it. */
  readonly owner: string;
  /** Bare JIDs and exact domains. */
  readonly admits: ReadonlySet<string>;
}

/** By `shareName`. */
export type Shares = ReadonlyMap<string, Share>;

/** Of all shared accounts there is one at most at an address. @param on with its label */
export const shareName = (domain: string, on: string | undefined): string => `${on ?? ''} ${domain}`;

/** Where it is, by that name; undefined: on another domain. */
export const sharedOn = (name: string, domain: string): string | undefined =>
  name.endsWith(` ${domain}`) ? name.slice(0, -domain.length - 1) : undefined;

/** Has that person its rooms? */
export const admits = ({ owner, admits: those }: Share, { bare, domain }: Pick<Jid, 'bare' | 'domain'>): boolean =>
  bare === owner || those.has(bare) || those.has(domain);

/** Is that client its owner's? What the network tells an account alone, and asks of whoever uses it, is for nobody else. */
export const isOwners = ({ on, owner }: Pick<AccountKey, 'on' | 'owner'>, client: string): boolean =>
  !isShared(on) || bareOf(client) === owner;

/** Whose an account's own occupant is, for those in the room: its owner's or, where it speaks for several, its own. */
export function shownAs({ account, addresses, domain }: Pick<FaceContext, 'account' | 'addresses' | 'domain'>): string {
  const { on, owner } = account;
  if (on === undefined || !isShared(on)) return owner;
  return `${addresses.format({ is: 'service', on })}@${domain}`;
}
