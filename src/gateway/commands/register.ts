/** Adding an account of one's own, and logging in anew to one that is there: by form and by chat, with what was begun on another client found again. */
import type { CommandRun, FormAnswer, FormField } from '../../bridge/commands.ts';
import type { Command, Here } from './command.ts';
import { loginsOf, takeSteps } from './login-steps.ts';
import { whichLogin } from './own-logins.ts';
import type { LoginFlow } from './powers.ts';
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

async function* add(here: Here, domain: string): CommandRun {
  const { account, on, language } = here;
  const begun = yield* pendingFlow(here);
  if (begun !== undefined) return yield* takeSteps(here, begun, domain);
  const admits = yield* askWhom(here);
  const flow = await loginsOf(here).begin({ owner: account.owner, on, language, admits });
  return yield* takeSteps(here, flow, domain);
}

async function* change(here: Here, domain: string): CommandRun {
  const login = yield* whichLogin(here, here.texts.changeLogin);
  if (login === undefined) return { notes: [{ is: 'info', text: here.texts.loginsNone }] };
  const { owner, id, on } = login;
  const flow = await loginsOf(here).begin({ owner, id, on, language: here.language });
  return yield* takeSteps(here, flow, domain);
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
