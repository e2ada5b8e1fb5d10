/**
 * The only writer of an IRC connection: four lanes by urgency, a token bucket against the server's flood control, and one write a turn.
 * A line that waits longer than its sender is dropped instead of sent.
 */
import { type Clock, GatewayError } from '#bridge';

/** 0: at once and free of the bucket (PONG, QUIT); 1: registration, JOIN, PART, NICK and the like; 2: messages; 3: what nobody waits for. */
export type Priority = 0 | 1 | 2 | 3;

export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** What a line takes out of the bucket. @param bytes with its end */
export type LineCost = (bytes: number) => number;

/** Called once: with nothing when the line was handed to the socket, with the reason when it never will be. Must not throw. */
export type Written = (dropped?: GatewayError) => void;

export interface SenderOptions {
  /** Takes whole lines with their ends; false: full, until `drained` is called. */
  write(text: string): boolean;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** undefined: no limit. */
  readonly rate: Rate | undefined;
  /** Lines that may wait in all. */
  readonly maxQueued: number;
  /** True: lines wait until the first `drained`. */
  readonly held?: boolean;
}

export interface Sender {
  /**
   * Queues a line that `compose` made. Throws a GatewayError: `queue-full`, or why the sender ended. A line whose signal is aborted when its turn
   * comes is dropped.
   */
  send(line: string, priority: Priority, onWritten?: Written, signal?: AbortSignal): void;
  /** The socket takes data, again or at last. */
  drained(): void;
  /** Drops what waits, telling each why. The sender may be used on. */
  clear(reason: GatewayError): void;
  /** As `clear`; and from now on `send` throws the reason. */
  end(reason: GatewayError): void;
  /** From now on; undefined: no limit. */
  setRate(rate: Rate | undefined): void;
  /** From now on; until then each line costs one. What was spent stays so. */
  setCost(cost: LineCost): void;
  /** Lines cost more than one. */
  isDear(): boolean;
  /** What is sent now stays here for a while: the throttle or the socket holds back what is before it, or that is more than a handful. */
  isBehind(): boolean;
  /** Lines that wait. */
  pending(): number;
}

/** What one write holds at most, in characters. */
const maxWrite = 65_536;
const handful = 10;

export function createSender(options: SenderOptions): Sender {
  return new QueuedSender(options);
}

const tooMuch = 'Too much is waiting to be sent to this IRC server.';

interface Waiting {
  readonly line: string;
  readonly onWritten: Written | undefined;
  readonly signal: AbortSignal | undefined;
}

