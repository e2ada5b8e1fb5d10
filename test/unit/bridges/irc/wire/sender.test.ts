/** The sender: order, urgency, the bucket, back-pressure, and what becomes of lines that are never sent. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSender, type Priority, type Rate, type Sender } from '../../../../../bridges/irc/wire/sender.ts';
import { GatewayError } from '../../../../../src/core/errors.ts';
import { createManualClock, nextTurn } from './manual-clock.ts';

function setUp(rate?: Rate, maxQueued = 1000, accepts: () => boolean = () => true) {
  const clock = createManualClock();
  const writes: string[] = [];
  const sender = createSender({
    clock,
    rate,
    maxQueued,
    write(text) {
      writes.push(text);
      return accepts();
    },
  });
  return { clock, writes, sender, sent: () => writes.join('').split('\r\n').slice(0, -1) };
}
const away = new GatewayError('network-away');

describe('a turn of the loop', () => {
  test('is one write, however many lines', async () => {
    const { sender, writes } = setUp();
    for (const line of ['a', 'b', 'c']) sender.send(line, 2);
    expect(writes).toEqual([]);
    await nextTurn();
    expect(writes).toEqual(['a\r\nb\r\nc\r\n']);
    expect(sender.pending()).toBe(0);
  });
  test('urgent lines go first, and within an urgency the first comes first', async () => {
    const { sender, sent } = setUp();
    sender.send('m1', 2);
    sender.send('JOIN 1', 1);
    sender.send('m2', 2);
    sender.send('PONG', 0);
    sender.send('JOIN 2', 1);
    await nextTurn();
    expect(sent()).toEqual(['PONG', 'JOIN 1', 'JOIN 2', 'm1', 'm2']);
  });
  test('a write holds about 64 KiB at most', async () => {
    const { sender, writes } = setUp();
    for (let index = 0; index < 300; index++) sender.send('x'.repeat(500), 2);
    await nextTurn();
    expect(writes).toHaveLength(3);
    for (const text of writes) expect(text.length).toBeLessThan(65_536 + 512);
  });
  test('onWritten is called when the line was handed over, in order', async () => {
    const { sender, writes } = setUp();
    const told: string[] = [];
    sender.send('a', 2, (dropped) => told.push(`a ${dropped} ${writes.length}`));
    sender.send('b', 2, (dropped) => told.push(`b ${dropped} ${writes.length}`));
    await nextTurn();
    expect(told).toEqual(['a undefined 1', 'b undefined 1']);
  });
  test('what onWritten sends goes out too', async () => {
    const { sender, sent } = setUp();
    sender.send('a', 2, () => sender.send('b', 2));
    await nextTurn();
    expect(sent()).toEqual(['a', 'b']);
  });
});

describe('the bucket', () => {
  test('lets a burst pass, then one line at a time', async () => {
    const { sender, sent, clock } = setUp({ burst: 3, perSecond: 0.5 });
    for (let index = 0; index < 6; index++) sender.send(`m${index}`, 2);
    await nextTurn();
    expect(sent()).toEqual(['m0', 'm1', 'm2']);
    clock.advance(1999);
    expect(sent()).toHaveLength(3);
    clock.advance(1);
    expect(sent()).toHaveLength(4);
    clock.advance(2000);
    expect(sent()).toHaveLength(5);
    clock.advance(60_000);
    expect(sent()).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'm5']);
  });
  test('does not hold up PONG, nor is emptied by it', async () => {
    const { sender, sent } = setUp({ burst: 1, perSecond: 1 });
    sender.send('m0', 2);
    sender.send('m1', 2);
    await nextTurn();
    for (let index = 0; index < 50; index++) sender.send('PONG', 0);
    await nextTurn();
    expect(sent()).toHaveLength(51);
    expect(sender.pending()).toBe(1);
  });
  test('a JOIN that comes later overtakes messages that wait', async () => {
    const { sender, sent, clock } = setUp({ burst: 1, perSecond: 1 });
    for (const line of ['m0', 'm1', 'm2']) sender.send(line, 2);
    await nextTurn();
    sender.send('JOIN', 1);
    clock.advance(1000);
    expect(sent()).toEqual(['m0', 'JOIN']);
  });
  test('has one timer while lines wait, and none while idle', async () => {
    const { sender, clock } = setUp({ burst: 1, perSecond: 1 });
    expect(clock.waiting).toBe(0);
    for (const line of ['a', 'b', 'c']) sender.send(line, 2);
    await nextTurn();
    sender.send('d', 2);
    sender.send('PONG', 0);
    await nextTurn();
    expect(clock.waiting).toBe(1);
    clock.advance(10_000);
    expect(sender.pending()).toBe(0);
    expect(clock.waiting).toBe(0);
  });
  test('fills up to its burst and no further', async () => {
    const { sender, sent, clock } = setUp({ burst: 2, perSecond: 10 });
    clock.advance(3_600_000);
    for (let index = 0; index < 5; index++) sender.send(`m${index}`, 2);
    await nextTurn();
    expect(sent()).toHaveLength(2);
  });
  test('a line costs what the server counts from when it is known; what was spent stays so', async () => {
    const { sender, sent, clock } = setUp({ burst: 10, perSecond: 1 });
    for (const line of ['m0', 'm1']) sender.send(line, 2);
    await nextTurn();
    sender.setCost((bytes) => bytes);
    for (const line of ['1234', '1', '123456789012']) sender.send(line, 2);
    await nextTurn();
    expect(sent()).toEqual(['m0', 'm1', '1234']);
    clock.advance(999);
    expect(sent()).toHaveLength(3);
    clock.advance(1);
    expect(sent()).toHaveLength(4);
    // More than there can be: as soon as there is as much as there can be.
    clock.advance(9_999);
    expect(sent()).toHaveLength(4);
    clock.advance(1);
    expect(sent()).toHaveLength(5);
    sender.send('1', 2);
    await nextTurn();
    clock.advance(6_999);
    expect(sent()).toHaveLength(5);
    clock.advance(1);
    expect(sent()).toHaveLength(6);
  });
  test('a clock set back neither stalls nor floods', async () => {
    let now = 1_000_000;
    const writes: string[] = [];
    const timers: (() => void)[] = [];
    const after = (_: number, call: () => void) => {
      timers.push(call);
      return () => {};
    };
    const sender = createSender({
      clock: { now: () => now, after },
      rate: { burst: 1, perSecond: 1 },
      maxQueued: 10,
      write: (text) => writes.push(text) > 0,
    });
    for (const line of ['a', 'b', 'c']) sender.send(line, 2);
    await nextTurn();
    now -= 500_000;
    timers.shift()?.();
    expect(writes).toHaveLength(1);
    now += 1000;
    timers.shift()?.();
    expect(writes).toHaveLength(2);
  });
});

describe('back-pressure', () => {
  test('a full socket is left alone until it has drained', async () => {
    let accepts = false;
    const { sender, writes } = setUp(undefined, 1000, () => accepts);
    sender.send('a', 2);
    await nextTurn();
    sender.send('b', 2);
    sender.send('PONG', 0);
    await nextTurn();
    expect(writes).toEqual(['a\r\n']);
    accepts = true;
    sender.drained();
    await nextTurn();
    expect(writes).toEqual(['a\r\n', 'PONG\r\nb\r\n']);
  });
  test('drained without need does nothing', async () => {
    const { sender, writes } = setUp();
    sender.drained();
    await nextTurn();
    expect(writes).toEqual([]);
  });
  test('more than maxQueued is refused as queue-full', async () => {
    const { sender, sent } = setUp(undefined, 2);
    sender.send('a', 2);
    sender.send('b', 2);
    expect(() => sender.send('c', 0)).toThrow(expect.objectContaining({ code: 'queue-full' }));
    await nextTurn();
    sender.send('d', 2);
    await nextTurn();
    expect(sent()).toEqual(['a', 'b', 'd']);
  });
});

describe('lines that are not sent', () => {
  test('clear tells each why, and stops the timer', async () => {
    const { sender, sent, clock } = setUp({ burst: 1, perSecond: 1 });
    const told: unknown[] = [];
    for (const line of ['a', 'b', 'c']) sender.send(line, 2, (dropped) => told.push(dropped));
    await nextTurn();
    sender.clear(away);
    expect(told).toEqual([undefined, away, away]);
    expect(sender.pending()).toBe(0);
    expect(clock.waiting).toBe(0);
    clock.advance(60_000);
    expect(sent()).toEqual(['a']);
  });
  test('a line whose signal is aborted is dropped and takes no token', async () => {
    const { sender, sent, clock } = setUp({ burst: 1, perSecond: 1 });
    const control = new AbortController();
    const told: unknown[] = [];
    sender.send('a', 2);
    sender.send('b', 2, (dropped) => told.push(dropped?.code), control.signal);
    sender.send('c', 2);
    await nextTurn();
    control.abort(new Error('enough'));
    clock.advance(1000);
    expect(sent()).toEqual(['a', 'c']);
    expect(told).toEqual(['timed-out']);
  });
  test('works on after clear', async () => {
    const { sender, sent } = setUp({ burst: 1, perSecond: 1 });
    sender.send('a', 2);
    sender.send('b', 2);
    await nextTurn();
    sender.clear(away);
    sender.send('c', 0);
    await nextTurn();
    expect(sent()).toEqual(['a', 'c']);
  });
  test('after its end it refuses each line with the first reason', () => {
    const { sender } = setUp();
    const told: unknown[] = [];
    sender.send('a', 2, (dropped) => told.push(dropped));
    sender.end(away);
    sender.end(new GatewayError('bug'));
    expect(told).toEqual([away]);
    expect(() => sender.send('b', 0)).toThrow(away);
    expect(sender.pending()).toBe(0);
  });
  test('held, it writes nothing before the first drained', async () => {
    const clock = createManualClock();
    const writes: string[] = [];
    const sender = createSender({
      clock,
      rate: undefined,
      maxQueued: 10,
      held: true,
      write: (text) => writes.push(text) > 0,
    });
    sender.send('a', 0);
    sender.send('b', 2);
    await nextTurn();
    expect(writes).toEqual([]);
    sender.drained();
    await nextTurn();
    expect(writes).toEqual(['a\r\nb\r\n']);
  });
  test('a bucket of less than one line still lets one pass', async () => {
    const { sender, sent, clock } = setUp({ burst: 0, perSecond: 1 });
    sender.send('a', 2);
    sender.send('b', 2);
    await nextTurn();
    clock.advance(1000);
    expect(sent()).toEqual(['a', 'b']);
  });
});

test('any mix: each line is sent once, in order within its urgency, never faster than the rate', async () => {
  const step = fc.oneof(
    fc.record({ send: fc.constantFrom<Priority>(0, 1, 2, 3) }),
    fc.record({ advance: fc.integer({ min: 0, max: 3000 }) }),
    fc.constant({ drained: true as const }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 40 }),
      fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
      async (steps, answers) => {
        let asked = 0;
        const { sender, sent, clock } = setUp(
          { burst: 3, perSecond: 1 },
          1000,
          () => answers[asked++ % answers.length] ?? true,
        );
        const started = clock.now();
        const expected: string[][] = [[], [], [], []];
        for (const one of steps) {
          if ('send' in one) queue(sender, expected, one.send);
          else if ('advance' in one) clock.advance(one.advance);
          else sender.drained();
          await nextTurn();
          const paced = sent().filter((line) => !line.startsWith('0'));
          expect(paced.length).toBeLessThanOrEqual(3 + (clock.now() - started) / 1000);
        }
        for (let round = 0; sender.pending() > 0 && round < 500; round++) {
          sender.drained();
          await nextTurn();
          clock.advance(1000);
        }
        for (const priority of [0, 1, 2, 3])
          expect(sent().filter((line) => line.startsWith(`${priority}`))).toEqual(expected[priority]);
      },
    ),
    { numRuns: 300 },
  );
});

function queue(sender: Sender, expected: string[][], priority: Priority): void {
  const lane = expected[priority] ?? [];
  const line = `${priority} ${lane.length}`;
  lane.push(line);
  sender.send(line, priority);
}
