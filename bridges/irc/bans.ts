/** A channel's list of bans (367, 368), asked for when somebody wants it; who asks at the same time shares one answer. */
import type { ChatId, Listed } from '#bridge';
import type { Channel } from './channel.ts';
import type { Core } from './core.ts';
import { changeRefusals } from './refusals.ts';
import { requireChannel } from './requirements.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

const mostKept = 2000;

export interface Bans {
  /** Rejects where the server shows them to moderators only. */
  list(chat: ChatId, signal: AbortSignal): Promise<readonly Listed[]>;
  /** 367; false: nobody has asked for them. */
  row(line: Line): boolean;
  /** 368: is it of a list that was asked for? */
  isAsked(line: Line): boolean;
}

export function createBans(core: () => Core): Bans {
  const asking = new Map<string, { readonly rows: Listed[]; readonly answer: Promise<readonly Listed[]> }>();

  async function ask(channel: Channel, rows: Listed[]): Promise<readonly Listed[]> {
    try {
      const lines = [compose('MODE', channel.name, 'b')];
      // Not the signal of who asks first: others may wait for the same. The connection's end is the end of it.
      const { signal } = new AbortController();
      await core().asks.ask({ lines, refusals: changeRefusals, about: [channel.folded], signal });
      return rows;
    } finally {
      asking.delete(channel.folded);
    }
  }

  return {
    async list(chat, signal) {
      const channel = requireChannel(core(), chat);
      signal.throwIfAborted();
      let one = asking.get(channel.folded);
      if (one === undefined) {
        const rows: Listed[] = [];
        one = { rows, answer: ask(channel, rows) };
        asking.set(channel.folded, one);
      }
      return await until(one.answer, signal);
    },
    row({ params }) {
      const [, name = '', mask = '', by = '', at] = params;
      const rows = asking.get(core().fold(name))?.rows;
      if (rows === undefined) return false;
      if (mask === '' || rows.length >= mostKept) return true;
      const seconds = Number(at);
      const isTime = Number.isFinite(seconds) && seconds > 0 && seconds < 8e9;
      const nick = by.split('!', 1)[0] ?? '';
      rows.push({ mask, ...(nick !== '' && { by: nick }), ...(isTime && { at: seconds * 1000 }) });
      return true;
    },
    isAsked: ({ params }) => asking.has(core().fold(params[1] ?? '')),
  };
}

/** The answer, or the reason of whoever gave up waiting for it. */
export async function until<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const ended = new AbortController();
  try {
    return await new Promise<T>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: ended.signal });
      answer.then(resolve, reject);
    });
  } finally {
    ended.abort();
  }
}