/** An object of a class: each connection has one, and functions of its own would be thirty. */
class QueuedSender implements Sender {
  readonly #write: SenderOptions['write'];
  readonly #clock: SenderOptions['clock'];
  readonly #maxQueued: number;
  readonly #lanes = [new Lane(), new Lane(), new Lane(), new Lane()] as const;
  #bucket: Bucket | undefined;
  #cost: LineCost | undefined;
  #size = 0;
  #scheduled = false;
  #full: boolean;
  #ended: GatewayError | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor({ write, clock, rate, maxQueued, held = false }: SenderOptions) {
    this.#write = write;
    this.#clock = clock;
    this.#maxQueued = maxQueued;
    this.#bucket = rate === undefined ? undefined : new Bucket(rate, clock);
    this.#full = held;
  }

  send(line: string, priority: Priority, onWritten?: Written, signal?: AbortSignal): void {
    if (this.#ended !== undefined) throw this.#ended;
    if (this.#size >= this.#maxQueued) throw new GatewayError('queue-full', { text: tooMuch });
    this.#lanes[priority].push({ line, onWritten, signal });
    this.#size++;
    if (this.#cancelTimer === undefined || priority === 0) this.#schedule();
  }

  drained(): void {
    this.#full = false;
    if (this.#size > 0) this.#schedule();
  }

  clear(reason: GatewayError): void {
    this.#forgetTimer();
    this.#size = 0;
    const all = this.#lanes.flatMap((lane) => lane.drain());
    for (const { onWritten } of all) onWritten?.(reason);
  }

  end(reason: GatewayError): void {
    this.#ended ??= reason;
    this.clear(reason);
  }

  setRate(rate: Rate | undefined): void {
    this.#bucket = rate === undefined ? undefined : new Bucket(rate, this.#clock);
    this.#forgetTimer();
    if (this.#size > 0) this.#schedule();
  }

  setCost(cost: LineCost): void {
    this.#cost = cost;
  }

  isDear(): boolean {
    return this.#cost !== undefined && this.#bucket !== undefined;
  }

  isBehind(): boolean {
    return this.#full || this.#cancelTimer !== undefined || this.#size > handful;
  }

  pending(): number {
    return this.#size;
  }

  #schedule(): void {
    if (this.#scheduled || this.#full) return;
    this.#scheduled = true;
    setImmediate(QueuedSender.#flushIt, this);
  }

  static #flushIt(sender: QueuedSender): void {
    sender.#flush();
  }

  /** What is sent meanwhile, as a PING behind a burst, goes too: nothing more is scheduled for it. */
  #flush(): void {
    try {
      while (!this.#full && this.#writeSome());
    } finally {
      this.#scheduled = false;
    }
    if (this.#size === 0 || this.#full || this.#bucket === undefined) return;
    this.#cancelTimer ??= this.#clock.after(this.#bucket.waitMs(), () => {
      this.#cancelTimer = undefined;
      this.#flush();
    });
  }

  /** Writes up to `maxWrite` characters; false when there was nothing to write. */
  #writeSome(): boolean {
    let text = '';
    const told: Written[] = [];
    for (let next = this.#next(); next !== undefined; next = text.length < maxWrite ? this.#next() : undefined) {
      text += `${next.line}\r\n`;
      if (next.onWritten !== undefined) told.push(next.onWritten);
    }
    if (text === '') return false;
    this.#full = !this.#write(text);
    for (const onWritten of told) onWritten();
    return true;
  }

  /** Takes the line out that may go now. */
  #next(): Waiting | undefined {
    for (const lane of this.#lanes) {
      const waiting = this.#firstWanted(lane);
      if (waiting === undefined) continue;
      if (lane !== this.#lanes[0] && this.#bucket?.take(this.#costOf(waiting.line)) === false) return undefined;
      lane.shift();
      this.#size--;
      return waiting;
    }
    return undefined;
  }

  #costOf(line: string): number {
    return this.#cost === undefined ? 1 : this.#cost(Buffer.byteLength(line) + 2);
  }

  /** The lane's first line that is still wanted. */
  #firstWanted(lane: Lane): Waiting | undefined {
    for (let waiting = lane.first(); waiting !== undefined; waiting = lane.first()) {
      if (waiting.signal?.aborted !== true) return waiting;
      lane.shift();
      this.#size--;
      waiting.onWritten?.(new GatewayError('timed-out', { cause: waiting.signal.reason }));
    }
    return undefined;
  }

  #forgetTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }
}

/** A first-in first-out queue on an array whose used-up front is cut off now and then. */
class Lane {
  #queue: Waiting[] = [];
  #head = 0;

  first(): Waiting | undefined {
    return this.#queue[this.#head];
  }

  push(waiting: Waiting): void {
    this.#queue.push(waiting);
  }

  shift(): void {
    this.#head++;
    if (this.#head === this.#queue.length) this.#queue.length = 0;
    else if (this.#head >= 1024 && this.#head * 2 >= this.#queue.length) this.#queue = this.#queue.slice(this.#head);
    else return;
    this.#head = 0;
  }

  drain(): readonly Waiting[] {
    const rest = this.#queue.slice(this.#head);
    this.#queue = [];
    this.#head = 0;
    return rest;
  }
}

/** Begins full; a clock that is set back adds nothing and takes nothing. */
class Bucket {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #size: number;
  readonly #perSecond: number;
  #tokens: number;
  #filledAt: number;
  /** What the line costs that could not be paid. */
  #wanted = 1;

  constructor({ burst, perSecond }: Rate, clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#size = Math.max(1, burst);
    this.#tokens = this.#size;
    this.#filledAt = clock.now();
  }

  take(cost: number): boolean {
    const now = this.#clock.now();
    const come = (Math.max(0, now - this.#filledAt) * this.#perSecond) / 1000;
    this.#tokens = Math.min(this.#size, this.#tokens + come);
    this.#filledAt = now;
    // A line that costs more than there can be goes out of a full one.
    this.#wanted = Math.min(cost, this.#size);
    if (this.#tokens < this.#wanted) return false;
    this.#tokens -= cost;
    return true;
  }

  /** How long until the next line may go. */
  waitMs(): number {
    return Math.max(1, Math.ceil(((this.#wanted - this.#tokens) * 1000) / this.#perSecond));
  }
}
