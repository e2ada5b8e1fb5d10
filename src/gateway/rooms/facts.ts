/**
 * What is known of an occupant besides nick and rank: away or not, bot, operator of the network (hats, XEP-0317 §3), account, address. Some of it shows
 * in the presence; that is told again only when it looks different.
 */
import type { Hat, Member, MemberFacts } from '../../core/event.ts';
import { empty, join, type Xml, xml } from '../../xml/writer.ts';
import { hat } from '../../xmpp/xep/0317-hats.ts';
import type { Facts } from './room.ts';

const nothing: Facts = {};

/** Of a member as the network lists them. */
export function factsOf(member: Member): Facts {
  const { address, account, realName, isBot, isOperator, show, status, avatar, hats } = member;
  const known = account ?? realName ?? isBot ?? isOperator ?? show ?? status ?? avatar ?? hats;
  if (known === undefined) return address === undefined ? nothing : { address };
  const { person: _person, nick: _nick, power: _power, ...facts } = member;
  return facts;
}

const bot = xml`<hat title='Bot' uri='urn:isthmus:hats:bot'/>`;
const operator = xml`<hat title='Network operator' uri='urn:isthmus:hats:operator'/>`;

const noHats: readonly Hat[] = [];

/** Of the network's own making, by its names. */
const networks = ({ id, title, hue }: Hat): Xml =>
  hat.write({
    title,
    uri: `urn:isthmus:hats:network:${encodeURIComponent(id)}`,
    ...(hue !== undefined && { hue: String(hue) }),
  });

/** `<hats/>`; empty for bare heads. */
export function hatsOf({ isBot, isOperator, hats = noHats }: Facts): Xml {
  if (isBot !== true && isOperator !== true && hats.length === 0) return empty;
  const own = [...(isBot === true ? [bot] : []), ...(isOperator === true ? [operator] : [])];
  return xml`<hats xmlns='urn:xmpp:hats:0'>${join([...own, ...hats.map(networks)])}</hats>`;
}

/** Do both wear the same hats? */
export function sameHats(a: Facts, b: Facts): boolean {
  const { hats = noHats } = a;
  const { hats: others = noHats } = b;
  return (
    (a.isBot === true) === (b.isBot === true) &&
    (a.isOperator === true) === (b.isOperator === true) &&
    (hats === others || (hats.length === others.length && hats.every((one, at) => isSameHat(one, others[at]))))
  );
}

const isSameHat = (one: Hat, other: Hat | undefined): boolean =>
  one.id === other?.id && one.title === other.title && one.hue === other.hue;

/** Are both equally there? */
export function sameAway(a: Facts, b: Facts): boolean {
  return (a.show ?? 'online') === (b.show ?? 'online') && a.status === b.status;
}

type PlainFact = Exclude<keyof Facts, 'hats'>;
const everyPlainFact: Readonly<Record<PlainFact, true>> = {
  address: true,
  show: true,
  status: true,
  account: true,
  realName: true,
  avatar: true,
  isBot: true,
  isOperator: true,
};
const plainFacts = Object.keys(everyPlainFact) as readonly PlainFact[];

/** Is the same known of both? */
export function sameFacts(a: Facts, b: Facts): boolean {
  return a === b || (plainFacts.every((fact) => a[fact] === b[fact]) && sameHats(a, b));
}

/** What a list says; what it does not know of stays, but who is not said to be away is there, and has the picture and the hats that it says. */
export function listed(before: Facts, member: Member): Facts {
  const { show: _show, status: _status, avatar: _avatar, hats: _hats, ...known } = before;
  return { ...known, ...factsOf(member) };
}

/** `null` takes a fact away. */
export function changedBy(before: Facts, change: MemberFacts): Facts {
  const after = Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null));
  return after as Facts;
}
