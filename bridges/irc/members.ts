/** Who comes, goes and is renamed: JOIN, PART, QUIT, KICK, NICK and the lists of names. One event a line and channel. */
import { chatId, type PersonId, personId } from '#bridge';
import { addressOf } from './addressed.ts';
import type { Channel } from './channel.ts';
import { describeMember, isTold } from './channel.ts';
import { type Core, isMe, nameUs, personOf } from './core.ts';
import { atOf, reasonOf } from './line-facts.ts';
import { accountOf, dropChannel, forgetIfGone, note, realNameOf } from './people.ts';
import type { ChannelMember } from './shared-members.ts';
import type { Line } from './wire/line.ts';
import { matches } from './wire/mask.ts';

const banWindowMs = 10_000;
/** In all channels of a session, and channels: nobody is among so many, and whoever has a server of their own can name any number. */
const mostMembers = 200_000;
const mostChannels = 1000;
/** In smaller channels nobody is counted for each who comes: all of them together hold no more than that once again. */
const crowd = 200;

/** Are there as many already as are kept? */
function isFull({ channels }: Core): boolean {
  let count = 0;
  for (const { members } of channels.values()) count += members.size;
  return count >= mostMembers;
}

/** JOIN: ours begins a list of members, another's adds one. */
export function onJoin(core: Core, line: Line): void {
  const name = line.params[0] ?? '';
  if (isMe(core, line.nick)) {
    core.storms.flush();
    ourMask(core, line);
    if (core.channels.size < mostChannels || core.channels.has(core.fold(name)) || core.joins.isPending(name))
      core.joins.began(name).since = line.tags?.has('time') === true ? atOf(core, line).getTime() : undefined;
    return;
  }
  const channel = core.channels.get(core.fold(name));
  if (channel === undefined || !channel.joined || (channel.members.size >= crowd && isFull(core))) return;
  const member = newMember(core, line.nick, '', line.user === '' ? '' : `${line.user}@${line.host}`);
  channel.members.set(member.person, member);
  introduce(core, line, member.person);
  core.watching.here(member.person, atOf(core, line));
  if (!isTold(channel) || core.storms.returned(line, channel, member.person)) return;
  core.storms.flush();
  const change = { is: 'in', member: describeMember(core, channel, member) } as const;
  core.emit({ kind: 'members', at: atOf(core, line), chat: channel.chat, changes: [change] });
}

/** What a JOIN tells beside the nick (extended-join, account-tag, bot mode). */
function introduce(core: Core, { nick, params, tags }: Line, person: PersonId): void {
  const account = params[1] ?? tags?.get('account');
  const isBot = tags?.has('bot') === true;
  if (account === undefined && !isBot) return;
  note(core, person, {
    ...(account !== undefined && { account: accountOf(account) }),
    ...(params[2] !== undefined && { realName: realNameOf(nick, params[2]) }),
    ...(isBot && { isBot }),
  });
}

function ourMask(core: Core, line: Line): void {
  if (line.host === '') return;
  core.user = line.user;
  core.host = line.host;
}

function newMember(core: Core, nick: string, ranks: string, address: string): ChannelMember {
  const person = personOf(core, nick);
  // Most nicks are their own folded form, of which one copy is kept for all sessions.
  return core.memberOf(nick === person ? person : nick, person, ranks, address);
}

/** 353: `@+nick!user@host` and the like, apart by spaces (multi-prefix, userhost-in-names). */
export function onNames(core: Core, line: Line): void {
  const channel = core.channels.get(core.fold(line.params.at(-2) ?? ''));
  if (channel === undefined || !channel.listing) return;
  const kind = line.params.at(-3);
  if (kind === '@' || kind === '*') {
    channel.modes.set(kind === '@' ? 's' : 'p', '');
    channel.hidden = true;
  }
  if (isFull(core)) return;
  const { prefixes } = core.support;
  for (const entry of (line.params.at(-1) ?? '').split(' ')) {
    let at = 0;
    let ranks = '';
    for (let rank = rankOf(prefixes, entry, at); rank !== ''; rank = rankOf(prefixes, entry, at)) {
      ranks += rank;
      at++;
    }
    const bang = entry.indexOf('!', at);
    const nick = entry.slice(at, bang < 0 ? undefined : bang);
    if (nick === '') continue;
    const member = newMember(core, nick, ranks, bang < 0 ? '' : entry.slice(bang + 1));
    channel.members.set(member.person, member);
  }
}

function rankOf(prefixes: Core['support']['prefixes'], entry: string, at: number): string {
  const symbol = entry.charAt(at);
  if (symbol === '') return '';
  for (const prefix of prefixes) if (prefix.symbol === symbol) return prefix.mode;
  return '';
}

/** 366. */
export function onEndOfNames(core: Core, line: Line): void {
  const channel = core.channels.get(core.fold(line.params[1] ?? ''));
  if (channel === undefined || !channel.listing) return;
  channel.listing = false;
  core.joins.entered(channel);
}

