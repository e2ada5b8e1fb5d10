/** What is asked of clients by iq, and who waits for the answers: each is known by an id that nobody can guess and by who was asked. */
import type { Clock } from '../bridge/contract.ts';
import { type ClientIq, clientRequest, type IqAnswer } from '../gateway/client-iqs.ts';
import type { Outgoing } from '../gateway/face.ts';

export interface ClientIqs {
  /** Result or error; undefined: there was neither in time. */
  ask(iq: ClientIq, withinMs: number): Promise<IqAnswer | undefined>;
  /** Hands in an iq result or error; true where it was the answer to a question of ours. */
  answered(answer: IqAnswer): boolean;
}

export interface ClientIqsOptions {
  readonly send: (stanzas: readonly Outgoing[]) => void;
  readonly newId: () => string;
  readonly clock: Pick<Clock, 'after'>;
}

/** For one domain. How much may be asked at once is bounded by those who ask. */
export function createClientIqs({ send, newId, clock }: ClientIqsOptions): ClientIqs {
  const open = new Map<string, { readonly client: string; tell(answer: IqAnswer | undefined): void }>();
  return {
    ask(iq, withinMs) {
      const id = newId();
      return new Promise((resolve) => {
        const tell = (answer: IqAnswer | undefined): void => {
          cancel();
          open.delete(id);
          resolve(answer);
        };
        const cancel = clock.after(withinMs, () => tell(undefined));
        open.set(id, { client: iq.to, tell });
        send([clientRequest(iq, id)]);
      });
    },
    answered(answer) {
      const asked = open.get(answer.id);
      if (asked === undefined || asked.client !== answer.from) return false;
      asked.tell(answer);
      return true;
    },
  };
}
