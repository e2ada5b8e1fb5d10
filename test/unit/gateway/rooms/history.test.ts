/** CHECKLIST 11.3: how much of a room's past a client gets, and how it looks. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountId } from '../../../../src/core/ids.ts';
import type { HistoryWish } from '../../../../src/core/intent.ts';
import type { ArchiveRow } from '../../../../src/storage/ports.ts';
import { bodyOf, child } from '../../../harness/markup.ts';
import { createWorld, inbox, inVerona, joinIntent, noon, origin, phone, received, room, verona } from './world.ts';

const row = (n: number, secondsAgo: number, body = `line ${n}`): ArchiveRow => ({
  account: accountId('a'),
  chat: verona,
  id: `sid-${n}`,
  at: noon - secondsAgo * 1000,
  nick: 'juliet',
  body: `<body>${body}</body><occupant-id xmlns='urn:xmpp:occupant-id:0' id='o'/><stanza-id xmlns='urn:xmpp:sid:0' by='${room}' id='sid-${n}'/>`,
  stanza: `id-${n}`,
});
const rows = (count: number): readonly ArchiveRow[] =>
  Array.from({ length: count }, (_, i) => row(i + 1, (count - i) * 10));

/** The bodies that a client with that wish gets of those rows. */
function served(wish: HistoryWish | undefined, past: readonly ArchiveRow[]): readonly (string | undefined)[] {
  const world = createWorld();
  const entering = world.begin(phone, 'Romeo', wish);
  world.list('Romeo');
  return inbox(entering.finish(past), phone)
    .filter((one) => child(one, 'delay') !== undefined && child(one, 'body') !== undefined)
    .map(bodyOf);
}

const wants = (wish: HistoryWish | undefined) =>
  createWorld().face.wants(joinIntent('Romeo', wish), origin(phone, `${room}/Romeo`));

describe('what is asked of the archive', () => {
  test('45-36 our own limit where nothing is wished', () => {
    expect(wants(undefined)).toEqual({ max: 20 });
    expect(wants({})).toEqual({ max: 20 });
  });

  test('45-37 nothing for a client that fetches its history elsewhere', () => {
    expect(wants({ maxStanzas: 0 })).toBeUndefined();
    expect(wants({ maxChars: 0 })).toBeUndefined();
    expect(wants({ maxChars: 0, maxStanzas: 10 })).toBeUndefined();
  });

  test('45-36 the wished number, at most ours', () => {
    expect(wants({ maxStanzas: 7 })).toEqual({ max: 7 });
    expect(wants({ maxStanzas: 1_000_000 })).toEqual({ max: 1000 });
  });

  test('45-36 the later of seconds and since', () => {
    expect(wants({ seconds: 60 })).toEqual({ max: 100, since: noon - 60_000 });
    expect(wants({ since: noon - 5000 })).toEqual({ max: 100, since: noon - 5000 });
    expect(wants({ seconds: 60, since: noon - 5000 })).toEqual({ max: 100, since: noon - 5000 });
    expect(wants({ seconds: 1, since: noon - 5000, maxStanzas: 3 })).toEqual({ max: 3, since: noon - 1000 });
  });
});

