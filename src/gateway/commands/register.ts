/** Adding an account of one's own, and logging in anew to one that is there: by form and by chat, with what was begun on another client found again. */
import type { CommandForm, CommandResult, CommandRun, FormAnswer, FormField } from '../../bridge/commands.ts';
import type { Command, Here } from './command.ts';
import { loginsOf, takeSteps } from './login-steps.ts';
import { whichLogin } from './own-logins.ts';
import type { LoginFlow, LoginPowers } from './powers.ts';
import { askWhom } from './sharing.ts';

/** What was begun, if its owner wants to go on with it; a form that nobody has touched is as good as a new one. */
async function* pendingFlow(
  here: Here,
): AsyncGenerator<ReturnType<typeof question>, LoginFlow | undefined, FormAnswer> {
  const flow = loginsOf(here).pending(here.account.owner);
  if (flow === undefined) return undefined;
  if (!flow.isTouched) return flow.id === undefined ? flow : undefined;
  const answer = yield question(here);
  return answer.what === 'anew' ? undefined : flow;
}

function question({ texts }: Here) {
  const what: FormField = {
    name: 'what',
    label: texts.loginWhat,
    type: 'choice',
    required: true,
    choices: [
      { value: 'continue', label: texts.loginContinue },
      { value: 'anew', label: texts.loginAnew },
    ],
  };
  return { title: texts.addLogin, text: [texts.loginPending], fields: [what], more: true, isSettled: true };
}

/** By these steps or in a browser; nobody is asked where there is no choice. */
async function* askWhere(here: Here, title: string): AsyncGenerator<CommandForm, LoginPowers['byWeb'], FormAnswer> {
  const { texts } = here;
  const { byWeb } = loginsOf(here);
  if (byWeb === undefined) return undefined;
  const where: FormField = {
    name: 'where',
    label: texts.webWhere,
    type: 'choice',
    required: true,
    choices: [
      { value: 'here', label: texts.webHere },
      { value: 'browser', label: texts.webBrowser },
    ],
  };
  const answer = yield { title, text: [texts.webWhy], fields: [where], more: true };
  return answer.where === 'browser' ? byWeb : undefined;
}

const linked = ({ texts }: Here, url: string): CommandResult => ({
  notes: [{ is: 'info', text: texts.webLinkFor }],
  facts: [{ name: 'url', label: texts.webLink, value: url }],
});

async function* add(here: Here, domain: string): CommandRun {
  const { account, on, language } = here;
  const byWeb = yield* askWhere(here, here.texts.addLogin);
  const begun = yield* pendingFlow(here);
  const admits = begun === undefined ? yield* askWhom(here) : undefined;
  const who = { owner: account.owner, on, language, admits };
  if (byWeb !== undefined) return linked(here, byWeb.link(who, begun));
  return yield* takeSteps(here, begun ?? (await loginsOf(here).begin(who)), domain);
}

async function* change(here: Here, domain: string): CommandRun {
  const byWeb = yield* askWhere(here, here.texts.changeLogin);
  const login = yield* whichLogin(here, here.texts.changeLogin);
  if (login === undefined) return { notes: [{ is: 'info', text: here.texts.loginsNone }] };
  const { owner, id, on } = login;
  const who = { owner, id, on, language: here.language };
  if (byWeb !== undefined) return linked(here, byWeb.link(who));
  return yield* takeSteps(here, await loginsOf(here).begin(who), domain);
}

/** On that domain. */
export const register = (domain: string): Command => ({
  title: (texts) => texts.addLogin,
  help: (texts) => texts.addLoginHelp,
  run: (here) => add(here, domain),
});

/** Of an account that is there: its password has changed, or the network does not take it any more. */
export const changeLogin = (domain: string): Command => ({
  title: (texts) => texts.changeLogin,
  help: (texts) => texts.changeLoginHelp,
  run: (here) => change(here, domain),
});
