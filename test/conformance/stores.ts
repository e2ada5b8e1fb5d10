/** What every implementation of the moving stores promises; called by one test file an implementation. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { plainText } from '../../src/core/content.ts';
import { type AccountId, accountId, chatId, type DeliveryKey } from '../../src/core/ids.ts';
import type { DurableIntent, Origin } from '../../src/core/intent.ts';
import {
  type Appended,
  type Fresh,
  type JournalStore,
  type Leases,
  type OutboxStore,
  StaleFence,
} from '../../src/storage/ports.ts';

export interface Stores {
  readonly outbox: OutboxStore;
  readonly journal: JournalStore;
  readonly leases: Leases;
  /** Those of another process. */
  readonly others: Leases;
  /** Makes the first process look dead for long enough. */
  expire(): Promise<void>;
  /** The first process comes to itself and looks around. */
  revive(): Promise<void>;
}

export const newAccount = (): AccountId => accountId(`{odd} ${randomUUID()}`);
export const caps = { account: 10_000 };

export function intent(text: string): DurableIntent {
  return { kind: 'send', chat: chatId('#lobby'), content: { text: plainText(text) } };
}

export function origin(stanzaId: string): Origin {
  return {
    from: 'romeo@example.org/phone',
    to: '#lobby@irc.example.org',
    stanzaId,
    via: 'message',
    type: 'groupchat',
    at: 1_700_000_000_000,
  };
}

export const entry = (text: string) => ({ intent: intent(text), origin: origin(text) });

export function freshOf(appended: Appended): Fresh {
  if (appended.is !== 'new') throw new Error(`not new but ${appended.is}`);
  return appended;
}

export const keyOf = (appended: Appended): DeliveryKey => freshOf(appended).key;

