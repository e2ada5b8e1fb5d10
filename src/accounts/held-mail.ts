/**
 * What comes for an account that is being opened, or whose first join is just being accepted, waits until it runs: a leave right behind a join would be
 * nobody's else, and the join would bring its client in for good. What comes behind that waits too: a further join would be older than the leave else.
 */
import type { AccountId } from '../core/ids.ts';
import type { AccountKey } from '../gateway/face.ts';
import type { Runner } from './runner.ts';

export interface HeldMail {
  /** True: it waits, and is delivered in its turn. */
  holds(account: AccountKey, deliver: () => void): boolean;
  /** Where something waits: what comes behind it may be put there, each to be delivered in its turn. undefined: nothing does, or too much. */
  queue(account: AccountKey): Pick<(() => void)[], 'push'> | undefined;
  /** A join was accepted or refused. */
  look(account: AccountKey): void;
}

export interface HeldMailParts {
  readonly runner: Pick<Runner, 'get' | 'isOpening' | 'open'>;
  /** A join is on its way into its outbox. */
  isComing(id: AccountId): boolean;
}

/** More of one account is dealt with as if nobody came. */
const heldAtMost = 200;

/** For one domain. */
export function createHeldMail({ runner, isComing }: HeldMailParts): HeldMail {
  const held = new Map<AccountId, (() => void)[]>();

  function release(id: AccountId): void {
    const waiting = held.get(id) ?? [];
    held.delete(id);
    for (const deliver of waiting) deliver();
  }

  function look(account: AccountKey): void {
    const { id } = account;
    if (!held.has(id) || isComing(id)) return;
    const over = (): void => release(id);
    if (runner.isOpening(id)) runner.open(account).then(over, over);
    else over();
  }

  function queue({ id }: AccountKey): (() => void)[] | undefined {
    const waiting = held.get(id);
    return waiting !== undefined && waiting.length < heldAtMost ? waiting : undefined;
  }

  return {
    queue,
    holds(account, deliver) {
      const { id } = account;
      if (held.has(id)) return queue(account)?.push(deliver) !== undefined;
      if (runner.get(id) !== undefined || !(runner.isOpening(id) || isComing(id))) return false;
      held.set(id, [deliver]);
      look(account);
      return true;
    },
    look,
  };
}
