/** A worker's way to XMPP: everything into the journal, in order, whatever happens to the journal. */
import { expect, test } from 'vitest';
import { createRelayWire } from '../../../src/delivery/relay-wire.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { createMemoryStores } from '../../harness/memory-stores.ts';
import { silentLog } from '../../harness/silent-log.ts';

const stream = 'net.test/worker-a';

function setUp() {
  const clock = createManualClock();
  const { journal } = createMemoryStores(clock);
  const state = { away: false, appends: 0 };
  const failing = {
    ...journal,
    async append(name: string, take: () => string | undefined) {
      state.appends++;
      if (state.away) throw new Error('away');
      return journal.append(name, take);
    },
  };
  const wire = createRelayWire({ journal: failing, stream, clock, log: silentLog });
  const written = async () => (await journal.after(stream, undefined, 1_000)).map(({ text }) => text).join('');
  return { clock, wire, state, written };
}

test('what is put in one turn goes out with one append, in order', async () => {
  const { wire, state, written, clock } = setUp();
  for (const text of ['<a/>', '<b/>', '<c/>']) wire.put(text);
  await clock.advance(0);
  expect(await written()).toBe('<a/><b/><c/>');
  expect(state.appends).toBe(1);
});

test('behind more than a server may read at once come as many blanks as the longest stanza has', async () => {
  const { wire, written, clock } = setUp();
  const [short, long] = [`<a>${'x'.repeat(300)}</a>`, `<a>${'x'.repeat(600)}</a>`];
  for (const text of [short, long, short]) wire.put(text);
  await clock.advance(0);
  const first = `${short}${long}${short}${' '.repeat(long.length)}`;
  expect(await written()).toBe(first);
  wire.put(short);
  await clock.advance(0);
  expect(await written()).toBe(first + short);
});

test('while the journal is away it is kept, and written in order when it is back', async () => {
  const { wire, state, written, clock } = setUp();
  state.away = true;
  wire.put('<a/>');
  await clock.advance(1_000);
  wire.put('<b/>');
  expect(await written()).toBe('');
  state.away = false;
  await clock.advance(10_000);
  expect(await written()).toBe('<a/><b/>');
});

test('what a journal has taken and refused all the same is written with what came meanwhile', async () => {
  const clock = createManualClock();
  const { journal } = createMemoryStores(clock);
  let refusals = 2;
  const append = async (name: string, take: () => string | undefined) => {
    const text = take();
    if (refusals-- > 0) throw new Error('it was full');
    return journal.append(name, () => text);
  };
  const wire = createRelayWire({ journal: { ...journal, append }, stream, clock, log: silentLog });
  for (const text of ['<a/>', '<b/>', '<c/>']) {
    wire.put(text);
    await clock.advance(1);
  }
  await clock.advance(10_000);
  expect((await journal.after(stream, undefined, 9)).map(({ text }) => text)).toEqual(['<a/><b/><c/>']);
});

test('an edge of which nobody can say how far it is holds nothing back', async () => {
  const clock = createManualClock();
  const { journal } = createMemoryStores(clock);
  let asked = 0;
  const length = async (): Promise<number> => {
    if (asked++ > 0) throw new Error('away');
    return 20_000;
  };
  const wire = createRelayWire({ journal: { ...journal, length }, stream, clock, log: silentLog });
  wire.put('<a/>');
  await clock.advance(1);
  const pressure = wire.pressure();
  expect(pressure).toBeInstanceOf(Promise);
  await clock.advance(1_000);
  await pressure;
  expect(wire.pressure()).toBeUndefined();
});

test('whoever waits for it at the end has a journal asked that has refused for long', async () => {
  const { wire, state, written, clock } = setUp();
  state.away = true;
  wire.put('<a/>');
  await clock.advance(60_000);
  state.away = false;
  const settled = wire.settled(3_000);
  await clock.advance(1);
  await settled;
  expect(await written()).toBe('<a/>');
});

test('over the window it presses back, and lets go when there is room', async () => {
  const { wire, state, clock } = setUp();
  state.away = true;
  expect(wire.pressure()).toBeUndefined();
  wire.put('x'.repeat(4 * 1_048_576));
  const pressure = wire.pressure();
  expect(pressure).toBeInstanceOf(Promise);
  expect(wire.pressure()).toBe(pressure);
  state.away = false;
  await clock.advance(10_000);
  await pressure;
  expect(wire.pressure()).toBeUndefined();
});

test('settled when everything is in the journal', async () => {
  const { wire, written } = setUp();
  wire.put('<a/>');
  wire.put('<b/>');
  await wire.settled(3_000);
  expect(await written()).toBe('<a/><b/>');
});

test('settled waits no longer than it is told, and closing lets everybody go', async () => {
  const { wire, state, clock } = setUp();
  state.away = true;
  wire.put('x'.repeat(5 * 1_048_576));
  let settled = false;
  const settling = wire.settled(3_000).then(() => {
    settled = true;
  });
  await clock.advance(2_900);
  expect(settled).toBe(false);
  await clock.advance(100);
  await settling;
  const pressure = wire.pressure();
  wire.close();
  await pressure;
  expect(wire.pressure()).toBeUndefined();
});

test('an edge that does not read holds back what comes, until it reads again', async () => {
  const clock = createManualClock();
  const { journal } = createMemoryStores(clock);
  const state = { length: 20_000 };
  const wire = createRelayWire({
    journal: { ...journal, length: async () => state.length },
    stream,
    clock,
    log: silentLog,
  });
  wire.put('<a/>');
  await clock.advance(1);
  const pressure = wire.pressure();
  expect(pressure).toBeInstanceOf(Promise);
  await clock.advance(5_000);
  expect(wire.pressure()).toBe(pressure);
  state.length = 100;
  await clock.advance(1_000);
  await pressure;
  expect(wire.pressure()).toBeUndefined();
});

test('what is put while an append is under way counts for the window', async () => {
  const clock = createManualClock();
  const { journal } = createMemoryStores(clock);
  let landing = Promise.withResolvers<void>();
  const slow = {
    ...journal,
    append: async (name: string, take: () => string | undefined) => {
      const text = take();
      await landing.promise;
      return journal.append(name, () => text);
    },
  };
  const wire = createRelayWire({ journal: slow, stream, clock, log: silentLog });
  const half = 'x'.repeat(2 * 1_048_576);
  wire.put(half);
  await clock.advance(0);
  wire.put(half);
  const first = landing;
  landing = Promise.withResolvers();
  first.resolve();
  await clock.advance(0);
  expect(wire.pressure()).toBeUndefined();
  wire.put(half);
  expect(wire.pressure()).toBeInstanceOf(Promise);
  landing.resolve();
  await clock.advance(0);
});
