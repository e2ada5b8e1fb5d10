/** Asks clients whether they are still there (XEP-0199), by the room's or contact's address, so that the answer finds its way back to the account that asked. */
import type { Clock } from '../bridge/contract.ts';
import type { Outgoing } from '../gateway/face.ts';

export interface Pings {
  /** Is this client (a full JID) online? No answer in time counts as no. */
  isOnline(client: string, from: string): Promise<boolean>;
  /** Hands in an iq result or error; true where it was the answer to one of our pings. */
  answered(iq: { readonly id: string; readonly from: string; readonly condition?: string }): boolean;
}

export interface PingOptions {
  readonly send: (stanzas: readonly Outgoing[]) => void;
  readonly ping: (from: string, to: string, id: string) => Outgoing;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** What a client that is there, but knows no pings, may answer; what a server says of one that is gone is anything else. */
const thereAnyway: ReadonlySet<string> = new Set(['feature-not-implemented', 'not-allowed', 'forbidden']);

export function createPings({ send, ping, newId, clock, timeoutMs }: PingOptions): Pings {
  const open = new Map<string, { client: string; tell: (online: boolean) => void }>();
  return {
    isOnline(client, from) {
      const id = newId();
      return new Promise((resolve) => {
        const cancel = clock.after(timeoutMs, () => tell(false));
        const tell = (online: boolean): void => {
          cancel();
          open.delete(id);
          resolve(online);
        };
        open.set(id, { client, tell });
        send([ping(from, client, id)]);
      });
    },
    answered({ id, from, condition }) {
      const asked = open.get(id);
      if (asked === undefined || asked.client !== from) return false;
      asked.tell(condition === undefined || thereAnyway.has(condition));
      return true;
    },
  };
}
