/** CHECKLIST 114-15: what ends the stream is found, given up, and never sent again; all the rest is. */
import { expect, test } from 'vitest';
import { createWire } from '../../../src/delivery/wire.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { createMemoryStores } from '../../harness/memory-stores.ts';
import { silentLog } from '../../harness/silent-log.ts';

const message = (word: string): string => `<message to='romeo@test'><body>${word}</body></message>`;

/** A server that ends the stream for what has a certain word in it, and answers for all else. */
function scene(bad: RegExp) {
  const clock = createManualClock();
  const { journal } = createMemoryStores(clock);
  const heard: string[] = [];
  const errors: object[] = [];
  const state = { up: false, streams: 0 };
  const pipe = {
    get up() {
      return state.up;
    },
    write(text: string): boolean {
      for (const [, word = ''] of text.matchAll(/<body>(.*?)<\/body>/g)) {
        if (!state.up) break;
        if (bad.test(word)) {
          state.up = false;
          queueMicrotask(() => wire.pause(true));
        } else heard.push(word);
      }
      return true;
    },
    drained: () => Promise.resolve(),
    barrier: async () => {
      if (!state.up) throw new Error('down');
      return undefined;
    },
  };
  const log = { ...silentLog, error: (fields: object) => void errors.push(fields) };
  const wire = createWire({ pipe, journal, domain: 'd', stream: 'd/self', clock, log });
  /** Connects until a stream lasts; no more often than that. */
  async function connect(atMost: number): Promise<number> {
    for (let streams = 1; streams <= atMost; streams++) {
      state.up = true;
      wire.resume();
      await settle();
      await clock.advance(1_000);
      await settle();
      if (state.up) return streams;
    }
    return Number.POSITIVE_INFINITY;
  }
  const stored = async () => (await journal.after('d/self', undefined, 100)).map(({ text }) => text).join('');
  return { wire, connect, heard, errors, stored };
}

test('114-14 114-15 one of many in a burst; the log says to whom it was, and nothing of what it says', async () => {
  const it = scene(/poison/);
  for (const word of ['one', 'two', 'poison', 'three']) it.wire.put(message(word), true);
  await settle();
  for (const word of ['four', 'five']) it.wire.put(message(word), true);
  expect(await it.connect(10)).toBe(4);
  expect(new Set(it.heard)).toEqual(new Set(['one', 'two', 'three', 'four', 'five']));
  expect(it.heard.slice(-3)).toEqual(['three', 'four', 'five']);
  expect(it.errors).toEqual([
    { stream: 'd/self', stanza: "<message to='romeo@test'>", bytes: message('poison').length },
  ]);
  expect(await it.stored()).toBe('');
  it.wire.put(message('six'), true);
  await settle();
  expect(it.heard.at(-1)).toBe('six');
});

test('114-15 several of them, one after the other; what is not kept is no suspect', async () => {
  const it = scene(/poison/);
  for (const word of ['poison 1', 'one', 'poison 2', 'poison 3', 'two']) it.wire.put(message(word), true);
  it.wire.put(message('passing'), false);
  expect(await it.connect(20)).toBeLessThan(10);
  expect(it.heard.filter((word) => word === 'two')).toHaveLength(1);
  expect(it.errors).toHaveLength(3);
  expect(await it.stored()).toBe('');
});

test('114-15 a stream that ends so once is no reason to give up anything', async () => {
  let times = 0;
  const it = scene({ test: (word: string) => word === 'two' && ++times < 3 } as RegExp);
  for (const word of ['one', 'two', 'three']) it.wire.put(message(word), true);
  expect(await it.connect(10)).toBe(3);
  expect(it.heard.slice(-2)).toEqual(['two', 'three']);
  expect(it.errors).toEqual([]);
  expect(await it.stored()).toBe('');
});
