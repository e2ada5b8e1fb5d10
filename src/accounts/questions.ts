/** Questions that take their time: asked of the network, the archive or the settings, bounded in number and in time; whoever asked hears of every end. */
import type { Clock, Log, Session } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import type { AccountKey, Asking, Decoder, Outgoing, Question, Stanza } from '../gateway/face.ts';

export interface Questions {
  /** Never throws and never waits: the answer, or the error, is sent when it is there. */
  ask(account: AccountKey, stanza: Stanza, question: Question, session: Session | undefined, live?: LiveAnswers): void;
  /** Whoever still waits is told. */
  close(): void;
}

/** What only a running account can find out. */
export type LiveAnswers = Pick<Asking, 'older' | 'pictureOf' | 'roomPicture'>;

export interface QuestionsParts {
  readonly archive: Asking['archive'];
  readonly desk?: Asking['desk'];
  readonly refuse: Decoder['refuse'];
  send(stanzas: readonly Outgoing[]): void;
  readonly clock: Clock;
  readonly log: Log;
}

const perAccount = 20;
const atOnce = 2_000;
const answeredWithinMs = 60_000;

export function createQuestions({ archive, desk, refuse, send, clock, log }: QuestionsParts): Questions {
  const waiting = new Map<AccountId, number>();
  const closing = new AbortController();
  let all = 0;

  function count(id: AccountId, by: 1 | -1): void {
    const now = (waiting.get(id) ?? 0) + by;
    all += by;
    if (now > 0) waiting.set(id, now);
    else waiting.delete(id);
  }

  async function answer(account: AccountKey, question: Question, session: Session | undefined, live?: LiveAnswers) {
    const late = new AbortController();
    const signal = AbortSignal.any([closing.signal, late.signal]);
    const error = new GatewayError('timed-out', { text: 'There was no answer in time' });
    const cancel = clock.after(answeredWithinMs, () => late.abort(error));
    const ended = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
    );
    ended.catch(() => undefined);
    try {
      const asking: Asking = { account, session, archive, desk, ...live, now: () => clock.now(), signal };
      return await Promise.race([question(asking), ended]);
    } finally {
      cancel();
    }
  }

  function errorOf(error: unknown): GatewayError {
    if (error instanceof GatewayError) return error;
    const reference = Math.random().toString(36).slice(2, 10);
    log.error({ error, reference }, 'a question met a bug');
    return new GatewayError('bug', { text: `Internal error ${reference}; the operator's log has more` });
  }

  return {
    ask(account, stanza, question, session, live) {
      if ((waiting.get(account.id) ?? 0) >= perAccount || all >= atOnce) {
        send(refuse(stanza, new GatewayError('queue-full', { text: 'Too many questions wait for an answer already' })));
        return;
      }
      count(account.id, 1);
      answer(account, question, session, live)
        .then(send, (error: unknown) => send(refuse(stanza, errorOf(error))))
        .finally(() => count(account.id, -1));
    },
    close() {
      closing.abort(new GatewayError('not-connected', { text: 'The gateway stops' }));
    },
  };
}
