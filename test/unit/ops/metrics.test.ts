/** What Prometheus is told. */
import { expect, test } from 'vitest';
import { createMetrics } from '../../../src/ops/metrics.ts';

const lineOf = (text: string, start: string) => text.split('\n').find((line) => line.startsWith(start));

test('counters are added to outside of prom-client and told at a scrape, once and again', async () => {
  const metrics = createMetrics();
  const count = metrics.stanzas('irc.example.org', 'in');
  count.add();
  count.add(2);
  metrics.stanzas('irc.example.org', 'in').add();
  metrics.stanzas('irc.example.org', 'out').add(7);
  const first = await metrics.text();
  expect(lineOf(first, 'isthmus_stanzas_total{domain="irc.example.org",direction="in"}')).toMatch(/ 4$/);
  expect(lineOf(first, 'isthmus_stanzas_total{domain="irc.example.org",direction="out"}')).toMatch(/ 7$/);
  count.add();
  expect(lineOf(await metrics.text(), 'isthmus_stanzas_total{domain="irc.example.org",direction="in"}')).toMatch(/ 5$/);
});

test('gauges are read at the scrape; one that is forgotten is gone', async () => {
  const metrics = createMetrics();
  let size = 3;
  const forget = metrics.queue('irc.example.org', 'outbox', () => size);
  metrics.sessions('irc.example.org', 'live', () => 2);
  expect(await metrics.text()).toContain('isthmus_queue_entries{domain="irc.example.org",queue="outbox"} 3');
  size = 9;
  const text = await metrics.text();
  expect(text).toContain('isthmus_queue_entries{domain="irc.example.org",queue="outbox"} 9');
  expect(text).toContain('isthmus_sessions{domain="irc.example.org",state="live"} 2');
  forget();
  expect(await metrics.text()).not.toContain('queue="outbox"');
});

test('the other families are named for Prometheus, with the event loop beside them', async () => {
  const metrics = createMetrics();
  metrics.events('a.b').add(5);
  metrics.attempts('a.b', 'failed').add();
  metrics.barrier('a.b').observe(0.004);
  const text = await metrics.text();
  expect(text).toContain('isthmus_events_total{domain="a.b"} 5');
  expect(text).toContain('isthmus_attempts_total{domain="a.b",outcome="failed"} 1');
  expect(text).toContain('isthmus_barrier_round_trip_seconds_bucket{le="0.005",domain="a.b"} 1');
  expect(text).toMatch(/^nodejs_eventloop_lag_seconds /m);
  expect(metrics.contentType).toContain('text/plain');
});

test('two gateways in one process share nothing', async () => {
  const [one, two] = [createMetrics(), createMetrics()];
  one.events('a.b').add(5);
  expect(await two.text()).not.toContain('a.b');
});
