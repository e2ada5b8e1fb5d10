/** Lingering: how long a room is kept for clients that lost their connection. */
import { expect, test, vi } from 'vitest';
import { createStays } from '../../../src/accounts/stays.ts';
import { chatId } from '../../../src/core/ids.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

const verona = chatId('#verona');
const phone = 'romeo@montague.lit/phone';
const desk = 'romeo@montague.lit/desk';

function setUp(lingerMs: number | undefined = 300_000) {
  const clock = createManualClock();
  const onOver = vi.fn();
  return { clock, onOver, stays: createStays({ clock, lingerMs, onOver }) };
}

test('a room is given up when the time of the last client that went away is over', async () => {
  const { clock, onOver, stays } = setUp();
  stays.wentAway(verona, phone);
  await clock.advance(200_000);
  stays.wentAway(verona, desk);
  await clock.advance(299_999);
  expect(onOver).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(onOver).toHaveBeenCalledExactlyOnceWith(verona);
  expect(stays.since(verona, phone)).toBeUndefined();
});

test('a client that was never there ends the wait of its other resources, one of which it may be', async () => {
  const { clock, onOver, stays } = setUp();
  stays.wentAway(verona, phone);
  stays.wentAway(verona, desk);
  stays.cameBack(verona, 'romeo@montague.lit/tablet');
  expect(stays.of(verona)).toEqual({});
  await clock.advance(1_000_000);
  expect(onOver).not.toHaveBeenCalled();
  expect(clock.waiting).toBe(0);
});

test('a client that was there before is itself: others that were lost are waited for', async () => {
  const { clock, onOver, stays } = setUp();
  const start = clock.now();
  stays.wentAway(verona, desk);
  expect(stays.left(verona, desk)).toBe(true);
  stays.wentAway(verona, phone);
  stays.cameBack(verona, desk);
  expect(stays.of(verona)).toEqual({ [phone]: start });
  stays.wentAway(verona, desk);
  expect(stays.left(verona, desk)).toBe(false);
  await clock.advance(300_000);
  expect(onOver).toHaveBeenCalledOnce();
  stays.forget(verona);
  stays.wentAway(verona, phone);
  stays.cameBack(verona, desk);
  expect(stays.of(verona)).toEqual({});
});

test('a client that has left and comes again missed nothing that another one of its user misses', async () => {
  const { clock, stays } = setUp();
  stays.wentAway(verona, desk);
  expect(stays.left(verona, desk)).toBe(true);
  await clock.advance(100_000);
  stays.wentAway(verona, phone);
  expect(stays.since(verona, desk)).toBeUndefined();
  expect(stays.since(verona, phone)).toBe(clock.now());
  expect(stays.since(verona, 'romeo@montague.lit/tablet')).toBe(clock.now());
});

test('who is lost again before it was let in misses all since the first time, and is waited for as long as ever', async () => {
  const { clock, onOver, stays } = setUp();
  const start = clock.now();
  stays.wentAway(verona, phone);
  await clock.advance(200_000);
  stays.wentAgain(verona, phone);
  expect(stays.since(verona, phone)).toBe(start);
  expect(stays.of(verona)).toEqual({ [phone]: start + 200_000 });
  expect(stays.wentAt(verona, phone)).toBe(start + 200_000);
  stays.wentAgain(verona, desk);
  expect(stays.since(verona, desk)).toBe(start);
  await clock.advance(299_999);
  expect(onOver).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(onOver).toHaveBeenCalledOnce();
});

test('who was lost before it was ever let in has missed nothing yet, nor has who comes in its place', () => {
  const { stays } = setUp();
  stays.wentAgain(verona, phone);
  expect([phone, desk].map((client) => stays.since(verona, client))).toEqual([undefined, undefined]);
  expect(stays.isAway(verona, phone)).toBe(true);
});

test('somebody else coming back leaves the wait as it is', async () => {
  const { clock, onOver, stays } = setUp();
  stays.wentAway(verona, phone);
  stays.cameBack(verona, 'juliet@capulet.lit/balcony');
  await clock.advance(300_000);
  expect(onOver).toHaveBeenCalledOnce();
});

