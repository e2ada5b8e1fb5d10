/** What one process tells of itself. */
import { expect, test } from 'vitest';
import type { Account } from '../../../src/accounts/account-port.ts';
import { chatId } from '../../../src/core/ids.ts';
import { accountKey } from '../../../src/gateway/decode/account-key.ts';
import { createMetrics } from '../../../src/ops/metrics.ts';
import { createOwnSight } from '../../../src/process/operator-sight.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

const lane = (chat: string, entries: number, since: number) => ({
  chat: chatId(chat),
  entries,
  flying: 0,
  isHeld: true,
  since,
});

function account(owner: string, state: Account['state'], lanes: Account['lanes'] = []): readonly [string, Account] {
  const { id } = accountKey('irc.test', owner, 'irc.example');
  return ['irc.test', { row: { id, owner, domain: 'irc.test' }, state, lanes } as Account];
}

test('accounts by state, those with the most that waits first; samples at round times, and no more than are shown', async () => {
  const clock = createManualClock();
  const metrics = createMetrics();
  const out = metrics.of('irc.test', 'irc').stanzas('out');
  const all = [
    account('a@x', 'ready'),
    account('b@x', 'connecting', [lane('#b', 1, 9), lane('#a', 4, 3)]),
    account('c@x', 'ready', [lane('#c', 2, 1)]),
  ];
  const sight = createOwnSight({
    ...{ self: 'worker-1', role: 'worker', version: '1.2.3', clock, metrics },
    readiness: { checks: () => ({ started: true }) },
    accounts: () => all,
  });
  out.add(5);
  await clock.advance(10_000);
  const view = sight.now();
  expect(view).toMatchObject({
    name: 'worker-1',
    role: 'worker',
    accounts: { ready: 2, connecting: 1 },
    checks: { started: true },
  });
  expect(view.shown.map(({ owner, on, waiting }) => [owner, on, waiting])).toEqual([
    ['b@x', 'irc.example', 5],
    ['c@x', 'irc.example', 2],
    ['a@x', 'irc.example', 0],
  ]);
  expect(view.shown[0]?.lanes.map(({ chat }) => chat)).toEqual(['#a', '#b']);
  expect(view.samples.map(({ counts, waiting }) => [counts[1], waiting])).toEqual([
    [0, 7],
    [5, 7],
  ]);
  expect(view.samples.every(({ at }) => at % 10_000 === 0)).toBe(true);
  for (let i = 0; i < 200; i++) await clock.advance(10_000);
  expect(sight.now().samples).toHaveLength(180);
  sight.close();
  await clock.advance(60_000);
  expect(sight.now().samples).toHaveLength(180);
});

test('a timer that is early by a millisecond makes no second sample of a time', async () => {
  const clock = createManualClock();
  const sight = createOwnSight({
    ...{ self: 'worker-1', role: 'worker', version: '1.2.3', metrics: createMetrics() },
    clock: { ...clock, after: (ms, call) => clock.after(Math.max(1, ms - 1), call) },
    readiness: { checks: () => ({}) },
    accounts: () => [],
  });
  await clock.advance(60_000);
  const times = sight.now().samples.map(({ at }) => at);
  expect(times).toEqual([...new Set(times)]);
  expect(times.length).toBeGreaterThan(5);
  sight.close();
});
