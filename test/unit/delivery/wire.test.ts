/** The wire, case by case. */
import { describe, expect, test } from 'vitest';
import { createWire, type WireOptions } from '../../../src/delivery/wire.ts';
import type { JournalStore } from '../../../src/storage/ports.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { createMemoryStores } from '../../harness/memory-stores.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { Line } from './line.ts';

function scene(options: Partial<WireOptions> = {}) {
  const clock = createManualClock();
  const memory = createMemoryStores(clock).journal;
  const line = new Line();
  const appended: string[] = [];
  const state = { away: false };
  const journal: JournalStore = {
    ...memory,
    async append(stream, take) {
      if (state.away) throw new Error('away');
      return memory.append(stream, () => {
        const text = take();
        if (text !== undefined) appended.push(text);
        return text;
      });
    },
  };
  const wire = createWire({
    pipe: line,
    journal,
    domain: 'd',
    stream: 'd/self',
    clock,
    log: silentLog,
    window: { stanzas: 10, bytes: 1_000 },
    barrier: { everyStanzas: 4, everyMs: 250 },
    ...options,
  });
  const up = (): void => {
    line.up = true;
    wire.resume();
  };
  const put = (...texts: string[]): void => {
    for (const text of texts) wire.put(`${text};`, text.startsWith('k'));
  };
  const stored = async (stream = 'd/self') =>
    (await memory.after(stream, undefined, 100)).map((one) => one.text).join('');
  return { clock, memory, line, appended, state, wire, up, put, stored };
}

