/**
 * When the network has a message (DESIGN.md §1.6): its echo where the server gives one (echo-message, by label where it can), else one PING behind a
 * burst, one in flight, whose answer is the receipt of all before it. What is refused is never taken for sent.
 */
import {
  type ChatId,
  type Clock,
  type Content,
  type DeliveryKey,
  GatewayError,
  type MessageRef,
  messageId,
  type NetworkEvent,
  type PersonId,
  type Sent,
} from '#bridge';
import type { Pings } from './pings.ts';
import { failure, refusal, sendRefusals } from './refusals.ts';
import type { Line } from './wire/line.ts';

/** One message on its way: one or several lines. */
export interface Outgoing {
  readonly target: string;
  /** `target`, folded. */
  readonly folded: string;
  readonly chat: ChatId;
  readonly content: Content;
  readonly key: DeliveryKey;
  readonly direct: boolean;
  /** Where it is not what was asked for. */
  readonly text: string | undefined;
  readonly refs: MessageRef[];
  lines: number;
  done: boolean;
  resolve(sent: Sent): void;
  reject(error: unknown): void;
}

interface Waiting {
  readonly message: Outgoing;
  readonly label: string | undefined;
  /** Its place among all lines written, and when; 0 before. */
  place: number;
  at: number;
}

export interface Receipts {
  /** A line of this message was queued; the returned function is for the sender. Lines are offered in the order in which they will be written. */
  expect(message: Outgoing, label: string | undefined): (dropped?: GatewayError) => void;
  /** A PRIVMSG of our own came back. True: it was an echo that somebody waited for. */
  echoed(line: Line, folded: string, label: string | undefined, at: number): boolean;
  /** Offers a numeric or a FAIL; true: it refused a message. */
  refused(line: Line, label: string | undefined): boolean;
  lost(error: GatewayError): void;
}

export interface ReceiptsOptions {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly pings: Pick<Pings, 'ping'>;
  /** Does the server echo? */
  echoes(): boolean;
  fold(name: string): string;
  newId(): string;
  me(): { readonly nick: string; readonly person: PersonId };
  emit(event: NetworkEvent): void;
}

/** While lines still wait for the throttle, a PING is spent only this often. */
const impatientMs = 2000;
/** How long an echo may take before we ask whether it will come at all. */
const echoMs = 10_000;

export function createReceipts({ clock, pings, echoes, fold, newId, me, emit }: ReceiptsOptions): Receipts {
  const waiting: Waiting[] = [];
  let unwritten = 0;
  let written = 0;
  let asking = false;
  let cancelTimer: (() => void) | undefined;

  function remove(one: Waiting): void {
    const at = waiting[0] === one ? 0 : waiting.indexOf(one);
    if (at === 0) waiting.shift();
    else if (at > 0) waiting.splice(at, 1);
    if (one.place === 0) unwritten--;
  }

  function confirm(one: Waiting, id: string, at: number): void {
    remove(one);
    const { message } = one;
    if (message.done) return;
    message.refs.push({ id: messageId(id), part: 0 });
    if (message.refs.length < message.lines) return;
    message.done = true;
    if (echoes()) emit(reflection(message, at));
    const { refs, text } = message;
    message.resolve(text === undefined ? { refs, at } : { refs, at, text });
  }

  function reflection(message: Outgoing, at: number): NetworkEvent {
    const { nick, person } = me();
    return {
      kind: 'message',
      at: new Date(at),
      chat: message.chat,
      by: person,
      nick,
      ref: message.refs[0] ?? { id: messageId(newId()), part: 0 },
      ...(message.refs.length > 1 && { refs: message.refs }),
      content: message.content,
      sentBy: message.key,
      ...(message.direct && { direct: true }),
    };
  }

  function fail(one: Waiting, error: GatewayError): void {
    remove(one);
    if (one.message.done) return;
    one.message.done = true;
    one.message.reject(error);
  }

  /** All lines up to this place have been dealt with by the server. */
  function settle(place: number): void {
    asking = false;
    for (let one = waiting[0]; one !== undefined && one.place > 0 && one.place <= place; one = waiting[0]) {
      if (echoes()) fail(one, swallowed(one.message.target));
      else confirm(one, newId(), clock.now());
    }
    if (!echoes()) consider();
  }

  function ask(): void {
    if (asking) return;
    asking = true;
    const place = written;
    try {
      pings.ping(1, () => settle(place));
    } catch {
      // The connection's end, which is near, tells everybody.
      asking = false;
    }
  }

  /** Without echoes: is it time for a PING? */
  function consider(): void {
    const first = waiting[0];
    if (first === undefined || first.place === 0) return;
    if (unwritten === 0 || clock.now() - first.at >= impatientMs) ask();
  }

  function watch(): void {
    cancelTimer = undefined;
    const first = waiting[0];
    if (first === undefined) return;
    if (first.place > 0 && clock.now() - first.at >= echoMs) ask();
    cancelTimer = clock.after(echoMs, watch);
  }

  function search(folded: string, label: string | undefined): Waiting | undefined {
    for (const one of waiting) {
      if (one.place === 0) continue;
      if (label === undefined ? one.message.folded === folded : one.label === label) return one;
    }
    return undefined;
  }

  /** A FAIL names its command, and by its label or in its context which message it is about. */
  function failed(line: Line, label: string | undefined): boolean {
    if (!/^(PRIVMSG|NOTICE|BATCH|\*)$/i.test(line.params[0] ?? '')) return false;
    const targets = label === undefined ? line.params.slice(2, -1) : [''];
    for (const target of targets) {
      const one = search(fold(target), label);
      if (one === undefined) continue;
      fail(one, failure(line));
      return true;
    }
    return false;
  }

  return {
    expect(message, label) {
      const one: Waiting = { message, label, place: 0, at: 0 };
      waiting.push(one);
      unwritten++;
      return (dropped) => {
        if (dropped !== undefined) {
          // Only an abort drops one line; a lost connection drops all, and `lost` tells them in order.
          if (dropped.code === 'timed-out') fail(one, dropped);
          return;
        }
        unwritten--;
        one.place = ++written;
        one.at = clock.now();
        if (!echoes()) consider();
        else cancelTimer ??= clock.after(echoMs, watch);
      };
    },
    echoed(line, folded, label, at) {
      const one = search(folded, label);
      if (one === undefined) return false;
      confirm(one, line.tags?.get('msgid') ?? newId(), at);
      return true;
    },
    refused(line, label) {
      if (waiting.length === 0) return false;
      if (line.command === 'FAIL') return failed(line, label);
      const code = sendRefusals.get(line.command);
      const one = code === undefined ? undefined : search(fold(line.params[1] ?? ''), label);
      if (code === undefined || one === undefined) return false;
      fail(one, refusal(code, line));
      return true;
    },
    lost(error) {
      cancelTimer?.();
      cancelTimer = undefined;
      asking = false;
      for (const one of waiting.splice(0)) {
        if (one.message.done) continue;
        one.message.done = true;
        one.message.reject(error);
      }
      unwritten = 0;
    },
  };
}

const swallowed = (target: string): GatewayError =>
  new GatewayError('not-allowed-there', { text: `The IRC server did not pass this message on to ${target}.` });
