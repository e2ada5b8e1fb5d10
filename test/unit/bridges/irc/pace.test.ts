/** How connections to one server are paced, on a clock that the test moves. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPace, isComplaint, type Permit } from '../../../../bridges/irc/pace.ts';
import { queueText } from '../../../../bridges/irc/supervise.ts';
import { createManualClock, settle } from '../../../harness/manual-clock.ts';

const never = new AbortController().signal;
const minute = 60_000;

function start(perServerPerMinute: number, perServer: number) {
  const clock = createManualClock();
  const pace = createPace({ perServerPerMinute, perServer }, clock);
  const opened: number[] = [];
  const permits: Permit[] = [];
  const told: [number, number, number | undefined][] = [];
  const ask = (who: number, signal: AbortSignal = never) =>
    pace
      .acquire(signal, (place, waitMs) => told.push([who, place, waitMs]))
      .then((permit) => {
        opened.push(who);
        permits.push(permit);
      });
  return { clock, pace, opened, permits, told, ask };
}

describe('pace', () => {
  test('first come, first served, never more in a minute than allowed, nor in bursts', async () => {
    const { clock, opened, ask } = start(30, 500);
    const all = Array.from({ length: 100 }, (_, at) => ask(at));
    await settle();
    expect(opened).toEqual([0, 1, 2, 3, 4]);
    await clock.advance(10_000);
    expect(opened).toHaveLength(10);
    await clock.advance(49_999);
    expect(opened).toHaveLength(30);
    await clock.advance(3 * minute);
    await Promise.all(all);
    expect(opened).toEqual(Array.from({ length: 100 }, (_, at) => at));
  });

  test('a clock that is set back keeps nobody waiting for longer, and lets nobody hurry', async () => {
    const { clock, pace, opened, ask } = start(30, 500);
    for (let at = 0; at < 5; at++) void ask(at);
    await settle();
    pace.slower();
    clock.jump(-86_400_000);
    for (let at = 5; at < 20; at++) void ask(at);
    await settle();
    expect(opened).toHaveLength(10);
    await clock.advance(2 * minute);
    expect(opened).toHaveLength(20);
  });

  test('no more held than allowed; a release lets the next in, twice released counts once', async () => {
    const { opened, permits, ask } = start(100_000, 2);
    for (let at = 0; at < 5; at++) void ask(at);
    await settle();
    expect(opened).toEqual([0, 1]);
    permits[0]?.release();
    permits[0]?.release();
    await settle();
    expect(opened).toEqual([0, 1, 2]);
  });

  test('who waits is told the place at once and again each half minute', async () => {
    const { clock, told, ask } = start(6, 500);
    for (let at = 0; at < 4; at++) void ask(at);
    await settle();
    expect(told.map(([who, place]) => [who, place])).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    await clock.advance(29_000);
    expect(told).toHaveLength(3);
    await clock.advance(1000);
    expect(told.slice(3).map(([who, place]) => [who, place])).toEqual([[3, 1]]);
    void ask(4);
    expect(told.at(-1)?.slice(0, 2)).toEqual([4, 1]);
  });

  test('a wait of a moment is not told, one for a place that nobody gives up is', async () => {
    const { clock, told, opened, ask } = start(60, 500);
    for (let who = 0; who < 10; who++) void ask(who);
    await clock.advance(8000);
    void ask(10);
    expect(opened).toHaveLength(10);
    await clock.advance(2000);
    expect(opened).toHaveLength(11);
    expect(told).toEqual([]);
    const full = start(60, 1);
    void full.ask(0);
    void full.ask(1);
    expect(full.told.map(([who, place]) => [who, place])).toEqual([[1, 1]]);
  });

  test('where all connections are held no time is named, and nobody is told the same twice', async () => {
    const { clock, told, permits, opened, ask } = start(60, 1);
    for (let at = 0; at < 3; at++) void ask(at);
    await settle();
    const full: readonly unknown[] = [
      [1, 1, undefined],
      [2, 2, undefined],
    ];
    expect(told).toEqual(full);
    await clock.advance(10 * minute);
    expect(told).toEqual(full);
    permits[0]?.release();
    await clock.advance(minute / 2);
    expect(opened).toEqual([0, 1]);
    expect(told).toEqual([...full, [2, 1, undefined]]);
  });

  test('who gives up leaves the queue', async () => {
    const { clock, opened, ask } = start(6, 500);
    const giving = new AbortController();
    void ask(0);
    const gone = ask(1, giving.signal);
    void ask(2);
    giving.abort(new Error('enough'));
    await expect(gone).rejects.toThrow('enough');
    await clock.advance(10_000);
    expect(opened).toEqual([0, 2]);
    await expect(ask(3, giving.signal)).rejects.toThrow('enough');
  });

  test("a server's complaint slows us down, each one twice as much, and is forgiven in time", async () => {
    const { clock, pace, opened, ask } = start(60, 500);
    pace.slower();
    const first = ask(0);
    await clock.advance(29_999);
    expect(opened).toEqual([]);
    await clock.advance(1);
    await first;
    for (let at = 1; at < 200; at++) void ask(at);
    await clock.advance(60_000);
    const inOneMinute = opened.length;
    expect(inOneMinute).toBeLessThan(45);
    pace.slower();
    await clock.advance(59_000);
    expect(opened.length).toBe(inOneMinute);
    await clock.advance(20 * minute);
    expect(opened.length).toBe(200);
  });

  test('off opens at once, but not for who has gone', async () => {
    const pace = createPace('off', createManualClock());
    const told: number[] = [];
    await Promise.all(Array.from({ length: 1000 }, () => pace.acquire(never, (place) => told.push(place))));
    pace.slower();
    expect(told).toEqual([]);
    await expect(pace.acquire(AbortSignal.abort(new Error('gone')), () => {})).rejects.toThrow('gone');
  });

  test('any order of asking, releasing, giving up and complaining keeps the limits and serves everybody in the end', async () => {
    const steps = fc.array(fc.constantFrom('ask', 'release', 'abort', 'slower', 'second', 'minute'), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (all, rate, most) => {
          const { clock, pace, permits, ask } = start(rate, most);
          const givers: AbortController[] = [];
          const times: number[] = [];
          let held = 0;
          let settled = 0;
          let asked = 0;
          const release = async () => {
            permits.shift()?.release();
            held = Math.max(0, held - 1);
            await settle();
          };
          for (const step of all) {
            if (step === 'ask') {
              const giver = new AbortController();
              givers.push(giver);
              asked++;
              ask(asked, giver.signal).then(
                () => {
                  times.push(clock.now());
                  held++;
                  settled++;
                },
                () => settled++,
              );
              await settle();
            } else if (step === 'release') await release();
            else if (step === 'abort') givers.shift()?.abort(new Error('gone'));
            else if (step === 'slower') pace.slower();
            else await clock.advance(step === 'second' ? 1000 : minute);
            expect(held).toBeLessThanOrEqual(most);
            for (const [at, time] of times.entries()) {
              const before = times[at - rate];
              if (before !== undefined) expect(time - before).toBeGreaterThanOrEqual(minute);
            }
          }
          for (let left = 0; left < 200 && settled < asked; left++) {
            await release();
            await clock.advance(20 * minute);
          }
          expect(settled).toBe(asked);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('what servers say', () => {
  test.each([
    'Closing Link: a[b] (Throttled: Reconnecting too fast)',
    'Trying to reconnect too fast.',
    'Too many connections from your IP',
    'Closing Link: (K-Lined)',
    'Closing Link: x (Z-lined)',
    'You are banned from this server',
    'No more connections allowed from your host via this connect class (local)',
    'Session limit exceeded',
  ])('a complaint: %s', (text) => expect(isComplaint(text)).toBe(true));
  test.each(['Closing Link: a (Quit: bye)', 'Ping timeout: 240 seconds', 'Server shutdown', ''])('none: %s', (text) =>
    expect(isComplaint(text)).toBe(false),
  );

  test.each([
    [37, 120_000, 'You are number 37 in the queue for irc.libera.chat; about 2 minutes.'],
    [1, 60_000, 'You are number 1 in the queue for irc.libera.chat; about a minute.'],
    [2, 2000, 'You are number 2 in the queue for irc.libera.chat; less than a minute.'],
    [
      3,
      undefined,
      'This gateway has as many connections to irc.libera.chat as it may have; you are number 3 of those who wait for one to end.',
    ],
  ])('place %i', (place, waitMs, text) => expect(queueText('irc.libera.chat', place, waitMs)).toBe(text));
});
