/** How much waits, and how long the oldest has. */
import { expect, test } from 'vitest';
import type { Account } from '../../../src/accounts/account-port.ts';
import { chatId } from '../../../src/core/ids.ts';
import { journalDepth, mailboxDepth, outboxDepth, storedDepth } from '../../../src/process/domain-metrics.ts';
import { createMemoryStores } from '../../harness/memory-stores.ts';

const clock = { now: () => 10_000 };
const lane = (entries: number, since: number) => ({ chat: chatId('#a'), entries, flying: 0, isHeld: false, since });
const account = (...lanes: Account['lanes']) => ({ lanes }) as Account;

test('the outbox of all accounts: entries are added up, the oldest counts', () => {
  const accounts = [account(lane(2, 9_000), lane(3, 4_000)), account(), account(lane(1, 9_900))];
  expect(outboxDepth(accounts, clock)).toEqual({ entries: 6, ageMs: 6_000 });
  expect(outboxDepth([], clock)).toEqual({ entries: 0, ageMs: 0 });
});

test('a clock that was set back makes nothing negative', () => {
  expect(journalDepth({ bursts: 1, since: 11_000 }, clock)).toEqual({ entries: 1, ageMs: 0 });
});

test('what lies in a journal of a store, by the id of its first entry', async () => {
  const { journal } = createMemoryStores(clock);
  expect(await storedDepth(journal, 'a.b/w', clock)).toEqual({ entries: 0, ageMs: 0 });
  const first = await journal.append('a.b/w', () => 'x');
  await journal.append('a.b/w', () => 'y');
  const { entries, ageMs } = await storedDepth(journal, 'a.b/w', clock);
  expect([entries, ageMs]).toEqual([2, Math.max(0, 10_000 - Number.parseInt(first ?? '', 10))]);
});

test('a mailbox', async () => {
  const post = { held: async () => ({ entries: 3, since: 9_000 }) };
  expect(await mailboxDepth(post, 'worker-a', clock)).toEqual({ entries: 3, ageMs: 1_000 });
});
