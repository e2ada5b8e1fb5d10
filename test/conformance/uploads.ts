/** What every store of long texts promises. */
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { UploadRow, UploadStore } from '../../src/storage/ports.ts';

const wide = { perUser: 1_000, bytes: 1_000_000_000 };

function row(text: string, more: Partial<UploadRow> = {}): UploadRow {
  return {
    id: randomBytes(18).toString('base64url'),
    owner: `${randomUUID()}@example.org`,
    at: 1_000_000_000_000,
    text,
    ...more,
  };
}

/** @param open the same store each time, of which nobody else makes use */
export function describeUploads(name: string, open: () => UploadStore): void {
  describe(`${name}: uploads`, () => {
    test('come back as they were, and no other name has anything', async () => {
      const store = open();
      const one = row(`O'Neil "ü" 🙂\n\t%s \\0 ${'x'.repeat(65_536)}`);
      expect(await store.add(one, wide)).toBe(true);
      expect(await store.find(one.id)).toBe(one.text);
      expect(await store.find(row('').id)).toBeUndefined();
      expect(await store.find("' or 1=1 --")).toBeUndefined();
    });

    test('the same name again changes nothing, and needs no room', async () => {
      const store = open();
      const one = row('first', { owner: 'twice@example.org' });
      expect(await store.add(one, { ...wide, perUser: 1 })).toBe(true);
      expect(await store.add({ ...one, text: 'second' }, { ...wide, perUser: 1 })).toBe(true);
      expect(await store.find(one.id)).toBe('first');
    });

    test('no owner has more than their share, and others have theirs', async () => {
      const store = open();
      const caps = { ...wide, perUser: 2 };
      const [first, second, third] = ['a', 'b', 'c'].map((text) => row(text, { owner: 'busy@example.org' }));
      if (first === undefined || second === undefined || third === undefined) throw new Error('three');
      expect([await store.add(first, caps), await store.add(second, caps), await store.add(third, caps)]).toEqual([
        true,
        true,
        false,
      ]);
      expect(await store.find(third.id)).toBeUndefined();
      expect(await store.add(row('d'), caps)).toBe(true);
    });

    test('all together are bounded by octets, not by letters', async () => {
      const store = open();
      await store.expire(Number.MAX_SAFE_INTEGER);
      const caps = { ...wide, bytes: 10 };
      expect(await store.add(row('ü'.repeat(4)), caps)).toBe(true);
      expect(await store.add(row('üx'), caps)).toBe(false);
      expect(await store.add(row('ü'), caps)).toBe(true);
    });

    test('those whose names begin so go, of that owner alone', async () => {
      const store = open();
      const { owner } = row('');
      // Wildcards of SQL are letters of names.
      const named = (id: string, more: Partial<UploadRow> = {}) => row(id, { id, owner, ...more });
      const head = `${randomBytes(6).toString('hex').slice(0, 10)}_-`;
      const all = [named(`${head}a`), named(`${head}b`), named(`${head.slice(0, -2)}x-a`), named(`${head}c`)];
      for (const one of all.slice(0, 3)) await store.add(one, wide);
      await store.add({ ...named(`${head}c`), owner: 'tybalt@example.org' }, wide);
      expect(await store.remove(owner, head)).toBe(2);
      const left = await Promise.all(all.map(({ id }) => store.find(id)));
      expect(left.map((text) => text !== undefined)).toEqual([false, false, true, true]);
      expect(await store.remove(owner, head)).toBe(0);
    });

    test('what is old goes, however much it is, and nothing else', async () => {
      const store = open();
      await store.expire(Number.MAX_SAFE_INTEGER);
      const old = Array.from({ length: 250 }, (_, n) => row('old', { at: n }));
      for (const one of old) await store.add(one, wide);
      const young = row('young', { at: 250 });
      await store.add(young, wide);
      let breaths = 0;
      expect(await store.expire(250, async () => void breaths++)).toBe(250);
      expect(breaths).toBeGreaterThan(1);
      expect(await store.find(young.id)).toBe('young');
      expect(await store.expire(250)).toBe(0);
    });

    test('are listed and erased by owner and domain; what was made before domains were written down is of all of them', async () => {
      const store = open();
      const whose = { owner: `${randomUUID()}@example.org`, domain: 'irc.test' };
      const here = row('here', { ...whose, at: 2 });
      const early = row('early', { owner: whose.owner, at: 1 });
      const elsewhere = row('elsewhere', { ...whose, domain: 'other.test' });
      const exported = row('exported', { ...whose, isExport: true });
      const others = row('others', { domain: 'irc.test' });
      for (const one of [here, early, elsewhere, exported, others]) await store.add(one, wide);
      const listed: UploadRow[] = [];
      for await (const one of store.of(whose)) listed.push(one);
      expect(listed).toEqual([early, here]);
      await store.erase(whose, 'exports');
      const left = async () => Promise.all([here, early, elsewhere, exported, others].map(({ id }) => store.find(id)));
      expect(await left()).toEqual(['here', 'early', 'elsewhere', undefined, 'others']);
      await store.erase(whose, 'all');
      expect(await left()).toEqual([undefined, undefined, 'elsewhere', undefined, 'others']);
    });

    test('what PostgreSQL would refuse is stored all the same', async () => {
      const store = open();
      const one = row('a\0b\ud800c');
      expect(await store.add(one, wide)).toBe(true);
      expect(await store.find(one.id)).toBe('a\ufffdb\ufffdc');
    });
  });
}
