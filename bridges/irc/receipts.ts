/**
 * When the network has a message (DESIGN.md §1.6): its echo where the server gives one (echo-message, by label where it can), else one PING behind a
 * burst, one in flight, whose answer is the receipt of all before it. What is refused is never taken for sent.
 */
import {
  type ChatId,
  type Clock,
  type Content,
  type DeliveryKey,
  type ErrorCode,
  GatewayError,
  type MessageRef,
  messageId,
  type NetworkEvent,
  type PersonId,
  type Sent,
} from '#bridge';
import type { PingLoad } from './ping-load.ts';
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
  /** Nobody but us tells the room of it. */
  readonly isUntold: boolean;
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
  /** It was written while the server echoed: silence means that it was not passed on. */
  echo: boolean;
  /** Why the server has not taken it, where that waited for the PING's answer. */
  refused: GatewayError | undefined;
}

/** Of one of several lines to that target, up to that place. */
interface Refusal {
  readonly folded: string;
  readonly upTo: number;
  readonly error: GatewayError;
}

export interface Receipts {
  /** A line of this message was queued; the returned function is for the sender. Lines are offered in the order in which they will be written. */
  expect(message: Outgoing, label: string | undefined): (dropped?: GatewayError) => void;
  /** A PRIVMSG of our own came back. True: it was an echo that somebody waited for; what was sent with a label comes back with it. */
  echoed(line: Line, folded: string, label: string | undefined, at: number): boolean;
  /** Offers a numeric or a FAIL; true: it refused a message. */
  refused(line: Line, label: string | undefined): boolean;
  /** The farewell comes next: the server is asked for what was written, past all that waits. What it has echoes for needs no asking. */
  conclude(): void;
  lost(error: GatewayError): void;
}

export interface ReceiptsOptions {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly pings: Pick<Pings, 'ping'>;
  readonly load: PingLoad;
  /** Does the server echo? */
  echoes(): boolean;
  /** Are more lines of the same read taken before whoever waits for a promise goes on? */
  hasMore(): boolean;
  /** Does a PING cost as much as several lines do elsewhere? */
  dear(): boolean;
  fold(name: string): string;
  newId(): string;
  me(): { readonly nick: string; readonly person: PersonId };
  emit(event: NetworkEvent): void;
}

/** While lines still wait for the throttle, a PING is spent only this often, and less often where it costs as much as a line of some length. */
const impatient = { usuallyMs: 2000, dearMs: 10_000 };
/**
 * Where the network's sessions spend many: PINGs in a row, and behind them one in so long. Whoever talks faster shares it, and what follows its answer. As many
 * lines, half of what may be on its way, wait for none.
 */
const pace = { atOnce: 10, everyMs: 200, lines: 32 };
/** How long an echo may take before we ask whether it will come at all. */
const echoMs = 10_000;

export function createReceipts(options: ReceiptsOptions): Receipts {
  return new Expected(options);
}

