/**
 * Numbers for Prometheus. No label ever names a person, a room or an account: their values are the configured domains, and words of ours. What each is for is
 * in deploy/README.md.
 */
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { Clock } from '../bridge/contract.ts';
import { systemClock } from './clock.ts';
import { type Count, counters, type Depth, depths, gauges, type Labels, verdict } from './metric-families.ts';

export type { Count, Depth } from './metric-families.ts';

/** One histogram with its labels. */
export interface Timing {
  /** @param seconds of one observation */
  observe(seconds: number): void;
}

/** What became of a try at an intent. */
export type Tried = 'done' | 'again' | 'failed';

/** Those of one configured domain, which is one bridge's. */
export interface DomainMetrics {
  /** `isthmus_stanzas_total`: stanzas read from and written to the XMPP server. */
  stanzas(direction: 'in' | 'out'): Count;
  /** `isthmus_events_total`: what the network told. */
  readonly events: Count;
  /** `isthmus_attempts_total`: tries at intents. */
  attempts(outcome: Tried): Count;
  /** `isthmus_barrier_round_trip_seconds`: how long the XMPP server takes to answer the ping behind a burst. */
  readonly barrier: Timing;
  /** `isthmus_queue_entries`, `isthmus_queue_oldest_age_seconds`: what waits; `read` is called when somebody scrapes. The returned function forgets it. */
  queue(queue: 'outbox' | 'journal', read: () => Depth | Promise<Depth>): () => void;
  /** `isthmus_sessions`: accounts by state; `read` likewise. */
  sessions(state: string, read: () => number): () => void;
  /** `isthmus_plumbings`: rooms that are joined with MUCs, by how they are; `read` likewise. */
  plumbings(state: string, read: () => number): () => void;
  /** `isthmus_dead_letters`: messages that could not be delivered, while this process holds the stream; `read` likewise. */
  deadLetters(read: () => number): () => void;
  /** `isthmus_component_up`: whether the XMPP server has taken this process for the domain. */
  up(read: () => boolean): () => void;
}

/** What becomes of files that expire on their networks. */
export type MediaCount = 'fetched' | 'failed' | 'served' | 'missing';

/** What this process did since it started, over all domains. */
export interface Totals {
  readonly stanzasIn: number;
  readonly stanzasOut: number;
  readonly events: number;
  readonly attempts: Readonly<Record<Tried, number>>;
}

export interface Metrics {
  /** @param bridge the bridge's name */
  of(domain: string, bridge: string): DomainMetrics;
  /** `isthmus_mailbox_entries`, `isthmus_mailbox_oldest_age_seconds`: what other processes have for this one. */
  mailbox(read: () => Promise<Depth>): () => void;
  /** `isthmus_redis_up`: whether Redis takes what is accepted; `read` is called when somebody scrapes. */
  redis(read: () => Promise<boolean>): () => void;
  /** `isthmus_database_up`: whether the database answers; `read` is called when somebody scrapes. */
  database(read: () => Promise<boolean>): () => void;
  /** `isthmus_media_files_total`: files of networks that were fetched or not, and requests for them. */
  media(what: MediaCount): Count;
  /** `isthmus_dead_letters_forgotten_total`: too old, or too many of one account. */
  readonly forgottenLetters: Count;
  /** `isthmus_event_loop_stalls_total`. */
  readonly stalls: Count;
  /** `isthmus_accounts_moved_total`: accounts that went from this worker to one that had joined. */
  readonly moved: Count;
  /** `isthmus_build_info`. */
  build(version: string, role: string): void;
  totals(): Totals;
  /** The scrape. */
  text(): Promise<string>;
  readonly contentType: string;
}

const roundTripBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Prometheus gives up after ten seconds where nothing else is said. */
const readWithinMs = 2_000;
/** Gauges that are called like counters; each is the sum of another one. */
const misnamed = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);
const ofDomain = ['domain', 'bridge'];

