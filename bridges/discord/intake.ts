/** Between the gateway's events and ours: what Discord tells waits here while the rest of the program has no room, in order. */
import type { GatewayDispatchPayload } from 'discord.js';

interface Waiting {
  readonly payload: GatewayDispatchPayload;
  readonly shard: number;
}

export interface Intake {
  take(payload: GatewayDispatchPayload, shard: number): void;
  /** What is emitted may have to wait: so do the next events. */
  hold(room: Promise<void>): void;
  close(): void;
}

export interface IntakeParts {
  hear(payload: GatewayDispatchPayload, shard: number): void;
  /** More waits than is kept: what came is lost, and has to be asked for anew. */
  overflow(): void;
  onBug(error: unknown): void;
}

const fleetingAtMost = 500;
const atMost = 20_000;
const fleeting: ReadonlySet<string> = new Set(['TYPING_START', 'PRESENCE_UPDATE']);

/** Nothing waits yet. */
export function createIntake({ hear, overflow, onBug }: IntakeParts): Intake {
  let queue: Waiting[] = [];
  let holding = 0;
  let isClosed = false;

  function pass({ payload, shard }: Waiting): void {
    try {
      hear(payload, shard);
    } catch (error) {
      onBug(error);
    }
  }

  function drain(): void {
    let at = 0;
    for (; at < queue.length && holding === 0 && !isClosed; at++) {
      const one = queue[at];
      if (one !== undefined) pass(one);
    }
    queue = queue.slice(at);
  }

  const release = (): void => {
    holding -= 1;
    if (holding === 0) drain();
  };

  return {
    take(payload, shard) {
      if (isClosed) return;
      if (holding === 0 && queue.length === 0) return pass({ payload, shard });
      if (queue.length >= fleetingAtMost && fleeting.has(payload.t)) return;
      queue.push({ payload, shard });
      if (queue.length > atMost) {
        queue = [];
        overflow();
      }
    },
    hold(room) {
      holding += 1;
      room.then(release, (error: unknown) => {
        onBug(error);
        release();
      });
    },
    close() {
      isClosed = true;
      queue = [];
    },
  };
}
