/** Modes of channels and of ourselves: MODE, 324. Ranks become one `members` event, what else matters one `room` event, and the line itself a remark. */
import { type MemberChange, plainText } from '#bridge';
import { type Channel, describeModes, isTold, powerIn } from './channel.ts';
import { type Core, isMe } from './core.ts';
import { atOf, isBeginning, isChannelHere } from './line-facts.ts';
import type { Line } from './wire/line.ts';
import { type ModeChange, readModes } from './wire/modes.ts';

const maxBans = 64;
/** A channel has some twenty modes; what a server invents beyond is not kept. */
const mostModes = 64;

/** MODE: of a channel, or our own user modes, of which our owner is told. */
export function onMode(core: Core, line: Line): void {
  const [target = '', ...params] = line.params;
  if (!isChannelHere(core, target)) {
    core.storms.flush();
    if (isMe(core, target)) core.isOperator = operatorBy(params[0] ?? '') ?? core.isOperator;
    // Most servers give everybody some modes right behind their welcome: no news, least of all with each connection that is made again.
    if (core.ready && !isBeginning(core)) core.notices.say(`Mode ${target} [${params.join(' ')}] by ${line.nick}`);
    return;
  }
  const channel = core.channels.get(core.fold(target));
  if (channel === undefined) {
    core.storms.flush();
    return;
  }
  const changes = readModes(core.support, params);
  if (afterSplit(core, channel, changes)) return;
  core.storms.flush();
  remark(core, line, channel, params, changes);
  change(core, line, channel, changes, line.nick);
}

/** What a change of our own modes says of our being an operator, of the network or of its server; undefined: nothing. */
function operatorBy(letters: string): boolean | undefined {
  const sign = /([+-])[^+-]*[oO]/.exec(letters)?.[1];
  return sign === undefined ? undefined : sign === '+';
}

/** Behind a split servers give ranks back to those who return: told with their coming. */
function afterSplit(core: Core, channel: Channel, changes: readonly ModeChange[]): boolean {
  const isGivenBack = ({ sign, mode, arg }: ModeChange): boolean => {
    const member = channel.members.get(core.fold(arg ?? ''));
    return sign === '+' && isRank(core, mode) && member !== undefined && core.storms.isUntold(channel, member.person);
  };
  if (changes.length === 0 || !changes.every(isGivenBack)) return false;
  for (const { mode, arg } of changes) rank(core, channel, mode, true, arg, new Set());
  return true;
}

/** As people know it from other clients; a key is for those who look the room's options up, not for its history. */
function remark(
  core: Core,
  line: Line,
  channel: Channel,
  params: readonly string[],
  changes: readonly ModeChange[],
): void {
  if (!isTold(channel)) return;
  const keys = new Set(changes.flatMap(({ mode, arg }) => (mode === 'k' && arg !== undefined ? [arg] : [])));
  const shown = params.map((param, at) => (at > 0 && keys.has(param) ? '*' : param)).join(' ');
  const text = plainText(`Mode ${channel.name} [${shown}] by ${line.nick}`);
  core.emit({ kind: 'remark', at: atOf(core, line), chat: channel.chat, text });
}

/** 324: all modes of a channel; what is not named is not set. */
export function onModesAre(core: Core, line: Line): void {
  const channel = core.channels.get(core.fold(line.params[1] ?? ''));
  if (channel === undefined) return;
  const before = { ...channel };
  channel.modes.clear();
  summarise(channel);
  change(core, line, channel, readModes(core.support, line.params.slice(2)), undefined, before);
}

function change(
  core: Core,
  line: Line,
  channel: Channel,
  modes: readonly ModeChange[],
  by: string | undefined,
  before: Channel = { ...channel },
): void {
  const touched = new Set<string>();
  for (const { sign, mode, arg } of modes) {
    const on = sign === '+';
    if (isRank(core, mode)) rank(core, channel, mode, on, arg, touched);
    else if (core.support.chanModes.a.includes(mode)) {
      if (mode === 'b' && arg !== undefined) ban(core, channel, on, arg);
    } else {
      if (mode === 'k') key(channel, on, arg);
      if (!on) channel.modes.delete(mode);
      else if (channel.modes.size < mostModes) channel.modes.set(mode, arg ?? '');
    }
  }
  summarise(channel);
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

const isRank = (core: Core, mode: string): boolean => core.support.prefixes.some((prefix) => prefix.mode === mode);

/** What the modes come to, for those who ask often. */
function summarise(channel: Channel): void {
  const { modes } = channel;
  channel.moderated = modes.has('m');
  channel.inviteOnly = modes.has('i');
  channel.keyed = modes.has('k');
  channel.hidden = modes.has('s') || modes.has('p');
  channel.plainOnly = modes.has('c');
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
  const ranks = on ? without + mode : without;
  channel.members.set(member.person, core.memberOf(member.nick, member.person, ranks, member.address));
  touched.add(member.person);
}

/** A key is kept, as it is needed to come back after a reconnect; servers show `*` to whoever may not know it. */
function key(channel: Channel, on: boolean, arg: string | undefined): void {
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
