/** What could not be delivered: listed, tried again or dropped, by whoever sent it or by an operator, who is not shown what it says. */
import type { CommandForm, CommandRun, FormAnswer } from '../../bridge/commands.ts';
import { readOn } from '../labels.ts';
import type { Command, Here } from './command.ts';
import { notPersons, personOf } from './people-and-domains.ts';
import type { DeliveriesOf, Undelivered } from './powers.ts';
import type { Texts } from './texts.ts';
import { textsOf } from './values.ts';

/** The oldest come first; behind them are more when these are gone. */
const atOnce = 50;
const longestExcerpt = 80;

type Says = (one: Undelivered, texts: Texts) => string;

/** To its sender: how it begins. */
const saidIn: Says = ({ about }) => {
  const line = about.replace(/\s+/g, ' ');
  return line.length > longestExcerpt ? `${line.slice(0, longestExcerpt)}…` : line;
};

/** To an operator: what others write is none of their business. */
const whatIsSeen: Says = ({ sender, bytes }, texts) => texts.undeliveredSeen(sender, bytes);

function labelOf(one: Undelivered, texts: Texts, says: Says): string {
  const { chat, on, at, reason } = one;
  const when = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const { server, label } = readOn(on);
  const place = [server, label].filter((part) => part !== undefined).join(', ');
  return texts.undeliveredLine(place === '' ? chat : `${chat} (${place})`, when, reason, says(one, texts));
}

const formOf = ({ waiting, failed, undelivered: all }: DeliveriesOf, texts: Texts, says: Says): CommandForm => ({
  title: texts.undelivered,
  text: [texts.undeliveredText(waiting, failed), ...(failed > all.length ? [texts.undeliveredOldest(all.length)] : [])],
  fields: [
    {
      name: 'which',
      label: texts.undeliveredWhich,
      type: 'choices',
      choices: all.map((one, i) => ({ value: `${i + 1}`, label: labelOf(one, texts, says) })),
      required: true,
    },
    {
      name: 'what',
      label: texts.undeliveredWhat,
      type: 'choice',
      choices: [
        { value: 'requeue', label: texts.undeliveredRequeue },
        { value: 'drop', label: texts.undeliveredDrop },
      ],
      required: true,
    },
  ],
});

async function* settle({ texts, powers: { deliveries } }: Here, owner: string, says: Says): CommandRun {
  const all = await deliveries.of(owner, atOnce);
  const { waiting, undelivered } = all;
  if (undelivered.length === 0) return { notes: [{ is: 'info', text: texts.undeliveredNone(waiting) }] };
  const answer: FormAnswer = yield formOf(all, texts, says);
  const chosen = new Set(textsOf(answer.which ?? undefined));
  const isAgain = answer.what === 'requeue';
  let done = 0;
  for (const [i, one] of undelivered.entries()) {
    if (!chosen.has(`${i + 1}`)) continue;
    if (await (isAgain ? deliveries.requeue(one) : deliveries.drop(one))) done++;
  }
  return { notes: [{ is: 'info', text: isAgain ? texts.undeliveredRequeued(done) : texts.undeliveredDropped(done) }] };
}

/** One's own. */
export const undelivered: Command = {
  title: (texts) => texts.undelivered,
  help: (texts) => texts.undeliveredHelp,
  run: (here) => settle(here, here.account.owner, saidIn),
};

/** Of a user. */
export const undeliveredOf: Command = {
  adminsOnly: true,
  title: (texts) => texts.undeliveredOf,
  help: (texts) => texts.undeliveredOfHelp,
  async *run(here) {
    const { texts } = here;
    const answer: FormAnswer = yield {
      title: texts.undeliveredOf,
      fields: [{ name: 'accountjid', label: texts.whose, type: 'text', required: true, objection: notPersons(texts) }],
      more: true,
    };
    return yield* settle(here, personOf(String(answer.accountjid)) ?? '', whatIsSeen);
  },
};
