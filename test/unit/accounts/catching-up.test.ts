/** Gaps and what lies before the start, over a network in memory that remembers and a real archive. */
import { expect, test, vi } from 'vitest';
import { GatewayError } from '../../../src/core/errors.ts';
import { chatId, messageId } from '../../../src/core/ids.ts';
import { textIn } from '../../../src/gateway/relearn.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { type History, juliet, setUp, verona } from './gaps.ts';

test('313-09 after an outage what was missed is told, oldest first, once, and archived in its place', async () => {
  const { says, enters, catching, told, kept } = await setUp();
  await enters();
  await says('one', true);
  catching.lost();
  await says('two');
  await says('three');
  await enters();
  expect(told).toEqual(['two', 'three']);
  await enters();
  catching.lost();
  await enters();
  expect(told).toEqual(['two', 'three']);
  expect(await kept()).toEqual(['one', 'two', 'three']);
});

test('MSG-01 conversations of two: what came behind the last that is kept, in order; none is begun; a failure is made up for', async () => {
  const { world, clock, catching, told, history, says } = await setUp();
  const [known, unknown] = [verona, chatId('#mantua')];
  world.join(juliet, unknown);
  world.say(juliet, unknown, 'nobody asked');
  await says('one', true);
  catching.lost();
  await says('two');
  await says('stop');
  await says('three');
  const after = history.after?.bind(history);
  let failures = 2;
  Object.assign(history, {
    conversations: () => [unknown, known],
    after: async (...asked: Parameters<NonNullable<History['after']>>) => {
      if (failures-- > 0) throw new GatewayError('network-away');
      return after?.(...asked) ?? [];
    },
  });
  catching.connected();
  await settle();
  expect(told).toEqual([]);
  await clock.advance(10_000);
  await settle();
  expect(told).toEqual(['two', 'three']);
  catching.connected();
  await settle();
  catching.lost();
  catching.connected();
  await settle();
  expect(told).toEqual(['two', 'three']);
});

test('MSG-01 where the network says who has spoken: what is missing of each, of new ones from when we were there last; what it can not say now it is asked again', async () => {
  const { world, clock, catching, told, history, says } = await setUp();
  const [known, fresh, old] = [verona, chatId('#mantua'), chatId('#tomb')];
  for (const chat of [fresh, old]) world.join(juliet, chat);
  world.say(juliet, old, 'long ago');
  const longAgo = clock.now();
  await clock.advance(600_000);
  const asked: number[] = [];
  let failures = 1;
  const spoken = async (since: number) => {
    asked.push(since);
    if (failures-- > 0) throw new GatewayError('network-away');
    const now = clock.now();
    return [
      { chat: known, at: now },
      { chat: fresh, at: now },
      { chat: old, at: longAgo },
    ];
  };
  Object.assign(history, { spokenSince: spoken });
  catching.connected();
  await settle();
  expect([told, asked]).toEqual([[], [clock.now() - 30 * 86_400_000]]);
  await says('one', true);
  const heard = clock.now();
  catching.lost();
  failures = 1;
  await says('two');
  world.say(juliet, fresh, 'to you alone');
  catching.connected();
  await settle();
  catching.lost();
  expect(told).toEqual([]);
  await clock.advance(300_000);
  catching.connected();
  await settle();
  expect(told).toEqual(['two', 'to you alone']);
  expect(asked.slice(1)).toEqual([heard - 60_000, heard - 60_000]);
});

test('MSG-01 a conversation that was not reached before the session was lost is caught up with in the next', async () => {
  const { world, clock, catching, told, history, says, state } = await setUp();
  const [known, fresh] = [verona, chatId('#mantua')];
  world.join(juliet, fresh);
  const spokeAt = new Map<typeof known, number>();
  const spokenSince = async (since: number) =>
    [...spokeAt].map(([chat, at]) => ({ chat, at })).filter(({ at }) => at >= since);
  await says('one', true);
  catching.lost();
  await says('two');
  world.say(juliet, fresh, 'to you alone');
  for (const chat of [known, fresh]) spokeAt.set(chat, clock.now());
  const after: History['after'] = async (...asked) => {
    const events = await world.history.after(...asked);
    await says('live', true);
    state.session = undefined;
    return events;
  };
  Object.assign(history, { spokenSince, after });
  await clock.advance(600_000);
  catching.connected();
  await vi.waitFor(() => expect(told).toEqual(['two']));
  catching.lost();
  Object.assign(state, { session: { history: { ...world.history, spokenSince } } });
  catching.connected();
  await vi.waitFor(() => expect(told).toEqual(['two', 'to you alone']));
});

