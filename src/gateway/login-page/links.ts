/**
 * Links to logins (src/design/logins-by-web.md): each is good once, for the first browser in which somebody goes on, and for minutes until then. What is kept
 * of a link is a hash of what stands in it.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock, Log } from '../../bridge/contract.ts';
import { GatewayError } from '../../core/errors.ts';
import type { LoginFlow } from '../commands/powers.ts';
import { type PageAnswer, type PageRequest, seeOther } from './page.ts';
import { elsewherePage } from './pages.ts';
import { type BoundLink, type Cookies, type LoginPlan, visitBound, visitUnbound } from './visit.ts';

export interface LoginLinks {
  /** The unguessable name of a new one. Where its owner had one of that domain open in a browser, that ends. */
  open(plan: LoginPlan): string;
  /** Has that person one open in a browser, in which something is to be done yet? */
  isOpen(owner: string, domain: string): boolean;
  /** undefined: there is none of that name. */
  visit(name: string, request: PageRequest): Promise<PageAnswer | undefined>;
  /** Nobody is waited for any more. */
  close(): void;
}

export interface LinksParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Where the link of that name is, as browsers see it, and whether that is by TLS. */
  placeOf(name: string): { readonly path: string; readonly isSecure: boolean };
}

/** Until somebody goes on, and how long what came of it is shown. */
const openForMs = 600_000;
const shownForMs = 600_000;
/** Of one person with one domain, and of all. The oldest goes. */
const perPerson = 3;
const atOnce = 5_000;
/** Of names and cookies: 192 bits. */
const secretBytes = 24;
/** How long a flow is waited for at a time. */
const followedForMs = 600_000;

interface Link {
  readonly plan: LoginPlan;
  until: number;
  /** By a hash of its browser's cookie. */
  browser?: { readonly cookie: Buffer; readonly bound: Promise<BoundLink> };
}

const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();
const keyOf = (name: string): string => digest(name).toString('base64');
const newSecret = (): string => randomBytes(secretBytes).toString('base64url');
const isSecret = (text: string): boolean => /^[A-Za-z0-9_-]{32}$/.test(text);

/** For one process; nothing of it outlives that. */
export function createLoginLinks({ clock, log, placeOf }: LinksParts): LoginLinks {
  const links = new Map<string, Link>();
  const key = randomBytes(32);
  const ended = new AbortController();

  function sweep(): void {
    const now = clock.now();
    for (const [name, { until }] of links) if (until <= now) links.delete(name);
    for (const name of links.keys()) {
      if (links.size < atOnce) return;
      links.delete(name);
    }
  }

  const theirs = (owner: string, domain: string) =>
    [...links].filter(([, { plan }]) => plan.owner === owner && plan.domain === domain);

  /** To its end, whether or not anybody looks; what came of it is shown for a while. */
  async function follow(link: Link, flow: LoginFlow): Promise<void> {
    let { stage } = flow;
    while (stage.is !== 'done' && stage.is !== 'failed') {
      if (ended.signal.aborted) return;
      stage = await flow.next(stage, followedForMs, ended.signal);
    }
    link.until = clock.now() + shownForMs;
    if (stage.is === 'done') link.plan.onDone(stage.login);
  }

  async function begin(link: Link): Promise<BoundLink> {
    const head = { plan: link.plan, stage: undefined, step: 0, waiting: 0 };
    try {
      const flow = await link.plan.begin();
      follow(link, flow).catch((error: unknown) => log.error({ error }, 'a login in a browser met a bug'));
      return { ...head, flow };
    } catch (error) {
      link.until = clock.now() + shownForMs;
      return { ...head, flow: asTold(error, log) };
    }
  }

  /** Of one browser and one link. */
  function cookiesOf(name: string, request: PageRequest): Cookies {
    const { path, isSecure } = placeOf(name);
    const called = isSecure ? '__Secure-login' : 'login';
    const sent = readCookie(request.cookie, called);
    return {
      sent: sent !== undefined && isSecret(sent) ? sent : undefined,
      path,
      proofOf: (secret) => createHmac('sha256', key).update(`${name}\0${secret}`).digest('base64url'),
      fresh() {
        const secret = newSecret();
        const attributes = `Path=${path}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
        return { secret, header: `${called}=${secret}; ${attributes}` };
      },
    };
  }

  return {
    open(plan) {
      sweep();
      const mine = theirs(plan.owner, plan.domain);
      const taken = mine.filter(([, { browser }]) => browser !== undefined);
      const fresh = mine.filter(([, { browser }]) => browser === undefined);
      for (const [name] of [...taken, ...fresh.slice(0, Math.max(0, fresh.length - perPerson + 1))]) links.delete(name);
      const name = newSecret();
      links.set(keyOf(name), { plan, until: clock.now() + openForMs });
      return name;
    },
    isOpen: (owner, domain) => theirs(owner, domain).some(([, { until }]) => until === Number.POSITIVE_INFINITY),
    async visit(name, request) {
      const link = links.get(keyOf(name));
      if (link === undefined || link.until <= clock.now() || !link.plan.isWelcome()) return undefined;
      const cookies = cookiesOf(name, request);
      if (link.browser === undefined) {
        const visited = visitUnbound(link.plan, cookies, request);
        if ('page' in visited) return visited.page;
        link.until = Number.POSITIVE_INFINITY;
        link.browser = { cookie: digest(visited.begin), bound: begin(link) };
        return seeOther(cookies.path);
      }
      const { cookie, bound } = link.browser;
      if (cookies.sent === undefined || !timingSafeEqual(digest(cookies.sent), cookie))
        return elsewherePage(link.plan.texts);
      return visitBound(await bound, request, cookies, ended.signal);
    },
    close: () => ended.abort(new Error('the pages are closed')),
  };
}

/** RFC 6265 §5.4 */
const readCookie = (header: string, name: string): string | undefined =>
  header
    .split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);

function asTold(error: unknown, log: Log): GatewayError {
  if (error instanceof GatewayError) return error;
  log.error({ error }, 'a login could not be begun in a browser');
  return new GatewayError('bug', { text: "Internal error; the operator's log has more" });
}
