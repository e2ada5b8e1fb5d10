/** WHOIS: its numerics gathered by nick until the last one; whoever asks about the same person meanwhile gets the same answer. */
import { type Clock, GatewayError, type PersonCard, sparseMap } from '#bridge';
import { abortable } from './abortable.ts';
import { createAllowance } from './allowance.ts';
import { refusal, timedOut } from './refusals.ts';
import { createDraft, type Draft, readers } from './whois-facts.ts';
import { compose } from './wire/compose.ts';
import { readFormat } from './wire/format.ts';
import type { Line } from './wire/line.ts';
import type { Priority } from './wire/sender.ts';

export interface Whois {
  /** Rejects with `no-such-person`, `too-fast` or `timed-out`. */
  ask(nick: string, signal: AbortSignal): Promise<PersonCard>;
  /** Offers a numeric; true: it is of an answer that somebody waits for. */
  heard(line: Line): boolean;
  /** The connection is gone. */
  lost(error: GatewayError): void;
}

export interface WhoisOptions {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  send(line: string, priority: Priority): void;
  fold(name: string): string;
  isMe(nick: string): boolean;
}

interface Pending {
  readonly draft: Draft;
  readonly answer: PromiseWithResolvers<PersonCard>;
  readonly cancel: () => void;
}

/** The server of somebody far away has to be asked. */
const answerMs = 20_000;
/** Clients ask about everybody in a room at once. */
const burst = 8;
const everyMs = 2_000;

/** The numerics that can belong to an answer. */
export const whoisNumerics: readonly string[] = [...readers.keys(), '318', '402', '263'];

export function createWhois({ clock, send, fold, isMe }: WhoisOptions): Whois {
  const pending = sparseMap<string, Pending>();
  const allowance = createAllowance(() => clock.now(), burst, everyMs);

  function close(folded: string, one: Pending, error?: GatewayError): void {
    if (pending.get(folded) !== one) return;
    pending.delete(folded);
    one.cancel();
    if (error === undefined) one.answer.resolve(one.draft.card());
    else one.answer.reject(error);
  }

  function open(nick: string): Pending {
    const folded = fold(nick);
    if (!allowance.take()) {
      throw new GatewayError('too-fast', { text: 'Too many people are being asked about; try again in a moment.' });
    }
    // The nick twice: its own server answers, which alone knows how long it has been idle.
    send(compose('WHOIS', nick, nick), 1);
    const one: Pending = {
      draft: createDraft(nick, isMe(nick)),
      answer: Promise.withResolvers(),
      cancel: clock.after(answerMs, () => close(folded, one, timedOut(`who ${nick} is`))),
    };
    one.answer.promise.catch(() => undefined);
    pending.set(folded, one);
    return one;
  }

  function ended(line: Line, folded: string, one: Pending): void {
    const { command } = line;
    if (command === '263') close(folded, one, refusal('too-fast', line));
    else if (command === '318' && one.draft.isKnown) close(folded, one);
    else close(folded, one, new GatewayError('no-such-person', { text: `${one.draft.nick} is not on IRC now.` }));
  }

  return {
    ask(nick, signal) {
      signal.throwIfAborted();
      return abortable((pending.get(fold(nick)) ?? open(nick)).answer.promise, signal);
    },
    heard(line) {
      const { command, params } = line;
      if (pending.size === 0) return false;
      const [oldest] = pending.keys();
      const folded = command === '263' ? (params[1] === 'WHOIS' ? oldest : undefined) : fold(params[1] ?? '');
      const one = folded === undefined ? undefined : pending.get(folded);
      if (folded === undefined || one === undefined) return false;
      const read = readers.get(command);
      if (read === undefined) ended(line, folded, one);
      else
        read(
          one.draft,
          params.slice(2).map((param) => readFormat(param).plain),
        );
      return true;
    },
    lost(error) {
      for (const [folded, one] of [...pending]) close(folded, one, error);
    },
  };
}
