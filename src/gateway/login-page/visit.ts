/** One request for a link: what is shown of its login now, and what a form does to it. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FormField } from '../../bridge/commands.ts';
import type { LoginForm } from '../../bridge/login.ts';
import type { GatewayError } from '../../core/errors.ts';
import type { KnownLogin, LoginFlow, LoginStage } from '../commands/powers.ts';
import type { Texts } from '../commands/texts.ts';
import { type PageAnswer, type PageRequest, seeOther } from './page.ts';
import {
  cookiesPage,
  donePage,
  type Frame,
  failedPage,
  formPage,
  stalePage,
  startPage,
  waitPage,
  workingPage,
} from './pages.ts';
import { readPage, retyped } from './submission.ts';

/** What a link leads to. */
export interface LoginPlan {
  /** Bare JID. */
  readonly owner: string;
  /** The domain that it is with. */
  readonly domain: string;
  /** What the network is called, for people. */
  readonly where: string;
  /** In which the person is asked. */
  readonly texts: Texts;
  /** May its owner use the gateway, still? */
  isWelcome(): boolean;
  /** Called once, when somebody goes on. Rejects as `LoginPowers.begin` does. */
  begin(): Promise<LoginFlow>;
  /** What is said of a login that has been kept. */
  news(login: KnownLogin): readonly string[];
  /** It has been kept: its owner is to be told. */
  onDone(login: KnownLogin): void;
}

/** By which a browser is known to one link, and its pages to us. */
export interface Cookies {
  /** The browser's, where it sent one. */
  readonly sent: string | undefined;
  /** Where the link is, as the browser sees it. */
  readonly path: string;
  /** What a page's forms send back. */
  proofOf(secret: string): string;
  /** Another one, and the header that sets it. */
  fresh(): { readonly secret: string; readonly header: string };
}

/** A link that a browser has. */
export interface BoundLink {
  readonly plan: LoginPlan;
  /** Or why it could not begin. */
  readonly flow: LoginFlow | GatewayError;
  /** What was shown last, and its number. */
  stage: LoginStage | undefined;
  step: number;
  /** Requests that wait for news. */
  waiting: number;
}

/** How long an answer may wait for the network's word, and a page that shows something to do elsewhere for news. Proxies wait longer. */
const answeredWithinMs = 8_000;
const newsWithinMs = 15_000;
/** Pages of one login that wait for news at once; others are shown what there is. */
const waitingAtMost = 3;

/** Sent by a page of ours to the browser that has this cookie? */
function isOurs(request: PageRequest, posted: URLSearchParams, { sent, proofOf }: Cookies): boolean {
  if (sent === undefined || !['', 'same-origin', 'none'].includes(request.site)) return false;
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(posted.get('proof') ?? ''), hash(proofOf(sent)));
}

/** Nobody has gone on yet. `begin`: somebody does, in the browser that has this cookie. */
export function visitUnbound(
  { owner, texts, where }: LoginPlan,
  cookies: Cookies,
  request: PageRequest,
): { readonly begin: string } | { readonly page: PageAnswer } {
  const posted = new URLSearchParams(request.posted);
  const { sent } = cookies;
  if (request.method === 'POST') {
    if (sent === undefined) return { page: cookiesPage(texts) };
    if (isOurs(request, posted, cookies) && posted.get('do') === 'begin') return { begin: sent };
  }
  const { secret, header } = sent === undefined ? cookies.fresh() : { secret: sent, header: undefined };
  const page = startPage({ texts, owner, proof: cookies.proofOf(secret), step: 0 }, where);
  return { page: header === undefined ? page : { ...page, headers: { ...page.headers, 'set-cookie': header } } };
}

function framed(bound: BoundLink, stage: LoginStage, { sent = '', proofOf }: Cookies): Frame {
  if (stage !== bound.stage) {
    bound.stage = stage;
    bound.step++;
  }
  const { owner, texts } = bound.plan;
  return { texts, owner, proof: proofOf(sent), step: bound.step };
}

function shown(bound: BoundLink, stage: LoginStage, cookies: Cookies): PageAnswer {
  const frame = framed(bound, stage, cookies);
  switch (stage.is) {
    case 'form':
      return formPage(frame, stage.form, stage.form.fault, again(stage.form));
    case 'wait':
      return waitPage(frame, stage.wait);
    case 'working':
      return workingPage(frame);
    case 'done':
      return donePage(frame, bound.plan.news(stage.login));
    case 'failed':
      return failedPage(frame, stage.error);
    default:
      return stage satisfies never;
  }
}

/** What was all there is, and was wrong (a code), is typed anew. */
function again({ fields, fault }: LoginForm): readonly FormField[] {
  const [only, ...others] = fields;
  if (fault === undefined || only === undefined || others.length > 0) return fields;
  const { value: _, ...empty } = only;
  return [empty];
}

/** What it is now; a browser that has seen this already waits for news. */
async function look(bound: BoundLink, flow: LoginFlow, request: PageRequest, cookies: Cookies, signal: AbortSignal) {
  const hasSeen = new URLSearchParams(request.query).get('seen') === String(bound.step);
  const waits = hasSeen && bound.waiting < waitingAtMost;
  bound.waiting += waits ? 1 : 0;
  const stage = await flow.next(waits ? bound.stage : undefined, waits ? newsWithinMs : answeredWithinMs, signal);
  bound.waiting -= waits ? 1 : 0;
  return shown(bound, stage, cookies);
}

async function answer(
  bound: BoundLink,
  flow: LoginFlow,
  posted: URLSearchParams,
  cookies: Cookies,
  signal: AbortSignal,
): Promise<PageAnswer> {
  const { stage } = flow;
  const isNow = stage === bound.stage && posted.get('step') === String(bound.step);
  if (!isNow || stage.is !== 'form') return seeOther(cookies.path);
  const { fields } = stage.form;
  const read = readPage(fields, posted, bound.plan.texts);
  if (!('answer' in read)) {
    const fault = 'fault' in read ? read.fault : read.missing;
    return formPage(framed(bound, stage, cookies), stage.form, fault, retyped(fields, posted));
  }
  flow.answer(read.answer);
  await flow.next(stage, answeredWithinMs, signal);
  return seeOther(cookies.path);
}

/** The browser has shown that the link is its own. */
export async function visitBound(
  bound: BoundLink,
  request: PageRequest,
  cookies: Cookies,
  signal: AbortSignal,
): Promise<PageAnswer> {
  const { plan, flow } = bound;
  if (!('stage' in flow)) return failedPage(plan, flow);
  if (request.method !== 'POST') return look(bound, flow, request, cookies, signal);
  const posted = new URLSearchParams(request.posted);
  if (!isOurs(request, posted, cookies)) return stalePage(plan.texts);
  switch (posted.get('do')) {
    case 'answer':
      return answer(bound, flow, posted, cookies, signal);
    case 'cancel':
      flow.cancel();
      return seeOther(cookies.path);
    default:
      return seeOther(cookies.path);
  }
}
