/** Joining a room of the network with a MUC elsewhere (src/design/plumbing.md), ending that, and what there is of it. */
import type { FormAnswer } from '../../bridge/commands.ts';
import type { Command, Here } from './command.ts';
import type { KnownPlumbing } from './powers.ts';

const textOf = (value: FormAnswer[string] | undefined): string => (typeof value === 'string' ? value.trim() : '');

/** What people know the network's room by. */
const titleOf = ({ addresses }: Here, { on, chat }: KnownPlumbing): string =>
  addresses.title({ is: 'room', id: chat, ...(on !== undefined && { on }) });

/** Of the room that it is run at. */
export const plumb: Command = {
  adminsOnly: true,
  anywhere: true,
  title: (texts) => texts.plumb,
  help: (texts) => texts.plumbHelp,
  async *run(here) {
    const { texts, chat, on, account, title } = here;
    if (chat === undefined) return { notes: [{ is: 'error', text: texts.plumbWhere }] };
    const answer: FormAnswer = yield {
      title: texts.plumb,
      text: [texts.plumbText(title)],
      fields: [
        { name: 'muc', label: texts.plumbMuc, type: 'text', required: true },
        { name: 'nick', label: texts.plumbNick, help: texts.plumbNickHelp, type: 'text' },
        { name: 'suffix', label: texts.plumbSuffix, help: texts.plumbSuffixHelp, type: 'text', value: usualSuffix },
        { name: 'password', label: texts.plumbPassword, help: texts.plumbPasswordHelp, type: 'secret' },
      ],
    };
    const muc = textOf(answer.muc);
    const suffix = typeof answer.suffix === 'string' && answer.suffix !== '' ? answer.suffix : usualSuffix;
    const made = await here.powers.plumbings.add({
      ...{ on, chat, muc, nick: textOf(answer.nick), suffix, by: account.owner, language: texts.language },
      password: typeof answer.password === 'string' && answer.password !== '' ? answer.password : undefined,
    });
    const text = made.token === undefined ? texts.plumbAgain(made.muc) : texts.plumbAsks(made.muc, made.token);
    return { notes: [{ is: 'info', text }] };
  },
};

const usualSuffix = ' (bridged)';

/** Of all, or of the room that it is run at. */
export const unplumb: Command = {
  adminsOnly: true,
  anywhere: true,
  title: (texts) => texts.unplumb,
  help: (texts) => texts.unplumbHelp,
  async *run(here) {
    const { texts, chat, on } = here;
    const all = await here.powers.plumbings.list(texts.language);
    const some = chat === undefined ? all : all.filter((one) => one.chat === chat && one.on === on);
    if (some.length === 0) return { notes: [{ is: 'info', text: texts.plumbNone }] };
    const answer: FormAnswer = yield {
      title: texts.unplumb,
      fields: [
        {
          name: 'plumbing',
          label: texts.unplumbWhich,
          type: 'choice',
          required: true,
          choices: some.map((one) => ({ value: one.id, label: `${titleOf(here, one)} – ${one.muc}` })),
        },
      ],
    };
    const which = some.find(({ id }) => id === answer.plumbing);
    if (which === undefined) return { notes: [{ is: 'info', text: texts.plumbNone }] };
    await here.powers.plumbings.remove(which.id);
    return { notes: [{ is: 'info', text: texts.unplumbed(titleOf(here, which), which.muc) }] };
  },
};

export const plumbings: Command = {
  adminsOnly: true,
  title: (texts) => texts.plumbings,
  help: (texts) => texts.plumbingsHelp,
  async *run(here) {
    const { texts } = here;
    const all = await here.powers.plumbings.list(texts.language);
    if (all.length === 0) return { notes: [{ is: 'info', text: texts.plumbNone }] };
    return {
      table: {
        columns: [
          { name: 'room', label: texts.plumbRoom },
          { name: 'muc', label: texts.plumbMuc },
          { name: 'by', label: texts.plumbBy },
          { name: 'state', label: texts.loginState },
        ],
        rows: all.map((one) => ({
          room: titleOf(here, one),
          muc: one.muc,
          by: one.by,
          state: [
            ...(one.token !== undefined
              ? [texts.plumbWaits(one.token)]
              : one.troubles.length === 0
                ? [texts.plumbOn]
                : []),
            ...one.troubles,
          ].join(' '),
        })),
      },
    };
  },
};
