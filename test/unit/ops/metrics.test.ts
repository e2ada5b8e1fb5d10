/** What Prometheus is told. */
import { expect, test } from 'vitest';
import { createMetrics, type Depth } from '../../../src/ops/metrics.ts';
import { readExposition } from '../../harness/exposition.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';

const scrape = async (metrics: ReturnType<typeof createMetrics>) => readExposition(await metrics.text());
const irc = { domain: 'irc.example.org', bridge: 'irc' };

test('counters are added to outside of prom-client and told at a scrape, once and again', async () => {
  const metrics = createMetrics();
  const own = metrics.of(irc.domain, irc.bridge);
  const count = own.stanzas('in');
  count.add();
  count.add(2);
  metrics.of(irc.domain, irc.bridge).stanzas('in').add();
  own.stanzas('out').add(7);
  const first = await scrape(metrics);
  expect(first.value('isthmus_stanzas_total', { ...irc, direction: 'in' })).toBe(4);
  expect(first.value('isthmus_stanzas_total', { ...irc, direction: 'out' })).toBe(7);
  count.add();
  expect((await scrape(metrics)).value('isthmus_stanzas_total', { ...irc, direction: 'in' })).toBe(5);
});

test('gauges are read at the scrape; one that is forgotten is gone', async () => {
  const metrics = createMetrics();
  const own = metrics.of(irc.domain, irc.bridge);
  let depth: Depth = { entries: 3, ageMs: 1_500 };
  const forget = own.queue('outbox', () => depth);
  own.sessions('ready', () => 2);
  own.plumbings('troubled', () => 7);
  own.up(() => true);
  const first = await scrape(metrics);
  expect(first.value('isthmus_queue_entries', { ...irc, queue: 'outbox' })).toBe(3);
  expect(first.value('isthmus_queue_oldest_age_seconds', { ...irc, queue: 'outbox' })).toBe(1.5);
  expect(first.value('isthmus_component_up', irc)).toBe(1);
  depth = { entries: 9, ageMs: 0 };
  const second = await scrape(metrics);
  expect(second.value('isthmus_queue_entries', { queue: 'outbox' })).toBe(9);
  expect(second.value('isthmus_sessions', { ...irc, state: 'ready' })).toBe(2);
  expect(second.value('isthmus_plumbings', { ...irc, state: 'troubled' })).toBe(7);
  forget();
  expect((await scrape(metrics)).value('isthmus_queue_entries')).toBeUndefined();
});

test('a queue that can not be read, or not in time, is left out, and the rest is told', async () => {
  const clock = createManualClock();
  const metrics = createMetrics(clock);
  metrics.mailbox(() => Promise.reject(new Error('away')));
  metrics.of('a.b', 'irc').queue('journal', () => new Promise<Depth>(() => undefined));
  metrics.of('c.d', 'irc').queue('journal', async () => ({ entries: 4, ageMs: 0 }));
  metrics.of('c.d', 'irc').events.add();
  const text = metrics.text();
  await settle();
  await clock.advance(2_000);
  const read = readExposition(await text);
  expect(read.faults).toEqual([]);
  expect(read.value('isthmus_mailbox_entries')).toBeUndefined();
  expect(read.value('isthmus_queue_entries')).toBe(4);
});

test('every family is as Prometheus wants them, with process and event loop beside them', async () => {
  const metrics = createMetrics();
  const own = metrics.of('a.b', 'fake');
  own.events.add(5);
  own.attempts('failed').add();
  own.barrier.observe(0.004);
  own.queue('outbox', () => ({ entries: 0, ageMs: 0 }));
  metrics.mailbox(async () => ({ entries: 0, ageMs: 0 }));
  metrics.stalls.add();
  metrics.moved.add(3);
  metrics.build('1.2.3', 'worker');
  const read = await scrape(metrics);
  expect(read.faults).toEqual([]);
  const labels = { domain: 'a.b', bridge: 'fake' };
  expect(read.value('isthmus_events_total', labels)).toBe(5);
  expect(read.value('isthmus_attempts_total', { ...labels, outcome: 'failed' })).toBe(1);
  expect(read.value('isthmus_barrier_round_trip_seconds_bucket', { ...labels, le: '0.005' })).toBe(1);
  expect(read.value('isthmus_build_info', { version: '1.2.3', role: 'worker' })).toBe(1);
  expect(read.value('isthmus_event_loop_stalls_total')).toBe(1);
  expect(read.value('isthmus_accounts_moved_total')).toBe(3);
  expect(read.value('nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0);
  expect(metrics.contentType).toContain('text/plain; version=0.0.4');
});

test('totals over all domains', () => {
  const metrics = createMetrics();
  for (const domain of ['a.b', 'c.d']) {
    const own = metrics.of(domain, 'irc');
    own.stanzas('in').add(2);
    own.stanzas('out').add(3);
    own.events.add();
    own.attempts('again').add(4);
  }
  const attempts = { done: 0, again: 8, failed: 0 };
  expect(metrics.totals()).toEqual({ stanzasIn: 4, stanzasOut: 6, events: 2, attempts });
});

test('two gateways in one process share nothing', async () => {
  const [one, two] = [createMetrics(), createMetrics()];
  one.of('a.b', 'irc').events.add(5);
  expect(await two.text()).not.toContain('a.b');
});
