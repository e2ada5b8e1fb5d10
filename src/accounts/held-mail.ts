/**
 * What comes for an account that is being opened, or whose first join is just being accepted, waits until it runs: a leave right behind a join would be
 * nobody's else, and the join would bring its client in for good.
 */
import type { AccountId } from '../core/ids.ts';
import type { AccountKey } from '../gateway/face.ts';
import type { Runner } from './runner.ts';

export interface HeldMail {
  /** True: it waits, and is delivered in its turn. */
  holds(account: AccountKey, deliver: () => void): boolean;
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

  return {
    holds(account, deliver) {
      const { id } = account;
      const waiting = held.get(id);
      if (waiting !== undefined) return waiting.length < heldAtMost && waiting.push(deliver) > 0;
      if (runner.get(id) !== undefined || !(runner.isOpening(id) || isComing(id))) return false;
      held.set(id, [deliver]);
      look(account);
      return true;
    },
    look,
  };
}
