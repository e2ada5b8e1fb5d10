/**
 * Numbers for Prometheus. A counter is a plain number that the hot path adds to; prom-client, which hashes labels at every call, sees it only when
 * somebody scrapes.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type Labels = Readonly<Record<string, string>>;

/** One counter with its labels: keep it, adding costs an addition. */
export interface Count {
  add(by?: number): void;
}
/** One histogram with its labels. */
export interface Timing {
  /** @param seconds of one observation */
  observe(seconds: number): void;
}

export interface Metrics {
  /** `isthmus_stanzas_total`: stanzas read from and written to the XMPP server. */
  stanzas(domain: string, direction: 'in' | 'out'): Count;
  /** `isthmus_events_total`: what the networks told. */
  events(domain: string): Count;
  /** `isthmus_attempts_total`: tries at intents. */
  attempts(domain: string, outcome: 'done' | 'again' | 'failed'): Count;
  /** `isthmus_barrier_round_trip_seconds`: how long the XMPP server takes to answer the ping behind a burst. */
  barrier(domain: string): Timing;
  /** `isthmus_queue_entries`: what waits; `read` is called when somebody scrapes. The returned function forgets it. */
  queue(domain: string, queue: 'outbox' | 'journal' | 'stream', read: () => number): () => void;
  /** `isthmus_sessions`: accounts by state; `read` likewise. */
  sessions(domain: string, state: string, read: () => number): () => void;
  /** The scrape. */
  text(): Promise<string>;
  readonly contentType: string;
}

const roundTripBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A registry of its own; nothing is shared between two gateways in one process. Process and event-loop metrics come with it. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const stanzas = counters(registry, 'isthmus_stanzas_total', 'Stanzas read from and written to the XMPP server', [
    'domain',
    'direction',
  ]);
  const events = counters(registry, 'isthmus_events_total', 'Events told by the networks', ['domain']);
  const attempts = counters(registry, 'isthmus_attempts_total', 'Tries at intents, by what came of them', [
    'domain',
    'outcome',
  ]);
  const queues = gauges(registry, 'isthmus_queue_entries', 'Entries waiting', ['domain', 'queue']);
  const sessions = gauges(registry, 'isthmus_sessions', 'Accounts, by the state of their session', ['domain', 'state']);
  const barrier = new Histogram({
    name: 'isthmus_barrier_round_trip_seconds',
    help: 'How long the XMPP server takes to answer the ping behind a burst',
    labelNames: ['domain'],
    buckets: roundTripBuckets,
    registers: [registry],
  });
  return {
    stanzas: (domain, direction) => stanzas({ domain, direction }),
    events: (domain) => events({ domain }),
    attempts: (domain, outcome) => attempts({ domain, outcome }),
    barrier: (domain) => barrier.labels(domain),
    queue: (domain, queue, read) => queues({ domain, queue }, read),
    sessions: (domain, state, read) => sessions({ domain, state }, read),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** A family of counters; asking twice with the same labels gives the same one. */
function counters(registry: Registry, name: string, help: string, labelNames: string[]): (labels: Labels) => Count {
  const cells = new Map<string, { readonly labels: Labels; value: number }>();
  registry.registerMetric(
    new Counter({
      name,
      help,
      labelNames,
      registers: [],
      collect() {
        this.reset();
        for (const cell of cells.values()) this.inc(cell.labels, cell.value);
      },
    }),
  );
  return (labels) => {
    const key = JSON.stringify(labels);
    const cell = cells.get(key) ?? { labels, value: 0 };
    cells.set(key, cell);
    return {
      add(by = 1) {
        cell.value += by;
      },
    };
  };
}

/** A family of gauges that are read when somebody scrapes; two of the same labels are added up. */
function gauges(
  registry: Registry,
  name: string,
  help: string,
  labelNames: string[],
): (labels: Labels, read: () => number) => () => void {
  const reads = new Set<{ readonly labels: Labels; readonly read: () => number }>();
  registry.registerMetric(
    new Gauge({
      name,
      help,
      labelNames,
      registers: [],
      collect() {
        this.reset();
        for (const { labels, read } of reads) this.inc(labels, read());
      },
    }),
  );
  return (labels, read) => {
    const one = { labels, read };
    reads.add(one);
    return () => {
      reads.delete(one);
    };
  };
}
