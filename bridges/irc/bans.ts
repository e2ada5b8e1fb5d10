/** A channel's lists of masks: bans (367, 368), exceptions (348, 349), who needs no invitation (346, 347). Asked for when somebody wants one; who asks at the same time shares one answer. */

import type { ChatId, Listed } from '#bridge';
import { sparseMap } from '#bridge';
import type { Channel } from './channel.ts';
import type { Core } from './core.ts';
import { changeRefusals } from './refusals.ts';
import { requireChannel } from './requirements.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

const mostKept = 2000;

export interface Bans {
  /** Rejects where the server shows them to moderators only. */
  list(chat: ChatId, signal: AbortSignal, mode?: string): Promise<readonly Listed[]>;
  /** A row; false: nobody has asked for them. */
  row(line: Line): boolean;
  /** An end: is it of a list that was asked for? */
  isAsked(line: Line): boolean;
}

export function createBans(core: () => Core): Bans {
  const asking = sparseMap<string, { readonly rows: Listed[]; readonly answer: Promise<readonly Listed[]> }>();

  const keyOf = (folded: string, mode: string): string => `${mode} ${folded}`;

  function keyOfLine({ command, params }: Line): string {
    const { excepts = 'e', invex = 'I' } = core().support;
    const mode =
      command === '348' || command === '349' ? excepts : command === '346' || command === '347' ? invex : 'b';
    return keyOf(core().fold(params[1] ?? ''), mode);
  }

  async function ask(channel: Channel, mode: string, rows: Listed[]): Promise<readonly Listed[]> {
    try {
      const lines = [compose('MODE', channel.name, mode)];
      // Not the signal of who asks first: others may wait for the same. The connection's end is the end of it.
      const { signal } = new AbortController();
      await core().asks.ask({ lines, refusals: changeRefusals, about: [channel.folded], signal });
      return rows;
    } finally {
      asking.delete(keyOf(channel.folded, mode));
    }
  }

  return {
    async list(chat, signal, mode = 'b') {
      const channel = requireChannel(core(), chat);
      signal.throwIfAborted();
      const key = keyOf(channel.folded, mode);
      let one = asking.get(key);
      if (one === undefined) {
        const rows: Listed[] = [];
        one = { rows, answer: ask(channel, mode, rows) };
        asking.set(key, one);
      }
      return await until(one.answer, signal);
    },
    row(line) {
      const [, , mask = '', by = '', at] = line.params;
      const rows = asking.get(keyOfLine(line))?.rows;
      if (rows === undefined) return false;
      if (mask === '' || rows.length >= mostKept) return true;
      const seconds = Number(at);
      const isTime = Number.isFinite(seconds) && seconds > 0 && seconds < 8e9;
      const nick = by.split('!', 1)[0] ?? '';
      rows.push({ mask, ...(nick !== '' && { by: nick }), ...(isTime && { at: seconds * 1000 }) });
      return true;
    },
    isAsked: (line) => asking.has(keyOfLine(line)),
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
