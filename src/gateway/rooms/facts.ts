/**
 * What is known of an occupant besides nick and rank: away or not, bot, operator of the network (hats, XEP-0317 §3), account, address. Some of it shows
 * in the presence; that is told again only when it looks different.
 */
import type { Member, MemberFacts } from '../../core/event.ts';
import { empty, type Xml, xml } from '../../xml/writer.ts';
import { writeShown } from '../shown.ts';
import type { Facts } from './room.ts';

const nothing: Facts = {};

/** Of a member as the network lists them. */
export function factsOf(member: Member): Facts {
  const { address, account, realName, isBot, isOperator, show, status, avatar } = member;
  const known = account ?? realName ?? isBot ?? isOperator ?? show ?? status ?? avatar;
  if (known === undefined) return address === undefined ? nothing : { address };
  const { person: _person, nick: _nick, power: _power, ...facts } = member;
  return facts;
}

const bot = xml`<hat title='Bot' uri='urn:isthmus:hats:bot'/>`;
const operator = xml`<hat title='Network operator' uri='urn:isthmus:hats:operator'/>`;

/** `<hats/>`; empty for bare heads. */
export function hatsOf({ isBot, isOperator }: Facts): Xml {
  if (isBot !== true && isOperator !== true) return empty;
  return xml`<hats xmlns='urn:xmpp:hats:0'>${isBot === true ? bot : undefined}${isOperator === true ? operator : undefined}</hats>`;
}

/** `<show/>` and `<status/>`; empty for who is there. */
export const awayOf = (facts: Facts): Xml => writeShown(facts);

/** Do both wear the same hats? */
export function sameHats(a: Facts, b: Facts): boolean {
  return (a.isBot === true) === (b.isBot === true) && (a.isOperator === true) === (b.isOperator === true);
}

/** Are both equally there? */
export function sameAway(a: Facts, b: Facts): boolean {
  return (a.show ?? 'online') === (b.show ?? 'online') && a.status === b.status;
}

/** What a list says; what it does not know of stays, but who is not said to be away is there, and has the picture that it says. */
export function listed(before: Facts, member: Member): Facts {
  const { show: _show, status: _status, avatar: _avatar, ...known } = before;
  return { ...known, ...factsOf(member) };
}

/** `null` takes a fact away. */
export function changedBy(before: Facts, change: MemberFacts): Facts {
  const after = Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== null));
  return after as Facts;
}
