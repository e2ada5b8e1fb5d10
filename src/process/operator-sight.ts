/** What the operator's page is told of one process: gathered when somebody looks, but for the samples that plots are made of. */
import { hostname } from 'node:os';
import type { Account } from '../accounts/account-port.ts';
import type { Clock } from '../bridge/contract.ts';
import { parseAccountId } from '../gateway/decode/account-key.ts';
import { sampleEveryMs, samplesKept } from '../gateway/operator-page/plot.ts';
import type { AccountView, ProcessView, Sample } from '../gateway/operator-page/views.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { Readiness } from '../ops/readiness.ts';
import { outboxDepth } from './domain-metrics.ts';

export interface OwnSight {
  now(): ProcessView;
  /** Takes no more samples. */
  close(): void;
}

export interface OwnSightParts {
  /** What it is called among the others. */
  readonly self: string;
  readonly role: string;
  readonly version: string;
  readonly clock: Clock;
  readonly metrics: Pick<Metrics, 'totals'>;
  readonly readiness: Pick<Readiness, 'checks'>;
  /** Those that run here, by domain. */
  accounts(): Iterable<readonly [domain: string, account: Account]>;
}

const accountsShown = 200;
const lanesShown = 20;

/** Samples are taken from now on. */
export function createOwnSight(parts: OwnSightParts): OwnSight {
  const { clock, metrics } = parts;
  const samples: Sample[] = [];
  const startedAt = clock.now();

  function sample(): void {
    const at = Math.floor(clock.now() / sampleEveryMs) * sampleEveryMs;
    // A timer may be early by a millisecond, and clocks are set: one sample a time.
    if (at > (samples.at(-1)?.at ?? -1)) samples.push(sampleAt(at));
    if (samples.length > samplesKept) samples.shift();
    cancel = clock.after(at + sampleEveryMs - clock.now(), sample);
  }

  function sampleAt(at: number): Sample {
    const { stanzasIn, stanzasOut, events, attempts } = metrics.totals();
    const { done, again, failed } = attempts;
    const { entries } = outboxDepth(accountsOf(parts), clock);
    return { at, counts: [stanzasIn, stanzasOut, events, done, again, failed], waiting: entries };
  }
  let cancel = (): void => undefined;
  sample();

  return {
    now() {
      const all = [...parts.accounts()];
      const accounts: Record<string, number> = {};
      for (const [, { state }] of all) accounts[state] = (accounts[state] ?? 0) + 1;
      return {
        ...{ name: parts.self, role: parts.role, version: parts.version, startedAt, accounts },
        ...{ host: hostname(), pid: process.pid, memoryBytes: process.memoryUsage.rss() },
        checks: parts.readiness.checks(),
        samples: [...samples],
        shown: all
          .map(viewOf)
          .sort((a, b) => b.waiting - a.waiting)
          .slice(0, accountsShown),
      };
    },
    close: () => cancel(),
  };
}

function* accountsOf({ accounts }: OwnSightParts): Iterable<Account> {
  for (const [, account] of accounts()) yield account;
}

function viewOf([domain, { row, state, lanes }]: readonly [string, Account]): AccountView {
  return {
    ...{ domain, state, owner: row.owner, on: parseAccountId(row.id)?.on ?? '' },
    waiting: lanes.reduce((sum, { entries }) => sum + entries, 0),
    lanes: [...lanes].sort((a, b) => a.since - b.since).slice(0, lanesShown),
  };
}