test('MSG-01 356-24 of two our own words are not told, as a password may be among them', async () => {
  const { catching, told, history, says } = await setUp();
  await says('one', true);
  catching.lost();
  await says('two');
  await says('three');
  const after = history.after?.bind(history);
  Object.assign(history, {
    conversations: () => [verona],
    after: async (...asked: Parameters<NonNullable<History['after']>>) =>
      ((await after?.(...asked)) ?? []).map((event) => {
        const isTheirs = event.kind === 'message' && event.content.text?.plain === 'three';
        return { ...event, direct: true, by: isTheirs ? verona : juliet };
      }),
  });
  catching.connected();
  await settle();
  expect(told).toEqual(['three']);
});

test('313-09 where nothing is kept of a room its last messages are fetched, as many as the network says, once', async () => {
  const { says, enters, catching, told, kept, history } = await setUp({ keptSince: 0 });
  for (const text of ['one', 'two', 'three']) await says(text);
  await enters();
  expect(told).toEqual([]);
  catching.lost();
  Object.assign(history, { atFirst: 2 });
  await enters();
  expect(told).toEqual(['two', 'three']);
  catching.lost();
  await says('four');
  await enters();
  expect(told).toEqual(['two', 'three', 'four']);
  expect(await kept()).toEqual(['two', 'three', 'four']);
});

test('what is older than anything that is kept is not fetched for it', async () => {
  const { says, enters, told, history } = await setUp({ keptSince: Number.MAX_SAFE_INTEGER });
  Object.assign(history, { atFirst: 10 });
  await says('long ago');
  await enters();
  expect(told).toEqual([]);
});

test('a past without names: told once after a restart too, however long it is', async () => {
  const { says, enters, begin, catching, told, kept, history, world, clock } = await setUp();
  let asked = 0;
  history.after = async (chat, from, max) => {
    if (typeof from !== 'number') throw new GatewayError('network-cannot');
    const all = (await world.history.after(chat, from, 5_000)).slice(0, max);
    return all.map((event) => {
      if (event.kind !== 'message') return event;
      return { ...event, ref: { id: messageId(`~${asked++}`), part: 0 }, unnamed: true };
    });
  };
  await enters();
  await says('hello', true);
  await says('hello', true);
  catching.lost();
  await says('hello');
  for (let n = 0; n < 150; n++) await says(`line ${n}`);
  const missed = ['hello', ...Array.from({ length: 150 }, (_, n) => `line ${n}`)];
  await enters();
  expect(told).toEqual(missed);
  await clock.advance(120_000);
  const again: (string | undefined)[] = [];
  const next = begin((rows) => again.push(...rows.map(textIn)));
  next.entered(verona);
  await next.settled(verona, 5_000);
  expect(again).toEqual([]);
  expect(await kept()).toEqual(['hello', 'hello', ...missed]);
});

test('MSG-09 what came live while the gap was being fetched is not told again', async () => {
  const { says, enters, catching, told, kept, history, world } = await setUp();
  await enters();
  await says('one', true);
  catching.lost();
  await says('two');
  let isLater = false;
  history.after = async (...asked) => {
    if (!isLater) await says('three', true);
    isLater = true;
    return world.history.after(...asked);
  };
  await enters();
  expect(told).toEqual(['two']);
  expect(await kept()).toEqual(['one', 'two', 'three']);
});

test('MSG-09 nor is it where the network has no names', async () => {
  const { says, enters, catching, told, kept, history, world } = await setUp();
  let asked = 0;
  let isLater = false;
  history.after = async (chat, from, max) => {
    if (typeof from !== 'number') throw new GatewayError('network-cannot');
    if (!isLater) await says('two', true);
    isLater = true;
    const all = await world.history.after(chat, from, max);
    return all.map((event) =>
      event.kind === 'message' ? { ...event, ref: { id: messageId(`~${asked++}`), part: 0 }, unnamed: true } : event,
    );
  };
  await enters();
  await says('two', true);
  catching.lost();
  await says('two');
  await enters();
  expect(told).toEqual(['two']);
  expect(await kept()).toEqual(['two', 'two', 'two']);
});

test('after a restart the gap begins at the newest row of the archive', async () => {
  const first = await setUp();
  for (const text of ['one', 'two']) await first.says(text, true);
  await first.clock.advance(120_000);
  for (const text of ['three', 'four']) await first.says(text);
  const told: (string | undefined)[] = [];
  const again = first.begin((rows) => void told.push(...rows.map(textIn)));
  again.entered(verona);
  await again.settled(verona, 5_000);
  expect(told).toEqual(['three', 'four']);
});

test('a room of which nothing is known has no gap, and a network without a past is asked nothing', async () => {
  const { says, enters, catching, told, state } = await setUp();
  await says('before us');
  await enters();
  expect(told).toEqual([]);
  catching.lost(verona);
  state.session = undefined;
  await enters();
  expect(await catching.older(verona, 10)).toBe(0);
});

test('a gap is bounded: the oldest ten thousand, by hundreds', async () => {
  const { says, enters, catching, told, world, history } = await setUp();
  await enters();
  await says('one', true);
  catching.lost();
  for (let n = 0; n < 10_250; n++) world.say(juliet, verona, `${n}`);
  const after = vi.fn(history.after);
  history.after = after;
  await enters();
  expect(told).toHaveLength(10_000);
  expect([told[0], told.at(-1)]).toEqual(['0', '9999']);
  expect(after).toHaveBeenCalledTimes(100);
});

