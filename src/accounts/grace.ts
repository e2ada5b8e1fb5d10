/** A while for which an account without rooms is kept: its owner was refused by a room or asked into one, and can be let in on this connection only. */
import type { Clock } from '../bridge/contract.ts';

export interface Grace {
  /** Begins, unless it runs already: nobody can keep an account for ever by inviting its owner. */
  begin(): void;
  end(): void;
  readonly isOn: boolean;
}

const graceMs = 600_000;

/** @param onOver called when it has run out, not when it was ended */
export function createGrace(clock: Clock, onOver: () => void): Grace {
  let cancel: (() => void) | undefined;
  return {
    begin() {
      cancel ??= clock.after(graceMs, () => {
        cancel = undefined;
        onOver();
      });
    },
    end() {
      cancel?.();
      cancel = undefined;
    },
    get isOn() {
      return cancel !== undefined;
    },
  };
}
