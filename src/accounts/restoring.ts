/** Bringing many accounts back: some side by side, and without keeping everything else from its turn. */
import type { Clock } from '../bridge/contract.ts';
import type { AccountId } from '../core/ids.ts';
import type { AccountKey } from '../gateway/face.ts';

export interface RestoringParts {
  readonly clock: Pick<Clock, 'sleep'>;
  /** Is asked of each when its turn has come. */
  mine(id: AccountId): boolean;
  /** undefined: it belongs to another domain. */
  keyOf(id: AccountId): AccountKey | undefined;
  /** Never rejects. */
  restore(key: AccountKey): Promise<void>;
}

/** How many accounts are restored side by side, and of how many it is looked whose they are in one turn of the loop. */
const restoring = 50;
const looksPerTurn = 500;

/** Resolves when each of them that is ours has been restored, or is tried again. */
export async function restoreAll(
  ids: Iterable<AccountId>,
  { clock, mine, keyOf, restore }: RestoringParts,
): Promise<void> {
  let some: AccountKey[] = [];
  let looked = 0;
  for (const id of ids) {
    if (++looked % looksPerTurn === 0) await clock.sleep(1);
    const key = mine(id) ? keyOf(id) : undefined;
    if (key !== undefined) some.push(key);
    if (some.length < restoring) continue;
    await Promise.all(some.map(restore));
    some = [];
  }
  await Promise.all(some.map(restore));
}
