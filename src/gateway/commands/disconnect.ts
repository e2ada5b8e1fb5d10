/** Ending connections: one's own, and for operators those of others. Nodes and fields are biboumi's. */
import type { FormAnswer, FormField } from '../../bridge/commands.ts';
import type { Addresses } from '../../bridge/contract.ts';
import { placeName } from '../labels.ts';
import type { Command, Here } from './command.ts';
import type { KnownAccount } from './powers.ts';

const named = (name: string): { readonly value: string; readonly label: string } => ({ value: name, label: name });

/** The choices of a field, as chosen. */
function chosen(answer: FormAnswer, name: string): ReadonlySet<string> {
  const value = answer[name];
  return new Set(typeof value === 'object' && value !== null ? value : typeof value === 'string' ? [value] : []);
}

const messageField = ({ texts }: Here, usual: string): FormField => ({
  name: 'quit-message',
  label: texts.disconnectReason,
  type: 'text',
  usual,
  value: usual,
});

const messageOf = (answer: FormAnswer, usual: string): string => {
  const message = answer['quit-message'];
  return typeof message === 'string' ? message : usual;
};

/** What the servers of a domain are called here; where it has but one login, that is the domain. */
const namesOf =
  (domain: string, addresses: Addresses) =>
  ({ on }: KnownAccount): string =>
    on ?? (addresses.isOneServer === true ? addresses.title({ is: 'service' }) : domain);

/** Ends these connections. */
export async function end({ powers }: Here, accounts: readonly KnownAccount[], reason: string): Promise<void> {
  await Promise.all(accounts.map(({ id }) => powers.disconnect(id, reason)));
}

/** From some servers; operators first choose whose connections. */
export function disconnect(domain: string, addresses: Addresses): Command {
  const serverOf = namesOf(domain, addresses);
  return {
    title: (texts) => texts.disconnect,
    help: (texts) => texts.disconnectHelp,
    async *run(here) {
      const { texts, powers, account, isAdmin } = here;
      let { owner } = account;
      const owners = isAdmin ? [...new Set((await powers.accounts()).map((one) => one.owner))].sort() : [owner];
      if (owners.some((one) => one !== owner)) {
        const usual = owners.includes(owner) ? { value: owner } : {};
        const who: FormField = {
          name: 'jid',
          label: texts.disconnectWho,
          type: 'choice',
          choices: owners.map(named),
          ...usual,
        };
        const answer = yield { title: texts.disconnect, fields: [{ ...who, required: true }], more: true };
        if (typeof answer.jid === 'string') owner = answer.jid;
      }
      const accounts = await powers.accounts(owner);
      if (accounts.length === 0) return { notes: [{ is: 'info', text: texts.notConnectedAnywhere }] };
      const servers = accounts.map(serverOf).sort();
      const which: FormField = {
        name: 'irc-servers',
        label: texts.disconnectWhich,
        type: 'choices',
        choices: servers.map((value) => ({ value, label: placeName(value, domain) })),
      };
      const answer = yield {
        title: texts.disconnect,
        fields: [{ ...which, required: true }, messageField(here, texts.disconnectUsual)],
      };
      const wanted = chosen(answer, 'irc-servers');
      const ended = accounts.filter((one) => wanted.has(serverOf(one)));
      await end(here, ended, messageOf(answer, texts.disconnectUsual));
      return { notes: [{ is: 'info', text: texts.disconnected(owner, ended.length) }] };
    },
  };
}

/** All connections of some people. */
export const disconnectUser: Command = {
  adminsOnly: true,
  title: (texts) => texts.disconnectUser,
  help: (texts) => texts.disconnectUserHelp,
  async *run(here) {
    const { texts, powers } = here;
    const accounts = await powers.accounts();
    const owners = [...new Set(accounts.map(({ owner }) => owner))].sort();
    if (owners.length === 0) return { notes: [{ is: 'info', text: texts.nobodyConnected }] };
    const people: FormField = {
      name: 'jids',
      label: texts.disconnectUserWhich,
      type: 'choices',
      choices: owners.map(named),
    };
    const answer = yield {
      title: texts.disconnectUser,
      fields: [{ ...people, required: true }, messageField(here, texts.disconnectUserUsual)],
    };
    const wanted = chosen(answer, 'jids');
    await end(
      here,
      accounts.filter(({ owner }) => wanted.has(owner)),
      messageOf(answer, texts.disconnectUserUsual),
    );
    return { notes: [{ is: 'info', text: texts.usersDisconnected(wanted.size) }] };
  },
};
