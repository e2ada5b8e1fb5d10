/** Output of one turn of the event loop as one write, in pieces of about 64 KiB; and whether there is room for more. */
import type { LinkSocket } from './socket.ts';

const PIECE = 64 * 1024;
/** Beyond this somebody ignores `write`'s answer, and the link ends before memory does. */
const BURST_BYTES = 64 * 1024 * 1024;

export interface Batch {
  /** False where there is no room for more, or nothing to write to. */
  write(text: string): boolean;
  flush(): void;
  drained(): Promise<void>;
  /** From now on output goes there; undefined: it is dropped. */
  attach(socket: LinkSocket | undefined): void;
  /** The socket has room again. */
  drain(): void;
  /** Nobody waits for room any more. */
  close(): void;
  /** Something was written since the last call. */
  takeBusy(): boolean;
}

/**
 * For one stream, whose sockets come and go.
 * @param burst called when far too much is unsent
 */
export function createBatch(burst: () => void): Batch {
  let socket: LinkSocket | undefined;
  let text = '';
  let scheduled = false;
  let closed = false;
  let busy = false;
  let waiting: (() => void)[] = [];
  const release = (): void => {
    const all = waiting;
    waiting = [];
    for (const one of all) one();
  };
  const flush = (): void => {
    if (text === '' || socket === undefined) return;
    const all = text;
    text = '';
    busy = true;
    socket.write(all);
    if (socket.unsent > BURST_BYTES) burst();
  };
  const turn = (): void => {
    scheduled = false;
    flush();
  };
  return {
    write: (more) => {
      if (socket === undefined) return false;
      text += more;
      if (text.length >= PIECE) flush();
      else if (!scheduled) {
        scheduled = true;
        setImmediate(turn);
      }
      return !socket.full;
    },
    flush,
    drained: () => {
      if (closed || (socket !== undefined && !socket.full)) return Promise.resolve();
      return new Promise((resolve) => waiting.push(resolve));
    },
    attach: (to) => {
      socket = to;
      text = '';
      if (to !== undefined) release();
    },
    drain: release,
    close: () => {
      closed = true;
      release();
    },
    takeBusy: () => {
      const was = busy;
      busy = false;
      return was;
    },
  };
}
