/** Who may not use the gateway, by the operators' word while it runs: people and whole domains. */
import type { FormAnswer } from '../../bridge/commands.ts';
import type { Command } from './command.ts';
import { notWho, whoIn } from './people-and-domains.ts';
import { textsOf } from './values.ts';

/** Nodes and fields are named as in XEP-0133, which knows no bans of its own. */
export const banUser: Command = {
  adminsOnly: true,
  title: (texts) => texts.ban,
  help: (texts) => texts.banHelp,
  async *run({ texts, powers, account }) {
    const answer: FormAnswer = yield {
      title: texts.ban,
      text: [texts.banText],
      fields: [
        {
          name: 'accountjids',
          label: texts.banWhom,
          type: 'lines',
          required: true,
          objection: notWho(texts),
        },
      ],
    };
    const jids = whoIn(answer.accountjids);
    if (jids.includes(account.owner)) return { notes: [{ is: 'error', text: texts.banSelf }] };
    await powers.bans.ban(jids, texts.disconnectUserUsual);
    return { notes: [{ is: 'info', text: texts.banned(jids.join(', ')) }] };
  },
};

/** Who is banned, to choose from. */
export const unbanUser: Command = {
  adminsOnly: true,
  title: (texts) => texts.unban,
  help: (texts) => texts.unbanHelp,
  async *run({ texts, powers }) {
    const banned = await powers.bans.list();
    if (banned.length === 0) return { notes: [{ is: 'info', text: texts.banNobody }] };
    const answer: FormAnswer = yield {
      title: texts.unban,
      fields: [
        {
          name: 'accountjids',
          label: texts.unbanWhom,
          type: 'choices',
          choices: banned.map((value) => ({ value, label: value })),
          required: true,
        },
      ],
    };
    const jids = textsOf(answer.accountjids ?? undefined);
    await powers.bans.unban(jids);
    return { notes: [{ is: 'info', text: texts.unbanned(jids.join(', ')) }] };
  },
};
