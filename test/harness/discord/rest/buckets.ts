/** Rate limits: buckets by route and major parameter, the bot's own limit, and what a test lays on top (API reference, "Rate Limits"). */
import { createHash } from 'node:crypto';
import type { Pace } from '../settings.ts';
import type { State } from '../state.ts';
import type { Route } from './call.ts';
import { Problem, type Problems, problem } from './problems.ts';

/** Discord's, as far as they are known from its headers. */
const usualPaces: Readonly<Record<string, Pace>> = {
  'POST /channels/:channel/messages': [5, 5],
  'PATCH /channels/:channel/messages/:message': [5, 5],
  'DELETE /channels/:channel/messages/:message': [5, 1],
  'POST /channels/:channel/messages/bulk-delete': [1, 1],
  'POST /channels/:channel/typing': [5, 5],
  reactions: [1, 0.25],
  webhook: [5, 2],
  'GET /guilds/:guild/members': [10, 10],
  'GET /guilds/:guild/members/search': [10, 10],
  'PATCH /guilds/:guild/members/:user': [10, 10],
  'POST /channels/:channel/webhooks': [10, 10],
  'POST /channels/:channel/threads': [50, 300],
  'POST /channels/:channel/messages/:message/threads': [50, 300],
  'POST /users/@me/channels': [10, 10],
};

const others: Pace = [50, 1];

/** Of a channel's name and topic, of what webhooks say in one: both stand in no header (discord-api-docs, issues 1454 and 367). */
const hidden = { renaming: [2, 600], 'channel webhooks': [30, 60] } as const satisfies Readonly<Record<string, Pace>>;

interface Window {
  used: number;
  resetsAt: number;
}

export interface Limiter {
  /** Counts a call. Throws 429; else says the headers of the answer. */
  count(caller: string, route: Route, params: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /** Counts a change of a channel's name or topic. */
  countRenaming(channelId: string): void;
  /** Counts what webhooks say in a channel, all of them together: a limit that no header tells of. */
  countWebhooks(channelId: string): void;
  /** Counts a call of a bot, whatever it asks. Throws 429. */
  countAll(caller: string): void;
}

/** The name by which a bucket is known to clients. */
const bucketName = (route: Route): string => route.bucket ?? `${route.method} ${route.path}`;

const hashed = (name: string): string => createHash('md5').update(name).digest('hex');

/** What makes buckets of one route different. */
const majorOf = ({ channel, guild, webhook, token }: Readonly<Record<string, string>>): string =>
  webhook === undefined ? (channel ?? guild ?? '') : `${webhook} ${token ?? ''}`;

/** 429 as the reference has it. */
export function limited(
  seconds: number,
  scope: 'user' | 'shared' | 'global',
  headers = {},
  code?: Problems,
): LimitProblem {
  const global = scope === 'global';
  const who = scope === 'shared' ? 'The resource is' : 'You are';
  const message = code === undefined ? `${who} being rate limited.` : problem(code).message;
  const body = { message, retry_after: seconds, global, ...(code === undefined ? {} : { code }) };
  return new LimitProblem(body, {
    ...headers,
    'retry-after': `${Math.ceil(seconds)}`,
    'x-ratelimit-scope': scope,
    ...(global ? { 'x-ratelimit-global': 'true' } : {}),
  });
}

/** A 429 on its way. */
export class LimitProblem extends Problem {
  readonly headers: Readonly<Record<string, string>>;

  constructor(body: { readonly message: string }, headers: Readonly<Record<string, string>>) {
    super(429, body);
    this.headers = headers;
  }
}

/** Counts for one server. */
export function createLimiter(state: State): Limiter {
  const windows = new Map<string, Window>();
  const { settings } = state;
  const paceOf = (name: string): Pace => settings.paces[name] ?? settings.pace ?? usualPaces[name] ?? others;
  const windowOf = (key: string, [, seconds]: Pace): Window => {
    const now = state.now();
    const found = windows.get(key);
    if (found !== undefined && found.resetsAt > now) return found;
    if (windows.size > 10_000) for (const [old, { resetsAt }] of windows) if (resetsAt <= now) windows.delete(old);
    const fresh = { used: 0, resetsAt: now + seconds * 1_000 };
    windows.set(key, fresh);
    return fresh;
  };
  const countHidden = (name: keyof typeof hidden, id: string, scope: 'user' | 'shared'): void => {
    const pace = settings.paces[name] ?? settings.pace ?? hidden[name];
    const window = windowOf(`${name} ${id}`, pace);
    window.used += 1;
    if (window.used > pace[0]) throw limited((window.resetsAt - state.now()) / 1_000, scope);
  };
  return {
    count(caller, route, params) {
      const name = bucketName(route);
      const pace = paceOf(name);
      const window = windowOf(`${caller} ${name} ${majorOf(params)}`, pace);
      window.used += 1;
      const after = Math.max(0, window.resetsAt - state.now()) / 1_000;
      const headers = {
        'x-ratelimit-limit': `${pace[0]}`,
        'x-ratelimit-remaining': `${Math.max(0, pace[0] - window.used)}`,
        'x-ratelimit-reset': (window.resetsAt / 1_000).toFixed(3),
        'x-ratelimit-reset-after': after.toFixed(3),
        'x-ratelimit-bucket': hashed(name),
      };
      if (window.used > pace[0]) throw limited(after, 'user', headers);
      return headers;
    },
    countRenaming: (channelId) => countHidden('renaming', channelId, 'user'),
    countWebhooks: (channelId) => countHidden('channel webhooks', channelId, 'shared'),
    countAll(caller) {
      const window = windowOf(`all ${caller}`, [settings.globalPerSecond, 1]);
      window.used += 1;
      if (window.used > settings.globalPerSecond) throw limited((window.resetsAt - state.now()) / 1_000, 'global');
    },
  };
}
