/**
 * Fetching from the network where strangers choose the address: by TLS and from public addresses only, none of the operator's own network (CHECKLIST 447-11). A name is resolved
 * once, by the connection itself, so what was checked is what is connected to; a redirection is checked like the first address; size, silence and time have bounds.
 */
import { type IncomingMessage, Agent as PlainAgent, request as plain } from 'node:http';
import { Agent as SecureAgent, request as secure } from 'node:https';
import { isIP } from 'node:net';
import type { Clock } from '../bridge/contract.ts';
import { type Fetch, type Fetched, isBelow, TooMuch } from '../bridge/fetching.ts';
import {
  isLocalName,
  isPrivateAddress,
  privateRefused,
  publicLookup,
  type Resolve,
} from '../bridge/private-address.ts';

const redirectsAtMost = 3;
const withinMs = 60_000;
const usualSilentMs = 15_000;
const pooled = { keepAlive: true, maxSockets: 16, maxFreeSockets: 4 };
const moved: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export interface GuardedFetchParts {
  readonly clock: Pick<Clock, 'after'>;
  /** Absent: the system's. */
  readonly resolve?: Resolve;
  /** How long a server may say nothing, and a connection may lie idle. Absent: 15 seconds. */
  readonly silentMs?: number;
}

/** Where one goes next, and whether the operator has listed it. */
interface Target {
  readonly url: URL;
  readonly isListed: boolean;
}

/** Connections to what is listed are kept apart from the others: one that is open is not checked again. */
export function createGuardedFetch({ clock, resolve, silentMs = usualSilentMs }: GuardedFetchParts): Fetch {
  // Whoever chooses the address would choose, too, how long a connection lies there that nobody uses.
  const connections = { ...pooled, timeout: silentMs };
  const guarded = new SecureAgent({
    ...connections,
    lookup: (host, options, callback) => publicLookup(host, resolve)(host, options, callback),
  });
  const listed = { plain: new PlainAgent(connections), secure: new SecureAgent(connections) };

  const ask = ({ url, isListed }: Target, signal: AbortSignal): Promise<IncomingMessage> =>
    new Promise((settle, reject) => {
      const isPlain = url.protocol === 'http:';
      const asking = (isPlain ? plain : secure)(
        url,
        {
          headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'Isthmus' },
          agent: isListed ? listed[isPlain ? 'plain' : 'secure'] : guarded,
          timeout: silentMs,
          signal,
        },
        settle,
      );
      asking.on('timeout', () => asking.destroy(new Error('the server is silent')));
      asking.on('error', reject);
      asking.end();
    });

  return async (url, { signal, atMost, listed: base }) => {
    const late = new AbortController();
    const done = clock.after(withinMs, () => late.abort(new Error('it took too long')));
    const until = AbortSignal.any([signal, late.signal]);
    try {
      let target = checked(url, base, true);
      for (let hops = 0; hops <= redirectsAtMost; hops++) {
        const answer = await ask(target, until);
        const location = moved.has(answer.statusCode ?? 0) ? answer.headers.location : undefined;
        if (location === undefined) return taken(answer, atMost, done);
        answer.destroy();
        target = checked(new URL(location, target.url).href, base, target.isListed);
      }
      throw new Error('redirected too often');
    } catch (error) {
      done();
      throw error;
    }
  };
}

/** Throws where it may not be asked. @param mayBeListed false: somebody who is not listed has sent us there */
function checked(address: string, base: string | undefined, mayBeListed: boolean): Target {
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Error(`nothing is fetched by ${url.protocol}`);
  if (url.username !== '' || url.password !== '') throw new Error('an address with a password is not used');
  if (mayBeListed && base !== undefined && isBelow(url, base)) return { url, isListed: true };
  if (url.protocol !== 'https:') throw new Error('only what is behind TLS is fetched');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) === 0 ? isLocalName(host) : isPrivateAddress(host)) throw privateRefused(host);
  return { url, isListed: false };
}

function taken(answer: IncomingMessage, atMost: number, done: () => void): Fetched {
  const { statusCode: status = 0, headers } = answer;
  const get = (name: string): string | null => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? null : String(value);
  };
  if (status < 200 || status > 299) {
    answer.destroy();
    done();
    return { status, headers: { get }, body: null };
  }
  if (Number(headers['content-length'] ?? 0) > atMost) {
    answer.destroy();
    throw new TooMuch(atMost);
  }
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
    answer.destroy();
    throw new Error('it is packed, which was not asked for');
  }
  return { status, headers: { get }, body: bounded(answer, atMost, done) };
}

async function* bounded(answer: IncomingMessage, atMost: number, done: () => void): AsyncIterable<Uint8Array> {
  let length = 0;
  try {
    for await (const piece of answer as AsyncIterable<Uint8Array>) {
      length += piece.length;
      if (length > atMost) throw new TooMuch(atMost);
      yield piece;
    }
  } finally {
    done();
  }
}