test('MSG-09 a gap that was being told when the session was lost is gone on with, whatever was said meanwhile', async () => {
  const { says, enters, catching, told, world, history, kept } = await setUp();
  await enters();
  await says('one', true);
  catching.lost();
  for (let n = 0; n < 250; n++) world.say(juliet, verona, `${n}`);
  let asked = 0;
  history.after = async (chat, from, max) => {
    if (asked++ > 0) throw new GatewayError('network-away');
    return world.history.after(chat, from, max);
  };
  await enters();
  await says('live', true);
  expect(told).toHaveLength(100);
  catching.lost();
  history.after = world.history.after;
  await says('two');
  await enters();
  const all = Array.from({ length: 250 }, (_, n) => `${n}`);
  expect(told).toEqual([...all, 'two']);
  expect((await kept())?.sort()).toEqual(['one', ...all, 'live', 'two'].sort());
  catching.lost();
  await says('three');
  await enters();
  expect(told).toEqual([...all, 'two', 'three']);
});

test('a message that the network has forgotten is found by its time; where both fail nobody is the worse', async () => {
  const { says, enters, catching, told, world, history } = await setUp();
  await enters();
  await says('one', true);
  catching.lost();
  await says('two');
  history.after = async (chat, from, max) => {
    if (typeof from !== 'number' && told.length === 0) throw new GatewayError('no-such-message');
    return world.history.after(chat, from, max);
  };
  await enters();
  expect(told).toEqual(['two']);
  catching.lost();
  await says('three');
  history.after = () => Promise.reject(new GatewayError('network-away'));
  await enters();
  expect(told).toEqual(['two']);
});

test('a network that is slow holds nobody up for long', async () => {
  const { says, catching, history, clock, enters } = await setUp();
  await enters();
  await says('one', true);
  catching.lost();
  history.after = () => new Promise(() => {});
  catching.entered(verona);
  let settled = false;
  void catching.settled(verona, 5_000).then(() => {
    settled = true;
  });
  await settle();
  expect(settled).toBe(false);
  await clock.advance(5_000);
  expect(settled).toBe(true);
});

test('313-09 what is older than the archive is fetched into it, told to nobody, until there is no more', async () => {
  const { says, catching, told, kept } = await setUp();
  for (let n = 1; n <= 7; n++) await says(`${n}`);
  await says('live', true);
  expect(await Promise.all([catching.older(verona, 3), catching.older(verona, 3)])).toEqual([3, 3]);
  expect(await kept()).toEqual(['5', '6', '7', 'live']);
  expect([await catching.older(verona, 3), await catching.older(verona, 3), await catching.older(verona, 3)]).toEqual([
    3, 1, 0,
  ]);
  expect(await kept()).toEqual(['1', '2', '3', '4', '5', '6', '7', 'live']);
  expect(told).toEqual([]);
});

test('313-09 what is older than messages without names is asked for by time', async () => {
  const { says, catching, kept, history, world } = await setUp();
  const asked: unknown[] = [];
  history.before = async (chat, from, max) => {
    asked.push(typeof from);
    if (typeof from === 'object') throw new GatewayError('network-cannot');
    return world.history.before(chat, from, max);
  };
  for (let n = 1; n <= 4; n++) await says(`${n}`);
  await says('live', true);
  expect([await catching.older(verona, 3), await catching.older(verona, 3)]).toEqual([3, 1]);
  expect(await kept()).toEqual(['1', '2', '3', '4', 'live']);
  expect(asked).toEqual(['object', 'number', 'object', 'number']);
  expect(await catching.older(verona, 3)).toBe(0);
});

test('a gap that can only be told by time does not end with the first handful', async () => {
  const { says, enters, catching, told, history, world } = await setUp();
  await enters();
  await says('one', true);
  catching.lost();
  for (let n = 0; n < 250; n++) await says(`${n}`);
  history.after = async (chat, from, max) => {
    if (typeof from !== 'number') throw new GatewayError('network-cannot');
    return world.history.after(chat, from, max);
  };
  await enters();
  expect(told).toEqual(Array.from({ length: 250 }, (_, n) => `${n}`));
});

test('313-09 what would be deleted at once is not fetched', async () => {
  const keptSince = createManualClock().now() + 3_500;
  const { says, catching, kept, history } = await setUp({ keptSince });
  for (let n = 1; n <= 5; n++) await says(`${n}`);
  expect(await catching.older(verona, 100)).toBe(2);
  expect(await kept()).toEqual(['4', '5']);
  expect(await catching.older(verona, 100)).toBe(0);
  history.before = () => Promise.reject(new Error('not asked any more'));
  expect(await catching.older(verona, 100)).toBe(0);
});
