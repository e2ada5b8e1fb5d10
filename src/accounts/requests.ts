/** What the gateway itself asks of servers and clients by iq, each answered once or given up. */
import type { IqAnswer } from '../gateway/client-iqs.ts';
import type { Outgoing } from '../gateway/face.ts';
import type { ClientIqs } from './client-iqs.ts';

/** A request from the gateway's own address. */
export interface Request {
  /** A bare JID for what its server answers, a full one for a client, a domain for the server. */
  readonly to: string;
  readonly type: 'get' | 'set';
  readonly body: Outgoing['body'];
}

/** `condition`: of the error (RFC 6120 §8.3.3); `remote-server-timeout` where nobody answered. */
export type Answered =
  | ({ readonly is: 'result' } & Pick<IqAnswer, 'payload'>)
  | { readonly is: 'error'; readonly condition: string };

export interface Requests {
  /** Never rejects. */
  ask(request: Request): Promise<Answered>;
}

const answersWithinMs = 20_000;

/** For one domain, which is the address that asks. */
export function createRequests(domain: string, iqs: Pick<ClientIqs, 'ask'>): Requests {
  return {
    async ask({ to, type, body }) {
      const answer = await iqs.ask({ from: domain, to, type, payload: body }, answersWithinMs);
      if (answer?.condition !== undefined) return { is: 'error', condition: answer.condition };
      if (answer === undefined) return { is: 'error', condition: 'remote-server-timeout' };
      return { is: 'result', ...(answer.payload !== undefined && { payload: answer.payload }) };
    },
  };
}