/** A registry of its own; nothing is shared between two gateways in one process. Process and event-loop metrics come with it. */
export function createMetrics(clock: Pick<Clock, 'sleep'> = systemClock): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  const families = domainFamilies(registry);
  const mailbox = depths(registry, 'isthmus_mailbox', 'What other processes have left for this one in Redis', []);
  const redis = verdict(registry, 'isthmus_redis_up', 'Whether Redis takes what this process writes');
  const database = verdict(registry, 'isthmus_database_up', 'Whether the database answers this process');
  const stalls = counters(
    registry,
    'isthmus_event_loop_stalls_total',
    'Times that something kept the event loop for more than 200 ms; the log says what',
    [],
  ).of({});
  const moved = counters(
    registry,
    'isthmus_accounts_moved_total',
    'Accounts that went from this worker to one that had joined',
    [],
  ).of({});
  const media = counters(registry, 'isthmus_media_files_total', 'Files of networks, fetched and asked for', ['what']);
  const forgotten = counters(
    registry,
    'isthmus_dead_letters_forgotten_total',
    'Dead letters that this process forgot, because they were too old or too many of one account',
    [],
  ).of({});
  const build = gauges(registry, 'isthmus_build_info', 'Always 1; version and role of this process', [
    'version',
    'role',
  ]);
  return {
    of: (domain, bridge) => families.of({ domain, bridge }),
    mailbox: (read) => mailbox.of({}, read),
    redis: redis.of,
    database: database.of,
    stalls,
    moved,
    forgottenLetters: forgotten,
    media: (what) => media.of({ what }),
    build: (version, role) => void build({ version, role }, () => 1),
    totals: families.totals,
    async text() {
      const enough = new AbortController();
      const late = clock.sleep(readWithinMs, enough.signal).catch(() => undefined);
      await Promise.all([families, mailbox, redis, database].map((one) => one.read(late)));
      enough.abort();
      return registry.metrics();
    },
    contentType: registry.contentType,
  };
}

function domainFamilies(registry: Registry) {
  const counted = (name: string, help: string, ...labels: string[]) =>
    counters(registry, name, help, [...ofDomain, ...labels]);
  const read = (name: string, help: string, ...labels: string[]) =>
    gauges(registry, name, help, [...ofDomain, ...labels]);
  const stanzas = counted('isthmus_stanzas_total', 'Stanzas read from and written to the XMPP server', 'direction');
  const events = counted('isthmus_events_total', 'Events told by the network');
  const attempts = counted('isthmus_attempts_total', 'Tries at intents, by what came of them', 'outcome');
  const sessions = read(
    'isthmus_sessions',
    'Accounts that run in this process, by the state of their session',
    'state',
  );
  const plumbings = read('isthmus_plumbings', 'Rooms that are joined with MUCs here, by how they are', 'state');
  const up = read('isthmus_component_up', 'Whether this process holds the component stream of the domain');
  const letters = read(
    'isthmus_dead_letters',
    'Messages that could not be delivered and are kept, counted every five minutes',
  );
  const queues = depths(registry, 'isthmus_queue', 'What waits to be tried (outbox) or answered for (journal)', [
    ...ofDomain,
    'queue',
  ]);
  const barrier = new Histogram({
    name: 'isthmus_barrier_round_trip_seconds',
    help: 'How long the XMPP server takes to answer the ping behind a burst',
    labelNames: ofDomain,
    buckets: roundTripBuckets,
    registers: [registry],
  });
  const tried = (outcome: Tried): number => attempts.sum({ outcome });
  return {
    of: (labels: Labels): DomainMetrics => ({
      stanzas: (direction) => stanzas.of({ ...labels, direction }),
      events: events.of(labels),
      attempts: (outcome) => attempts.of({ ...labels, outcome }),
      barrier: barrier.labels(labels),
      queue: (queue, from) => queues.of({ ...labels, queue }, from),
      sessions: (state, from) => sessions({ ...labels, state }, from),
      plumbings: (state, from) => plumbings({ ...labels, state }, from),
      deadLetters: (from) => letters(labels, from),
      up: (from) => up(labels, () => (from() ? 1 : 0)),
    }),
    read: queues.read,
    totals: (): Totals => ({
      stanzasIn: stanzas.sum({ direction: 'in' }),
      stanzasOut: stanzas.sum({ direction: 'out' }),
      events: events.sum({}),
      attempts: { done: tried('done'), again: tried('again'), failed: tried('failed') },
    }),
  };
}
