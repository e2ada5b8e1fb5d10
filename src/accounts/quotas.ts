/** What one user may have and do, by the operator's word: over it, they are told so in a sentence. */
import type { Clock } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import type { DurableIntent } from '../core/intent.ts';
import { isShared } from '../gateway/labels.ts';
import type { AccountRow, AccountStore } from '../storage/ports.ts';

export interface Quotas {
  /** Servers that one user is on at once. */
  readonly servers: number;
  /** Rooms that one user is in, on one server. */
  readonly rooms: number;
  /** What one user may say on one server, as many at once; undefined: as much as they like. */
  readonly messagesPerMinute: number | undefined;
}

const over = (text: string): GatewayError => new GatewayError('over-quota', { text });

/** @param rooms with those that are about to be entered. @param isOn it is in one of them. Rejects with `over-quota`. */
export async function mustBeWithin(
  quotas: Quotas,
  store: Pick<AccountStore, 'owned'>,
  { id, domain, owner, on }: Pick<AccountRow, 'id' | 'domain' | 'owner' | 'on'>,
  rooms: number,
  isOn: boolean,
): Promise<void> {
  if (rooms > quotas.rooms) throw over(`At most ${quotas.rooms} rooms on one server: leave one first`);
  if (isOn) return;
  // What an operator shares does not count among the servers that they use themselves.
  const own = (await store.owned(domain, owner)).filter(({ on }) => !isShared(on));
  // A client that comes into rooms on many at once is let into the first of them.
  if (!isShared(on) && own.findIndex((one) => one.id === id) >= quotas.servers)
    throw over(`At most ${quotas.servers} servers at once: leave the rooms of one first`);
}

/** Throws `over-quota` where it is one too many for that minute. @param speaker the bare JID: each of those whom an account serves has a purse of their own */
export type Spend = (account: AccountId, speaker: string, intent: DurableIntent) => void;

const counted: ReadonlySet<DurableIntent['kind']> = new Set([
  'send',
  'edit',
  'retract',
  'react',
  'topic',
  'raw',
  'nick',
]);
const minuteMs = 60_000;
/** Purses that are remembered; those that said nothing for a minute are forgotten first. */
const pursesAtMost = 10_000;

/** Counts what is said, for each speaker of each account of this process. */
export function createSpending({ messagesPerMinute }: Quotas, clock: Pick<Clock, 'now'>): Spend {
  if (messagesPerMinute === undefined) return () => {};
  const purses = new Map<string, { left: number; at: number }>();

  function forget(now: number): void {
    for (const [whose, { at }] of purses) if (now - at >= minuteMs) purses.delete(whose);
  }

  return (account, speaker, { kind }) => {
    if (!counted.has(kind)) return;
    const whose = `${account} ${speaker}`;
    const now = clock.now();
    let purse = purses.get(whose);
    if (purse === undefined) {
      if (purses.size >= pursesAtMost) forget(now);
      purse = { left: messagesPerMinute, at: now };
      purses.set(whose, purse);
    }
    const earned = (Math.max(0, now - purse.at) * messagesPerMinute) / minuteMs;
    purse.left = Math.min(messagesPerMinute, purse.left + earned);
    purse.at = now;
    if (purse.left < 1) {
      const seconds = Math.ceil(((1 - purse.left) * minuteMs) / messagesPerMinute / 1000);
      throw over(`At most ${messagesPerMinute} messages a minute: try again in ${seconds} s`);
    }
    purse.left -= 1;
  };
}
