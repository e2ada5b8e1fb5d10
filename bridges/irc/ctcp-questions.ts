/** CTCP questions of ours (VERSION, PING, TIME…): one on its way to a person and of a kind, however many wait for it, and only so many in a while. */
import { type Clock, GatewayError, sparseMap } from '#bridge';
import { abortable } from './abortable.ts';
import { createAllowance } from './allowance.ts';
import { refusal, sendRefusals } from './refusals.ts';
import { compose } from './wire/compose.ts';
import { readCtcp, writeCtcp } from './wire/ctcp.ts';
import { readFormat } from './wire/format.ts';
import type { Line } from './wire/line.ts';
import type { Priority, Written } from './wire/sender.ts';

export interface CtcpAnswer {
  readonly text: string;
  /** From the question's way onto the wire to the answer. */
  readonly afterMs: number;
}

export interface CtcpQuestions {
  /** Rejects with `no-such-person`, `too-fast`, `timed-out` or what else the server says. `text` must be absent for PING, which has its own. */
  ask(nick: string, command: string, signal: AbortSignal, text?: string): Promise<CtcpAnswer>;
  /** Offers a NOTICE to us; true: it was an answer that somebody waited for. */
  answered(line: Line): boolean;
  /** Offers a numeric; true: it refused a question. */
  refused(line: Line): boolean;
  lost(error: GatewayError): void;
}

export interface CtcpQuestionsOptions {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  send(line: string, priority: Priority, onWritten: Written): void;
  fold(name: string): string;
  newId(): string;
}

interface Pending {
  readonly folded: string;
  readonly command: string;
  /** A PING's own text, which must come back. */
  readonly token: string | undefined;
  readonly answer: PromiseWithResolvers<CtcpAnswer>;
  at: number;
  cancel: () => void;
}

const answerMs = 20_000;
const burst = 6;
const everyMs = 5_000;
const maxAnswer = 400;

export function createCtcpQuestions({ clock, send, fold, newId }: CtcpQuestionsOptions): CtcpQuestions {
  const pending = sparseMap<string, Pending>();
  const allowance = createAllowance(() => clock.now(), burst, everyMs);
  const keyOf = (folded: string, command: string): string => `${folded} ${command}`;

  function close(one: Pending, result: CtcpAnswer | GatewayError): void {
    if (!pending.delete(keyOf(one.folded, one.command))) return;
    one.cancel();
    if (result instanceof GatewayError) one.answer.reject(result);
    else one.answer.resolve(result);
  }

  function silent(one: Pending, nick: string): void {
    const text = `${nick}'s client did not answer ${one.command}; many do not.`;
    close(one, new GatewayError('timed-out', { text }));
  }

  function open(nick: string, command: string, text: string | undefined): Pending {
    if (!allowance.take()) {
      throw new GatewayError('too-fast', { text: 'Too many questions to people on IRC; try again in a moment.' });
    }
    const token = command === 'PING' ? newId() : undefined;
    const answer = Promise.withResolvers<CtcpAnswer>();
    const one: Pending = { folded: fold(nick), command, token, answer, at: 0, cancel: () => {} };
    one.answer.promise.catch(() => undefined);
    send(compose('PRIVMSG', nick, writeCtcp(command, token ?? text)), 1, (dropped) => {
      if (dropped !== undefined) return close(one, dropped);
      one.at = clock.now();
      one.cancel = clock.after(answerMs, () => silent(one, nick));
    });
    pending.set(keyOf(one.folded, command), one);
    return one;
  }

  return {
    ask(nick, command, signal, text) {
      signal.throwIfAborted();
      const one = pending.get(keyOf(fold(nick), command)) ?? open(nick, command, text);
      return abortable(one.answer.promise, signal);
    },
    answered(line) {
      const ctcp = readCtcp(line.params[1] ?? '');
      if (ctcp === undefined || pending.size === 0) return false;
      const one = pending.get(keyOf(fold(line.nick), ctcp.command));
      if (one === undefined || (one.token !== undefined && one.token !== ctcp.text)) return false;
      const text = readFormat(ctcp.text).plain.slice(0, maxAnswer).toWellFormed();
      close(one, { text, afterMs: Math.max(0, clock.now() - one.at) });
      return true;
    },
    refused(line) {
      const code = sendRefusals.get(line.command);
      if (code === undefined || pending.size === 0) return false;
      const folded = fold(line.params[1] ?? '');
      for (const one of pending.values()) {
        if (one.folded !== folded || one.at === 0) continue;
        close(one, refusal(code, line));
        return true;
      }
      return false;
    },
    lost(error) {
      for (const one of [...pending.values()]) close(one, error);
    },
  };
}
