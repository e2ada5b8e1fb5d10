/** Questions that take their time: asked of the network, the archive or the settings, bounded in number and in time; whoever asked hears of every end. */
import type { Clock, Log, Session } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import { isAboutEverybody } from '../gateway/contacts/about-everybody.ts';
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

/** Of one account, and over all. */
const perAccount = 20;
const atOnce = 2_000;
/** More of one account wait for their turn, and over all: whoever comes into a room of hundreds has its client ask for everybody's picture in one breath. */
const waitingPerAccount = 1_000;
const waitingAtMost = 20_000;
/** With the time in the line. */
const answeredWithinMs = 60_000;

/** What is asked about everybody goes to the network at its pace, and waits in a line of its own: the archive and commands do not stand behind it. */
const lineName = ({ id }: AccountKey, stanza: Stanza): string => (isAboutEverybody(stanza) ? `${id} people` : id);

/** Of one account: how many are being answered, and the turns of those that wait. */
interface Line {
  inside: number;
  readonly waiting: (() => void)[];
}

export function createQuestions({ archive, desk, refuse, send, clock, log }: QuestionsParts): Questions {
  const lines = new Map<string, Line>();
  const closing = new AbortController();
  let [inside, waiting] = [0, 0];

  const lineOf = (name: string): Line => lines.get(name) ?? { inside: 0, waiting: [] };

  function isFull(line: Line): boolean {
    if (line.inside < perAccount) return inside >= atOnce;
    return line.waiting.length >= waitingPerAccount || waiting >= waitingAtMost;
  }

  /** In line: resolves when it is its turn. undefined: at once. */
  function enter(name: string, line: Line): PromiseWithResolvers<void> | undefined {
    lines.set(name, line);
    if (line.inside < perAccount) {
      line.inside++;
      inside++;
      return undefined;
    }
    const turn = Promise.withResolvers<void>();
    line.waiting.push(turn.resolve);
    waiting++;
    return turn;
  }

  /** Its place goes to who waits longest. Where its turn has not come it had none. */
  function leave(name: string, line: Line, turn: PromiseWithResolvers<void> | undefined): void {
    const at = turn === undefined ? -1 : line.waiting.indexOf(turn.resolve);
    const [next] = line.waiting.splice(Math.max(at, 0), 1);
    if (next !== undefined) waiting--;
    if (at >= 0) return;
    next?.();
    if (next !== undefined) return;
    line.inside--;
    inside--;
    if (line.inside === 0) lines.delete(name);
  }

  async function answer(
    account: AccountKey,
    name: string,
    question: Question,
    session: Session | undefined,
    live?: LiveAnswers,
  ) {
    const line = lineOf(name);
    const turn = enter(name, line);
    const late = new AbortController();
    const meanwhile = Promise.withResolvers<readonly Outgoing[]>();
    let answerMeanwhile: (() => readonly Outgoing[]) | undefined;
    const signal = AbortSignal.any([closing.signal, late.signal]);
    const error = new GatewayError('timed-out', { text: 'There was no answer in time' });
    const cancel = clock.after(answeredWithinMs, () => {
      if (answerMeanwhile === undefined) late.abort(error);
      else meanwhile.resolve(answerMeanwhile());
    });
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const over = (): void => reject(signal.reason);
    signal.addEventListener('abort', over, { once: true });
    ended.catch(() => undefined);
    try {
      if (turn !== undefined) await Promise.race([turn.promise, ended]);
      const goesOn: Asking['goesOn'] = (answer) => {
        answerMeanwhile = answer;
      };
      const asking: Asking = { account, session, archive, desk, ...live, now: () => clock.now(), signal, goesOn };
      const asked = question(asking);
      late.signal.addEventListener('abort', () => void asked.then(afterwards, () => undefined), { once: true });
      void meanwhile.promise.then(() => asked.then(behind, errorOf));
      return await Promise.race([asked, ended, meanwhile.promise]);
    } finally {
      cancel();
      // Node keeps a signal made of others for as long as anybody listens to it, and with it all that was asked.
      signal.removeEventListener('abort', over);
      leave(name, line, turn);
    }
  }

  /** Whoever asked was told that it took too long; what was done all the same still ends for others: contacts of what is deleted by now say goodbye. */
  function afterwards(stanzas: readonly Outgoing[]): void {
    send(stanzas.filter(({ kind }) => kind === 'presence'));
  }

  /** Whoever asked has an answer already. */
  function behind(stanzas: readonly Outgoing[]): void {
    send(stanzas.filter(({ kind }) => kind !== 'iq'));
  }

  function errorOf(error: unknown): GatewayError {
    if (error instanceof GatewayError) return error;
    const reference = Math.random().toString(36).slice(2, 10);
    log.error({ error, reference }, 'a question met a bug');
    return new GatewayError('bug', { text: `Internal error ${reference}; the operator's log has more` });
  }

  return {
    ask(account, stanza, question, session, live) {
      const name = lineName(account, stanza);
      if (isFull(lineOf(name))) {
        send(refuse(stanza, new GatewayError('queue-full', { text: 'Too many questions wait for an answer already' })));
        return;
      }
      answer(account, name, question, session, live).then(send, (error: unknown) =>
        send(refuse(stanza, errorOf(error))),
      );
    },
    close() {
      const text = 'The gateway is being restarted; try again in a moment';
      closing.abort(new GatewayError('maintenance', { text }));
    },
  };
}
