/** What operators ask and do by XEP-0133: who is online, ending sessions, announcing (CHECKLIST 6.4). */
import type { FormAnswer, FormField } from '../../bridge/commands.ts';
import { xml } from '../../xml/writer.ts';
import { ADMIN } from '../../xmpp/xep/0133-service-administration.ts';
import type { Command } from './command.ts';
import { end } from './disconnect.ts';
import { notPersons, personOf } from './people-and-domains.ts';
import type { KnownAccount } from './powers.ts';
import { textsOf } from './values.ts';

/** More than anybody reads, and as much as a stanza should hold. */
const mostListed = 500;

const formType = ADMIN;
const ownersOf = (accounts: readonly KnownAccount[]): readonly string[] =>
  [...new Set(accounts.map(({ owner }) => owner))].sort();

/** Who is connected to any server, or about to be. */
export const onlineUsersNum: Command = {
  adminsOnly: true,
  title: (texts) => texts.onlineNum,
  help: (texts) => texts.onlineNumHelp,
  // biome-ignore lint/correctness/useYield: nothing has to be asked
  async *run({ texts, powers }) {
    const { length } = ownersOf(await powers.accounts());
    return { formType, facts: [{ name: 'onlineusersnum', label: texts.onlineNum, value: `${length}` }] };
  },
};

/** The same by name. */
export const onlineUsersList: Command = {
  adminsOnly: true,
  title: (texts) => texts.onlineList,
  help: (texts) => texts.onlineListHelp,
  // biome-ignore lint/correctness/useYield: nothing has to be asked
  async *run({ texts, powers }) {
    const owners = ownersOf(await powers.accounts());
    if (owners.length === 0) return { notes: [{ is: 'info', text: texts.nobodyConnected }] };
    const value = owners.slice(0, mostListed).join('\n');
    const facts = [{ name: 'onlineuserjids', label: texts.onlineList, value }];
    if (owners.length <= mostListed) return { formType, facts };
    return { formType, facts, notes: [{ is: 'warn', text: texts.onlineMore(owners.length - mostListed) }] };
  },
};

/** All sessions of those who are named; they may come again. */
export const endUserSession: Command = {
  adminsOnly: true,
  title: (texts) => texts.endSession,
  help: (texts) => texts.endSessionHelp,
  async *run(here) {
    const { texts, powers } = here;
    const whom: FormField = {
      name: 'accountjids',
      label: texts.endSessionWhose,
      type: 'lines',
      required: true,
      objection: notPersons(texts),
    };
    const answer: FormAnswer = yield { title: texts.endSession, formType, fields: [whom] };
    // A client's own JID stands for its user: a session with a network is that of all clients.
    const named = new Set(textsOf(answer.accountjids ?? undefined).map(personOf));
    const theirs = (await powers.accounts()).filter(({ owner }) => named.has(owner));
    await end(here, theirs, texts.disconnectUserUsual);
    return { notes: [{ is: 'info', text: texts.usersDisconnected(ownersOf(theirs).length) }] };
  },
};

/** To everybody who is in a room. */
export const announce = (domain: string): Command => ({
  adminsOnly: true,
  title: (texts) => texts.announce,
  help: (texts) => texts.announceHelp,
  async *run(here) {
    const { texts, powers } = here;
    const what: FormField = { name: 'announcement', label: texts.announceWhat, type: 'lines', required: true };
    const answer: FormAnswer = yield { title: texts.announce, formType, fields: [what] };
    const to = await powers.present();
    const body = xml`<body>${textsOf(answer.announcement ?? undefined).join('\n')}</body>`;
    if (to.length > 0) here.afterwards([{ kind: 'message', type: 'headline', from: domain, to, body }]);
    return { notes: [{ is: 'info', text: texts.announced(to.length) }] };
  },
});
