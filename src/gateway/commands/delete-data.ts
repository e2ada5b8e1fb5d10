/** Whoever wants nothing kept of them any more: off every network, everything deleted, and no contact left behind (CHECKLIST 5.4). */
import type { FormAnswer } from '../../bridge/commands.ts';
import { empty } from '../../xml/writer.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import { atResource } from '../contacts/addresses.ts';
import type { Command } from './command.ts';

/** Unavailable first: clients then show no contact that is half there (CHECKLIST 100-41). */
const farewell = ['unavailable', 'unsubscribe', 'unsubscribed'] as const;

/** To somebody whose contact that was. */
export const farewellFrom = (from: string, owner: string): readonly Outgoing[] =>
  farewell.map((type) => ({
    kind: 'presence',
    type,
    from: type === 'unavailable' ? atResource(from) : from,
    to: [owner],
    body: empty,
  }));

/** On that domain. */
export const deleteData = (domain: string): Command => ({
  title: (texts) => texts.deleteData,
  help: (texts) => texts.deleteHelp,
  async *run(here) {
    const { texts, powers, account, title } = here;
    const answer: FormAnswer = yield {
      title: texts.deleteData,
      text: [texts.deleteText(title)],
      fields: [{ name: 'confirm', label: texts.deleteConfirm, type: 'flag', required: true }],
    };
    if (answer.confirm !== true) return { notes: [{ is: 'info', text: texts.nothingChanged }] };
    here.goesOn();
    powers.logins?.pending(account.owner)?.cancel();
    const contacts = await powers.personalData.erase(account.owner, texts.deleteReason, here.signal);
    here.afterwards([...contacts, domain].flatMap((from) => farewellFrom(from, account.owner)));
    return { notes: [{ is: 'info', text: texts.deleted }] };
  },
});
