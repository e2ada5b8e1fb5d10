/** An account with the network itself, registered by form, with the code that the network may send; kept for logging in from then on where its owner wishes so. */
import type { CommandForm, CommandRun, FormAnswer, FormField } from '../../bridge/commands.ts';
import type { AccountRegistration, Network, Registered } from '../../bridge/contract.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Command, Here } from './command.ts';
import type { Texts } from './texts.ts';

/** Under which settings a login is kept. */
export type LoginSettings = NonNullable<Network['registersAccounts']>;

/** With what was filled in already. */
const fieldsOf = (texts: Texts, { email, keep = true }: FormAnswer): readonly FormField[] => [
  { name: 'password', label: texts.registerPassword, type: 'secret', required: true },
  {
    name: 'email',
    label: texts.registerEmail,
    help: texts.registerEmailHelp,
    type: 'text',
    ...(typeof email === 'string' && { value: email }),
  },
  { name: 'keep', label: texts.registerKeep, type: 'flag', value: keep === true, usual: true },
];

function registrationOf({ session, texts, notConnected }: Here): AccountRegistration {
  if (session === undefined) throw new GatewayError('not-connected', { text: notConnected() });
  const { accountRegistration } = session;
  if (accountRegistration === undefined) throw new GatewayError('network-cannot', { text: texts.cannotRegister });
  return accountRegistration;
}

const textOf = (answer: FormAnswer, name: string): string | undefined => {
  const value = answer[name];
  return typeof value === 'string' ? value : undefined;
};

/** What the network takes, or why it took nothing else: a password that is too weak, an address that it wants. */
async function* registering(here: Here): AsyncGenerator<CommandForm, Account, FormAnswer> {
  const { texts, title } = here;
  let [asked, fault]: [FormAnswer, string | undefined] = [{}, undefined];
  for (;;) {
    asked = yield {
      title: texts.registerAt(title),
      text: [texts.registerText],
      fields: fieldsOf(texts, asked),
      ...(fault !== undefined && { fault }),
    };
    const password = textOf(asked, 'password') ?? '';
    try {
      const registered = await registrationOf(here).register(textOf(asked, 'email'), password, here.signal);
      return { registered, password, keep: asked.keep !== false };
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'bad-request') throw error;
      fault = here.worded(error);
    }
  }
}

interface Account {
  readonly registered: Registered;
  readonly password: string;
  /** Its owner wants to be logged in with it. */
  readonly keep: boolean;
}

/** With the code that the network has sent. What is registered is registered: there is no way back to the first form. */
async function* verified(here: Here, begun: Registered): AsyncGenerator<CommandForm, Registered, FormAnswer> {
  const { texts, title } = here;
  let [registered, fault]: [Registered, string | undefined] = [begun, undefined];
  while (registered.needsCode) {
    const answer = yield {
      title: texts.registerAt(title),
      text: [registered.text],
      fields: [{ name: 'code', label: texts.registerCode, type: 'text', required: true }],
      isSettled: true,
      ...(fault !== undefined && { fault }),
    };
    try {
      registered = await registrationOf(here).verify(registered.account, textOf(answer, 'code') ?? '', here.signal);
    } catch (error) {
      if (!(error instanceof GatewayError) || here.signal.aborted) throw error;
      fault = here.worded(error);
    }
  }
  return registered;
}

async function* run(login: LoginSettings, here: Here): CommandRun {
  const { texts } = here;
  registrationOf(here);
  const { registered, password, keep } = yield* registering(here);
  const { account, text } = yield* verified(here, registered);
  const notes = [{ is: 'info', text: text === '' ? texts.registered(account) : text } as const];
  if (!keep) return { notes };
  await here.set({ [login.username]: account, [login.password]: password });
  return { notes: [...notes, { is: 'info', text: texts.registerKept }] };
}

/** Of one server. */
export const registerAccount = (login: LoginSettings): Command => ({
  title: (texts) => texts.register,
  help: (texts) => texts.registerHelp,
  run: (here) => run(login, here),
});
