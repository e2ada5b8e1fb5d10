/** What is written in one go leaves as one write, behind the callback that wrote it, in pieces of about 64 KiB; and whether there is room for more. */
import { blanksBehind, hasBlanks } from '../../xml/blanks.ts';
import type { LinkSocket } from './socket.ts';

const PIECE = 64 * 1024;
/** Beyond this somebody ignores `write`'s answer, and the link ends before memory does. */
const BURST_BYTES = 64 * 1024 * 1024;
/** From so many characters on the blanks are a write of their own: put behind the text they would have all of it copied. */
const COPIED = 8 * 1024;

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
  let longest = 0;
  let atOnce = 0;
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
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    process.nextTick(leave);
  };
  const leave = (): void => {
    scheduled = false;
    const blanks = blanksBehind(atOnce, longest);
    if (blanks !== '' && text.length >= COPIED) flush();
    text += blanks;
    atOnce = 0;
    longest = 0;
    flush();
  };
  return {
    write: (more) => {
      if (socket === undefined) return false;
      text += more;
      atOnce += more.length;
      if (more.length > longest && !hasBlanks(more)) longest = more.length;
      if (text.length >= PIECE) flush();
      schedule();
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
      atOnce = 0;
      longest = 0;
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
