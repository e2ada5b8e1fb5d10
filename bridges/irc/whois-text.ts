/** A person's card as lines of text, for whoever typed /whois. */
import type { PersonCard } from '#bridge';

/** One thing a line. */
export function cardText({ nick, realName, account, address, away, facts }: PersonCard): string {
  const known = [
    ['Real name', realName],
    ['Address', address],
    ['Account', account],
    ['Away', away],
    ...facts.map(({ label, value }) => [label, value] as const),
  ] as const;
  return [nick, ...known.flatMap(([label, value]) => (value ? [`${label}: ${value}`] : []))].join('\n');
}
