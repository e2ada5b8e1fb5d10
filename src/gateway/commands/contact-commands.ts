/** Commands about people: whom one knows on the network and how far they are in one's contact list, and looking for others. */
import type { FormAnswer } from '../../bridge/commands.ts';
import { GatewayError } from '../../core/errors.ts';
import { contactAddress } from '../contacts/addresses.ts';
import { privilegeWords } from '../privileges.ts';
import type { Command } from './command.ts';
import type { KnownContact } from './powers.ts';
import type { Texts } from './texts.ts';

const shownAtMost = 500;
const foundAtMost = 50;

const stateOf = ({ state }: KnownContact, texts: Texts): string => texts[words[state]];

const words = {
  listed: 'contactListed',
  suggested: 'contactSuggested',
  asked: 'contactAsked',
  placed: 'contactPlaced',
  unseen: 'contactUnseen',
  unwatched: 'contactUnwatched',
  declined: 'contactDeclined',
  leaving: 'contactLeaving',
  asks: 'contactAsks',
  accepted: 'contactAccepted',
  refused: 'contactRefused',
} as const satisfies Record<KnownContact['state'], keyof Texts>;

/** Everybody who is a contact, or on the network's list. */
export const contacts = (domain: string): Command => ({
  title: (texts) => texts.contacts,
  help: (texts) => texts.contactsHelp,
  async *run({ account, addresses, powers, texts }) {
    const all = await powers.contacts(account.id);
    if (all.length === 0) return { notes: [{ is: 'info', text: texts.contactsNone }] };
    const shown = [...all].sort((a, b) => a.name.localeCompare(b.name)).slice(0, shownAtMost);
    return {
      table: {
        columns: [
          { name: 'name', label: texts.findName },
          { name: 'jid', label: 'JID' },
          { name: 'groups', label: texts.contactGroups },
          { name: 'state', label: texts.contactState },
        ],
        rows: shown.map((one) => ({
          name: one.name,
          jid: contactAddress({ account, addresses, domain }, one.person),
          groups: one.groups.join(', '),
          state: stateOf(one, texts),
        })),
      },
      ...(all.length > shown.length && {
        notes: [{ is: 'info' as const, text: texts.onlineMore(all.length - shown.length) }],
      }),
    };
  },
});

/** What each host of users lets the gateway do in their names, for operators (356-05). */
export const privileges: Command = {
  adminsOnly: true,
  title: (texts) => texts.privileges,
  help: (texts) => texts.privilegesHelp,
  async *run({ powers, texts }) {
    const all = powers.privileges();
    if (all.size === 0) return { notes: [{ is: 'info', text: texts.privilegesNone }] };
    const words = ([name, value]: [string, string]): string => `${name}: ${value}`;
    return {
      facts: [...all].map(([host, one]) => ({
        label: host,
        value: Object.entries(privilegeWords(one)).map(words).join('\n'),
      })),
    };
  },
};

/** By name; whom one finds can be added by the address. */
export const find = (domain: string): Command => ({
  title: (texts) => texts.find,
  help: (texts) => texts.findHelp,
  async *run(here) {
    const { texts, account, addresses } = here;
    const asked: FormAnswer = yield {
      title: texts.find,
      fields: [{ name: 'nick', label: texts.findWho, type: 'text', required: true }],
    };
    const { session, signal } = here;
    if (session === undefined) throw new GatewayError('not-connected', { text: here.notConnected() });
    const name = typeof asked.nick === 'string' ? asked.nick : '';
    const people = (await session.contacts?.find?.(name, foundAtMost + 1, signal)) ?? [];
    if (people.length === 0) return { notes: [{ is: 'info', text: texts.findNobody(name) }] };
    return {
      table: {
        columns: [
          { name: 'name', label: texts.findName },
          { name: 'jid', label: 'JID' },
        ],
        rows: people.slice(0, foundAtMost).map((one) => ({
          name: one.details === undefined ? one.name : `${one.name} (${one.details})`,
          jid: contactAddress({ account, addresses, domain }, one.person),
        })),
      },
      ...(people.length > foundAtMost && { notes: [{ is: 'info' as const, text: texts.findMore }] }),
    };
  },
});
