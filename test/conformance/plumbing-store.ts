/** What every store of plumbings promises; called by one test file for each database. */
import { describe, expect, test } from 'vitest';
import { accountId, chatId } from '../../src/core/ids.ts';
import type { PlumbingRow, PlumbingStore } from '../../src/storage/plumbing-ports.ts';

let count = 0;

/** One that nobody else has. */
function fresh(): PlumbingRow {
  count++;
  return {
    id: `p${count}`,
    domain: 'irc.test',
    account: accountId(`piazza@conference.test/irc.example/irc.test`),
    on: 'irc.example',
    chat: chatId(`#verona${count}`),
    muc: 'piazza@conference.test',
    nick: 'piazza',
    suffix: ' (IRC)',
    by: 'prince@test',
    at: 1_700_000_000_000 + count,
    token: 'plumb-x',
  };
}

export function describePlumbingStore(name: string, open: () => PlumbingStore): void {
  const all = async (...ids: readonly string[]): Promise<readonly PlumbingRow[]> =>
    (await open().all()).filter(({ id }) => ids.includes(id));

  describe(`${name}: plumbings`, () => {
    test('are kept as they are, the oldest first, and can be agreed to', async () => {
      const [one, two] = [fresh(), fresh()];
      await open().put(two);
      await open().put(one);
      expect(await all(one.id, two.id)).toEqual([one, two]);
      const { token: _, on: __, ...agreed } = one;
      await open().put(agreed);
      expect(await all(one.id)).toEqual([agreed]);
    });

    test('a password, a language and what is wrong are kept; troubles come and go by themselves', async () => {
      const store = open();
      const one = { ...fresh(), password: 'v1:sealed', lang: 'de' };
      await store.put(one);
      await store.trouble(one.id, '[{"is":"voiceless"}]');
      await store.put({ ...one, password: 'v1:other' });
      expect(await all(one.id)).toEqual([{ ...one, password: 'v1:other', troubles: '[{"is":"voiceless"}]' }]);
      await store.trouble(one.id, undefined);
      expect(await all(one.id)).toEqual([{ ...one, password: 'v1:other' }]);
    });

    test('who made them can be forgotten, on one domain', async () => {
      const store = open();
      const [one, two, three] = [
        { ...fresh(), by: 'nurse@test' },
        fresh(),
        { ...fresh(), by: 'nurse@test', domain: 'x.test' },
      ];
      for (const row of [one, two, three]) await store.put(row);
      expect(await store.forget('irc.test', 'nurse@test')).toBe(1);
      expect(await all(one.id, two.id, three.id)).toEqual([{ ...one, by: '' }, two, three]);
      expect(await store.forget('irc.test', 'nobody@test')).toBe(0);
    });

    test('marks move alone, and stay where they are not said', async () => {
      const { id, ...row } = fresh();
      const store = open();
      await store.put({ id, ...row });
      expect(await store.marks(id)).toEqual({});
      await store.move(id, { seen: { id: 'm1', at: 5 } }, []);
      await store.move(id, { told: 'r1' }, []);
      expect(await store.marks(id)).toEqual({ seen: { id: 'm1', at: 5 }, told: 'r1' });
      await store.move(id, { seen: { at: 7 } }, []);
      expect(await store.marks(id)).toEqual({ seen: { at: 7 }, told: 'r1' });
      await store.put({ id, ...row, nick: 'other' });
      expect(await store.marks(id)).toEqual({ seen: { at: 7 }, told: 'r1' });
    });

    test('names are told in their order, the newest of them, and older ones go', async () => {
      const store = open();
      const { id, ...row } = fresh();
      await store.put({ id, ...row });
      const speaker = { nick: 'é\0', mark: 'o1', ids: ['i', ''] };
      const names = [
        { muc: 'ma', room: 'a' },
        { muc: 'mb', room: 'b', speaker },
        { muc: 'mc', room: 'c' },
      ];
      await store.move(id, {}, names.slice(0, 2));
      await store.move(id, {}, names.slice(2));
      expect(await store.names(id, 10)).toEqual(names);
      expect(await store.names(id, 2)).toEqual(names.slice(1));
      expect(await store.names(id, 10)).toEqual(names.slice(1));
    });

    test('each has names of its own, which are counted and go by themselves', async () => {
      const store = open();
      const [one, other] = [fresh(), fresh()];
      const named = (from: number, to: number) =>
        Array.from({ length: to - from }, (_, n) => ({ muc: `m${from + n}`, room: `r${from + n}` }));
      for (const row of [one, other]) await store.put(row);
      await store.move(one.id, {}, named(0, 5));
      await store.move(other.id, {}, named(5, 7));
      await store.move(one.id, {}, named(7, 8));
      expect(await store.names(one.id, 2)).toEqual([...named(4, 5), ...named(7, 8)]);
      expect(await store.names(other.id, 9)).toEqual(named(5, 7));
      await store.remove(one.id);
      // By its own numbers, however many there are of others.
      const numbered = fresh();
      await store.put(numbered);
      for (let n = 0; n < 9_000; n += 1_000) await store.move(numbered.id, {}, named(n, n + 1_000));
      await store.move(other.id, {}, named(7, 8));
      await store.names(other.id, 2);
      await store.move(numbered.id, {}, named(9_000, 10_000));
      expect(await store.names(other.id, 9)).toEqual([...named(6, 7), ...named(7, 8)]);
      expect((await store.names(numbered.id, 20_000)).length).toBeGreaterThanOrEqual(8_000);
    });

    test('the oldest names go by themselves', async () => {
      const store = open();
      const { id, ...row } = fresh();
      await store.put({ id, ...row });
      for (let n = 0; n < 10_000; n += 1_000) {
        const names = Array.from({ length: 1_000 }, (_, i) => ({ muc: `m${n + i}`, room: `r${n + i}` }));
        await store.move(id, {}, names);
      }
      const kept = await store.names(id, 20_000);
      expect(kept.length).toBeGreaterThanOrEqual(8_000);
      expect(kept.length).toBeLessThan(9_600);
      expect(kept.at(-1)).toEqual({ muc: 'm9999', room: 'r9999' });
    });

    test('what is removed has neither marks nor names, and gets none', async () => {
      const store = open();
      const { id, ...row } = fresh();
      await store.put({ id, ...row });
      await store.move(id, { told: 'r1' }, [{ muc: 'm', room: 'r' }]);
      await store.remove(id);
      await store.move(id, { told: 'r2' }, [{ muc: 'm', room: 'r' }]);
      expect([await all(id), await store.marks(id), await store.names(id, 5)]).toEqual([[], {}, []]);
    });
  });
}
