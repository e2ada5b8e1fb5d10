/**
 * Strict transport security (IRCv3 sts): a server that says so in plain text is left for its TLS port at once, and one that has said so over TLS is
 * never spoken to in plain text again until its word runs out. Kept over restarts by the sessions' checkpoints.
 */
import { domainToASCII } from 'node:url';
import type { Clock } from '#bridge';
import { isSame, type Where } from './targets.ts';

/** What a server said, as far as it is right. */
export interface StsOffer {
  readonly port?: number;
  readonly durationS?: number;
}

interface Policy {
  readonly port: number;
  readonly durationS: number;
  /** Epoch milliseconds. */
  readonly until: number;
}

export interface StsPolicies {
  /** Where a host may be tried: TLS alone, its own port first, while a policy is in force. */
  targets(all: readonly Where[]): readonly Where[];
  /** The host said this over a connection whose certificate was verified. A duration of 0 ends its policy. */
  heard(where: Where, offer: StsOffer): void;
  /** The connection is over: the time runs from now on (sts, Rescheduling expiry on disconnect). */
  closed(where: Where): void;
  /** The policies of these hosts, for a checkpoint; '' where there are none. */
  save(hosts: Iterable<string>): string;
  /** What an earlier session had saved; the longer of two policies holds. Never throws. */
  restore(text: string): void;
}

const maxHosts = 10_000;
const maxDurationS = 10 * 365 * 86_400;
const maxSaved = 16;

/** Reads the capability's value; keys that we do not know are passed over. */
export function readSts(value: string): StsOffer {
  const offer: { port?: number; durationS?: number } = {};
  for (const token of value.split(',')) {
    const [key, digits = ''] = token.split('=', 2);
    if (!/^[0-9]{1,12}$/.test(digits)) continue;
    const number = Number(digits);
    if (key === 'port' && number >= 1 && number <= 65_535) offer.port ??= number;
    else if (key === 'duration') offer.durationS ??= Math.min(number, maxDurationS);
  }
  return offer;
}

/** For all accounts of a network. */
export function createStsPolicies(clock: Pick<Clock, 'now'>): StsPolicies {
  const policies = new Map<string, Policy>();

  function inForce(host: string): Policy | undefined {
    const policy = policies.get(keyOf(host));
    if (policy === undefined || policy.until > clock.now()) return policy;
    policies.delete(keyOf(host));
    return undefined;
  }

  function keep(host: string, policy: Policy): void {
    for (const oldest of policies.keys()) {
      if (policies.size < maxHosts) break;
      policies.delete(oldest);
    }
    policies.delete(keyOf(host));
    policies.set(keyOf(host), policy);
  }

  return {
    targets(all) {
      const found: Where[] = [];
      for (const where of all) {
        const policy = inForce(where.host);
        const own = policy === undefined ? undefined : { host: where.host, port: policy.port, tls: true };
        for (const one of own === undefined ? [where] : [own, where]) {
          if ((own === undefined || one.tls) && !found.some((other) => isSame(one, other))) found.push(one);
        }
      }
      return found;
    },
    heard(where, { durationS }) {
      if (durationS === undefined) return;
      if (durationS === 0) policies.delete(keyOf(where.host));
      else keep(where.host, { port: where.port, durationS, until: clock.now() + durationS * 1000 });
    },
    closed({ host }) {
      const policy = inForce(host);
      if (policy !== undefined) keep(host, { ...policy, until: clock.now() + policy.durationS * 1000 });
    },
    save(hosts) {
      const saved: (readonly [string, number, number, number])[] = [];
      for (const host of new Set([...hosts].map(keyOf))) {
        const policy = inForce(host);
        if (policy !== undefined && saved.length < maxSaved) {
          saved.push([host, policy.port, policy.durationS, policy.until]);
        }
      }
      return saved.length === 0 ? '' : JSON.stringify({ sts: saved });
    },
    restore(text) {
      for (const { host, policy } of readSaved(text)) {
        if (policy.until > (inForce(host)?.until ?? clock.now())) keep(host, policy);
      }
    },
  };
}

const keyOf = (host: string): string => (domainToASCII(host) || host).toLowerCase();

function readSaved(text: string): readonly { readonly host: string; readonly policy: Policy }[] {
  const whole: unknown = parsed(text);
  const list: unknown = typeof whole === 'object' && whole !== null ? Reflect.get(whole, 'sts') : undefined;
  if (!Array.isArray(list)) return [];
  return list.slice(0, maxSaved).flatMap((entry: unknown) => {
    if (!Array.isArray(entry)) return [];
    const [host, port, durationS, until]: readonly unknown[] = entry;
    const right = typeof host === 'string' && isCount(port) && port <= 65_535 && isCount(durationS) && isCount(until);
    return right ? [{ host, policy: { port, durationS: Math.min(durationS, maxDurationS), until } }] : [];
  });
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