/** An object of a class: each session has one, and every message passes most of it. */
class Expected implements Receipts {
  readonly #options: ReceiptsOptions;
  readonly #waiting: Waiting[] = [];
  #unwritten = 0;
  #written = 0;
  #asking = false;
  /** The place up to which the PING on its way asks. */
  #asked = 0;
  /** They are about lines of which it is not known yet which. */
  #refusals: Refusal[] | undefined;
  /** The PINGs so far are paid for until then. */
  #paidUntil = 0;
  #cancelGathering: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(options: ReceiptsOptions) {
    this.#options = options;
  }

  expect(message: Outgoing, label: string | undefined): (dropped?: GatewayError) => void {
    const one: Waiting = { message, label, place: 0, at: 0, echo: false, refused: undefined };
    this.#waiting.push(one);
    this.#unwritten++;
    return (dropped) => {
      if (dropped === undefined) this.#wasWritten(one);
      // Only an abort drops one line; a lost connection drops all, and `lost` tells them in order.
      else if (dropped.code === 'timed-out') this.#wasDropped(one, dropped);
    };
  }

  echoed(line: Line, folded: string, label: string | undefined, at: number): boolean {
    const one = this.#search(folded, label, true);
    if (one === undefined) return false;
    this.#confirm(one, line.tags?.get('msgid') ?? this.#options.newId(), at);
    return true;
  }

  refused(line: Line, label: string | undefined): boolean {
    if (this.#waiting.length === 0) return false;
    if (line.command === 'FAIL') return this.#failed(line, label);
    const code = sendRefusals.get(line.command) ?? (label === undefined ? undefined : codeOf(line));
    const one = code === undefined ? undefined : this.#search(this.#options.fold(targetOf(line)), label);
    if (code === undefined || one === undefined) return false;
    return this.#refuse(one, label, refusal(code, line));
  }

  conclude(): void {
    const place = this.#written;
    const written = this.#waiting[0]?.place ?? 0;
    if (written > 0 && !this.#options.echoes()) this.#options.pings.ping(0, () => this.#settle(place));
  }

  lost(error: GatewayError): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#cancelGathering?.();
    this.#cancelGathering = undefined;
    this.#asking = false;
    this.#assign();
    for (const one of this.#waiting.splice(0)) {
      if (one.message.done) continue;
      one.message.done = true;
      if (one.refused !== undefined) one.message.reject(one.refused);
      else one.message.reject(one.place > 0 || one.message.refs.length > 0 ? unconfirmed(error) : error);
    }
    this.#unwritten = 0;
  }

  #wasWritten(one: Waiting): void {
    this.#unwritten--;
    one.place = ++this.#written;
    one.at = this.#options.clock.now();
    one.echo = this.#options.echoes();
    if (!one.echo) this.#consider();
    else this.#cancelTimer ??= this.#options.clock.after(echoMs, () => this.#watch());
  }

  /** Those before it may have waited for it to be written, for one PING behind all. */
  #wasDropped(one: Waiting, error: GatewayError): void {
    this.#fail(one, error);
    if (!this.#options.echoes()) this.#consider();
  }

  #remove(one: Waiting): void {
    const waiting = this.#waiting;
    const at = waiting[0] === one ? 0 : waiting.indexOf(one);
    if (at === 0) waiting.shift();
    else if (at > 0) waiting.splice(at, 1);
    if (one.place === 0) this.#unwritten--;
  }

  #confirm(one: Waiting, id: string, at: number): void {
    this.#remove(one);
    const { message } = one;
    if (message.done) return;
    message.refs.push({ id: messageId(id), part: 0 });
    if (message.refs.length < message.lines) return;
    message.done = true;
    if (this.#isToldNow(message)) this.#options.emit(this.#reflection(message, at));
    const { refs, text } = message;
    message.resolve(text === undefined ? { refs, at } : { refs, at, text });
  }

  /** An answer in the same read is told before what waits for the promise: it would stand before what it answers (45-41). */
  #isToldNow({ isUntold }: Outgoing): boolean {
    const { echoes, hasMore } = this.#options;
    return echoes() || isUntold || hasMore();
  }

  #reflection(message: Outgoing, at: number): NetworkEvent {
    const { nick, person } = this.#options.me();
    return {
      kind: 'message',
      at: new Date(at),
      chat: message.chat,
      by: person,
      nick,
      ref: message.refs[0] ?? { id: messageId(this.#options.newId()), part: 0 },
      ...(message.refs.length > 1 && { refs: message.refs }),
      content: message.content,
      sentBy: message.key,
      ...(message.direct && { direct: true }),
    };
  }

  #fail(one: Waiting, error: GatewayError): void {
    this.#remove(one);
    if (one.message.done) return;
    one.message.done = true;
    one.message.reject(error);
  }

  /**
   * Without labels and echoes a refusal names its target alone. Whom one talks with leaves, and whoever talks is muted or put out, more often than the other way
   * round: of several lines the last ones were refused, which are known when the server has dealt with all. False: it is about none of them.
   */
  #refuse(first: Waiting, label: string | undefined, error: GatewayError): boolean {
    const { folded } = first.message;
    const upTo = this.#asking ? this.#asked : this.#written;
    const count = label === undefined && !first.echo ? this.#countTo(folded, upTo) : 0;
    if (count < 2) {
      this.#fail(first, error);
      return true;
    }
    this.#refusals ??= [];
    const refusals = this.#refusals;
    if (refusals.filter((one) => one.folded === folded).length >= count) return false;
    refusals.push({ folded, upTo, error });
    return true;
  }

  #countTo(folded: string, upTo: number): number {
    let count = 0;
    for (const { message, place } of this.#waiting)
      if (place > 0 && place <= upTo && message.folded === folded) count++;
    return count;
  }

  #assign(): void {
    const refusals = this.#refusals;
    this.#refusals = undefined;
    for (const { folded, upTo, error } of refusals?.reverse() ?? []) {
      const isIt = ({ message, place, refused }: Waiting): boolean =>
        place > 0 && place <= upTo && refused === undefined && message.folded === folded;
      const last = this.#waiting.findLast(isIt);
      if (last !== undefined) last.refused = error;
    }
  }

  /** All lines up to this place have been dealt with by the server. */
  #settle(place: number): void {
    const { echoes, newId, clock } = this.#options;
    this.#asking = false;
    if (this.#refusals !== undefined) this.#assign();
    const waiting = this.#waiting;
    for (let one = waiting[0]; one !== undefined && one.place > 0 && one.place <= place; one = waiting[0]) {
      if (one.refused !== undefined) this.#fail(one, one.refused);
      else if (one.echo && echoes()) this.#fail(one, swallowed(one.message.target));
      else this.#confirm(one, newId(), clock.now());
    }
    if (!echoes()) this.#consider();
  }

  #ask(): void {
    if (this.#asking) return;
    this.#asking = true;
    const now = this.#options.clock.now();
    this.#options.load.spent(now);
    this.#paidUntil = Math.min(Math.max(this.#paidUntil, now) + pace.everyMs, now + pace.atOnce * pace.everyMs);
    const place = this.#written;
    this.#asked = place;
    try {
      this.#options.pings.ping(1, () => this.#settle(place));
    } catch {
      // The connection's end, which is near, tells everybody.
      this.#asking = false;
    }
  }

  /** Without echoes: is it time for a PING? */
  #consider(): void {
    const first = this.#waiting[0];
    if (first === undefined || first.place === 0 || this.#asking) return;
    const now = this.#options.clock.now();
    if (this.#unwritten > 0) {
      const { usuallyMs, dearMs } = impatient;
      if (age(first, now) >= (this.#options.dear() ? dearMs : usuallyMs)) this.#ask();
      return;
    }
    const early = this.#waiting.length < pace.lines && this.#options.load.isHigh(now) ? this.#early(now) : 0;
    if (early === 0) this.#ask();
    else this.#cancelGathering ??= this.#options.clock.after(early, this.#gathered);
  }

  /** How long before the next PING is due (ms). */
  #early(now: number): number {
    const ms = this.#paidUntil - now - (pace.atOnce - 1) * pace.everyMs;
    // More than there can be: the clock was set back.
    return ms <= 0 || ms > pace.everyMs ? 0 : ms;
  }

  readonly #gathered = (): void => {
    this.#cancelGathering = undefined;
    this.#consider();
  };

  #watch(): void {
    const { clock } = this.#options;
    this.#cancelTimer = undefined;
    const first = this.#waiting[0];
    if (first === undefined) return;
    if (first.place > 0 && age(first, clock.now()) >= echoMs) this.#ask();
    this.#cancelTimer = clock.after(echoMs, () => this.#watch());
  }

  /** @param exactly a line without a label is about none that was sent with one */
  #search(folded: string, label: string | undefined, exactly = false): Waiting | undefined {
    for (const one of this.#waiting) {
      if (one.place === 0 || (exactly && one.label !== label)) continue;
      if (label === undefined ? one.message.folded === folded : one.label === label) return one;
    }
    return undefined;
  }

  /** A FAIL names its command, and by its label or in its context which message it is about. */
  #failed(line: Line, label: string | undefined): boolean {
    if (!/^(PRIVMSG|NOTICE|BATCH|\*)$/i.test(line.params[0] ?? '')) return false;
    const targets = label === undefined ? line.params.slice(2, -1) : [''];
    for (const target of targets) {
      const one = this.#search(this.#options.fold(target), label);
      if (one === undefined) continue;
      return this.#refuse(one, label, failure(line));
    }
    return false;
  }
}

/** An error with the label of a message is about that, whichever it is. */
const codeOf = ({ command }: Line): ErrorCode | undefined =>
  command === '417' ? 'message-too-long' : /^[45][0-9][0-9]$/.test(command) ? 'network-refused' : undefined;

/** Whom a numeric is about. ngIRCd's 493 has it only as the last word of its sentence. */
const targetOf = ({ params }: Line): string => (params.length > 2 ? params[1] : params[1]?.split(' ').at(-1)) ?? '';

/** How long ago it was written; where the clock was set back, now. */
function age(one: Waiting, now: number): number {
  one.at = Math.min(one.at, now);
  return now - one.at;
}

/** The server may have it, or a part of it. */
const unconfirmed = (error: GatewayError): GatewayError =>
  new GatewayError('outcome-unknown', { ...error.details, cause: error });

const swallowed = (target: string): GatewayError =>
  new GatewayError('not-allowed-there', { text: `The IRC server did not pass this message on to ${target}.` });
