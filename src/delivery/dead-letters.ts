/** What could not be delivered: listed, sent again or dropped, by its owner or the operator. */
import type { AccountId, DeliveryKey } from '../core/ids.ts';
import type { DeadLetter, OutboxStore } from '../storage/ports.ts';

export interface DeadLetters {
  /** Oldest first. */
  list(account: AccountId, max?: number): Promise<readonly DeadLetter[]>;
  /** Puts it behind everything that waits, and has the account look; false: there is no such letter. */
  requeue(account: AccountId, key: DeliveryKey): Promise<boolean>;
  drop(account: AccountId, key: DeliveryKey): Promise<boolean>;
}

/** @param poke called when an account has something new in its outbox */
export function createDeadLetters(store: OutboxStore, poke: (account: AccountId) => void): DeadLetters {
  return {
    list: (account, max = 100) => store.deadLetters(account, max),
    async requeue(account, key) {
      const done = await store.requeue(account, key);
      if (done) poke(account);
      return done;
    },
    drop: (account, key) => store.drop(account, key),
  };
}
