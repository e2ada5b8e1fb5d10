/** Topics and modes of channels: TOPIC, 331–333, MODE, 324. */
import type { MemberChange } from '#bridge';
import { type Channel, describeModes, powerIn } from './channel.ts';
import { type Core, personOf } from './core.ts';
import { atOf, isChannelHere } from './line-facts.ts';
import { readFormat } from './wire/format.ts';
import type { Line } from './wire/line.ts';
import { readModes } from './wire/modes.ts';

const maxBans = 64;

const isTold = (channel: Channel): boolean => channel.asked && !channel.listing;

/** TOPIC: somebody changed it, ourselves included; only then is it told. */
export function onTopic(core: Core, line: Line): void {
  const channel = core.channels.get(core.fold(line.params[0] ?? ''));
  if (channel === undefined) return;
  const at = atOf(core, line);
  channel.topic = readFormat(line.params[1] ?? '').plain;
  channel.topicBy = line.nick;
  channel.topicAt = at.getTime();
  if (!isTold(channel)) return;
  const change = { topic: channel.topic, topicBy: line.nick, topicAt: at };
  core.emit({ kind: 'room', at, chat: channel.chat, by: personOf(core, line.nick), change });
}

/** 331 and 332: the topic as it stands; told with the rest of the room when the member list is whole. */
export function onTopicIs(core: Core, line: Line): void {
  const channel = core.channels.get(core.fold(line.params[1] ?? ''));
  if (channel === undefined) return;
  channel.topic = line.command === '331' ? '' : readFormat(line.params[2] ?? '').plain;
  channel.topicBy = '';
  channel.topicAt = 0;
}

/** 333: who set it and when. */
export function onTopicWho(core: Core, line: Line): void {
  const channel = core.channels.get(core.fold(line.params[1] ?? ''));
  if (channel === undefined) return;
  const by = line.params[2] ?? '';
  const bang = by.indexOf('!');
  channel.topicBy = bang < 0 ? by : by.slice(0, bang);
  const seconds = Number(line.params[3]);
  channel.topicAt = Number.isFinite(seconds) && seconds > 0 && seconds < 8e9 ? seconds * 1000 : 0;
  if (!isTold(channel)) return;
  const change = { topicBy: channel.topicBy, ...(channel.topicAt > 0 && { topicAt: new Date(channel.topicAt) }) };
  core.emit({ kind: 'room', at: new Date(core.clock.now()), chat: channel.chat, change });
}

/** MODE of a channel: ranks as one members event, what else matters as one room event. */
export function onMode(core: Core, line: Line): void {
  const target = line.params[0] ?? '';
  // Our own user modes are nobody's business.
  if (!isChannelHere(core, target)) return;
  const channel = core.channels.get(core.fold(target));
  if (channel !== undefined) change(core, line, channel, line.params.slice(1), line.nick);
}

/** 324: all modes of a channel; what is not named is not set. */
export function onModesAre(core: Core, line: Line): void {
  const channel = core.channels.get(core.fold(line.params[1] ?? ''));
  if (channel === undefined) return;
  const before = { ...channel };
  Object.assign(channel, { moderated: false, inviteOnly: false, keyed: false, hidden: false, plainOnly: false });
  change(core, line, channel, line.params.slice(2), undefined, before);
}

function change(
  core: Core,
  line: Line,
  channel: Channel,
  params: readonly string[],
  by: string | undefined,
  before: Channel = { ...channel },
): void {
  const touched = new Set<string>();
  for (const { sign, mode, arg } of readModes(core.support, params)) {
    const on = sign === '+';
    if (core.support.prefixes.some((prefix) => prefix.mode === mode)) {
      rank(core, channel, mode, on, arg, touched);
      continue;
    }
    if (mode === 'm') channel.moderated = on;
    else if (mode === 'i') channel.inviteOnly = on;
    else if (mode === 'k') key(channel, on, arg);
    else if (mode === 's' || mode === 'p') channel.hidden = on;
    else if (mode === 'c') channel.plainOnly = on;
    else if (mode === 'b' && arg !== undefined) ban(core, channel, on, arg);
  }
  if (!isTold(channel)) return;
  const at = atOf(core, line);
  if (differs(before, channel)) core.emit({ kind: 'room', at, chat: channel.chat, change: describeModes(channel) });
  if (before.moderated !== channel.moderated) {
    for (const member of channel.members.values()) if (member.ranks === '') touched.add(member.person);
  }
  const changes: MemberChange[] = [];
  for (const person of touched) {
    const member = channel.members.get(person);
    if (member === undefined) continue;
    const power = powerIn(core, channel, member);
    changes.push({ is: 'power', person: member.person, power, ...(by !== undefined && by !== '' && { by }) });
  }
  if (changes.length > 0) core.emit({ kind: 'members', at, chat: channel.chat, changes });
}

const differs = (one: Channel, other: Channel): boolean =>
  one.moderated !== other.moderated ||
  one.inviteOnly !== other.inviteOnly ||
  one.keyed !== other.keyed ||
  one.hidden !== other.hidden;

function rank(
  core: Core,
  channel: Channel,
  mode: string,
  on: boolean,
  nick: string | undefined,
  touched: Set<string>,
): void {
  const member = channel.members.get(core.fold(nick ?? ''));
  if (member === undefined) return;
  const without = member.ranks.replaceAll(mode, '');
  member.ranks = on ? without + mode : without;
  touched.add(member.person);
}

/** A key is kept, as it is needed to come back after a reconnect; servers show `*` to whoever may not know it. */
function key(channel: Channel, on: boolean, arg: string | undefined): void {
  channel.keyed = on;
  if (!on) channel.key = undefined;
  else if (arg !== undefined && arg !== '' && !/^\*+$|^<.*>$/.test(arg)) channel.key = arg;
}

function ban(core: Core, channel: Channel, on: boolean, mask: string): void {
  channel.bans.delete(mask);
  if (!on) return;
  channel.bans.set(mask, core.clock.now());
  for (const oldest of channel.bans.keys()) {
    if (channel.bans.size <= maxBans) break;
    channel.bans.delete(oldest);
  }
}
