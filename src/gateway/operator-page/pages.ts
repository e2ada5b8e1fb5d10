/** The operator's pages: what is shown of the processes, and the forms with which something is done. */
import { type Html, html } from '../login-page/html.ts';
import { type PageAnswer, pagesIn } from '../login-page/page.ts';
import { isDrawable, type Line, plot, rates, waiting } from './plot.ts';
import { operatorStyle } from './style.ts';
import type { OperatorTexts } from './texts.ts';
import type { AccountView, Counted, JobsView, JobView, LetterView, ProcessView, Sight } from './views.ts';

const { page, seeOther } = pagesIn(operatorStyle);

export { seeOther };

/** What every page has for who is logged in. */
export interface Desk {
  readonly texts: OperatorTexts;
  /** Sent back with each form: only a page of ours has it. */
  readonly proof: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Their names below the page's address. */
export const places = { overview: '', accounts: 'accounts', letters: 'dead-letters', jobs: 'jobs' } as const;
export type Place = keyof typeof places;

const againAfterSeconds = 10;
/** How many fields name what a form is about. */
export const markName = 'one';
/** The field that means all that are shown: the time of the newest, as nobody has seen what came behind it. */
export const allName = 'all';

const linkTo = (place: Place): string => `./${places[place]}`;

function shown(desk: Desk, place: Place, content: Html, again = false): PageAnswer {
  const { texts, proof } = desk;
  const links = (Object.keys(places) as Place[]).map((one) =>
    one === place
      ? html`<a href="${linkTo(one)}" aria-current="page">${texts[one]}</a>`
      : html`<a href="${linkTo(one)}">${texts[one]}</a>`,
  );
  const head = html`<header><h1>${texts.title}</h1>
<form method="post"><input type="hidden" name="proof" value="${proof}"><button name="do" value="leave" class="quiet">${texts.logOut}</button></form>
<nav>${links}</nav></header>`;
  return page(200, {
    language: texts.language,
    title: `${texts.title}: ${texts[place]}`,
    content: html`${head}\n${content}`,
    again: again ? { afterSeconds: againAfterSeconds, query: '' } : undefined,
  });
}

/** In the place of any page for who is not logged in. */
export function loginPage(texts: OperatorTexts, status: 200 | 401 | 403 | 429, fault?: string): PageAnswer {
  const wrong = fault === undefined ? undefined : html`<p class="wrong" role="alert">${fault}</p>`;
  const content = html`<h1>${texts.title}</h1>${wrong}
<form method="post"><p><label for="token">${texts.token}</label><input type="password" id="token" name="token" required autocomplete="current-password" autofocus>
<span class="soft">${texts.tokenHelp}</span></p><button name="do" value="login">${texts.logIn}</button></form>`;
  return page(status, { language: texts.language, title: texts.title, content });
}

/** How long that is, in one unit. */
export function ageOf(ms: number, { seconds, minutes, hours, days }: OperatorTexts): string {
  const s = Math.max(0, ms / 1_000);
  if (s < 100) return `${Math.round(s)}\u00a0${seconds}`;
  if (s < 6_000) return `${Math.round(s / 60)}\u00a0${minutes}`;
  return s < 172_800 ? `${Math.round(s / 3_600)}\u00a0${hours}` : `${Math.round(s / 86_400)}\u00a0${days}`;
}

/** To the second, in UTC. */
function timeOf(at: number): Html {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

const numberOf = (value: number, { language }: OperatorTexts): string => new Intl.NumberFormat(language).format(value);

/** Processes, and what goes through them. */
export function overviewPage(desk: Desk, { views, silent }: Sight): PageAnswer {
  const { texts } = desk;
  const { series } = texts;
  const lineOf = (what: Counted): Line => ({ name: series[what], values: rates(views, what) });
  const traffic = (['in', 'out'] as const).map(lineOf);
  const work = (['events', 'done', 'again', 'failed'] as const).map(lineOf);
  const plots = html`<div class="plots">${plot(texts.traffic, traffic, texts)}${plot(texts.work, work, texts)}${plot(texts.waits, [{ name: series.waiting, values: waiting(views) }], texts)}</div>`;
  const content = html`<h2>${texts.processes}</h2>
${silent.map((name) => html`<p class="wrong">${texts.silent(name)}</p>`)}
<ul class="cards">${views.map((view) => processCard(view, desk))}</ul>
${isDrawable(traffic) ? plots : html`<p>${texts.soon}</p>`}
<p class="soft">${texts.goesOn}</p>`;
  return shown(desk, 'overview', content, true);
}

/** How an edge says that another one holds the streams (process/standby.ts). */
const standingBy = 'standing by';

function stateTag(wrong: number, isStandby: boolean, texts: OperatorTexts): Html {
  if (wrong === 0) return html`<span class="tag good">${texts.fine}</span>`;
  return isStandby
    ? html`<span class="tag">${texts.standsBy}</span>`
    : html`<span class="tag bad">${texts.fails(wrong)}</span>`;
}

function processCard(view: ProcessView, { texts, now }: Desk): Html {
  const wrong = Object.entries(view.checks).filter(([, state]) => state !== true);
  const states = (['ready', 'connecting', 'idle'] as const)
    .filter((state) => (view.accounts[state] ?? 0) > 0)
    .map(
      (state) =>
        html`<li>${texts.accounts}, ${texts.states[state]}: ${numberOf(view.accounts[state] ?? 0, texts)}</li>`,
    );
  const standby = wrong.filter(([, why]) => String(why).startsWith(standingBy));
  const isStandby = standby.length > 0 && wrong.every((one) => standby.includes(one) || one[1] === 'starting');
  return html`<li><div class="head"><b>${view.role}</b>${stateTag(wrong.length, isStandby, texts)}</div>
<span class="soft">${view.host}, ${view.pid}; ${view.version}; ${texts.up(ageOf(now - view.startedAt, texts))}; ${numberOf(Math.round(view.memoryBytes / 1_048_576), texts)} MiB</span>
<ul>${wrong.map(([name, why]) => html`<li>${name}: ${String(why)}</li>`)}${states}</ul></li>`;
}

/** Accounts that run, and their lanes. */
export function accountsPage(desk: Desk, { views, silent }: Sight): PageAnswer {
  const { texts } = desk;
  const all = views.flatMap((view) => view.shown).sort((a, b) => b.waiting - a.waiting);
  const total = views.reduce((sum, { accounts }) => sum + Object.values(accounts).reduce((a, b) => a + b, 0), 0);
  const more = total - all.length;
  const content = html`<h2>${texts.accounts}</h2>
${silent.map((name) => html`<p class="wrong">${texts.silent(name)}</p>`)}
${all.length === 0 ? html`<p>${texts.noAccounts}</p>` : undefined}
<ul class="cards">${all.map((one) => accountCard(one, desk))}</ul>
${more > 0 ? html`<p class="soft">${texts.more(more)}</p>` : undefined}`;
  return shown(desk, 'accounts', content);
}

function accountCard({ domain, owner, on, state, lanes }: AccountView, { texts, now }: Desk): Html {
  const rows = lanes.map(({ chat, entries, flying, isHeld, since }) => {
    const more = [isHeld ? texts.held : undefined, flying > 0 ? texts.flying(flying) : undefined].filter(Boolean);
    return html`<li><b>${chat}</b>: ${[texts.lane(entries, ageOf(now - since, texts)), ...more].join('; ')}</li>`;
  });
  const list = rows.length === 0 ? undefined : html`<ul>${rows}</ul>`;
  return html`<li><div class="head"><b>${owner}</b><span class="tag ${state === 'ready' ? 'good' : ''}">${texts.states[state]}</span></div>
<span class="soft">${on === '' ? domain : `${on} (${domain})`}</span>${list}</li>`;
}

/** The newest ones, and how many there are. */
export interface Letters {
  readonly shown: readonly LetterView[];
  readonly all: number;
}

/** @param news what was done last */
export function lettersPage(desk: Desk, { shown: letters, all }: Letters, news?: string): PageAnswer {
  const { texts, proof } = desk;
  const told = news === undefined ? undefined : html`<p class="news" role="status">${news}</p>`;
  const buttons = html`<div class="acts"><button name="do" value="requeue">${texts.requeue}</button><button name="do" value="drop" class="quiet">${texts.drop}</button></div>`;
  const list =
    letters.length === 0
      ? html`<p>${texts.noLetters}</p>`
      : html`<p>${texts.lettersAre(numberOf(all, texts))}${letters.length < all ? ` ${texts.more(all - letters.length)}` : undefined}</p><form method="post"><input type="hidden" name="proof" value="${proof}">
<p><label class="pick"><input type="checkbox" name="${allName}" value="${letters[0]?.at ?? 0}"><span>${texts.all}</span></label></p>
<ul class="cards">${letters.map((letter) => letterCard(letter, texts))}</ul>${buttons}</form>`;
  const content = html`<h2>${texts.letters}</h2>${told}<p class="soft">${texts.lettersWhat}</p>${list}`;
  return shown(desk, 'letters', content);
}

/** How a form names a letter. */
export const markOf = ({ account, key, chat }: Pick<LetterView, 'account' | 'key' | 'chat'>): string =>
  JSON.stringify([account, key, chat]);

function letterCard(letter: LetterView, texts: OperatorTexts): Html {
  const where = letter.on === '' ? '' : ` ${texts.on(letter.on)}`;
  return html`<li><label class="pick"><input type="checkbox" name="${markName}" value="${markOf(letter)}"><span>${texts.from} <b>${letter.sender}</b><br>${texts.to} <b>${letter.chat}</b>${where}<br>
${letter.reason}; ${texts.bytes(numberOf(letter.bytes, texts))}<br><span class="soft">${timeOf(letter.at)}</span></span></label></li>`;
}

/** @param jobs undefined: nobody answers who knows */
export function jobsPage(desk: Desk, jobs: JobsView | undefined): PageAnswer {
  const { texts } = desk;
  const counts = Object.entries(jobs?.counts ?? {}).filter(([, count]) => count > 0);
  const stateOf = (name: string): string => texts.jobStates[name] ?? name;
  const summary = counts.map(([name, count]) => `${stateOf(name)}: ${numberOf(count, texts)}`).join(', ');
  const none =
    jobs === undefined
      ? html`<p class="wrong">${texts.jobsAway}</p>`
      : html`<p>${summary === '' ? texts.noJobs : summary}</p>`;
  const list =
    jobs === undefined
      ? undefined
      : html`<ul class="cards">${jobs.shown.map((job) => jobCard(job, stateOf, texts))}</ul>`;
  return shown(desk, 'jobs', html`<h2>${texts.jobs}</h2><p class="soft">${texts.jobsWhat}</p>${none}${list}`);
}

function jobCard(job: JobView, stateOf: (name: string) => string, texts: OperatorTexts): Html {
  const tried = job.attempts > 1 ? html`<br>${texts.attempts(job.attempts)}` : undefined;
  const why = job.reason === '' ? undefined : html`<br>${job.reason}`;
  return html`<li><div class="head"><b>${job.name}</b><span class="tag ${job.state === 'failed' ? 'bad' : ''}">${stateOf(job.state)}</span></div>
${job.about}${tried}${why} <span class="soft">${timeOf(job.at)}</span></li>`;
}
