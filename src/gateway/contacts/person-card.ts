/** What the network tells of somebody, as a vCard (XEP-0054). */
import type { PersonCard } from '../../bridge/contract.ts';
import type { VCard } from '../../xmpp/xep/0054-vcard.ts';

/** What stands before a line, in the language of whoever asks. */
export type Say = (label: string) => string;

/** All that is known but the names, in the network's order. */
function linesOf({ address, account, away, facts }: PersonCard): PersonCard['facts'] {
  const own = [
    { label: 'Address', value: address },
    { label: 'Account', value: account },
    { label: 'Away', value: away },
  ];
  return [...own.flatMap(({ label, value }) => (value ? [{ label, value }] : [])), ...facts];
}

/** The name that people have given themselves, their nick, and the rest as a readable note (CHECKLIST 054-03). */
export function cardOf(card: PersonCard, say: Say): VCard {
  const note = linesOf(card)
    .map(({ label, value }) => `${say(label)}: ${value}`)
    .join('\n');
  const fullName = card.realName === undefined || card.realName === '' ? card.nick : card.realName;
  return { fullName, nickname: card.nick, ...(note !== '' && { description: note }) };
}
