/**
 * The only writer of an IRC connection: three lanes by urgency, a token bucket against the server's flood control, and one write a turn.
 * A line that waits longer than its sender is dropped instead of sent.
 */
import { type Clock, GatewayError } from '#bridge';

/** 0: at once and free of the bucket (PONG, QUIT); 1: registration, JOIN, PART, NICK and the like; 2: messages. */
export type Priority = 0 | 1 | 2;

export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

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
  /** Lines that wait. */
  pending(): number;
}

/** What one write holds at most, in characters. */
const maxWrite = 65_536;

export function createSender({ write, clock, rate, maxQueued, held = false }: SenderOptions): Sender {
  let bucket = rate === undefined ? undefined : createBucket(rate, clock);
  const queue = createQueue(() => bucket);
  let scheduled = false;
  let full = held;
  let ended: GatewayError | undefined;
  let cancelTimer: (() => void) | undefined;

  function schedule(): void {
    if (scheduled || full) return;
    scheduled = true;
    setImmediate(flush);
  }

  /** What is sent meanwhile, as a PING behind a burst, goes too: nothing more is scheduled for it. */
  function flush(): void {
    try {
      while (!full && writeSome());
    } finally {
      scheduled = false;
    }
    if (queue.size() === 0 || full || bucket === undefined) return;
    cancelTimer ??= clock.after(bucket.waitMs(), () => {
      cancelTimer = undefined;
      flush();
    });
  }

  /** Writes up to `maxWrite` characters; false when there was nothing to write. */
  function writeSome(): boolean {
    let text = '';
    const told: Written[] = [];
    for (let next = queue.next(); next !== undefined; next = text.length < maxWrite ? queue.next() : undefined) {
      text += `${next.line}\r\n`;
      if (next.onWritten !== undefined) told.push(next.onWritten);
    }
    if (text === '') return false;
    full = !write(text);
    for (const onWritten of told) onWritten();
    return true;
  }

  function clear(reason: GatewayError): void {
    cancelTimer?.();
    cancelTimer = undefined;
    for (const { onWritten } of queue.drain()) onWritten?.(reason);
  }

  return {
    send(line, priority, onWritten, signal) {
      if (ended !== undefined) throw ended;
      if (queue.size() >= maxQueued) throw new GatewayError('queue-full', { text: tooMuch });
      queue.push({ line, onWritten, signal }, priority);
      if (cancelTimer === undefined || priority === 0) schedule();
    },
    drained() {
      full = false;
      if (queue.size() > 0) schedule();
    },
    clear,
    end(reason) {
      ended ??= reason;
      clear(reason);
    },
    setRate(next) {
      bucket = next === undefined ? undefined : createBucket(next, clock);
      cancelTimer?.();
      cancelTimer = undefined;
      if (queue.size() > 0) schedule();
    },
    pending: queue.size,
  };
}

const tooMuch = 'Too much is waiting to be sent to this IRC server.';

interface Waiting {
  readonly line: string;
  readonly onWritten: Written | undefined;
  readonly signal: AbortSignal | undefined;
}

type Bucket = ReturnType<typeof createBucket>;

/** The three lanes, and which line's turn it is. */
function createQueue(bucket: () => Bucket | undefined) {
  const lanes = [createLane(), createLane(), createLane()] as const;
  let size = 0;

  /** The lane's first line that is still wanted. */
  function firstWanted(lane: Lane): Waiting | undefined {
    for (let waiting = lane.first(); waiting !== undefined; waiting = lane.first()) {
      if (waiting.signal?.aborted !== true) return waiting;
      lane.shift();
      size--;
      waiting.onWritten?.(new GatewayError('timed-out', { cause: waiting.signal.reason }));
    }
    return undefined;
  }

  return {
    size: () => size,
    push(waiting: Waiting, priority: Priority): void {
      lanes[priority].push(waiting);
      size++;
    },
    /** Takes the line out that may go now. */
    next(): Waiting | undefined {
      for (const lane of lanes) {
        const waiting = firstWanted(lane);
        if (waiting === undefined) continue;
        if (lane !== lanes[0] && bucket()?.take() === false) return undefined;
        lane.shift();
        size--;
        return waiting;
      }
      return undefined;
    },
    drain(): readonly Waiting[] {
      size = 0;
      return lanes.flatMap((lane) => lane.drain());
    },
  };
}

type Lane = ReturnType<typeof createLane>;

/** A first-in first-out queue on an array whose used-up front is cut off now and then. */
function createLane() {
  let queue: Waiting[] = [];
  let head = 0;
  return {
    first: (): Waiting | undefined => queue[head],
    push: (waiting: Waiting) => void queue.push(waiting),
    shift(): void {
      head++;
      if (head === queue.length) queue.length = 0;
      else if (head >= 1024 && head * 2 >= queue.length) queue = queue.slice(head);
      else return;
      head = 0;
    },
    drain(): readonly Waiting[] {
      const rest = queue.slice(head);
      queue = [];
      head = 0;
      return rest;
    },
  };
}

/** Begins full; a clock that is set back adds nothing and takes nothing. */
function createBucket({ burst, perSecond }: Rate, clock: Pick<Clock, 'now'>) {
  const size = Math.max(1, burst);
  let tokens = size;
  let filledAt = clock.now();
  return {
    take(): boolean {
      const now = clock.now();
      tokens = Math.min(size, tokens + (Math.max(0, now - filledAt) * perSecond) / 1000);
      filledAt = now;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    /** How long until the next line may go. */
    waitMs: () => Math.max(1, Math.ceil(((1 - tokens) * 1000) / perSecond)),
  };
}
