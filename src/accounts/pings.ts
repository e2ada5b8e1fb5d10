/** Asks clients whether they are still there (XEP-0199), by the room's or contact's address, so that the answer finds its way back to the account that asked. */
import type { Clock } from '../bridge/contract.ts';
import { pingPayload } from '../gateway/client-iqs.ts';
import type { ClientIqs } from './client-iqs.ts';

export interface Pings {
  /** Is this client (a full JID) online? No answer in time counts as no. */
  isOnline(client: string, from: string): Promise<boolean>;
  /** Does its server say that it is not there? No answer counts as no: whoever has lost the connection for a moment is not gone. */
  isGone(client: string, from: string): Promise<boolean>;
}

/** What a client that is there, but knows no pings, may answer; what a server says of one that is gone is anything else. */
const thereAnyway: ReadonlySet<string> = new Set(['feature-not-implemented', 'not-allowed', 'forbidden']);

type Answer = 'there' | 'gone' | 'silent';

/** A client is in hundreds of rooms, and lost from all of them in one moment, or asked about all of them when the server is back: so long it is asked once for all. */
const sharedMs = 1_000;

/** For one domain. */
export function createPings(iqs: Pick<ClientIqs, 'ask'>, clock: Pick<Clock, 'after'>, withinMs: number): Pings {
  async function ask(client: string, from: string): Promise<Answer> {
    const answer = await iqs.ask({ from, to: client, payload: pingPayload }, withinMs);
    if (answer === undefined) return 'silent';
    return answer.condition === undefined || thereAnyway.has(answer.condition) ? 'there' : 'gone';
  }

  /** Whoever asks while it has not answered the last one has that answer. */
  function sharing(): (client: string, from: string) => Promise<Answer> {
    const asked = new Map<string, Promise<Answer>>();
    return (client, from) => {
      const known = asked.get(client);
      if (known !== undefined) return known;
      const asking = ask(client, from).finally(over);
      const cancel = clock.after(sharedMs, over);
      asked.set(client, asking);
      return asking;

      function over(): void {
        cancel();
        if (asked.get(client) === asking) asked.delete(client);
      }
    };
  }

  // A client may answer the rooms that it is in, and not those that it has left: the one is asked of those, the other mostly of these.
  const [askIfOnline, askIfGone] = [sharing(), sharing()];
  return {
    isOnline: async (client, from) => (await askIfOnline(client, from)) === 'there',
    isGone: async (client, from) => (await askIfGone(client, from)) === 'gone',
  };
}
