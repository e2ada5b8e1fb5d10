/** What a login looks like in a browser, page by page. The same steps as by command (commands/login-steps.ts). */
import type { FormField } from '../../bridge/commands.ts';
import type { LoginForm, LoginWait } from '../../bridge/login.ts';
import type { GatewayError } from '../../core/errors.ts';
import { qrPicture } from '../commands/qr-picture.ts';
import type { Texts } from '../commands/texts.ts';
import { wordsOf } from '../translation.ts';
import { fieldsHtml } from './fields.ts';
import { type Html, html } from './html.ts';
import { type PageAnswer, page } from './page.ts';

/** What every page of a login has: whose it is, and what its forms prove. */
export interface Frame {
  readonly texts: Texts;
  /** Bare JID. */
  readonly owner: string;
  /** Sent back with each form: only a page of ours has it. */
  readonly proof: string;
  /** Which step is shown: what belongs to another one is not taken. */
  readonly step: number;
}

/** How long a browser waits before it asks again. Its question is answered as soon as there is news. */
const againAfterSeconds = 1;

const paragraphs = (lines: readonly string[]): readonly Html[] => lines.map((line) => html`<p>${line}</p>`);

const ownerLine = ({ texts, owner }: Frame): Html => html`<p class="for">${texts.webFor} <strong>${owner}</strong></p>`;

const hidden = ({ proof, step }: Frame): Html =>
  html`<input type="hidden" name="proof" value="${proof}"><input type="hidden" name="step" value="${step}">`;

const cancelButton = (frame: Frame): Html =>
  html`<form method="post">${hidden(frame)}<button name="do" value="cancel" class="quiet">${frame.texts.webCancel}</button></form>`;

function shown(status: number, texts: Texts, title: string, content: Html, again?: string): PageAnswer {
  const { language } = texts;
  const refresh = again === undefined ? undefined : { afterSeconds: againAfterSeconds, query: again };
  return page(status, { language, title, content: html`<h1>${title}</h1>\n${content}`, again: refresh });
}

/** Before anything is begun: a program that looks at every link begins nothing, and a person sees whose login it is. */
export function startPage(frame: Frame, where: string): PageAnswer {
  const { texts, owner } = frame;
  const content = html`<p>${texts.webStart}</p>
<p class="box"><strong>${owner}</strong></p>
<p>${texts.webStartWarn}</p>
<form method="post">${hidden(frame)}<button name="do" value="begin">${texts.webStartButton}</button></form>`;
  return shown(200, texts, texts.webStartTitle(where), content);
}

/** @param fields in the place of the form's, with what was typed */
export function formPage(
  frame: Frame,
  form: LoginForm,
  fault = form.fault,
  fields: readonly FormField[] = form.fields,
) {
  const { texts } = frame;
  const wrong = fault === undefined ? undefined : html`<p class="wrong" role="alert">${fault}</p>`;
  const content = html`${ownerLine(frame)}
${paragraphs(form.text ?? [])}${wrong}
<form method="post" autocomplete="on">${hidden(frame)}
${fieldsHtml(fields, texts)}
<button name="do" value="answer">${texts.webGo}</button></form>
${cancelButton(frame)}`;
  return shown(fault === undefined || fault === form.fault ? 200 : 422, texts, form.title, content);
}

/** An address that a browser may be sent to; undefined: it is shown as a text. */
function webAddress(text: string): URL | undefined {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) ? url : undefined;
}

function addressHtml(text: string, texts: Texts): Html {
  const url = webAddress(text);
  if (url === undefined) return html`<p class="box">${text}</p>`;
  return html`<p><a class="button" href="${url.href}" target="_blank" rel="noopener noreferrer">${texts.webOpen(url.host)}</a></p>`;
}

function qrHtml(text: string, texts: Texts): Html {
  const picture = qrPicture(text);
  if (picture === undefined) return html`<p>${texts.loginQrText(text)}</p>`;
  const data = Buffer.from(picture.bytes).toString('base64');
  const { size, type } = picture;
  return html`<p>${texts.webScan}</p>
<img class="qr" src="data:${type};base64,${data}" width="${size}" height="${size}" alt="${texts.loginQrText(text)}">`;
}

const waiting = (
  frame: Frame,
): Html => html`<p role="status">${frame.texts.webWaits} <a href="?">${frame.texts.webLook}</a></p>
${cancelButton(frame)}`;

const seen = ({ step }: Frame): string => `seen=${step}`;

/** Something to do elsewhere. */
export function waitPage(frame: Frame, { title, text = [], show = {} }: LoginWait): PageAnswer {
  const { texts } = frame;
  const { qr, url, code } = show;
  const content = html`${ownerLine(frame)}
${paragraphs(text)}${qr === undefined ? undefined : qrHtml(qr, texts)}
${url === undefined ? undefined : addressHtml(url, texts)}
${code === undefined ? undefined : html`<p>${texts.webCode}</p><p class="box code">${code}</p>`}
${waiting(frame)}`;
  return shown(200, texts, title, content, seen(frame));
}

/** The network takes its time. */
export function workingPage(frame: Frame): PageAnswer {
  const { texts } = frame;
  const content = html`${ownerLine(frame)}<p>${texts.webWorkingText}</p>${waiting(frame)}`;
  return shown(200, texts, texts.webWorking, content, seen(frame));
}

/** It is kept. */
export function donePage({ texts }: Pick<Frame, 'texts'>, news: readonly string[]): PageAnswer {
  return shown(200, texts, texts.webDone, html`${paragraphs(news)}<p>${texts.webClose}</p>`);
}

/** Nothing was kept. */
export function failedPage({ texts }: Pick<Frame, 'texts'>, error: GatewayError): PageAnswer {
  // That is what a login that was given up fails with, on its page or elsewhere (accounts/login-flow.ts).
  const isCanceled = error.code === 'not-registered';
  const told = wordsOf(error, texts.language).text ?? error.message;
  const why = isCanceled ? texts.webCanceled : error.code === 'timed-out' ? texts.webLate : told;
  const title = isCanceled ? texts.webCanceledTitle : texts.webFailed;
  return shown(200, texts, title, html`<p role="alert">${why}</p><p>${texts.webAskAnew}</p>`);
}

/** No such link, or none any more: nothing is said of whose it may have been. */
export const gonePage = (texts: Texts): PageAnswer =>
  shown(404, texts, texts.webGone, html`<p>${texts.webGoneText}</p><p>${texts.webAskAnew}</p>`);

/** Another browser has it. What comes from another page has no cookie with it, even in the right one. */
export const elsewherePage = (texts: Texts): PageAnswer =>
  shown(
    403,
    texts,
    texts.webElsewhere,
    html`<p>${texts.webElsewhereText}</p><p><a href="?">${texts.webElsewhereAgain}</a></p>`,
  );

export const cookiesPage = (texts: Texts): PageAnswer =>
  shown(403, texts, texts.webCookies, html`<p>${texts.webCookiesText}</p><p><a href="?">${texts.webLook}</a></p>`);

/** Sent by a page that is not the one that is shown now. */
export const stalePage = (texts: Texts): PageAnswer =>
  shown(409, texts, texts.webStale, html`<p><a href="?">${texts.webLook}</a></p>`);

export const busyPage = (texts: Texts): PageAnswer => shown(429, texts, texts.webGone, html`<p>${texts.webBusy}</p>`);
