/**
 * What is known of people beyond their nick: account, real name, away, bot, operator. One profile a person, shared by all channels, and only for those
 * of whom something is known and whom we share a channel with; so a channel of ten thousand silent people costs nothing here.
 */
import type { Member, MemberChange, MemberFacts, PersonId } from '#bridge';
import type { Channel } from './channel.ts';
import { type Core, personOf } from './core.ts';
import { atOf } from './line-facts.ts';
import { detached } from './wire/casemap.ts';
import type { Line } from './wire/line.ts';

/** What is so; absent: unknown, or not so. */
export type Profile = Pick<Member, 'account' | 'realName' | 'isBot' | 'isOperator' | 'show' | 'status'>;

/** What a line told of somebody; `null`: not so. `address` is kept with the member of each channel. */
export type Facts = MemberFacts;

const names = ['account', 'realName', 'isBot', 'isOperator', 'show', 'status'] as const;
const maxText = 400;

/** Are they in a channel with us? Only of those anything is kept. */
export function isShared(core: Core, person: PersonId): boolean {
  for (const { members } of core.channels.values()) if (members.has(person)) return true;
  return false;
}

/** Remembers what was told of somebody; returns what of it is new, for `tellFacts`. */
export function note(core: Core, person: PersonId, facts: Facts): Facts | undefined {
  const known = core.profiles.get(person);
  let changed: Record<string, Facts[keyof Facts]> | undefined;
  const next: Record<string, unknown> = { ...known };
  for (const name of names) {
    const told = facts[name];
    const said = typeof told === 'string' ? told.slice(0, maxText) : told;
    if (said === undefined || said === (known?.[name] ?? null)) continue;
    const value = typeof said === 'string' ? detached(said) : said;
    changed ??= {};
    changed[name] = value;
    if (value === null) delete next[name];
    else next[name] = value;
  }
  if (changed !== undefined && (known !== undefined || isShared(core, person))) {
    if (Object.keys(next).length === 0) core.profiles.delete(person);
    else core.profiles.set(person, next);
  } else changed = undefined;
  return readdressed(core, person, facts.address) ? { ...changed, address: facts.address ?? null } : changed;
}

/** Keeps a new `user@host` in each channel; true: it was new in one. */
function readdressed(core: Core, person: PersonId, address: string | null | undefined): boolean {
  if (address === undefined || address === null || address === '') return false;
  let isNew = false;
  for (const { members } of core.channels.values()) {
    const member = members.get(person);
    if (member === undefined || member.address === address) continue;
    members.set(person, core.memberOf(member.nick, person, member.ranks, address));
    isNew = true;
  }
  return isNew;
}

/** Tells every room in which they are. */
function tellFacts(core: Core, person: PersonId, facts: Facts, at: Date): void {
  const change: MemberChange = { is: 'facts', person, facts };
  for (const channel of core.channels.values()) {
    if (!channel.asked || channel.listing || !channel.members.has(person)) continue;
    if (core.storms.isUntold(channel, person)) continue;
    core.emit({ kind: 'members', at, chat: channel.chat, changes: [change] });
  }
}

/** Remembers and tells, in one: for a line that is about one person. */
export function learn(core: Core, nick: string, facts: Facts, line: Line): void {
  const person = personOf(core, nick);
  const changed = note(core, person, facts);
  if (changed !== undefined) tellFacts(core, person, changed, atOf(core, line));
}

/** They have left a channel: is anything still to be known of them? */
export function forgetIfGone(core: Core, person: PersonId): void {
  if (core.profiles.has(person) && !isShared(core, person)) core.profiles.delete(person);
}

/** We are not in that channel any more. */
export function dropChannel(core: Core, channel: Channel): void {
  core.channels.delete(channel.folded);
  if (core.profiles.size === 0) return;
  for (const { person } of channel.members.values()) forgetIfGone(core, person);
}

/** ACCOUNT (account-notify): logged in as, or `*` for out. */
export function onAccount(core: Core, line: Line): void {
  learn(core, line.nick, { account: accountOf(line.params[0]) }, line);
}

/** An account as servers write it: `*` and `0` are none. */
export const accountOf = (text: string | undefined): string | null =>
  text === undefined || text === '' || text === '*' || text === '0' ? null : text;

/** SETNAME (setname). */
export function onSetName(core: Core, line: Line): void {
  learn(core, line.nick, { realName: realNameOf(line.nick, line.params[0]) }, line);
}

/** A real name; who repeats the nick tells none. */
export const realNameOf = (nick: string, text: string | undefined): string | null =>
  text === undefined || text.trim() === '' || text === nick ? null : text;

/** CHGHOST (chghost). */
export function onHostChange(core: Core, line: Line): void {
  const [user = '', host = ''] = line.params;
  if (personOf(core, line.nick) === core.self) {
    core.user = user;
    core.host = host;
  }
  learn(core, line.nick, { address: `${user}@${host}` }, line);
}

/** 313, 330 and 335, lines of a WHOIS that say something lasting: operator, account, bot. */
export function onWhoisFact(core: Core, line: Line): void {
  const nick = line.params[1] ?? '';
  if (line.command === '313') learn(core, nick, { isOperator: true }, line);
  else if (line.command === '335') learn(core, nick, { isBot: true }, line);
  else learn(core, nick, { account: accountOf(line.params[2]) }, line);
}

/** The tags that a server puts on whatever a person does (account-tag, bot mode). What is quoted from the past says nothing of now. */
export function noteTags(core: Core, line: Line): void {
  const { tags } = line;
  if (tags === undefined || line.user === '' || tags.has('batch')) return;
  const account = tags.get('account');
  const isBot = tags.has('bot');
  if (account === undefined && !isBot) return;
  const known = core.profiles.get(personOf(core, line.nick));
  if (known !== undefined && (account === undefined || known.account === account) && (!isBot || known.isBot)) return;
  learn(
    core,
    line.nick,
    { ...(account !== undefined && { account: accountOf(account) }), ...(isBot && { isBot }) },
    line,
  );
}
