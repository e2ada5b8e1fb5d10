/** Rendezvous hashing: all agree, and a change moves only what it must. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { responsible } from '../../../src/delivery/rendezvous.ts';

const workers = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 });

test('nobody where there is nobody', () => {
  expect(responsible([], 'romeo')).toBeUndefined();
});

test('one of them, whatever their order', () => {
  fc.assert(
    fc.property(workers, fc.string(), (all, account) => {
      const chosen = responsible(all, account);
      expect(all).toContain(chosen);
      expect(responsible(all.toReversed(), account)).toBe(chosen);
    }),
  );
});

test('processes of any version agree', () => {
  const names = Array.from({ length: 40 }, (_, i) => `user${i}@example.org/irc.example.net`);
  const chosen = names.map((name) => responsible(['worker-a', 'worker-b', 'worker-c'], name)?.slice(-1)).join('');
  expect(chosen).toBe('aacbccccbaacbcccaaabbcaaccbacbacbcabbccb');
});

test('an account moves only when its own worker goes', () => {
  fc.assert(
    fc.property(workers, fc.string(), fc.nat(), (all, account, n) => {
      const chosen = responsible(all, account);
      const gone = all[n % all.length];
      const now = responsible(
        all.filter((one) => one !== gone),
        account,
      );
      if (gone !== chosen) expect(now).toBe(chosen);
      else expect(now).not.toBe(gone);
    }),
  );
});

test('the load is shared', () => {
  const counts = new Map<string, number>();
  for (let i = 0; i < 2_000; i++) {
    const worker = responsible(['a', 'b', 'c', 'd'], `user${i}@example.org`) ?? '';
    counts.set(worker, (counts.get(worker) ?? 0) + 1);
  }
  for (const n of counts.values()) expect(n).toBeGreaterThan(400);
});
