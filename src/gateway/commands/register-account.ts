/** An account with the network itself, registered by form, with the code that the network may send; kept for logging in from then on where its owner wishes so. */
import type { CommandRun, FormAnswer, FormField } from '../../bridge/commands.ts';
import type { AccountRegistration, Network, Registered } from '../../bridge/contract.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Command, Here } from './command.ts';
import type { Texts } from './texts.ts';

/** Under which settings a login is kept. */
export type LoginSettings = NonNullable<Network['registersAccounts']>;

const fieldsOf = (texts: Texts): readonly FormField[] => [
  { name: 'password', label: texts.registerPassword, type: 'secret', required: true },
  { name: 'email', label: texts.registerEmail, help: texts.registerEmailHelp, type: 'text' },
  { name: 'keep', label: texts.registerKeep, type: 'flag', value: true, usual: true },
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

async function* run(login: LoginSettings, here: Here): CommandRun {
  const { texts, title } = here;
  registrationOf(here);
  const asked: FormAnswer = yield {
    title: texts.registerAt(title),
    text: [texts.registerText],
    fields: fieldsOf(texts),
  };
  const password = textOf(asked, 'password') ?? '';
  let registered: Registered = await registrationOf(here).register(textOf(asked, 'email'), password, here.signal);
  let told = registered.text;
  let fault: string | undefined;
  while (registered.needsCode) {
    const code: FormField = { name: 'code', label: texts.registerCode, type: 'text', required: true };
    // What was registered is registered: there is no way back to the first form.
    const answer: FormAnswer = yield {
      title: texts.registerAt(title),
      text: [told],
      fields: [code],
      isSettled: true,
      ...(fault !== undefined && { fault }),
    };
    try {
      registered = await registrationOf(here).verify(registered.account, textOf(answer, 'code') ?? '', here.signal);
      told = registered.text;
    } catch (error) {
      if (!(error instanceof GatewayError) || here.signal.aborted) throw error;
      fault = here.worded(error);
    }
  }
  const notes = [{ is: 'info', text: told === '' ? texts.registered(registered.account) : told } as const];
  if (asked.keep === false) return { notes };
  await here.set({ [login.username]: registered.account, [login.password]: password });
  return { notes: [...notes, { is: 'info', text: texts.registerKept }] };
}

/** Of one server. */
export const registerAccount = (login: LoginSettings): Command => ({
  title: (texts) => texts.register,
  help: (texts) => texts.registerHelp,
  run: (here) => run(login, here),
});