test('a client that leaves takes none of the others along, and the wait is that of those who are left', async () => {
  const { clock, onOver, stays } = setUp();
  stays.wentAway(verona, phone);
  await clock.advance(100_000);
  stays.wentAway(verona, desk);
  expect(stays.left(verona, desk)).toBe(false);
  await clock.advance(199_999);
  expect(onOver).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(onOver).toHaveBeenCalledOnce();
  stays.wentAway(verona, desk);
  expect(stays.left(verona, desk)).toBe(true);
  expect(stays.left(verona, phone)).toBe(true);
  expect(clock.waiting).toBe(0);
});

test('what was missed is counted from its own departure, else from the earliest of the same person', async () => {
  const { clock, stays } = setUp();
  const start = clock.now();
  stays.wentAway(verona, phone);
  await clock.advance(1000);
  stays.wentAway(verona, desk);
  expect(stays.since(verona, desk)).toBe(start + 1000);
  expect(stays.since(verona, 'romeo@montague.lit/new')).toBe(start);
  expect(stays.since(verona, 'juliet@capulet.lit/balcony')).toBeUndefined();
  expect(stays.since(chatId('#mantua'), phone)).toBeUndefined();
});

test('without an end nobody is ever given up, and the departure is still known', async () => {
  const clock = createManualClock();
  const onOver = vi.fn();
  const stays = createStays({ clock, lingerMs: undefined, onOver });
  stays.wentAway(verona, phone);
  await clock.advance(1e10);
  expect(onOver).not.toHaveBeenCalled();
  expect(stays.since(verona, phone)).toBeDefined();
});

test('of all who ever went from a room that is kept for good those who went last are waited for', () => {
  const stays = createStays({ clock: createManualClock(), lingerMs: undefined, onOver: vi.fn() });
  for (let at = 0; at < 1_500; at++) stays.wentAway(verona, `guest${at}@capulet.lit/hall`);
  stays.wentAway(verona, 'guest700@capulet.lit/hall');
  stays.wentAway(verona, phone);
  const waitedFor = Object.keys(stays.of(verona));
  expect(waitedFor).toHaveLength(1_000);
  expect(waitedFor.slice(-2)).toEqual(['guest700@capulet.lit/hall', phone]);
});

test('a restored wait ends when it would have ended', async () => {
  const { clock, onOver, stays } = setUp();
  stays.restore(verona, { [phone]: clock.now() - 299_000 });
  stays.restore(chatId('#empty'), {});
  await clock.advance(999);
  expect(onOver).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(onOver).toHaveBeenCalledExactlyOnceWith(verona);
});

test('closing leaves no timer behind', () => {
  const { clock, stays } = setUp();
  stays.wentAway(verona, phone);
  stays.close();
  expect(clock.waiting).toBe(0);
});

test('a room that its owner keeps is not given up; once it is not kept any more, the time that has passed counts', async () => {
  const clock = createManualClock();
  const onOver = vi.fn();
  const kept = new Set([verona]);
  const stays = createStays({ clock, lingerMs: 300_000, onOver, forGood: (chat) => kept.has(chat) });
  stays.wentAway(verona, phone);
  await clock.advance(200_000);
  kept.clear();
  stays.rearm();
  await clock.advance(99_999);
  expect(onOver).not.toHaveBeenCalled();
  await clock.advance(1);
  expect(onOver).toHaveBeenCalledExactlyOnceWith(verona);
});

test('what becomes kept while its time runs is not given up', async () => {
  const clock = createManualClock();
  const onOver = vi.fn();
  const kept = new Set<string>();
  const stays = createStays({ clock, lingerMs: 300_000, onOver, forGood: (chat) => kept.has(chat) });
  stays.wentAway(verona, phone);
  kept.add(verona);
  stays.rearm();
  await clock.advance(1_000_000);
  expect(onOver).not.toHaveBeenCalled();
  expect(clock.waiting).toBe(0);
});
