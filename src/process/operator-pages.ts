/** The operator's page on the HTTP port, behind the token: what is asked of it, and what is done about dead letters. */

import { inTime } from '../accounts/in-time.ts';
import type { Clock, Log } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import { type AccountId, accountId, type ChatId, chatId, deliveryKey } from '../core/ids.ts';
import { bareOf } from '../core/jids.ts';
import { parseAccountId } from '../gateway/decode/account-key.ts';
import {
  accountsPage,
  allName,
  type Desk,
  jobsPage,
  type Letters,
  lettersPage,
  loginPage,
  markName,
  markOf,
  overviewPage,
  type Place,
  places,
  seeOther,
} from '../gateway/operator-page/pages.ts';
import { type OperatorTexts, operatorTexts } from '../gateway/operator-page/texts.ts';
import type { LetterView } from '../gateway/operator-page/views.ts';
import type { Answered, Asked, Mount } from '../ops/http.ts';
import type { Secret } from '../ops/secret.ts';
import type { DeadLetter, OutboxStore } from '../storage/ports.ts';
import type { OperatorPost } from './operator-post.ts';
import { createOperatorSessions, isProof } from './operator-session.ts';

/** Where it lies below the gateway's address. */
export const operatorPath = '/operator';

export interface OperatorPagesParts {
  readonly token: Secret;
  readonly sight: Pick<OperatorPost, 'all'>;
  readonly outboxStore: Pick<OutboxStore, 'dead' | 'deadLetters' | 'requeue' | 'drop'>;
  /** Has whoever runs that account look into its outbox. */
  wake(account: AccountId, chat: ChatId): Promise<void>;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

/** Dead letters on a page, and accounts that are looked at for them, and counted. */
const lettersShown = 200;
const accountsAtMost = 1_000;
const countedAtMost = 100_000;
const postAtMost = 256 * 1_024;
/** Wrong tokens that the log has a line for, in a minute. */
const wrongLogged = 10;
/** Longer than other processes have for their answers. */
const answeredWithinMs = 6_000;

/** Answers for everything below the path. Rejects where Redis is away that would have to be asked. */
export function createOperatorPages(parts: OperatorPagesParts): (asked: Asked) => Promise<Answered> {
  const { clock, log } = parts;
  const sessions = createOperatorSessions(parts.token, clock);
  let wrong = { since: 0, count: 0 };

  function logIn(asked: Asked, form: URLSearchParams, texts: OperatorTexts, place: Place): Answered {
    const opened = sessions.logIn(form.get('token') ?? '', asked.headers['x-forwarded-proto'] === 'https');
    if (opened !== undefined) {
      log.info({}, 'somebody showed the operator’s token, and sees the operator’s page');
      return withCookie(seeOther(`./${places[place]}`), opened);
    }
    const now = clock.now();
    if (now - wrong.since >= 60_000) wrong = { since: now, count: 0 };
    if (wrong.count++ < wrongLogged) log.warn({}, 'somebody tried a wrong token for the operator’s page');
    return loginPage(texts, 403, texts.wrong);
  }

  async function act(form: URLSearchParams, place: Place): Promise<Answered> {
    const what = form.get('do');
    if (what === 'leave') return withCookie(seeOther('./'), sessions.leave);
    if (place !== 'letters' || (what !== 'requeue' && what !== 'drop')) return seeOther(`./${places[place]}`);
    const marked = form.has(allName)
      ? (await lettersOf(parts)).shown.filter(({ at }) => at <= Number(form.get(allName))).map(markOf)
      : form.getAll(markName);
    let done = 0;
    for (const mark of marked.slice(0, lettersShown)) if (await deal(parts, what, mark)) done++;
    log.info({ what, done }, 'the operator dealt with dead letters');
    return seeOther(`./${places.letters}?${what}=${done}`);
  }

  async function show(place: Place, desk: Desk, query: string): Promise<Answered> {
    switch (place) {
      case 'overview':
        return overviewPage(desk, await parts.sight.all());
      case 'accounts':
        return accountsPage(desk, await parts.sight.all());
      case 'letters':
        return lettersPage(desk, await lettersOf(parts), newsOf(query, desk.texts));
      case 'jobs':
        return jobsPage(desk, (await parts.sight.all()).jobs);
      default:
        return place satisfies never;
    }
  }

  async function soon(work: Promise<Answered>): Promise<Answered> {
    const answered = await inTime(work, answeredWithinMs, clock);
    if (answered === undefined) throw new GatewayError('storage-away');
    return answered;
  }

  return async (asked) => {
    const { method, headers, rest, query } = asked;
    if (rest === '') return seeOther('operator/');
    const texts = operatorTexts(headers['accept-language'] ?? '');
    const place = (Object.keys(places) as Place[]).find((one) => `/${places[one]}` === rest);
    if (place === undefined) return { status: 404, headers: {}, body: 'not found\n' };
    const form = new URLSearchParams(asked.posted);
    const proof = sessions.proofOf(headers.cookie ?? '');
    // Browsers that say where a form comes from: from our own page only.
    const isOurs = ['same-origin', 'none', undefined].includes(headers['sec-fetch-site']);
    if (method === 'POST' && isOurs && form.get('do') === 'login') return logIn(asked, form, texts, place);
    if (proof === undefined) return loginPage(texts, 401);
    if (method !== 'POST') return soon(show(place, { texts, proof, now: clock.now() }, query));
    if (!isOurs || !isProof(form.get('proof') ?? '', proof)) return loginPage(texts, 403, texts.stale);
    return soon(act(form, place));
  };
}

const withCookie = (answer: Answered, cookie: string): Answered => ({
  ...answer,
  headers: { ...answer.headers, 'set-cookie': cookie },
});

function newsOf(query: string, texts: OperatorTexts): string | undefined {
  const said = new URLSearchParams(query);
  const [again, dropped] = [Number(said.get('requeue') ?? Number.NaN), Number(said.get('drop') ?? Number.NaN)];
  if (Number.isSafeInteger(again)) return texts.again(again);
  return Number.isSafeInteger(dropped) ? texts.dropped(dropped) : undefined;
}

/** The newest first, as far as they are shown. */
async function lettersOf({ outboxStore }: OperatorPagesParts): Promise<Letters> {
  const found: LetterView[] = [];
  const dead = [...(await outboxStore.dead(countedAtMost))];
  const all = dead.reduce((sum, [, count]) => sum + count, 0);
  for (const [account] of dead.slice(0, accountsAtMost)) {
    for (const letter of await outboxStore.deadLetters(account, lettersShown, 'newest'))
      found.push(viewOf(account, letter));
  }
  return { shown: found.sort((a, b) => b.at - a.at).slice(0, lettersShown), all };
}

function viewOf(account: AccountId, { key, intent, origin, at, reason }: DeadLetter): LetterView {
  const { owner = '', on = '' } = parseAccountId(account) ?? {};
  const bytes = 'content' in intent ? Buffer.byteLength(intent.content.text?.plain ?? '') : 0;
  const sender = bareOf(origin.from);
  return { account, key, owner, on, sender, bytes, reason, at, chat: intent.chat };
}

async function deal(
  { outboxStore, wake }: OperatorPagesParts,
  what: 'requeue' | 'drop',
  mark: string,
): Promise<boolean> {
  const parsed = parsedMark(mark);
  if (parsed === undefined) return false;
  const [account, key, chat] = parsed;
  if (what === 'drop') return outboxStore.drop(accountId(account), deliveryKey(key));
  const done = await outboxStore.requeue(accountId(account), deliveryKey(key));
  if (done) await wake(accountId(account), chatId(chat));
  return done;
}

/** From a form: nothing is taken for granted but what Redis says of it. */
function parsedMark(mark: string): readonly [string, string, string] | undefined {
  const parsed = parsedJson(mark);
  if (!Array.isArray(parsed)) return undefined;
  const [account, key, chat] = parsed as unknown[];
  if (typeof account !== 'string' || typeof key !== 'string' || typeof chat !== 'string') return undefined;
  return /^\d+-\d+$/.test(key) && parseAccountId(accountId(account)) !== undefined ? [account, key, chat] : undefined;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** For the HTTP port. @param pages undefined as long as nothing runs */
export const operatorMount = (pages: () => ((asked: Asked) => Promise<Answered>) | undefined): Mount => ({
  postAtMost,
  async answer(asked) {
    const answer = pages();
    if (answer === undefined) throw new Error('the gateway has not begun');
    return answer(asked);
  },
});
