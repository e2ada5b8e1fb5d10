/** Families of metrics: counters that the hot path adds to, and gauges that are read when somebody scrapes. */
import { Counter, Gauge, type Registry } from 'prom-client';

export type Labels = Readonly<Record<string, string>>;

/** One counter with its labels: keep it, adding costs an addition. */
export interface Count {
  add(by?: number): void;
}

export interface Counters {
  /** Asking twice with the same labels gives the same one. */
  of(labels: Labels): Count;
  /** Of those that have these labels, and any others. */
  sum(labels: Labels): number;
}

/** A family of counters; prom-client, which hashes labels at every call, sees them only when somebody scrapes. */
export function counters(registry: Registry, name: string, help: string, labelNames: string[]): Counters {
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
  return {
    of(labels) {
      const key = JSON.stringify(labels);
      const cell = cells.get(key) ?? { labels, value: 0 };
      cells.set(key, cell);
      return {
        add(by = 1) {
          cell.value += by;
        },
      };
    },
    sum(labels) {
      const wanted = Object.entries(labels);
      let total = 0;
      for (const cell of cells.values())
        if (wanted.every(([name, value]) => cell.labels[name] === value)) total += cell.value;
      return total;
    },
  };
}

/** A family of gauges; two of the same labels are added up. The returned function forgets one. */
export function gauges(
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

/** What waits somewhere. */
export interface Depth {
  readonly entries: number;
  /** How long the oldest has waited; 0 where there is none. */
  readonly ageMs: number;
}

export interface Depths {
  /** `read` is called when somebody scrapes; where it fails or takes its time, the scrape goes without it. The returned function forgets it. */
  of(labels: Labels, read: () => Depth | Promise<Depth>): () => void;
  /** Asks all. @param enough resolves when they have been waited for long enough */
  read(enough: Promise<unknown>): Promise<void>;
}

/** Two families that are read at once: `<name>_entries` and `<name>_oldest_age_seconds`. */
export function depths(registry: Registry, name: string, what: string, labelNames: string[]): Depths {
  const reads = new Set<{ readonly labels: Labels; readonly read: () => Depth | Promise<Depth> }>();
  const gauge = (ending: string, help: string): Gauge =>
    new Gauge({ name: `${name}_${ending}`, help, labelNames, registers: [registry] });
  const entries = gauge('entries', what);
  const age = gauge('oldest_age_seconds', `How long the oldest has waited of: ${what}`);
  return {
    of(labels, read) {
      const one = { labels, read };
      reads.add(one);
      return () => {
        reads.delete(one);
      };
    },
    async read(enough) {
      const late = enough.then(() => undefined);
      const found = await Promise.all(
        [...reads].map(async ({ labels, read }) => {
          const asked = Promise.resolve().then(read);
          return { labels, depth: await Promise.race([asked, late]).catch(() => undefined) };
        }),
      );
      for (const one of [entries, age]) {
        one.reset();
        // One without labels would be 0, which nobody said.
        if (labelNames.length === 0) one.remove();
      }
      for (const { labels, depth } of found) {
        if (depth === undefined) continue;
        entries.set(labels, depth.entries);
        age.set(labels, depth.ageMs / 1_000);
      }
    },
  };
}

export interface Verdict {
  /** `read` is called when somebody scrapes; where it takes its time, that is a no. The returned function forgets it. */
  of(read: () => Promise<boolean>): () => void;
  /** Asks. @param enough resolves when it has been waited for long enough */
  read(enough: Promise<unknown>): Promise<void>;
}

/** 1 or 0; nothing before anybody can be asked. */
export function verdict(registry: Registry, name: string, help: string): Verdict {
  const gauge = new Gauge({ name, help, registers: [registry] });
  let ask: (() => Promise<boolean>) | undefined;
  return {
    of(read) {
      ask = read;
      return () => {
        ask = undefined;
      };
    },
    async read(enough) {
      const said = ask && (await Promise.race([ask(), enough.then(() => false)]));
      gauge.remove();
      if (said !== undefined) gauge.set(said ? 1 : 0);
    },
  };
}
