/** Accounts that an operator shares with people and whole domains (src/design/shared-accounts.md): asked for where one is added, and changed later. */
import type { CommandForm, FormAnswer, FormField } from '../../bridge/commands.ts';
import type { Command, Here } from './command.ts';
import { loginsOf } from './login-steps.ts';
import { whichLogin } from './own-logins.ts';
import { notWho, whoIn } from './people-and-domains.ts';

const fieldOf = ({ texts }: Here, admits: readonly string[]): FormField => ({
  name: 'admits',
  label: texts.shareWith,
  help: texts.shareWithHelp,
  type: 'lines',
  ...(admits.length > 0 && { value: admits }),
  objection: notWho(texts),
});

/** Whom the account that an operator adds is to serve; undefined: them alone. Nobody else is asked. */
export async function* askWhom(here: Here): AsyncGenerator<CommandForm, readonly string[] | undefined, FormAnswer> {
  if (!here.isAdmin) return undefined;
  const { texts } = here;
  const answer = yield { title: texts.addLogin, text: [texts.shareText], fields: [fieldOf(here, [])], more: true };
  const admits = whoIn(answer.admits);
  return admits.length === 0 ? undefined : admits;
}

/** Of a shared account of one's own. */
export const share: Command = {
  adminsOnly: true,
  title: (texts) => texts.share,
  help: (texts) => texts.shareHelp,
  async *run(here) {
    const { texts } = here;
    const login = yield* whichLogin(here, texts.share, ({ admits }) => admits !== undefined);
    if (login === undefined) return { notes: [{ is: 'info', text: texts.shareNone }] };
    const answer: FormAnswer = yield {
      title: texts.share,
      text: [login.label],
      fields: [fieldOf(here, login.admits ?? [])],
    };
    const admits = whoIn(answer.admits);
    await loginsOf(here).share(login.id, admits);
    return { notes: [{ is: 'info', text: texts.shared(login.label, admits.join(', ')) }] };
  },
};
