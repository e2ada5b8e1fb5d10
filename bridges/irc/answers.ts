/**
 * Lines that people type: whoever typed one is told what the server answers, as it stands. A PING behind the line tells where its answer ends; where the
 * server labels its answers (labeled-response) the label tells which lines are of it.
 */

import type { GatewayError } from '#bridge';
import { sparseSet } from '#bridge';
import type { Pings } from './pings.ts';
import { answerRefusals, failure, refusal } from './refusals.ts';
import { minuteOf } from './whois-facts.ts';
import { readFormat } from './wire/format.ts';
import type { Line } from './wire/line.ts';
import type { Priority, Written } from './wire/sender.ts';

export interface Answer {
  /** For people; empty: the server said nothing to it. */
  readonly lines: readonly string[];
  /** The first refusal among them. */
  readonly error: GatewayError | undefined;
}

export interface Answers {
  /**
   * @param about the folded channel that it concerns: numerics that name another one are not of its answer
   * @param inTurn see `Ask`
   * @param taken called where the server refused nothing, at the end of its answer: who waits for the promise goes on behind the rest of the read
   */
  ask(
    line: string,
    about: string | undefined,
    signal: AbortSignal,
    inTurn?: boolean,
    taken?: () => void,
  ): Promise<Answer>;
  /** Offers a numeric or a standard reply; true: it is told as part of an answer. */
  heard(line: Line): boolean;
  lost(error: GatewayError): void;
}

export interface AnswersOptions {
  readonly pings: Pick<Pings, 'ping'>;
  send(line: string, priority: Priority, onWritten: Written): void;
  /** Does what people say wait to be sent? */
  isBehind(): boolean;
  fold(name: string): string;
  /** Undefined where the server labels nothing. */
  newLabel(): string | undefined;
  labelOf(line: Line): string | undefined;
  isChannel(name: string): boolean;
  /** Its members are being told to us, because somebody joins it. */
  isListing(folded: string): boolean;
}

interface Pending {
  readonly about: string | undefined;
  readonly label: string | undefined;
  /** It asks where people come from. */
  readonly isUserhost: boolean;
  readonly lines: string[];
  more: number;
  error: GatewayError | undefined;
  written: boolean;
  settle(error: unknown): void;
}

const maxLines = 100;
const maxLine = 500;

/** Numerics with a time in seconds, and which of their parameters it is. */
const timesIn: ReadonlyMap<string, number> = new Map([
  ['317', 3], // signed on
  ['329', 2], // a channel was made
  ['333', 3], // a topic was set
  ...['346', '348', '367'].map((list) => [list, 4] as const), // a mask was set
  ['728', 5], // so it was, on the list of those who are quiet
]);

/** A numeric as people read it: its parameters behind our own nick, times as times. */
function textOfNumeric({ command, params }: Line): string {
  const time = timesIn.get(command);
  const rest = params.map((param, at) => (at === time ? timeOf(param) : param)).slice(1);
  const about = rest.slice(0, -1).join(' ');
  const last = rest.at(-1) ?? '';
  return readFormat(about === '' ? last : `${about} ${last}`).plain.slice(0, maxLine);
}

function timeOf(seconds: string): string {
  return /^[1-9]\d{6,9}$/.test(seconds) ? minuteOf(Number(seconds)) : seconds;
}

export const createAnswers = (options: AnswersOptions): Answers => new PendingAnswers(options);

/** An object of a class: each session has one. */
class PendingAnswers implements Answers {
  readonly #options: AnswersOptions;
  readonly #pending = sparseSet<Pending>();

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  ask(
    line: string,
    about: string | undefined,
    signal: AbortSignal,
    inTurn = false,
    taken?: () => void,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const priority = inTurn || !this.#options.isBehind() ? 2 : 1;
      const label = this.#options.newLabel();
      const aborted = (): void => one.settle(signal.reason);
      const one: Pending = {
        about,
        label,
        isUserhost: /^userhost\b/i.test(line),
        lines: [],
        more: 0,
        error: undefined,
        written: false,
        settle: (error) => {
          if (!this.#pending.delete(one)) return;
          signal.removeEventListener('abort', aborted);
          if (error === undefined && one.error === undefined) taken?.();
          if (error === undefined) resolve(answerOf(one));
          else reject(error);
        },
      };
      this.#options.send(label === undefined ? line : `@label=${label} ${line}`, priority, (dropped) => {
        one.written = true;
        if (dropped !== undefined) one.settle(dropped);
      });
      this.#options.pings.ping(priority, () => one.settle(undefined));
      signal.addEventListener('abort', aborted, { once: true });
      this.#pending.add(one);
    });
  }

  heard(line: Line): boolean {
    const one = this.#pending.size === 0 ? undefined : this.#whose(line);
    if (one === undefined) return false;
    const code = answerRefusals.get(line.command) ?? (/^[45]/.test(line.command) ? 'network-refused' : undefined);
    if (line.command === 'FAIL') one.error ??= failure(line);
    else if (code !== undefined) one.error ??= refusal(code, line);
    if (one.lines.length < maxLines) one.lines.push(textOfNumeric(line));
    else one.more++;
    return true;
  }

  lost(error: GatewayError): void {
    for (const one of [...this.#pending]) one.settle(error);
  }

  /** The server answers in order: without a label it is the oldest question's. */
  #whose(line: Line): Pending | undefined {
    const label = this.#options.labelOf(line);
    for (const one of this.#pending) {
      if (label === undefined ? one.label === undefined && one.written : one.label === label) {
        return label === undefined && this.#isOfAnother(line, one) ? undefined : one;
      }
    }
    return undefined;
  }

  /** Is the numeric about another channel than the question, or what USERHOST tells, as we ask by ourselves too? */
  #isOfAnother({ command, params }: Line, { about, isUserhost }: Pending): boolean {
    if (command === '302') return !isUserhost;
    const named = params.slice(1, -1).find((param) => this.#options.isChannel(param));
    if (named === undefined) return false;
    const folded = this.#options.fold(named);
    return about === undefined ? this.#options.isListing(folded) : folded !== about;
  }
}

function answerOf({ lines, more, error }: Pending): Answer {
  return { lines: more === 0 ? lines : [...lines, `… and ${more} more lines`], error };
}
