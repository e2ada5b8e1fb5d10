/** The accounts that somebody has added: which there are, logging them in and out, removing them. */
import type { CommandForm, CommandResult, CommandRun, FormAnswer, FormField } from '../../bridge/commands.ts';
import type { Command, Here } from './command.ts';
import { farewellFrom } from './delete-data.ts';
import { loginsOf } from './login-steps.ts';
import type { KnownLogin } from './powers.ts';
import type { Texts } from './texts.ts';

/** Of the address at which it is asked for: a server's are those on it. */
async function loginsHere(here: Here): Promise<readonly KnownLogin[]> {
  const all = await loginsOf(here).list(here.account.owner);
  return here.is === 'server' && here.on !== undefined ? all.filter(({ on }) => on === here.on) : all;
}

const addressOf = ({ addresses }: Here, { on }: KnownLogin, domain: string): string => {
  const local = addresses.format({ is: 'service', ...(on !== undefined && { on }) });
  return local === '' ? domain : `${local}@${domain}`;
};

/** What people know it by. */
const nameOf = ({ addresses }: Here, { label, on }: KnownLogin): string =>
  `${label} – ${addresses.title({ is: 'service', ...(on !== undefined && { on }) })}`;

/** Asks where there are several of those; undefined: there is none. */
export async function* whichLogin(
  here: Here,
  title: string,
  fits: (login: KnownLogin) => boolean = () => true,
): AsyncGenerator<CommandForm, KnownLogin | undefined, FormAnswer> {
  const logins = (await loginsHere(here)).filter(fits);
  if (logins.length < 2) return logins[0];
  const which: FormField = {
    name: 'account',
    label: here.texts.loginWhich,
    type: 'choice',
    required: true,
    choices: logins.map((login) => ({ value: login.id, label: nameOf(here, login) })),
  };
  const answer = yield { title, fields: [which], more: true };
  return logins.find(({ id }) => id === answer.account);
}

const note = (text: string): CommandResult => ({ notes: [{ is: 'info', text }] });

async function* listed(here: Here, domain: string): CommandRun {
  const { texts } = here;
  const logins = await loginsHere(here);
  if (logins.length === 0) return note(texts.loginsNone);
  const running = new Set((await here.powers.accounts(here.account.owner)).map(({ id }) => id));
  const isAnyShared = logins.some(({ admits }) => admits !== undefined);
  const stateOf = ({ id, isOut }: KnownLogin): string =>
    isOut ? texts.loginOut : (here.powers.isConnected(id) ?? running.has(id)) ? texts.loginConnected : texts.loginIdle;
  return {
    table: {
      columns: [
        { name: 'label', label: texts.loginLabel },
        { name: 'jid', label: texts.loginAt },
        { name: 'state', label: texts.loginState },
        ...(isAnyShared ? [{ name: 'admits', label: texts.shareWith }] : []),
      ],
      rows: logins.map((login) => ({
        label: login.label,
        jid: addressOf(here, login, domain),
        state: stateOf(login),
        ...(isAnyShared && { admits: login.admits?.join(', ') ?? '' }),
      })),
    },
  };
}

/** One of them, and what is done to it. @param fits others are logged out */
const doing = (
  title: (texts: Texts) => string,
  fits: (login: KnownLogin) => boolean,
  act: (here: Here, login: KnownLogin) => Promise<string>,
) =>
  async function* run(here: Here): CommandRun {
    const { texts } = here;
    const login = yield* whichLogin(here, title(texts), fits);
    if (login !== undefined) return note(await act(here, login));
    return note((await loginsHere(here)).length === 0 ? texts.loginsNone : texts.loginsOut);
  };

export const ownLogins = (domain: string): Command => ({
  title: (texts) => texts.logins,
  help: (texts) => texts.loginsHelp,
  run: (here) => listed(here, domain),
});

export const logIn: Command = {
  title: (texts) => texts.logIn,
  help: (texts) => texts.logInHelp,
  run: doing(
    (texts) => texts.logIn,
    () => true,
    async (here, login) => {
      await loginsOf(here).login(login.id);
      return here.texts.loggedIn(login.label);
    },
  ),
};

export const reLogIn: Command = {
  title: (texts) => texts.reLogIn,
  help: (texts) => texts.reLogInHelp,
  run: doing(
    (texts) => texts.reLogIn,
    () => true,
    async (here, login) => {
      // Never logged out: whatever ends the gateway meanwhile, it is to be there after it.
      await here.powers.disconnect(login.id, here.texts.logOutReason);
      await loginsOf(here).login(login.id);
      return here.texts.reLoggedIn(login.label);
    },
  ),
};

export const logOut: Command = {
  title: (texts) => texts.logOut,
  help: (texts) => texts.logOutHelp,
  run: doing(
    (texts) => texts.logOut,
    ({ isOut }) => !isOut,
    async (here, login) => {
      await loginsOf(here).logout(login.id, here.texts.logOutReason);
      return here.texts.loggedOut(login.label);
    },
  ),
};

async function* remove(here: Here, domain: string): CommandRun {
  const { texts, account } = here;
  const login = yield* whichLogin(here, texts.removeLogin);
  if (login === undefined) return note(texts.loginsNone);
  const answer: FormAnswer = yield {
    title: texts.removeLogin,
    text: [nameOf(here, login), texts.removeLoginText],
    fields: [{ name: 'confirm', label: texts.removeLoginConfirm, type: 'flag', required: true }],
  };
  if (answer.confirm !== true) return note(texts.nothingChanged);
  here.goesOn();
  const contacts = await loginsOf(here).remove(login.id, texts.loginRemovedReason, here.signal);
  const isLast = (await loginsOf(here).list(account.owner)).length === 0;
  const gone = isLast ? [...contacts, domain] : contacts;
  here.afterwards(gone.flatMap((from) => farewellFrom(from, account.owner)));
  return note(texts.loginRemoved(login.label));
}

/** On that domain. */
export const removeLogin = (domain: string): Command => ({
  title: (texts) => texts.removeLogin,
  help: (texts) => texts.removeLoginHelp,
  run: (here) => remove(here, domain),
});
