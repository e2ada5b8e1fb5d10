/**
 * Lines that people type: whoever typed one is told what the server answers, as it stands. A PING behind the line tells where its answer ends; where the
 * server labels its answers (labeled-response) the label tells which lines are of it.
 */

import type { GatewayError } from '#bridge';
import { sparseSet } from '#bridge';
import type { Pings } from './pings.ts';
import { answerRefusals, failure, refusal } from './refusals.ts';
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
  /** @param about the folded channel that it concerns: numerics that name another one are not of its answer */
  ask(line: string, about: string | undefined, signal: AbortSignal): Promise<Answer>;
  /** Offers a numeric or a standard reply; true: it is told as part of an answer. */
  heard(line: Line): boolean;
  lost(error: GatewayError): void;
}

export interface AnswersOptions {
  readonly pings: Pick<Pings, 'ping'>;
  send(line: string, priority: Priority, onWritten: Written): void;
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
  readonly lines: string[];
  more: number;
  error: GatewayError | undefined;
  written: boolean;
  settle(error: unknown): void;
}

const maxLines = 100;
const maxLine = 500;

/** A numeric as people read it: its parameters behind our own nick. */
export function textOfNumeric({ params }: Line): string {
  const rest = params.slice(1);
  const about = rest.slice(0, -1).join(' ');
  const last = rest.at(-1) ?? '';
  return readFormat(about === '' ? last : `${about} ${last}`).plain.slice(0, maxLine);
}

export function createAnswers(options: AnswersOptions): Answers {
  const { pings, send, fold, newLabel, labelOf, isChannel, isListing } = options;
  const pending = sparseSet<Pending>();

  /** Is the numeric about another channel than the question? */
  function isElsewhere({ params }: Line, about: string | undefined): boolean {
    const named = params.slice(1, -1).find(isChannel);
    if (named === undefined) return false;
    const folded = fold(named);
    return about === undefined ? isListing(folded) : folded !== about;
  }

  /** The server answers in order: without a label it is the oldest question's. */
  function whose(line: Line): Pending | undefined {
    const label = labelOf(line);
    for (const one of pending) {
      if (label === undefined ? one.label === undefined && one.written : one.label === label) {
        return label === undefined && isElsewhere(line, one.about) ? undefined : one;
      }
    }
    return undefined;
  }

  function answerOf({ lines, more, error }: Pending): Answer {
    return { lines: more === 0 ? lines : [...lines, `… and ${more} more lines`], error };
  }

  return {
    ask: (line, about, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const label = newLabel();
        const aborted = (): void => one.settle(signal.reason);
        const one: Pending = {
          about,
          label,
          lines: [],
          more: 0,
          error: undefined,
          written: false,
          settle(error) {
            if (!pending.delete(one)) return;
            signal.removeEventListener('abort', aborted);
            if (error === undefined) resolve(answerOf(one));
            else reject(error);
          },
        };
        send(label === undefined ? line : `@label=${label} ${line}`, 1, (dropped) => {
          one.written = true;
          if (dropped !== undefined) one.settle(dropped);
        });
        pings.ping(1, () => one.settle(undefined));
        signal.addEventListener('abort', aborted, { once: true });
        pending.add(one);
      }),
    heard(line) {
      const one = pending.size === 0 ? undefined : whose(line);
      if (one === undefined) return false;
      const code = answerRefusals.get(line.command) ?? (/^[45]/.test(line.command) ? 'network-refused' : undefined);
      if (line.command === 'FAIL') one.error ??= failure(line);
      else if (code !== undefined) one.error ??= refusal(code, line);
      if (one.lines.length < maxLines) one.lines.push(textOfNumeric(line));
      else one.more++;
      return true;
    },
    lost(error) {
      for (const one of [...pending]) one.settle(error);
    },
  };
}
