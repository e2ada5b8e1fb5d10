/** Logins in a browser (src/design/logins-by-web.md), for the HTTP port: where their links lead, and the pages of those that are open in this process. */
import { hash } from 'node:crypto';
import type { Clock, Log } from '../bridge/contract.ts';
import { createRemembered } from '../core/remembered.ts';
import { textsFor } from '../gateway/commands/texts.ts';
import { createLoginLinks, type LoginLinks } from '../gateway/login-page/links.ts';
import type { PageAnswer, PageRequest } from '../gateway/login-page/page.ts';
import { busyPage, gonePage } from '../gateway/login-page/pages.ts';
import type { LoginPlan } from '../gateway/login-page/visit.ts';
import type { Config } from '../ops/config/config.ts';
import type { Answered, Asked, Mount } from '../ops/http.ts';

/** Where they lie below the gateway's address. */
export const loginsPath = '/login/';

/** What a form may send: the longest secret and a few fields beside it. */
const postAtMost = 128 * 1024;

/** A link begins with the name of the worker that it is with, where there are several. */
const linkName = /^([A-Za-z0-9_-]{12})?([A-Za-z0-9_-]{32})$/;
const workerMark = 'worker-';

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host);

/** The address below which logins are, by TLS or to this machine alone: passwords are typed there. undefined: there is none. */
export function loginsBase({ publicUrl }: Config['http']): URL | undefined {
  if (publicUrl === undefined) return undefined;
  const base = new URL(`.${loginsPath}`, publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`);
  return base.protocol === 'https:' || isLoopback(base.hostname) ? base : undefined;
}

/** Links of this process. */
export interface OwnPages extends Pick<LoginLinks, 'isOpen' | 'visit' | 'close'> {
  /** The address of a new one. */
  open(plan: LoginPlan): string;
}

export interface OwnPagesParts {
  readonly base: URL;
  /** What the process is called among the workers; absent: there is only one. */
  readonly self?: string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** In the memory of a process that runs accounts. */
export function createOwnPages({ base, self, clock, log }: OwnPagesParts): OwnPages {
  const ours = self === undefined ? '' : self.slice(workerMark.length);
  const urlOf = (name: string): URL => new URL(`${ours}${name}`, base);
  const links = createLoginLinks({
    clock,
    log,
    placeOf: (name) => ({ path: urlOf(name).pathname, isSecure: base.protocol === 'https:' }),
  });
  return { ...links, open: (plan) => urlOf(links.open(plan)).href };
}

export interface FrontParts {
  /** Absent: this process runs no accounts. */
  readonly own?: Pick<OwnPages, 'visit'> | undefined;
  /** Asks the worker of that name; undefined: it has no such link, or is no more. Absent: there is only this process. */
  ask?(worker: string, name: string, request: PageRequest): Promise<PageAnswer | undefined>;
  /** What we are called among the workers. */
  readonly self?: string | undefined;
  readonly clock: Pick<Clock, 'now'>;
}

/** Wrong links in a minute, over everybody: whoever tries more is not listened to for the rest of it. Right ones of this process are, all the same. */
const wrongAtMost = 60;
const minuteMs = 60_000;
/** So are those of others that were right before. */
const rightAtMost = 1_000;
/** What is kept of one. */
const keyOf = (link: string): string => hash('sha256', link, 'base64');

/** Answers for all links, wherever they are open. */
export function createLoginFront({ own, ask, self, clock }: FrontParts): (asked: Asked) => Promise<Answered> {
  const right = createRemembered<true>(rightAtMost);
  let minute = { since: 0, wrong: 0 };

  function isTooMuch(): boolean {
    if (clock.now() - minute.since >= minuteMs) minute = { since: clock.now(), wrong: 0 };
    return minute.wrong >= wrongAtMost;
  }

  /** 'busy': it was not looked for. */
  async function visit(rest: string, request: PageRequest): Promise<PageAnswer | 'busy' | undefined> {
    const [, id, name = ''] = linkName.exec(rest) ?? [];
    const worker = id === undefined ? undefined : workerMark + id;
    if (name === '') return undefined;
    const isOurs = worker === undefined || worker === self;
    if (!isOurs && isTooMuch() && !right.has(keyOf(rest))) return 'busy';
    const answer = await (isOurs ? own?.visit(name, request) : ask?.(worker, name, request));
    if (answer !== undefined) right.put(keyOf(rest), true);
    else if (isTooMuch()) return 'busy';
    else minute.wrong++;
    return answer;
  }

  return async (asked) => {
    const request = requestOf(asked);
    const answer = await visit(asked.rest, request);
    if (answer !== undefined && answer !== 'busy') return answer;
    const texts = textsFor(request.acceptLanguage.split(/[,;]/, 1)[0]?.trim());
    if (answer === undefined) return gonePage(texts);
    const busy = busyPage(texts);
    return { ...busy, headers: { ...busy.headers, 'retry-after': '60' } };
  };
}

const requestOf = ({ method, query, posted, headers }: Asked): PageRequest => ({
  method,
  query,
  posted,
  cookie: headers.cookie ?? '',
  acceptLanguage: headers['accept-language'] ?? '',
  site: headers['sec-fetch-site'] ?? '',
});

/** For the HTTP port. @param pages undefined as long as nothing runs */
export const loginsMount = (pages: () => ((asked: Asked) => Promise<Answered>) | undefined): Mount => ({
  postAtMost,
  async answer(asked) {
    const answer = pages();
    if (answer === undefined) throw new Error('the accounts have not begun');
    return answer(asked);
  },
});