describe('what is served', () => {
  test('45-36 the newest that the number allows, oldest first', () => {
    expect(served({ maxStanzas: 2 }, rows(5))).toEqual(['line 4', 'line 5']);
    expect(served({ maxStanzas: 0 }, rows(5))).toEqual([]);
    expect(served(undefined, rows(30))).toHaveLength(20);
  });

  test('45-36 seconds and since, the border included', () => {
    expect(served({ seconds: 20 }, rows(5))).toEqual(['line 4', 'line 5']);
    expect(served({ since: noon - 10_000 }, rows(5))).toEqual(['line 5']);
    expect(served({ since: noon }, rows(5))).toEqual([]);
  });

  test('45-36 maxchars counts whole stanzas, as they go over the wire', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo', { maxChars: 100_000 });
    world.list('Romeo');
    const stanzas = entering.finish(rows(3)).filter((one) => one.kind === 'message' && one.id?.startsWith('id-'));
    const size = (n: number): number => {
      const { from, id, body } = stanzas[n] ?? raise();
      return `<message from='${from}' to='${phone}' id='${id}' type='groupchat'>${body.text}</message>`.length;
    };
    const lastTwo = size(1) + size(2);
    expect(served({ maxChars: lastTwo }, rows(3))).toEqual(['line 2', 'line 3']);
    expect(served({ maxChars: lastTwo - 1 }, rows(3))).toEqual(['line 3']);
    expect(served({ maxChars: 10 }, rows(3))).toEqual([]);
  });

  test('45-36 whatever is wished, no limit is broken and nothing allowed is held back', () => {
    const wish = fc.record(
      {
        maxStanzas: fc.nat({ max: 12 }),
        maxChars: fc.nat({ max: 4000 }),
        seconds: fc.nat({ max: 120 }),
        since: fc.integer({ min: noon - 120_000, max: noon }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(wish, fc.nat({ max: 12 }), (one: HistoryWish, count) => {
        const past = rows(count);
        const got = served(one, past);
        const since = Math.max(one.since ?? 0, one.seconds === undefined ? 0 : noon - one.seconds * 1000);
        const inTime = past.filter(({ at }) => at >= since);
        expect(got.length).toBeLessThanOrEqual(Math.min(one.maxStanzas ?? 100, inTime.length));
        expect(got).toEqual(
          past.slice(past.length - got.length).map((_, i) => `line ${past.length - got.length + i + 1}`),
        );
        if (one.maxChars === undefined) expect(got.length).toBe(Math.min(one.maxStanzas ?? 100, inTime.length));
      }),
      { numRuns: 300 },
    );
  });

  test('45-35 421-02 as it was live, with a stamp from the room', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo');
    world.list('Romeo');
    const old = inbox(entering.finish([row(1, 60, 'a &lt; b')]), phone).find((one) => one.attrs.id === 'id-1');
    expect(old?.attrs).toEqual({ from: `${room}/juliet`, to: phone, id: 'id-1', type: 'groupchat' });
    expect(old && bodyOf(old)).toBe('a < b');
    expect(child(old, 'stanza-id')?.attrs).toEqual({ by: room, id: 'sid-1' });
    expect(child(old, 'occupant-id')?.attrs.id).toBe('o');
    expect(child(old, 'delay')?.attrs).toEqual({ from: room, stamp: '2026-11-21T11:59:00.000Z' });
  });

  test('JID-04 who was called what servers refuse in an address speaks as what is left of it', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo');
    world.list('Romeo');
    const past = ['Paris 🎉', 'שלום Laurence', '🎉'].map((nick, n) => ({ ...row(n, 9 - n), nick }));
    const told = inbox(entering.finish(past), phone).filter((one) => child(one, 'delay') !== undefined);
    expect(told.map(({ attrs }) => attrs.from)).toEqual([`${room}/Paris`, `${room}/שלום`, `${room}/🎉`]);
  });

  test('a damaged row is left out: it keeps nobody out of the room and never breaks the stream', () => {
    for (const body of ['<body>', '</body>', '<a></b>', '<a>&nbsp;</a>', 'x < y', "<a b='<'/>", '<a/><!-- -->']) {
      expect(served(undefined, [{ ...row(1, 2), body }, row(2, 1)])).toEqual(['line 2']);
    }
  });
});

describe('what the network plays back', () => {
  test('45-35 while joining it is history, in its place by time', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo');
    world.list('Romeo', 'juliet');
    world.says('juliet', 'from the bouncer', { history: true, at: new Date(noon - 15_000) });
    const got = inbox(entering.finish(rows(2)), phone).filter((one) => child(one, 'body') !== undefined);
    expect(got.map(bodyOf)).toEqual(['line 1', 'from the bouncer', 'line 2']);
    expect(got.every((one) => child(one, 'delay') !== undefined)).toBe(true);
  });

  test('the wish holds for it too', () => {
    const world = createWorld();
    const entering = world.begin(phone, 'Romeo', { maxStanzas: 0 });
    world.list('Romeo', 'juliet');
    world.says('juliet', 'old', { history: true, at: new Date(noon - 15_000) });
    world.says('juliet', 'new');
    expect(
      inbox(entering.finish([]), phone)
        .map(bodyOf)
        .filter((body) => body !== undefined),
    ).toEqual(['new']);
  });

  test('to who is in it comes with its stamp, and it is archived with its own time', () => {
    const world = inVerona(['Romeo', 'juliet'], [phone]);
    const [late] = world.says('juliet', 'late', { history: true, at: new Date(noon - 60_000) });
    expect(late && child(received(late, phone), 'delay')?.attrs.stamp).toBe('2026-11-21T11:59:00.000Z');
    expect(world.archive.at(-1)).toMatchObject({ at: noon - 60_000, nick: 'juliet' });
    expect(world.archive.at(-1)?.body).not.toContain('delay');
  });

  test('what is remembered for one joining client is bounded', () => {
    const world = inVerona(['Romeo', 'juliet'], []);
    const entering = world.begin(phone, 'Romeo', { maxStanzas: 0 });
    for (let i = 1; i <= 700; i++) world.says('juliet', `${i}`);
    const got = inbox(entering.finish([]), phone)
      .map(bodyOf)
      .filter((body) => body !== undefined);
    expect(got).toHaveLength(500);
    expect(got[0]).toBe('201');
    expect(got.at(-1)).toBe('700');
  });

  test('the archive and the memory together serve each message once', () => {
    const world = inVerona(['Romeo', 'juliet'], []);
    const entering = world.begin(phone, 'Romeo');
    for (let i = 1; i <= 3; i++) world.says('juliet', `${i}`);
    expect(world.archive).toHaveLength(3);
    const got = inbox(entering.finish([...rows(1), ...world.archive]), phone).filter((one) => child(one, 'body'));
    expect(got.map(bodyOf)).toEqual(['line 1', '1', '2', '3']);
    expect(got.map((one) => child(one, 'delay') === undefined)).toEqual([false, true, true, true]);
  });
});

function raise(): never {
  throw new Error('too few stanzas');
}