describe('wire', () => {
  test('one turn is one write and one journal entry, of the kept ones only', async () => {
    const it = scene();
    it.up();
    it.put('k1', 'p1', 'k2');
    expect(it.line.writes).toEqual([]);
    await settle();
    expect(it.line.writes).toEqual(['k1;p1;k2;']);
    expect(it.appended).toEqual(['k1;k2;']);
  });

  test('a large turn leaves in pieces, without waiting for its end', () => {
    const it = scene({ window: { stanzas: 100, bytes: 1_000_000 } });
    it.up();
    it.wire.put('x'.repeat(70_000), false);
    expect(it.line.writes).toHaveLength(1);
  });

  test('an answer to the barrier trims the journal up to what was written before it', async () => {
    const it = scene();
    it.up();
    it.put('k1');
    await settle();
    await it.clock.advance(250);
    expect(it.line.asked).toBe(1);
    it.put('k2');
    await settle();
    it.line.arrive(9);
    await settle();
    expect(await it.stored()).toBe('k2;');
    await it.clock.advance(250);
    it.line.arrive(9);
    await settle();
    expect(await it.stored()).toBe('');
  });

  test('what is held is counted, since when too, and how long an answer took', async () => {
    const took: number[] = [];
    const it = scene({ onBarrier: (ms) => took.push(ms) });
    it.up();
    expect(it.wire.held()).toEqual({ bursts: 0, since: undefined });
    it.put('p1');
    await settle();
    expect([it.line.writes.length, it.wire.held()]).toEqual([1, { bursts: 0, since: undefined }]);
    const since = it.clock.now();
    it.put('k1');
    await settle();
    await it.clock.advance(250);
    it.put('k2');
    await settle();
    expect(it.wire.held()).toEqual({ bursts: 2, since });
    await it.clock.advance(30);
    it.line.arrive(9);
    await settle();
    expect(it.wire.held()).toEqual({ bursts: 1, since: since + 250 });
    expect(took).toEqual([30]);
  });

  test('enough stanzas ask for a barrier before the time; nothing kept asks for none', async () => {
    const it = scene();
    it.up();
    it.put('k1', 'k2', 'k3', 'k4');
    await settle();
    expect(it.line.asked).toBe(1);
    it.line.arrive(9);
    it.put('p1', 'p2', 'p3', 'p4', 'p5');
    await settle();
    await it.clock.advance(10_000);
    expect(it.line.asked).toBe(1);
  });

  test('after a loss the unanswered kept ones come first, in order, then what was held', async () => {
    const it = scene();
    it.up();
    it.put('k1', 'p1', 'k2');
    await settle();
    it.line.break();
    it.wire.pause();
    it.put('k3', 'p2');
    await settle();
    expect(it.line.writes).toHaveLength(1);
    expect(await it.stored()).toBe('k1;k2;k3;');
    it.up();
    expect(it.line.writes.slice(1).join('')).toBe('k1;k2;k3;p2;');
    it.line.arrive(9);
    expect(it.line.arrived).toEqual(['k1', 'k2', 'k3', 'p2']);
  });

  test('114-54 what is put while the server is not there is held, and the wire says so', async () => {
    const it = scene();
    expect(it.wire.isHeld()).toBe(true);
    it.up();
    expect(it.wire.isHeld()).toBe(false);
    it.line.up = false;
    expect(it.wire.isHeld()).toBe(true);
    it.wire.pause();
    it.line.up = true;
    expect(it.wire.isHeld()).toBe(true);
    it.wire.resume();
    expect(it.wire.isHeld()).toBe(false);
  });

  test('an answer that belongs to an older connection counts for nothing', async () => {
    const it = scene();
    it.up();
    it.put('k1', 'k2', 'k3', 'k4');
    await settle();
    it.wire.pause();
    it.up();
    it.line.arrive(2);
    await settle();
    expect(await it.stored()).toBe('k1;k2;k3;k4;');
  });

  test('a stream that is up but was not announced is not written to', async () => {
    const it = scene();
    it.line.up = true;
    it.put('k1');
    await settle();
    expect(it.line.writes).toEqual([]);
    it.wire.resume();
    expect(it.line.writes).toEqual(['k1;']);
  });

  test('a full socket holds what comes until it is drained', async () => {
    const it = scene();
    it.up();
    it.line.narrow(1);
    it.put('k1');
    await settle();
    it.put('p2');
    await settle();
    expect(it.line.writes).toEqual(['k1;']);
    it.line.drain();
    await settle();
    expect(it.line.writes).toEqual(['k1;', 'p2;']);
  });

  test('a full window is pressure until the server has answered', async () => {
    const it = scene();
    it.up();
    expect(it.wire.pressure()).toBeUndefined();
    it.put(...Array.from({ length: 10 }, (_, i) => `k${i}`));
    await settle();
    const pressure = it.wire.pressure();
    expect(pressure).toBeInstanceOf(Promise);
    expect(it.wire.pressure()).toBe(pressure);
    it.line.arrive(9);
    await pressure;
    expect(it.wire.pressure()).toBeUndefined();
  });

  test('bytes fill the window too', async () => {
    const it = scene();
    it.wire.put('x'.repeat(1_001), false);
    expect(it.wire.pressure()).toBeInstanceOf(Promise);
    it.up();
    await settle();
    expect(it.wire.pressure()).toBeUndefined();
  });

  test('behind more than a server may read at once come as many blanks as the longest stanza has, when it is sent again too', async () => {
    const it = scene({ window: { stanzas: 10, bytes: 100_000 } });
    it.up();
    const [short, long] = [`k${'x'.repeat(300)}`, `k${'x'.repeat(600)}`];
    const kept = `${short};${long};${short};${' '.repeat(602)}`;
    it.put(short, long, short);
    await settle();
    it.put(short, `p${'x'.repeat(800)}`);
    await settle();
    expect(it.line.writes).toEqual([kept, `${short};p${'x'.repeat(800)};${' '.repeat(802)}`]);
    expect(it.appended).toEqual([kept, `${short};`]);
    it.line.break();
    it.wire.pause();
    it.up();
    expect(it.line.writes.slice(2)).toEqual([kept, `${short};`]);
  });

  test('the journal may gather while little is only in memory, and not when it has become much', async () => {
    const said: string[] = [];
    let landed = (_: string): void => undefined;
    const journal: JournalStore = {
      ...createMemoryStores(createManualClock()).journal,
      append: (_, take, mayWait) => {
        said.push(`${take()?.length} ${mayWait ? 'may wait' : 'now'}`);
        return new Promise((resolve) => {
          landed = resolve;
        });
      },
      hurry: () => said.push('hurry'),
    };
    const it = scene({ journal, window: { stanzas: 4_096, bytes: 1_000_000 } });
    it.up();
    const putMany = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++) it.put('k');
      await settle();
    };
    await putMany(2);
    await putMany(253);
    expect(said).toEqual(['4 may wait']);
    await putMany(3);
    expect(said).toEqual(['4 may wait', 'hurry']);
    landed('1-0');
    await settle();
    expect(said).toEqual(['4 may wait', 'hurry', '512 now']);
  });

  test('a journal that is away is pressure at half the window, and gets everything in order when it is back', async () => {
    const it = scene({ barrier: { everyStanzas: 1_000, everyMs: 1_000_000 } });
    it.state.away = true;
    it.up();
    it.put('k1', 'k2', 'k3');
    await settle();
    it.put('k4', 'k5');
    await settle();
    const pressure = it.wire.pressure();
    expect(pressure).toBeInstanceOf(Promise);
    expect(it.line.writes.join('')).toBe('k1;k2;k3;k4;k5;');
    it.state.away = false;
    await it.clock.advance(10_000);
    await pressure;
    expect(await it.stored()).toBe('k1;k2;k3;k4;k5;');
  });

  test('at the end a journal that has refused for long is asked at once: the server may be away', async () => {
    const it = scene();
    it.state.away = true;
    it.put('k1');
    await it.clock.advance(60_000);
    it.state.away = false;
    const settled = it.wire.settled(3_000);
    await it.clock.advance(1);
    expect(await it.stored()).toBe('k1;');
    await it.clock.advance(3_000);
    await settled;
  });

  test('what a dead worker left is sent first and removed once it is answered for', async () => {
    const it = scene();
    for (const text of ['k1;k2;', 'k3;']) await it.memory.append('d/dead', () => text);
    await it.memory.append('e/other', () => 'k9;');
    expect(await it.wire.recover()).toBe(2);
    it.put('k4');
    it.up();
    await settle();
    expect(it.line.writes.join('')).toBe('k1;k2;k3;k4;');
    expect(await it.stored('d/dead')).toBe('k1;k2;k3;');
    await it.clock.advance(250);
    it.line.arrive(9);
    await settle();
    expect(await it.memory.streams('d')).toEqual([]);
    expect(await it.stored('e/other')).toBe('k9;');
  });

  test('a journal that can not be trimmed or removed at the moment holds nothing up', async () => {
    const warned: unknown[] = [];
    const memory = createMemoryStores(createManualClock()).journal;
    await memory.append('d/dead', () => 'k1;');
    const refused = async (): Promise<never> => Promise.reject(new Error('away'));
    const it = scene({
      journal: { ...memory, trim: refused, remove: refused },
      log: { ...silentLog, warn: (_, what) => void warned.push(what) },
    });
    await it.wire.recover();
    it.up();
    it.put('k2');
    await settle();
    await it.clock.advance(250);
    it.line.arrive(9);
    await settle();
    expect(it.line.arrived).toEqual(['k1', 'k2']);
    expect(it.wire.held().bursts).toBe(0);
    expect(warned.sort()).toEqual(["a dead worker's journal could not be removed", 'the journal could not be trimmed']);
  });

  test('a barrier that fails though the stream is up is asked for again', async () => {
    const it = scene();
    const { line } = it;
    const barrier = line.barrier.bind(line);
    it.up();
    line.barrier = () => {
      line.barrier = barrier;
      return Promise.reject(new Error('not now'));
    };
    it.put('k1');
    await settle();
    for (let i = 0; i < 2; i++) await it.clock.advance(250);
    line.arrive(9);
    await settle();
    expect([line.asked, it.wire.held().bursts]).toEqual([1, 0]);
  });

  test('what an earlier life of ours left is sent first and trimmed, and what came after it stays', async () => {
    const it = scene();
    await it.memory.append('d/self', () => 'k1;');
    await it.memory.append('d/self', () => 'k2;');
    expect(await it.wire.recover(() => true)).toBe(2);
    it.up();
    await it.clock.advance(250);
    it.put('k3');
    await settle();
    expect(await it.stored()).toBe('k1;k2;k3;');
    it.line.arrive(3);
    await settle();
    expect(it.line.arrived).toEqual(['k1', 'k2']);
    expect(await it.stored()).toBe('k3;');
  });

  test('the living are left alone', async () => {
    const it = scene();
    await it.memory.append('d/living', () => 'k1;');
    expect(await it.wire.recover((stream) => stream !== 'd/living')).toBe(0);
  });

  test('settled resolves with the answer, or when the time is over', async () => {
    const it = scene();
    await it.wire.settled(1);
    it.up();
    it.put('k1');
    const answered = it.wire.settled(60_000);
    expect(it.line.writes).toEqual(['k1;']);
    it.line.arrive(9);
    await answered;
    it.put('k2');
    const late = it.wire.settled(5_000);
    await it.clock.advance(5_000);
    await late;
    expect(await it.stored()).toBe('k2;');
  });

  test('closing lets go of whoever waits', async () => {
    const it = scene();
    it.put(...Array.from({ length: 10 }, (_, i) => `p${i}`));
    const pressure = it.wire.pressure();
    it.wire.close();
    await pressure;
    expect(it.wire.pressure()).toBeUndefined();
  });
});
