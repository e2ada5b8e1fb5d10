/** A login as a command: its steps become forms, and what it waits for is shown until it goes on. It outlives the command, and is found again by the next. */
import type { CommandForm, CommandResult, CommandRun } from '../../bridge/commands.ts';
import type { Addresses } from '../../bridge/contract.ts';
import type { LoginForm, LoginWait } from '../../bridge/login.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import { introduction } from '../contacts/introduction.ts';
import type { Here } from './command.ts';
import { Canceled } from './ongoing.ts';
import type { KnownLogin, LoginFlow, LoginPowers, LoginStage } from './powers.ts';
import type { Texts } from './texts.ts';

/** How long an answer may wait for the network's word, and for what is to be done elsewhere: clients wait for a form no longer. */
export const answeredWithinMs = 45_000;
const lookedAfterMs = 20_000;

/** Rejects where accounts are not added. */
export function loginsOf({ powers, texts, title }: Here): LoginPowers {
  const { logins } = powers;
  if (logins === undefined) throw new GatewayError('not-available', { text: texts.loginFailed(title) });
  return logins;
}

/** There is no way back: what was answered is with the network. */
export function formStep({ title, text, fields, fault }: LoginForm): CommandForm {
  return {
    title,
    ...(text !== undefined && { text }),
    fields,
    ...(fault !== undefined && { fault }),
    more: true,
    isSettled: true,
  };
}

/** Something to do elsewhere: whoever has done it goes on. */
export function waitStep({ title, text = [], show = {} }: LoginWait, texts: Texts, isAgain: boolean): CommandForm {
  const { qr, url, code } = show;
  const shown = [
    ...text,
    ...(url === undefined ? [] : [texts.loginOpen(url)]),
    ...(code === undefined ? [] : [texts.loginCode(code)]),
    ...(qr === undefined ? [] : [texts.loginQrText(qr)]),
  ];
  const news = isAgain ? [texts.loginStillWaits] : [];
  return {
    title,
    text: [...news, ...shown, texts.loginWaits],
    fields: [],
    ...(qr !== undefined && { qr: { text: qr, label: texts.loginQr } }),
    more: true,
    isSettled: true,
  };
}

/** Whoever registers has the gateway among their contacts (XEP-0100 §4.1.1), by its name (CHECKLIST 100-02). */
export const askToSubscribe = (domain: string, owner: string, name: string, lang: string): Outgoing => ({
  kind: 'presence',
  type: 'subscribe',
  from: domain,
  to: [owner],
  body: introduction(name, lang),
});

/** What is said of one that has been kept. */
export function newsOf(
  { label, on }: KnownLogin,
  addresses: Addresses,
  domain: string,
  texts: Texts,
): readonly string[] {
  const local = addresses.format({ is: 'service', ...(on !== undefined && { on }) });
  return [texts.loginDone(label), ...(local === '' ? [] : [texts.loginAddress(`${local}@${domain}`)])];
}

function done(
  here: Here,
  { login }: Extract<LoginStage, { is: 'done' }>,
  domain: string,
  isFirst: boolean,
): CommandResult {
  const { texts, addresses, account } = here;
  const notes = newsOf(login, addresses, domain, texts);
  if (isFirst) here.afterwards(loginsOf(here).befriend(account.owner, here.title, texts.language));
  return { notes: notes.map((text) => ({ is: 'info', text })) };
}

/** To its end, or to where its client gives up: then it waits for the next one. Cancelled by name it is cancelled. */
export async function* takeSteps(here: Here, flow: LoginFlow, domain: string): CommandRun {
  const { texts, account, title } = here;
  const logins = loginsOf(here);
  const isFirst = (await logins.list(account.owner)).length === 0;
  let before: LoginStage | undefined;
  try {
    for (;;) {
      const stage = await flow.next(before, before?.is === 'wait' ? lookedAfterMs : answeredWithinMs, here.signal);
      const isAgain = stage === before;
      before = stage;
      switch (stage.is) {
        case 'done':
          return done(here, stage, domain, isFirst);
        case 'failed':
          return { notes: [{ is: 'error', text: texts.loginFailed(here.worded(stage.error)) }] };
        case 'form':
          flow.answer(yield formStep(stage.form));
          break;
        case 'wait':
        case 'working': {
          const wait: LoginWait | undefined = stage.is === 'wait' ? stage.wait : undefined;
          flow.whenUnseen(() => logins.tell(account.owner, texts.loginGoesOn(title), texts.language));
          yield wait === undefined ? working(texts) : waitStep(wait, texts, isAgain);
          break;
        }
        default:
          stage satisfies never;
      }
    }
  } catch (error) {
    if (error instanceof Canceled) flow.cancel();
    throw error;
  }
}

/** The network takes its time. */
const working = (texts: Texts): CommandForm => ({
  title: texts.addLogin,
  text: [texts.loginStillWaits, texts.loginWaits],
  fields: [],
  more: true,
  isSettled: true,
});
