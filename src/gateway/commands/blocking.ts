/** Whom one does not want to hear of: blocking somebody, no longer doing so, and who is blocked (CHECKLIST 191-02). */
import type { CommandForm, FormAnswer } from '../../bridge/commands.ts';
import type { Address } from '../../bridge/contract.ts';
import { GatewayError } from '../../core/errors.ts';
import { personId } from '../../core/ids.ts';
import { parseJid } from '../../xmpp/jid.ts';
import type { Command, Here } from './command.ts';
import type { Blocked } from './powers.ts';
import { textsOf } from './values.ts';

type Person = Extract<Address, { is: 'person' }>;

/** Whom that means: an address here, or what somebody is called on the server that was asked. */
function personIn(text: string, { addresses, on }: Here, domain: string): Person | undefined {
  const name = text.trim().replace(/^xmpp:/i, '');
  const jid = parseJid(name.toLowerCase().endsWith(`@${domain}`) ? name : `${name}@${domain}`);
  const address = jid === undefined ? undefined : addresses.parse(jid.local);
  if (address?.is === 'person' || on === undefined) return address?.is === 'person' ? address : undefined;
  const named = addresses.parse(addresses.format({ is: 'person', id: personId(name.toLowerCase()), on }));
  return named?.is === 'person' ? named : undefined;
}

const addressOf = ({ addresses }: Here, { person, on }: Blocked, domain: string): string =>
  `${addresses.format({ is: 'person', id: person, ...(on !== undefined && { on }) })}@${domain}`;

/** And how they are found by what they are called. */
const nobody = ({ texts, session }: Here, text: string): string =>
  [texts.blockNobody(text), ...(session?.contacts?.find === undefined ? [] : [texts.findHint])].join(' ');

/** At a contact that one; elsewhere it asks. */
async function* whom(here: Here, domain: string): AsyncGenerator<CommandForm, Blocked, FormAnswer> {
  const { texts, person, on } = here;
  if (person !== undefined) return { person, ...(on !== undefined && { on }) };
  const answer: FormAnswer = yield {
    title: texts.block,
    fields: [
      {
        name: 'jid',
        label: texts.blockWhom,
        type: 'text',
        required: true,
        objection: (value) =>
          personIn(String(value), here, domain) === undefined ? nobody(here, String(value)) : undefined,
      },
    ],
  };
  const address = personIn(String(answer.jid), here, domain);
  const barred = address === undefined ? undefined : here.addresses.refuse?.(address);
  if (address === undefined || barred !== undefined) throw barred ?? new GatewayError('bad-address');
  return { person: address.id, ...(address.on !== undefined && { on: address.on }) };
}

/** Somebody reaches one no more. */
export function block(domain: string): Command {
  return {
    anywhere: true,
    title: (texts) => texts.block,
    help: (texts) => texts.blockHelp,
    async *run(here) {
      const { texts, powers, account, session } = here;
      const one = yield* whom(here, domain);
      if (one.on === here.on && session?.me === one.person) return { notes: [{ is: 'error', text: texts.blockSelf }] };
      await powers.blocking.change(account.owner, one, true);
      return { notes: [{ is: 'info', text: texts.blockDone(addressOf(here, one, domain)) }] };
    },
  };
}

/** Those of the server that was asked; at the gateway all. */
async function blockedAt(here: Here): Promise<readonly Blocked[]> {
  const all = await here.powers.blocking.of(here.account.owner);
  return all.filter(({ on }) => here.is === 'gateway' || on === here.on);
}

/** To be chosen from those who are blocked, or the contact at whose address it is run. */
export function unblock(domain: string): Command {
  return {
    anywhere: true,
    title: (texts) => texts.unblock,
    help: (texts) => texts.unblockHelp,
    async *run(here) {
      const { texts, powers, account, person, on } = here;
      const all = await blockedAt(here);
      const name = (one: Blocked): string => addressOf(here, one, domain);
      let chosen = all.filter((one) => one.person === person && one.on === on);
      if (person === undefined) {
        if (all.length === 0) return { notes: [{ is: 'info', text: texts.blockedNobody }] };
        const answer: FormAnswer = yield {
          title: texts.unblock,
          fields: [
            {
              name: 'jids',
              label: texts.unblockWhom,
              type: 'choices',
              choices: all.map((one) => ({ value: name(one), label: name(one) })),
              required: true,
            },
          ],
        };
        const jids = new Set(textsOf(answer.jids ?? undefined));
        chosen = all.filter((one) => jids.has(name(one)));
      }
      if (chosen.length === 0) return { notes: [{ is: 'info', text: texts.blockedNobody }] };
      for (const one of chosen) await powers.blocking.change(account.owner, one, false);
      return { notes: [{ is: 'info', text: texts.unblockDone(chosen.map(name).join(', ')) }] };
    },
  };
}

/** The list. */
export function blocked(domain: string): Command {
  return {
    title: (texts) => texts.blocked,
    help: (texts) => texts.blockedHelp,
    async *run(here) {
      const { texts } = here;
      const all = await blockedAt(here);
      if (all.length === 0) return { notes: [{ is: 'info', text: texts.blockedNobody }] };
      return {
        table: {
          columns: [{ name: 'jid', label: texts.blockedAddress }],
          rows: all.map((one) => ({ jid: addressOf(here, one, domain) })),
        },
      };
    },
  };
}
