/** Commands that only look: how a connection is, what the network tells of somebody. And the operators' reading of the configuration. */
import type { FormAnswer } from '../../bridge/commands.ts';
import type { PersonCard } from '../../bridge/contract.ts';
import { GatewayError } from '../../core/errors.ts';
import { type PersonId, personId } from '../../core/ids.ts';
import type { Command, Here } from './command.ts';

/** The session tells what it knows; who is there and in which rooms is known without it. */
export const connectionInfo: Command = {
  title: (texts) => texts.info,
  help: (texts) => texts.infoHelp,
  async *run({ session, texts, powers, account, title, signal, said, notConnected }) {
    if (session === undefined) return { notes: [{ is: 'info', text: notConnected() }] };
    const rooms = (await powers.rooms(account.id)).map(({ chat }) => chat);
    const own = [
      { label: texts.infoOwner, value: account.owner },
      { label: texts.infoServer, value: title },
      { label: texts.infoNick, value: session.me },
    ];
    const told = (await session.describe?.(signal))?.map(({ label, value }) => ({
      label: said(label),
      value: said(value),
    }));
    const listed = { label: texts.infoRooms, value: rooms.length === 0 ? texts.none : rooms.sort().join('\n') };
    return { facts: [...(told ?? own), listed] };
  },
};

/** The labels are the bridge's, what stands behind them may be anybody's. */
function factsOf(
  card: PersonCard,
  { texts, said }: Here,
): readonly { readonly label: string; readonly value: string }[] {
  const known: readonly (readonly [string, string | undefined])[] = [
    [texts.whoisNick, card.nick],
    [texts.whoisRealName, card.realName],
    [texts.whoisAccount, card.account],
    [texts.whoisAddress, card.address],
    [texts.whoisAway, card.away],
  ];
  const first = known.flatMap(([label, value]) => (value === undefined || value === '' ? [] : [{ label, value }]));
  const told = new Set(first.map(({ value }) => value));
  const others = card.facts.filter(({ value }) => !told.has(value));
  return [...first, ...others.map(({ label, value }) => ({ label: said(label), value }))];
}

async function lookUp({ session, signal, texts, notConnected }: Here, who: PersonId): Promise<PersonCard> {
  if (session === undefined) throw new GatewayError('not-connected', { text: notConnected() });
  const about = session.people?.about;
  if (about === undefined) throw new GatewayError('network-cannot', { text: texts.cannotLookUp });
  return about(who, signal);
}

/** On a contact: that one. On a server it asks who. */
export const whois: Command = {
  title: (texts) => texts.whois,
  help: (texts) => texts.whoisHelp,
  async *run(here) {
    const { texts } = here;
    let who = here.person;
    if (who === undefined) {
      const answer: FormAnswer = yield {
        title: texts.whois,
        fields: [{ name: 'nick', label: texts.whoisWho, type: 'text', required: true }],
      };
      who = personId(typeof answer.nick === 'string' ? answer.nick : '');
    }
    return { facts: factsOf(await lookUp(here, who), here) };
  },
};

/** What counts from now on, and what needs a restart. */
export const reload: Command = {
  adminsOnly: true,
  title: (texts) => texts.reload,
  help: (texts) => texts.reloadHelp,
  // biome-ignore lint/correctness/useYield: nothing has to be asked
  async *run({ powers, texts }) {
    if (powers.reload === undefined) throw new GatewayError('not-available');
    const { now, later } = await powers.reload();
    const did = now.length === 0 ? texts.reloadedNothing : texts.reloaded(now.join(', '));
    const rest = later.length === 0 ? [] : [{ is: 'warn', text: texts.needsRestart(later.join(', ')) } as const];
    return { notes: [{ is: 'info', text: did }, ...rest] };
  },
};
