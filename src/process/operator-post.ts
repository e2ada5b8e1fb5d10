/** Processes tell each other what the operator's page shows of them, by their mailboxes, which are sealed. */
import { randomBytes } from 'node:crypto';
import { inTime } from '../accounts/in-time.ts';
import { GatewayError } from '../core/errors.ts';
import type { JobsView, ProcessView, Sight } from '../gateway/operator-page/views.ts';
import type { PagePostParts } from './page-post.ts';

/** Stanzas begin with '<', a lane's wake-up with a word. */
const askedMark = 'sight? ';
const answerMark = 'sight! ';
const answeredWithinMs = 2_000;
/** Questions under way, either way. */
const atOnce = 50;

/** What one process tells. */
export interface Told {
  readonly view: ProcessView;
  /** Absent: it runs none. */
  readonly jobs?: JobsView | undefined;
}

export interface OperatorPost {
  /** Ours and everybody's who answers in time; never rejects. */
  all(): Promise<Sight & Pick<Told, 'jobs'>>;
  /** Offers a text of the mailbox; false: it is not for us. */
  take(text: string): boolean;
}

export interface OperatorPostParts extends Omit<PagePostParts, 'own'> {
  own(): Promise<Told>;
}

interface Question {
  readonly id: string;
  readonly from: string;
}

interface Waiting {
  readonly left: Set<string>;
  readonly told: Told[];
  /** Nobody is left. */
  done(): void;
}

export function createOperatorPost({ own, post, workers, clock, log }: OperatorPostParts): OperatorPost {
  const waiting = new Map<string, Waiting>();
  let answering = 0;
  const complain = (error: unknown): void => log.warn({ error }, 'processes could not tell each other how they are');

  async function answer({ id, from }: Question): Promise<void> {
    await post.send(from, [answerMark + JSON.stringify({ id, name: workers.self, told: await own() })]);
  }

  function asked(text: string): void {
    if (answering >= atOnce) return;
    answering++;
    answer(JSON.parse(text) as Question)
      .catch(complain)
      .finally(() => answering--);
  }

  function answered(text: string): void {
    const { id, name, told } = JSON.parse(text) as { readonly id: string; readonly name: string; readonly told: Told };
    const one = waiting.get(id);
    if (one === undefined || !one.left.delete(name)) return;
    one.told.push(told);
    if (one.left.size === 0) one.done();
  }

  async function others(): Promise<{ readonly told: readonly Told[]; readonly silent: readonly string[] }> {
    const { self } = workers;
    const living = await inTime(workers.alive(), answeredWithinMs, clock);
    if (living === undefined) throw new GatewayError('timed-out');
    const names = living.filter((name) => name !== self);
    if (names.length === 0 || waiting.size >= atOnce) return { told: [], silent: names };
    const id = randomBytes(12).toString('base64url');
    const { promise, resolve } = Promise.withResolvers<void>();
    const one: Waiting = { left: new Set(names), told: [], done: resolve };
    waiting.set(id, one);
    const cancel = clock.after(answeredWithinMs, resolve);
    const question = askedMark + JSON.stringify({ id, from: self } satisfies Question);
    for (const name of names) post.send(name, [question]).catch(complain);
    await promise;
    cancel();
    waiting.delete(id);
    return { told: one.told, silent: [...one.left] };
  }

  return {
    async all() {
      const nobody = (error: unknown) => {
        complain(error);
        return { told: [], silent: [] };
      };
      const [mine, { told, silent }] = await Promise.all([own(), others().catch(nobody)]);
      const all = [mine, ...told].sort((a, b) => (a.view.name < b.view.name ? -1 : 1));
      const jobs = all.map((one) => one.jobs).find((one) => one !== undefined);
      return { views: all.map(({ view }) => view), silent, jobs };
    },
    take(text) {
      if (text.startsWith(askedMark)) asked(text.slice(askedMark.length));
      else if (text.startsWith(answerMark)) answered(text.slice(answerMark.length));
      else return false;
      return true;
    },
  };
}
