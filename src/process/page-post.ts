/** Pages of logins between processes: a browser reaches any of them, its login is in one. What is asked and answered goes by their mailboxes, which are sealed. */
import { randomBytes } from 'node:crypto';
import { inTime } from '../accounts/in-time.ts';
import type { Clock, Log } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { PageAnswer, PageRequest } from '../gateway/login-page/page.ts';
import type { Post, Workers } from '../storage/process-ports.ts';
import type { OwnPages } from './login-pages.ts';

/** Stanzas begin with '<', a lane's wake-up with a word. */
const askedMark = 'page? ';
const answerMark = 'page! ';
/** A page that waits for news does so for less (visit.ts). */
const answeredWithinMs = 25_000;
/** Under way at once, either way. */
const atOnce = 500;

export interface PagePost {
  /** undefined: that worker is no more, or has no such link. Rejects where there is no answer in time. */
  ask(worker: string, name: string, request: PageRequest): Promise<PageAnswer | undefined>;
  /** Offers a text of the mailbox; false: it is not for us. */
  take(text: string): boolean;
}

export interface PagePostParts {
  /** Absent: this process has none. */
  readonly own?: Pick<OwnPages, 'visit'> | undefined;
  readonly post: Pick<Post, 'send'>;
  readonly workers: Pick<Workers, 'self' | 'alive'>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Question {
  readonly id: string;
  /** Who wants to know. */
  readonly from: string;
  readonly name: string;
  readonly request: PageRequest;
}

interface Answered {
  /** Absent: there is no such link. */
  readonly answer?: PageAnswer | undefined;
}

interface Answer extends Answered {
  readonly id: string;
}

export function createPagePost({ own, post, workers, clock, log }: PagePostParts): PagePost {
  const waiting = new Map<string, (answer: PageAnswer | undefined) => void>();
  let visits = 0;

  async function visit({ id, from, name, request }: Question): Promise<void> {
    const answer = await own?.visit(name, request);
    await post.send(from, [answerMark + JSON.stringify({ id, answer } satisfies Answer)]);
  }

  function asked(text: string): void {
    if (visits >= atOnce) return;
    visits++;
    visit(JSON.parse(text) as Question)
      .catch((error: unknown) => log.warn({ error }, 'a page of a login could not be shown to another process'))
      .finally(() => visits--);
  }

  function answered(text: string): void {
    const { id, answer } = JSON.parse(text) as Answer;
    waiting.get(id)?.(answer);
  }

  /** Whatever it waits for: while Redis is away it is told neither who is there nor that it was sent. */
  async function send(worker: string, question: Question, answer: Promise<PageAnswer | undefined>): Promise<Answered> {
    if (!(await workers.alive()).includes(worker)) return { answer: undefined };
    await post.send(worker, [askedMark + JSON.stringify(question)]);
    return { answer: await answer };
  }

  return {
    async ask(worker, name, request) {
      if (waiting.size >= atOnce) throw new GatewayError('queue-full');
      const id = randomBytes(12).toString('base64url');
      const { promise, resolve } = Promise.withResolvers<PageAnswer | undefined>();
      waiting.set(id, resolve);
      try {
        const asking = send(worker, { id, from: workers.self, name, request }, promise);
        const answered = await inTime(asking, answeredWithinMs, clock);
        if (answered === undefined) throw new GatewayError('timed-out');
        return answered.answer;
      } finally {
        waiting.delete(id);
      }
    },
    take(text) {
      if (text.startsWith(askedMark)) asked(text.slice(askedMark.length));
      else if (text.startsWith(answerMark)) answered(text.slice(answerMark.length));
      else return false;
      return true;
    },
  };
}