/** PART: another's, or ours; ours is told only where nobody asked for it. */
export function onPart(core: Core, line: Line): void {
  const channel = core.channels.get(core.fold(line.params[0] ?? ''));
  if (channel === undefined) return;
  const reason = reasonOf(line.params[1]);
  if (isMe(core, line.nick)) {
    dropChannel(core, channel);
    if (!channel.asked) return;
    core.emit({ kind: 'removed', at: atOf(core, line), chat: channel.chat, how: 'lost', ...reason });
    return;
  }
  out(core, line, channel, personOf(core, line.nick), { how: 'left', ...reason });
  forgetIfGone(core, personOf(core, line.nick));
}

/** QUIT: out of every channel that we share; in a split with all the others who go. */
export function onQuit(core: Core, line: Line): void {
  if (isMe(core, line.nick)) return;
  const person = personOf(core, line.nick);
  const said = line.params[0] ?? '';
  const isSplit = core.storms.isSplit(line);
  if (!isSplit) core.storms.flush();
  const how = isLoss(said) ? 'lost' : 'left';
  for (const channel of core.channels.values()) {
    if (isSplit && core.storms.isUntold(channel, person)) core.storms.flush();
    if (!isSplit) out(core, line, channel, person, { how, ...reasonOf(said) });
    else if (channel.members.delete(person) && isTold(channel)) core.storms.lost(line, channel, person, said);
  }
  core.profiles.delete(person);
  core.watching.seen(person, 'offline', undefined, atOf(core, line));
}

/** What servers say for whoever did not leave by himself. */
const isLoss = (reason: string): boolean =>
  /^(Ping timeout.*|Read error.*|Write error.*|Connection (reset|closed).*|EOF from client)$/i.test(reason);

interface Leaving {
  readonly how: 'left' | 'kicked' | 'banned' | 'lost';
  readonly by?: string;
  readonly reason?: string;
}

function out(core: Core, line: Line, channel: Channel, person: ChannelMember['person'], leaving: Leaving): void {
  if (!channel.members.delete(person) || !isTold(channel)) return;
  core.emit({
    kind: 'members',
    at: atOf(core, line),
    chat: channel.chat,
    changes: [{ is: 'out', person, ...leaving }],
  });
}

/** KICK: of another, or of us, which ends our place in the room. */
export function onKick(core: Core, line: Line): void {
  const channel = core.channels.get(core.fold(line.params[0] ?? ''));
  if (channel === undefined) return;
  const nick = line.params[1] ?? '';
  const person = personOf(core, nick);
  const how = wasBanned(core, channel, channel.members.get(person)) ? 'banned' : 'kicked';
  const leaving: Leaving = { how, by: line.nick, ...reasonOf(line.params[2]) };
  if (!isMe(core, nick)) {
    out(core, line, channel, person, leaving);
    forgetIfGone(core, person);
    return;
  }
  dropChannel(core, channel);
  if (channel.asked) core.emit({ kind: 'removed', at: atOf(core, line), chat: channel.chat, ...leaving, how });
}

function wasBanned(core: Core, channel: Channel, member: ChannelMember | undefined): boolean {
  if (member === undefined) return false;
  const mask = core.fold(`${member.nick}!${member.address === '' ? '*@*' : member.address}`);
  for (const [ban, at] of channel.bans) {
    if (core.clock.now() - at <= banWindowMs && matches(core.fold(ban), mask)) return true;
  }
  return false;
}

/** NICK: renamed in every channel that we share; ours may be forced upon us. */
export function onNick(core: Core, line: Line): void {
  const nick = line.params[0] ?? '';
  if (nick === '') return;
  const person = personOf(core, line.nick);
  const as = personId(core.fold(nick));
  if (person === core.self) nameUs(core, nick);
  const profile = core.profiles.get(person);
  if (profile !== undefined && core.profiles.delete(person)) core.profiles.set(as, profile);
  if (core.conversations.renamed(person, as)) {
    core.emit({ kind: 'moved', at: atOf(core, line), chat: chatId(addressOf(core, person)), to: chatId(as), nick });
  }
  if (as !== person) {
    core.watching.seen(person, 'offline', undefined, atOf(core, line));
    core.watching.here(as, atOf(core, line));
  }
  for (const channel of core.channels.values()) {
    const member = channel.members.get(person);
    if (member === undefined) continue;
    channel.members.delete(person);
    channel.members.set(as, core.memberOf(nick, as, member.ranks, member.address));
    if (!isTold(channel)) continue;
    const change = { is: 'renamed', person, nick, as } as const;
    core.emit({ kind: 'members', at: atOf(core, line), chat: channel.chat, changes: [change] });
  }
}

/** 396: our own host as others see it. */
export function onOurHost(core: Core, line: Line): void {
  const text = line.params[1] ?? '';
  core.host = text.slice(text.indexOf('@') + 1);
}
