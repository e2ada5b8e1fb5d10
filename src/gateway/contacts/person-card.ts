/** What the network tells of somebody, as a vCard (XEP-0054) and as the fields of a form. */
import type { PersonCard } from '../../bridge/contract.ts';
import { type Field, valueField } from '../../xmpp/xep/0004-data-forms.ts';
import type { VCard } from '../../xmpp/xep/0054-vcard.ts';

type Line = readonly [name: string, label: string, value: string];

/** All that is known but the nick, in the network's order. */
function linesOf({ realName, address, account, away, facts }: PersonCard): readonly Line[] {
  const own: readonly (readonly [string, string, string | undefined])[] = [
    ['realname', 'Real name', realName],
    ['address', 'Address', address],
    ['account', 'Account', account],
    ['away', 'Away', away],
  ];
  const known = own.flatMap(([name, label, value]): readonly Line[] => (value ? [[name, label, value]] : []));
  return [...known, ...facts.map(({ label, value }, at): Line => [`fact${at + 1}`, label, value])];
}

/** The name that people have given themselves, their nick, and the rest as a readable note (CHECKLIST 054-03). */
export function cardOf(card: PersonCard): VCard {
  const note = linesOf(card)
    .filter(([name]) => name !== 'realname')
    .map(([, label, value]) => `${label}: ${value}`)
    .join('\n');
  const fullName = card.realName === undefined || card.realName === '' ? card.nick : card.realName;
  return { fullName, nickname: card.nick, ...(note !== '' && { description: note }) };
}

/** The same as fields to be shown in a form (an ad-hoc "whois", say). */
export const cardFields = (card: PersonCard): readonly Field[] => [
  valueField('nick', [card.nick], 'text-single'),
  ...linesOf(card).map(([name, label, value]) => ({ ...valueField(name, [value], 'text-single'), label })),
];
