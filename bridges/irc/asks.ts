/**
 * Questions that a server answers with a numeric or with silence (TOPIC, MODE, KICK, NICK, PART): a PING behind the lines tells when it has dealt
 * with them, so nobody waits for an answer that never comes.
 */

import type { GatewayError } from '#bridge';
import { sparseSet } from '#bridge';
import type { Pings } from './pings.ts';
import type { Refusals } from './refusals.ts';
import { asWished, failure, refusal, unnamed } from './refusals.ts';
import type { Line } from './wire/line.ts';
import type { Priority, Written } from './wire/sender.ts';

/** Of more than so many lines the others take turns with what people say: a hundred kicks are a minute and a half of what a server takes. */
const aheadAtMost = 10;

export interface Ask {
  readonly lines: readonly string[];
  readonly refusals: Refusals;
  /** Folded names of which one must stand in a numeric for it to be ours; empty: every numeric of `refusals` is. */
  readonly about: readonly string[];
  readonly signal: AbortSignal;
  /** What people have said before goes before it, however much of that waits; absent: what leaves at once does, and of the rest nothing. */
  readonly inTurn?: true;
  /** Nobody waits for it: it goes behind whatever else is to be sent. */
  readonly canWait?: true;
}

export interface Asks {
  /** Resolves when the server has dealt with all lines and refused none; rejects with its first refusal. */
  ask(question: Ask): Promise<void>;
  /** Offers a numeric; true: it was an answer. With a label it is one to the line that had that label, else to whatever it can be about. */
  refused(line: Line, label?: string): boolean;
  /** Offers a FAIL and the error that it is; true: somebody had asked that. */
  failed(line: Line, error: GatewayError): boolean;
  /** The connection is gone. */
  lost(error: GatewayError): void;
}

interface Pending {
  readonly question: Ask;
  readonly labels: Set<string>;
  /** The server may have it: what is refused before is something else. */
  isWritten: boolean;
  error: GatewayError | undefined;
  settle(error: unknown): void;
}

type Send = (line: string, priority: Priority, onWritten?: Written) => void;

/**
 * @param isBehind does what people say wait to be sent?
 * @param newLabel a label for a line, where the server tells which line it answers (labeled-response)
 */
export const createAsks = (
  send: Send,
  pings: Pick<Pings, 'ping'>,
  fold: (name: string) => string,
  isBehind: () => boolean,
  newLabel: () => string | undefined = () => undefined,
): Asks => new PendingAsks(send, pings, fold, isBehind, newLabel);

/** An object of a class: each session has one. */
class PendingAsks implements Asks {
  readonly #send: Send;
  readonly #pings: Pick<Pings, 'ping'>;
  readonly #fold: (name: string) => string;
  readonly #isBehind: () => boolean;
  readonly #newLabel: () => string | undefined;
  readonly #pending = sparseSet<Pending>();

  constructor(
    send: Send,
    pings: Pick<Pings, 'ping'>,
    fold: (name: string) => string,
    isBehind: () => boolean,
    newLabel: () => string | undefined,
  ) {
    this.#send = send;
    this.#pings = pings;
    this.#fold = fold;
    this.#isBehind = isBehind;
    this.#newLabel = newLabel;
  }

  ask(question: Ask): Promise<void> {
    return new Promise((resolve, reject) => {
      question.signal.throwIfAborted();
      const aborted = (): void => one.settle(question.signal.reason);
      const priority = this.#priorityOf(question);
      const one: Pending = {
        question,
        labels: new Set(),
        isWritten: false,
        error: undefined,
        settle: (error) => {
          if (!this.#pending.delete(one)) return;
          question.signal.removeEventListener('abort', aborted);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      const written = (): void => {
        one.isWritten = true;
      };
      for (const line of question.lines.slice(0, aheadAtMost)) this.#say(one, line, priority, written);
      if (question.lines.length <= aheadAtMost) this.#end(one, priority);
      question.signal.addEventListener('abort', aborted, { once: true });
      this.#pending.add(one);
      if (question.lines.length > aheadAtMost) this.#goOn(one, aheadAtMost);
    });
  }

  /** Who kicks somebody need not wait for their own long text to be sent, but what they have just said is heard before. */
  #priorityOf({ canWait, inTurn }: Ask): Priority {
    if (canWait === true) return 3;
    return inTurn === true || !this.#isBehind() ? 2 : 1;
  }

  #say(one: Pending, line: string, priority: Priority, onWritten?: Written): void {
    // InspIRCd 3 answers a labelled NICK in the name of the new nick, which is nobody yet.
    const label = line.startsWith('NICK ') ? undefined : this.#newLabel();
    if (label !== undefined) one.labels.add(label);
    this.#send(label === undefined ? line : labelled(line, label), priority, onWritten);
  }

  #end(one: Pending, priority: Priority): void {
    this.#pings.ping(priority, () => one.settle(one.error));
  }

  /** Each of the others waits until the one before it was written, and so stands behind what was said until then. */
  #goOn(one: Pending, at: number): void {
    if (!this.#pending.has(one)) return;
    const line = one.question.lines[at];
    try {
      if (line === undefined) this.#end(one, 2);
      else this.#say(one, line, 2, (dropped) => dropped ?? this.#goOn(one, at + 1));
    } catch (error) {
      one.settle(error);
    }
  }

  refused(line: Line, label?: string): boolean {
    for (const one of this.#pending) {
      if (label === undefined ? !this.#concerns(one, line) : !one.labels.has(label)) continue;
      if (asWished.has(line.command)) return true;
      const code = one.question.refusals.get(line.command) ?? 'network-refused';
      one.error ??= line.command === 'FAIL' ? failure(line) : refusal(code, line);
      return true;
    }
    return false;
  }

  failed({ params }: Line, error: GatewayError): boolean {
    const command = (params[0] ?? '').toUpperCase();
    const named = new Set(params.slice(2, -1).flatMap((param) => [param, this.#fold(param)]));
    const asking = [...this.#pending].filter(({ question }) =>
      question.lines.some((line) => commandOf(line) === command),
    );
    const meant = ({ question }: Pending): number => question.about.filter((name) => named.has(name)).length;
    // Of several the one that it names most of; a failure need not name anything.
    const one = asking.toSorted((some, other) => meant(other) - meant(some))[0];
    if (one === undefined) return false;
    one.error ??= error;
    return true;
  }

  lost(error: GatewayError): void {
    for (const one of [...this.#pending]) one.settle(error);
  }

  #concerns({ question: { about, refusals, lines }, isWritten }: Pending, line: Line): boolean {
    if (!isWritten) return false;
    if (!refusals.has(line.command) && !asWished.has(line.command)) return false;
    if (line.command === '421') return lines.some((one) => commandOf(one) === line.params[1]?.toUpperCase());
    if (about.length === 0 || unnamed.has(line.command)) return true;
    for (let index = 1; index < line.params.length; index++) {
      if (about.includes(this.#fold(line.params[index] ?? ''))) return true;
    }
    return false;
  }
}

/** The command of a line of ours, behind its tags. */
const commandOf = (line: string): string | undefined => line.replace(/^@\S+ /, '').split(' ', 1)[0];

/** Beside the tags that it may have. */
const labelled = (line: string, label: string): string =>
  line.startsWith('@') ? `@label=${label};${line.slice(1)}` : `@label=${label} ${line}`;
