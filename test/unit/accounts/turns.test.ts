/** 45-64: what the network tells, in order and a piece a turn. */
import { describe, expect, test } from 'vitest';
import { createTurns, pieces } from '../../../src/accounts/turns.ts';
import type { MemberChange, NetworkEvent } from '../../../src/core/event.ts';
import { personId } from '../../../src/core/ids.ts';
import { mantua, verona } from './account-world.ts';

const at = new Date(0);
const outs = (count: number, complete = false): NetworkEvent => ({
  kind: 'members',
  chat: verona,
  at,
  changes: Array.from(
    { length: count },
    (_, i): MemberChange => ({ is: 'out', person: personId(`p${i}`), how: 'lost' }),
  ),
  ...(complete && { complete }),
});
const ins = (count: number): NetworkEvent => ({
  kind: 'members',
  chat: verona,
  at,
  complete: true,
  changes: Array.from(
    { length: count },
    (_, i): MemberChange => ({ is: 'in', member: { person: personId(`p${i}`), nick: `p${i}`, power: 'participant' } }),
  ),
});
const remark = (plain: string): NetworkEvent => ({ kind: 'remark', chat: mantua, at, text: { plain, marks: [] } });
const sizeOf = (event: NetworkEvent): number | string =>
  event.kind === 'members' ? event.changes.length : event.kind === 'remark' ? event.text.plain : event.kind;

function setUp(
  pressure: () => Promise<void> | undefined = () => undefined,
  before: (event: NetworkEvent) => Promise<void> | undefined = () => undefined,
) {
  const taken: NetworkEvent[] = [];
  const bugs: unknown[] = [];
  const turns = createTurns({
    before,
    take(event) {
      if (sizeOf(event) === 'bug') throw new Error('a bug');
      taken.push(event);
      return event.kind === 'remark' && event.text.plain === 'much' ? outs(700) : undefined;
    },
    me: () => personId('p600'),
    pressure,
    onBug: (error) => bugs.push(error),
  });
  return { turns, taken, bugs, sizes: () => taken.map(sizeOf) };
}

describe('pieces', () => {
  test('small events and complete lists are one, large ones several, nothing is lost', () => {
    expect(pieces(remark('x'), undefined)).toHaveLength(1);
    expect(pieces(outs(500), undefined)).toHaveLength(1);
    expect(pieces(outs(1_000, true), undefined)).toEqual([outs(1_000, true)]);
    expect(pieces(outs(1_200), undefined).map(sizeOf)).toEqual([500, 500, 200]);
    const all = pieces(outs(1_200), undefined).flatMap((event) => (event.kind === 'members' ? event.changes : []));
    expect(outs(1_200)).toMatchObject({ changes: all });
  });

  test('45-20 a complete list says so with its last piece, and we are in its first', () => {
    const list = ins(2_200);
    const found = pieces(list, personId('p600')).flatMap((event) => (event.kind === 'members' ? [event] : []));
    expect(found.map(({ piece, complete, changes }) => [piece, complete, changes.length])).toEqual([
      ['first', undefined, 1_000],
      ['next', undefined, 1_000],
      ['last', true, 200],
    ]);
    const all = found.flatMap(({ changes }) => changes.flatMap((one) => (one.is === 'in' ? [one.member.nick] : [])));
    expect(all[0]).toBe('p600');
    expect(all.toSorted()).toEqual(Array.from({ length: 2_200 }, (_, i) => `p${i}`).toSorted());
  });
});

describe('turns', () => {
  test('what is small is taken at once, and nobody waits', () => {
    const { turns, sizes } = setUp();
    expect([turns.put(outs(3)), turns.put(remark('x')), turns.taken()]).toEqual([undefined, undefined, undefined]);
    expect(sizes()).toEqual([3, 'x']);
  });

  test('45-64 ten thousand leave at once: the loop turns between the pieces, and what comes behind stays behind', async () => {
    const { turns, sizes } = setUp();
    let looped = 0;
    let counting = true;
    const count = (): void => {
      looped += 1;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const room = turns.put(outs(10_000));
    turns.put(remark('behind'));
    expect(sizes()).toEqual([500]);
    await room;
    counting = false;
    expect(sizes()).toEqual([...Array.from({ length: 20 }, () => 500), 'behind']);
    expect(looped).toBeGreaterThanOrEqual(18);
    expect(turns.taken()).toBeUndefined();
    expect(turns.put(remark('later'))).toBeUndefined();
  });

  test('45-64 as many who come one by one are no more a turn', async () => {
    const { turns, sizes } = setUp();
    for (let i = 0; i < 1_200; i++) turns.put(outs(1));
    const behind = turns.put(remark('behind'));
    expect(sizes()).toHaveLength(500);
    await behind;
    expect(sizes()).toHaveLength(1_201);
    expect(sizes().at(-1)).toBe('behind');
    expect([turns.put(outs(1)), turns.put(outs(500))]).toEqual([undefined, expect.any(Promise)]);
    await turns.taken();
    expect(sizes().slice(-2)).toEqual([1, 500]);
  });

  test('what has to be looked up first keeps its place', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { turns, sizes } = setUp(undefined, (event) => (sizeOf(event) === 'old' ? promise : undefined));
    turns.put(remark('old'));
    turns.put(remark('new'));
    expect(sizes()).toEqual([]);
    resolve();
    await turns.taken();
    expect(sizes()).toEqual(['old', 'new']);
  });

  test('45-41 whoever waits for what was put goes on before what is put meanwhile', async () => {
    const { turns, sizes } = setUp();
    turns.put(outs(1_000));
    const told = Promise.all([turns.taken(), turns.taken()]).then(() => sizes());
    const room = turns.put(remark('answer'));
    expect(await told).toEqual([500, 500]);
    await room;
    expect(sizes()).toEqual([500, 500, 'answer']);
    expect(turns.taken()).toBeUndefined();
  });

  test('many small ones behind a large one share turns', async () => {
    const { turns, taken } = setUp();
    const room = turns.put(outs(1_000));
    for (let i = 0; i < 450; i++) turns.put(remark(`${i}`));
    let looped = 0;
    let counting = true;
    const count = (): void => {
      looped += 1;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    await room;
    counting = false;
    expect(taken).toHaveLength(452);
    expect(looped).toBeLessThan(10);
  });

  test('while there is no room on the way out nothing more is taken', async () => {
    const gate = Promise.withResolvers<void>();
    const { turns, sizes } = setUp(() => gate.promise);
    const room = turns.put(outs(1_000));
    for (let i = 0; i < 5; i++) await new Promise<void>((resolve) => setImmediate(resolve));
    expect(sizes()).toEqual([500]);
    gate.resolve();
    await room;
    expect(sizes()).toEqual([500, 500]);
  });

  test('a bug costs its event alone', async () => {
    const { turns, sizes, bugs } = setUp();
    const room = turns.put(outs(600));
    turns.put(remark('bug'));
    turns.put(remark('fine'));
    await room;
    expect(sizes()).toEqual([500, 100, 'fine']);
    expect(bugs).toHaveLength(1);
  });

  test('what follows from an event comes before what was behind it', async () => {
    const { turns, sizes } = setUp();
    const room = turns.put(remark('much'));
    turns.put(remark('behind'));
    await room;
    expect(sizes()).toEqual(['much', 500, 200, 'behind']);
  });

  test('closed, what waits is dropped', async () => {
    const { turns, sizes } = setUp();
    const room = turns.put(outs(1_000));
    const told = turns.taken();
    turns.close();
    await told;
    await room;
    expect(turns.put(remark('x'))).toBeUndefined();
    expect(sizes()).toEqual([500]);
  });
});
