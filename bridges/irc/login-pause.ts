/** Keeps an account whose login was refused from trying the same again at once: services lock accounts, and servers ban those who hammer. */
import { createHash } from 'node:crypto';
import type { Clock, GatewayError } from '#bridge';
import type { Identity } from './identity.ts';

export interface LoginPauses {
  /** The refusal of a moment ago, where nothing was changed since; undefined: try. */
  standing(account: string, identity: Identity): GatewayError | undefined;
  refused(account: string, identity: Identity, error: GatewayError): void;
  /** The server has let it in: what was refused before does not stand any more. */
  taken(account: string): void;
}

const pauseMs = 300_000;
const maxKept = 10_000;

/** For all accounts of a network. */
export function createLoginPauses(clock: Pick<Clock, 'now'>): LoginPauses {
  const kept = new Map<string, { readonly until: number; readonly with: string; readonly error: GatewayError }>();
  return {
    standing(account, identity) {
      const last = kept.get(account);
      if (last === undefined) return undefined;
      if (last.until > clock.now() && last.with === digest(identity)) return last.error;
      kept.delete(account);
      return undefined;
    },
    refused(account, identity, error) {
      for (const oldest of kept.keys()) {
        if (kept.size < maxKept) break;
        kept.delete(oldest);
      }
      kept.set(account, { until: clock.now() + pauseMs, with: digest(identity), error });
    },
    taken: (account) => void kept.delete(account),
  };
}

/** Is nothing of it ours to change? A certificate becomes good when the services are told of it, so that whoever asks for it to be tried again means it. */
export const isByCertificateAlone = ({ login }: Identity): boolean =>
  login?.certificate === true && login.password === undefined;

/** Tells two sets of secrets apart without keeping them. */
const digest = ({ login, pass, certificate }: Identity): string =>
  createHash('sha256')
    .update(JSON.stringify([login, pass, certificate]))
    .digest('base64');
