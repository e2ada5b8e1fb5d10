/** What a store of expiring files promises, whatever database it is made of. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { accountId, chatId, messageId } from '../../src/core/ids.ts';
import type { MediaEntry, MediaRow, MediaStore } from '../../src/storage/media-ports.ts';
import type { Archive } from '../../src/storage/ports.ts';

const hour = 3_600_000;
const everything = Number.MAX_SAFE_INTEGER;
const picture = { bytes: 10, type: 'image/png', tag: 'a' };

export function describeMedia(kind: string, open: () => MediaStore, openArchive: () => Archive): void {
  let account = accountId(randomUUID());
  const row = (id: string, more: Partial<MediaRow> = {}): MediaRow => ({
    id: `${account}${id}`,
    account,
    domain: 'discord.test',
    chat: chatId('balcony'),
    message: messageId('m1'),
    at: 1_000,
    name: 'cat.png',
    source: 'https://cdn.test/cat.png?ex=1',
    until: 50 * hour,
    ...more,
  });
  /** Nothing of another test is left. */
  async function fresh(): Promise<MediaStore> {
    const store = open();
    await store.expire(everything, 0);
    for (let gone = await store.gone(1_000); gone.length > 0; gone = await store.gone(1_000)) await store.buried(gone);
    account = accountId(randomUUID());
    return store;
  }
  async function allOf(store: MediaStore, of = account): Promise<readonly MediaEntry[]> {
    const found: MediaEntry[] = [];
    for await (const one of store.of(of)) found.push(one);
    return found;
  }

  describe(`${kind}: files that expire`, () => {
    test('what was told is found; told again it has its newer address, and is what was fetched of it', async () => {
      const store = await fresh();
      const one = row('a');
      await store.add([]);
      await store.add([one, row('b', { name: 'ü\u{1F63A} "x".png' })]);
      expect(await store.find(one.id)).toEqual({ ...one, againAt: 0, tries: 0 });
      expect((await store.find(row('b').id))?.name).toBe('ü\u{1F63A} "x".png');
      expect(await store.find(row('none').id)).toBeUndefined();
      expect(await store.fetched(one.id, picture, 5)).toBe(true);
      const again = { ...one, source: 'https://cdn.test/cat.png?ex=2', until: 60 * hour, name: 'another' };
      await store.add([again]);
      expect(await store.find(one.id)).toEqual({ ...again, name: 'cat.png', file: picture, againAt: 0, tries: 0 });
    });

    test('wanted is what was not fetched and can be, the first to expire first; what failed waits', async () => {
      const store = await fresh();
      const [late, soon, over, had, failed] = [
        row('late', { until: 30 }),
        row('soon', { until: 20 }),
        row('over', { until: 10 }),
        row('had', { until: 15 }),
        row('failed', { until: 25 }),
      ];
      await store.add([late, soon, over, had, failed]);
      await store.fetched(had.id, picture, 1);
      await store.failed(failed.id, 15);
      const wanted = async (now: number, max = 10) => (await store.wanted(now, max)).map(({ id }) => id);
      expect(await wanted(10)).toEqual([soon.id, late.id]);
      expect(await wanted(10, 1)).toEqual([soon.id]);
      expect(await wanted(15)).toEqual([soon.id, failed.id, late.id]);
      expect(await store.find(failed.id)).toMatchObject({ tries: 1, againAt: 15 });
      await store.add([{ ...failed, until: 26 }]);
      expect(await store.find(failed.id)).toMatchObject({ tries: 0, againAt: 0 });
    });

    test('a message takes its files with it, and no other’s: only their names are left, until they are buried', async () => {
      const store = await fresh();
      const [one, two, kept] = [row('1'), row('2'), row('3', { message: messageId('m2') })];
      await store.add([one, two, kept, row('4', { chat: chatId('orchard') })]);
      await store.fetched(one.id, picture, 1);
      expect(await store.forget(account, one.chat, one.message)).toBe(2);
      expect(await store.forget(account, one.chat, one.message)).toBe(0);
      expect([await store.find(one.id), await store.find(two.id)]).toEqual([undefined, undefined]);
      expect(await store.known([one.id, kept.id, 'x'])).toEqual(new Set([kept.id]));
      expect(await store.fetched(two.id, picture, 2)).toBe(false);
      await store.add([one]);
      expect(await store.find(one.id)).toBeUndefined();
      expect(new Set(await store.gone(10))).toEqual(new Set([one.id, two.id]));
      await store.buried([one.id, kept.id]);
      expect(await store.gone(10)).toEqual([two.id]);
      expect(await store.find(kept.id)).toBeDefined();
      await store.buried([]);
      expect((await store.known([])).size).toBe(0);
    });

    test('of another account in the same room the same goes on', async () => {
      const [store, archive] = [await fresh(), openArchive()];
      const theirs = accountId(randomUUID());
      const [one, other] = [row('1'), { ...row('2'), account: theirs }];
      await store.add([one, other]);
      expect(await store.forget(account, one.chat, one.message)).toBe(1);
      expect(await store.known([one.id, other.id])).toEqual(new Set([other.id]));
      // Ours is full, and theirs has no past.
      const says = (n: number) => ({
        account,
        chat: one.chat,
        id: `${account}${n}`,
        at: 5_000 + n,
        nick: 'ann',
        body: '',
      });
      await store.add([row('3')]);
      await archive.add([says(1), says(2)]);
      expect(await store.pass(2)).toBe(1);
      expect(await store.known([row('3').id, other.id])).toEqual(new Set([other.id]));
      await archive.forget(account);
    });

    test('of a message that has lost some of its files those go', async () => {
      const store = await fresh();
      const [one, two, three] = [row('1'), row('2'), row('3')];
      await store.add([one, two, three]);
      expect(await store.forget(account, one.chat, one.message, [one.id, three.id, 'x'])).toBe(1);
      expect(await store.known([one.id, two.id, three.id])).toEqual(new Set([one.id, three.id]));
    });

    test('an account takes all of its with it; until then it has them all', async () => {
      const store = await fresh();
      const ours = Array.from({ length: 250 }, (_, n) => row(String(n).padStart(3, '0')));
      const theirs = { ...row('theirs'), account: accountId(randomUUID()) };
      await store.add([...ours.slice(0, 100), theirs]);
      await store.add(ours.slice(100));
      expect((await allOf(store)).map(({ id }) => id)).toEqual(ours.map(({ id }) => id));
      await store.erase(account);
      expect(await allOf(store)).toEqual([]);
      expect(await allOf(store, theirs.account)).toHaveLength(1);
    });

    test('the old goes, and of the others what nobody has needed for longest', async () => {
      const store = await fresh();
      const old = Array.from({ length: 150 }, (_, n) => row(`old${n}`, { at: n }));
      await store.add(old);
      const [first, second, third, waiting] = ['w1', 'w2', 'w3', 'w4'].map((id) => row(id, { at: 1_000 }));
      if (first === undefined || second === undefined || third === undefined || waiting === undefined)
        throw new Error();
      await store.add([first, second, third, waiting]);
      for (const [n, { id }] of [first, second, third].entries()) await store.fetched(id, picture, n);
      await store.needed(first.id, 2 * hour);
      let breaths = 0;
      expect(await store.expire(1_000, everything, async () => void breaths++)).toBe(150);
      expect(breaths).toBeGreaterThan(0);
      expect(await store.expire(1_000, 30)).toBe(0);
      expect(await store.expire(1_000, 29)).toBe(1);
      expect(await store.known([first.id, second.id, third.id])).toEqual(new Set([first.id, third.id]));
      expect(await store.expire(1_000, 5)).toBe(2);
      expect(await store.find(waiting.id)).toBeDefined();
    });

    test('what is behind the last messages of its room goes; what one of these names, and what is of other rooms, stays', async () => {
      const [store, archive] = [await fresh(), openArchive()];
      const chat = chatId('balcony');
      const says = (id: string, at: number, body = 'x', where = chat) =>
        archive.add([{ account, chat: where, id: `${account}${id}`, at, nick: 'ann', body: `<body>${body}</body>` }]);
      const named = row('named', { at: 1_000 });
      const rows = [
        ...[row('first', { at: 1_000 }), named, row('last', { at: 3_000 }), row('new', { at: 9_000 })],
        ...[row('elsewhere', { chat: chatId('orchard') }), row('unkept', { chat: chatId('tomb') })],
      ];
      await store.add(rows);
      const there = async () => [...(await store.known(rows.map(({ id }) => id)))].map((id) => id.slice(36)).toSorted();
      await says('r1', 3_000);
      await says('r2', 4_000, `cat https://gateway.test/media/${named.id}/cat.png`);
      await says('r3', 4_000, 'x', chatId('orchard'));
      // There may be older ones to come.
      expect(await store.pass(3)).toBe(0);
      expect(await store.pass(2)).toBe(1);
      expect(await there()).toEqual(['elsewhere', 'last', 'named', 'new', 'unkept']);
      await archive.forget(account, chat);
      for (const at of [10_000, 11_000]) await says(`r${at}`, at);
      expect(await store.pass(2)).toBe(3);
      expect([await there(), await store.pass(2)]).toEqual([['elsewhere', 'unkept'], 0]);
    });

    test('that it is needed is written down once an hour', async () => {
      const store = await fresh();
      const [one, other] = [row('1'), row('2')];
      await store.add([one, other]);
      await store.fetched(one.id, picture, 0);
      await store.fetched(other.id, picture, 1);
      await store.needed(one.id, hour);
      await store.expire(0, 10);
      expect(await store.known([one.id, other.id])).toEqual(new Set([other.id]));
    });
  });
}