export function describeStores(name: string, stores: () => Stores): void {
  describe(`${name}: outbox`, () => {
    test('keeps what was appended, whole and in order, behind any key', async () => {
      const { outbox } = stores();
      const account = newAccount();
      const texts = Array.from({ length: 25 }, (_, i) => `número ${i} "\n\u0000`);
      const keys = (await Promise.all(texts.map((text) => outbox.append(account, entry(text), undefined, caps)))).map(
        keyOf,
      );
      const all = await outbox.after(account, undefined, 100);
      expect(all.map((one) => one.key)).toEqual(keys);
      expect(all.map((one) => one.intent)).toEqual(texts.map(intent));
      expect(all[3]?.origin).toEqual(origin(texts[3] ?? ''));
      expect((await outbox.after(account, keys[9], 5)).map((one) => one.key)).toEqual(keys.slice(10, 15));
      expect(await outbox.after(account, keys.at(-1), 5)).toEqual([]);
      expect(await outbox.size(account)).toBe(25);
    });

    test('accounts do not see each other', async () => {
      const { outbox } = stores();
      const [one, other] = [newAccount(), newAccount()];
      await Promise.all([outbox.append(one, entry('a'), 'm', caps), outbox.append(other, entry('b'), 'm', caps)]);
      expect((await outbox.after(one, undefined, 10)).map((e) => e.intent)).toEqual([intent('a')]);
      expect((await outbox.after(other, undefined, 10)).map((e) => e.intent)).toEqual([intent('b')]);
    });

    test('a mark is accepted once; a repetition hears the result once it is settled', async () => {
      const { outbox } = stores();
      const account = newAccount();
      const key = keyOf(await outbox.append(account, entry('a'), 'mark', caps));
      const twice = await Promise.all(['x', 'y'].map(() => outbox.append(account, entry('a'), 'mark', caps)));
      expect(twice).toEqual([{ is: 'again' }, { is: 'again' }]);
      await outbox.settle(account, 1, [{ key, mark: 'mark', result: 'said it = "so" 7' }]);
      expect(await outbox.append(account, entry('a'), 'mark', caps)).toEqual({
        is: 'again',
        result: 'said it = "so" 7',
      });
      expect(await outbox.size(account)).toBe(0);
      expect(await outbox.deadLetters(account, 1)).toEqual([]);
    });

    test('two with one mark in the same turn: the first wins', async () => {
      const { outbox } = stores();
      const account = newAccount();
      const both = await Promise.all([
        outbox.append(account, entry('a'), 'm', caps),
        outbox.append(account, entry('b'), 'm', caps),
      ]);
      expect(both.map((one) => one.is)).toEqual(['new', 'again']);
    });

    test('an empty result is a result; no result forgets the mark', async () => {
      const { outbox } = stores();
      const account = newAccount();
      const done = keyOf(await outbox.append(account, entry('a'), 'done', caps));
      const failed = keyOf(await outbox.append(account, entry('b'), 'failed', caps));
      await outbox.settle(account, 1, [
        { key: done, mark: 'done', result: '' },
        { key: failed, mark: 'failed' },
      ]);
      expect(await outbox.append(account, entry('a'), 'done', caps)).toEqual({ is: 'again', result: '' });
      expect((await outbox.append(account, entry('b'), 'failed', caps)).is).toBe('new');
    });

    test('the cap refuses at once and gives way when something is settled', async () => {
      const { outbox } = stores();
      const account = newAccount();
      const cap = { account: 3 };
      const five = await Promise.all([1, 2, 3, 4, 5].map((n) => outbox.append(account, entry(`${n}`), `m${n}`, cap)));
      expect(five.map((one) => one.is)).toEqual(['new', 'new', 'new', 'full', 'full']);
      expect(await outbox.append(account, entry('1'), 'm1', cap)).toEqual({ is: 'again' });
      const [first] = five;
      if (first?.is === 'new') await outbox.settle(account, 1, [{ key: first.key, mark: 'm1', result: '' }]);
      expect((await outbox.append(account, entry('4'), 'm4', cap)).is).toBe('new');
    });

    test('what is accepted says what it stands behind, whoever appended that', async () => {
      const { outbox } = stores();
      const account = newAccount();
      const together = Promise.all([
        outbox.append(account, entry('a'), undefined, caps),
        outbox.append(account, entry('b'), undefined, caps),
      ]);
      const [a, b] = (await together).map(freshOf);
      const c = freshOf(await outbox.append(account, entry('c'), undefined, caps));
      expect([a?.behind, b?.behind, c.behind]).toEqual([undefined, a?.key, b?.key]);
      await outbox.settle(account, 1, [{ key: c.key }]);
      expect(freshOf(await outbox.append(account, entry('d'), undefined, caps)).behind).toBe(b?.key);
    });

    test('settling is by key, in any order, and twice is once', async () => {
      const { outbox } = stores();
      const account = newAccount();
      const keys = (
        await Promise.all(['a', 'b', 'c'].map((t) => outbox.append(account, entry(t), undefined, caps)))
      ).map(keyOf);
      const [a, b, c] = keys;
      if (a === undefined || b === undefined || c === undefined) throw new Error('three keys');
      await outbox.settle(account, 1, [{ key: c }, { key: a }]);
      await outbox.settle(account, 1, [{ key: a }]);
      expect((await outbox.after(account, undefined, 10)).map((e) => e.key)).toEqual([b]);
      expect(keyOf(await outbox.append(account, entry('d'), undefined, caps)) > c).toBe(true);
    });

    test('an older fence is refused and changes nothing', async () => {
      const { outbox, leases } = stores();
      const account = newAccount();
      const first = await leases.acquire(account);
      await first?.release();
      const second = await leases.acquire(account);
      const key = keyOf(await outbox.append(account, entry('a'), 'm', caps));
      await expect(outbox.settle(account, first?.fence ?? 0, [{ key, mark: 'm', result: 'x' }])).rejects.toThrow(
        StaleFence,
      );
      expect(await outbox.size(account)).toBe(1);
      await outbox.settle(account, second?.fence ?? 0, [{ key, mark: 'm', result: 'x' }]);
      expect(await outbox.size(account)).toBe(0);
    });

    test('accounts wait while they have entries', async () => {
      const { outbox } = stores();
      const account = newAccount();
      expect(await outbox.waiting()).not.toContain(account);
      const first = keyOf(await outbox.append(account, entry('a'), undefined, caps));
      const second = keyOf(await outbox.append(account, entry('b'), undefined, caps));
      expect(await outbox.waiting()).toContain(account);
      await outbox.settle(account, 1, [{ key: first }]);
      expect(await outbox.waiting()).toContain(account);
      await outbox.settle(account, 1, [{ key: second }]);
      expect(await outbox.waiting()).not.toContain(account);
    });

    test('dead letters are listed, requeued behind the others, dropped', async () => {
      const { outbox } = stores();
      const account = newAccount();
      const keys = (
        await Promise.all(['a', 'b', 'c'].map((t) => outbox.append(account, entry(t), undefined, caps)))
      ).map(keyOf);
      await outbox.settle(
        account,
        1,
        keys.slice(0, 2).map((key) => ({ key, dead: 'timed-out' })),
      );
      await outbox.settle(
        account,
        1,
        keys.slice(0, 2).map((key) => ({ key, dead: 'timed-out' })),
      );
      const letters = await outbox.deadLetters(account, 10);
      expect(letters.map(({ intent, reason }) => ({ intent, reason }))).toEqual(
        ['a', 'b'].map((t) => ({ intent: intent(t), reason: 'timed-out' })),
      );
      expect(await outbox.deadLetters(account, 1)).toEqual(letters.slice(0, 1));
      expect(await outbox.deadLetters(account, 1, 'newest')).toEqual(letters.slice(1));
      expect(await outbox.deadLetters(account, 10, 'newest')).toEqual(letters);
      expect((await outbox.dead(1_000)).get(account)).toBe(2);
      expect(await outbox.deadSize(account)).toBe(2);
      const [a, b] = letters;
      if (a === undefined || b === undefined) throw new Error('two letters');
      expect(a.at).toBeGreaterThan(1_600_000_000_000);
      expect(await outbox.requeue(account, a.key)).toBe(true);
      expect(await outbox.requeue(account, a.key)).toBe(false);
      const after = await outbox.after(account, undefined, 10);
      expect(after.map((e) => e.intent)).toEqual([intent('c'), intent('a')]);
      expect(after[1]?.origin).toEqual({ ...origin('a'), at: expect.any(Number) });
      expect(after[1]?.origin.at).toBeGreaterThan(origin('a').at);
      expect(await outbox.drop(account, b.key)).toBe(true);
      expect(await outbox.drop(account, b.key)).toBe(false);
      expect(await outbox.deadLetters(account, 10)).toEqual([]);
      expect((await outbox.dead(1_000)).has(account)).toBe(false);
      expect(await outbox.deadSize(account)).toBe(0);
    });

    test('accounts of which anything is kept are found by how their ids begin and end, and erased whole', async () => {
      const { outbox } = stores();
      const owner = `r[o]m*e?o^-\\${randomUUID()}@example.org`;
      const id = (on: string, whose = owner, domain = 'irc.test') => accountId(`${whose}/${on}/${domain}`);
      const [waits, died, done] = [id('a'), id(''), id('b')];
      const others = [id('a', `x${owner}`), id('a', owner, 'irc.test.other'), id('a', owner.replace('[o]', 'o'))];
      for (const one of [waits, died, done, ...others]) {
        const key = keyOf(await outbox.append(one, entry('a'), 'mark', caps));
        if (one === died) await outbox.settle(one, 1, [{ key, dead: 'timed-out' }]);
        if (one === done) await outbox.settle(one, 1, [{ key, mark: 'mark', result: 'x' }]);
      }
      expect([...(await outbox.ids(`${owner}/`, '/irc.test'))].sort()).toEqual([died, waits, done].sort());
      const waited = await outbox.after(waits, undefined, 9);
      expect(waited).toHaveLength(1);
      expect(await outbox.erase(waits)).toEqual(waited);
      for (const one of [died, done]) expect(await outbox.erase(one)).toEqual([]);
      expect(await outbox.ids(`${owner}/`, '/irc.test')).toEqual([]);
      expect([await outbox.size(waits), await outbox.deadLetters(died, 1)]).toEqual([0, []]);
      expect(await outbox.waiting()).not.toContain(waits);
      expect(await outbox.append(done, entry('a'), 'mark', caps)).toMatchObject({ is: 'new' });
      for (const other of others) expect(await outbox.size(other)).toBe(1);
      await outbox.erase(done);
    });
  });

  describe(`${name}: journal`, () => {
    const newStream = (): { domain: string; stream: string } => {
      const domain = `${randomUUID()}.example`;
      return { domain, stream: `${domain}/worker` };
    };

    test('keeps order, pages, and forgets up to and with an entry', async () => {
      const { journal } = stores();
      const { stream } = newStream();
      const ids = await Promise.all(
        ['<a/>', '<b/>ü\n', '<c/>', '<d/>'].map((text) => journal.append(stream, () => text)),
      );
      const all = await journal.after(stream, undefined, 10);
      expect(all).toEqual(['<a/>', '<b/>ü\n', '<c/>', '<d/>'].map((text, i) => ({ id: ids[i], text })));
      expect((await journal.after(stream, ids[0], 2)).map((e) => e.text)).toEqual(['<b/>ü\n', '<c/>']);
      await journal.trim(stream, ids[1] ?? '');
      expect((await journal.after(stream, undefined, 10)).map((e) => e.text)).toEqual(['<c/>', '<d/>']);
      expect(await journal.length(stream)).toBe(2);
    });

    test('a domain lists its streams that hold entries, and no others', async () => {
      const { journal } = stores();
      const { domain, stream } = newStream();
      const other = `${domain}/other`;
      const id = await journal.append(stream, () => 'x');
      await journal.append(other, () => 'y');
      await journal.append(newStream().stream, () => 'z');
      expect(await journal.streams(domain)).toEqual([other, stream]);
      await journal.trim(stream, id ?? '');
      expect(await journal.streams(domain)).toEqual([other]);
      await journal.remove(other);
      expect(await journal.streams(domain)).toEqual([]);
      await journal.append(other, () => 'again');
      expect(await journal.streams(domain)).toEqual([other]);
    });
  });

  describe(`${name}: leases`, () => {
    test('one holder at a time; the fence grows with each', async () => {
      const { leases, others } = stores();
      const account = newAccount();
      const first = await leases.acquire(account);
      expect(first?.fence).toBeGreaterThan(0);
      expect(await others.acquire(account)).toBeUndefined();
      expect(await leases.acquire(account)).toBeUndefined();
      expect(await others.holder(account)).toBe(await leases.holder(account));
      await first?.release();
      expect(await others.holder(account)).toBeUndefined();
      const second = await others.acquire(account);
      expect(second?.fence).toBeGreaterThan(first?.fence ?? 0);
      await first?.release();
      expect(await leases.acquire(account)).toBeUndefined();
      expect(first?.lost.aborted).toBe(false);
    });

    test('one that is erased is free, and the next fence is greater all the same', async () => {
      const { leases, others } = stores();
      const account = newAccount();
      const first = await leases.acquire(account);
      await first?.erase('so');
      expect(await others.holder(account)).toBeUndefined();
      expect([await others.erased('so'), await others.erased('otherwise')]).toEqual([true, false]);
      const second = await others.acquire(account);
      expect(second?.fence).toBeGreaterThan(first?.fence ?? 0);
      await first?.erase();
      expect(await leases.acquire(account)).toBeUndefined();
    });

    test('two that ask at once: one gets it', async () => {
      const { leases, others } = stores();
      const account = newAccount();
      const both = await Promise.all([leases.acquire(account), others.acquire(account), leases.acquire(account)]);
      expect(both.filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    test('a dead holder is taken over only after its time; it learns of it', async () => {
      const { leases, others, expire, revive } = stores();
      const account = newAccount();
      const first = await leases.acquire(account);
      expect(await others.acquire(account)).toBeUndefined();
      await expire();
      const second = await others.acquire(account);
      expect(second?.fence).toBeGreaterThan(first?.fence ?? 0);
      await revive();
      await expect.poll(() => first?.lost.aborted).toBe(true);
      expect(second?.lost.aborted).toBe(false);
    });
  });
}
