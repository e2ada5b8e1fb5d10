/** Asks clients whether they are still there (XEP-0199), by the room's or contact's address, so that the answer finds its way back to the account that asked. */
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

export function createPings(iqs: Pick<ClientIqs, 'ask'>, withinMs: number): Pings {
  async function ask(client: string, from: string): Promise<'there' | 'gone' | 'silent'> {
    const answer = await iqs.ask({ from, to: client, payload: pingPayload }, withinMs);
    if (answer === undefined) return 'silent';
    return answer.condition === undefined || thereAnyway.has(answer.condition) ? 'there' : 'gone';
  }
  return {
    isOnline: async (client, from) => (await ask(client, from)) === 'there',
    isGone: async (client, from) => (await ask(client, from)) === 'gone',
  };
}
