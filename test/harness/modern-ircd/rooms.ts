/** Channels: JOIN, PART, NAMES, TOPIC, KICK, INVITE, LIST. */
import type { Command, Commands } from './command.ts';
import { sentOn } from './doors.ts';
import { record } from './history.ts';
import { dropMember } from './leaving.ts';
import { cut } from './line.ts';
import {
  type Channel,
  type Client,
  channelOf,
  fits,
  fold,
  globbed,
  halfop,
  isChannel,
  maskOf,
  personOf,
  type Rank,
  rankOf,
  type Server,
  signsOf,
} from './state.ts';
import { isBanned, tellMark } from './talk.ts';
import { numeric, spread, tell } from './telling.ts';

function newChannel(server: Server, name: string): Channel {
  const channel: Channel = {
    name,
    createdAt: server.settings.now(),
    members: new Map(),
    flags: new Set(server.settings.newChannelModes),
    lists: { b: new Map(), e: new Map(), I: new Map() },
    invited: new Set(),
    key: undefined,
    limit: undefined,
    forward: undefined,
    topic: undefined,
  };
  server.channels.set(fold(server, name), channel);
  return channel;
}

/** Why somebody does not get in: the numeric and its text. */
function refusal(
  server: Server,
  channel: Channel,
  client: Client,
  key: string | undefined,
): readonly [string, string] | undefined {
  const invited = channel.invited.has(client);
  const excepted = [...channel.lists.I.values()].some(({ mask }) => fits(server, mask, client));
  if (channel.flags.has('i') && !invited && !excepted) return ['473', 'Cannot join channel (+i)'];
  if (isBanned(server, channel, client) && !invited) return ['474', 'Cannot join channel (+b)'];
  if (channel.key !== undefined && channel.key !== key) return ['475', 'Cannot join channel (+k)'];
  if (channel.limit !== undefined && channel.members.size >= channel.limit && !invited)
    return ['471', 'Cannot join channel (+l)'];
  return undefined;
}

/** One JOIN, to those who know extended-join with account and name. */
export function tellJoin(server: Server, client: Client, channel: Channel, to: Client): void {
  const source = maskOf(client);
  const more = to.caps.has('extended-join') ? [client.account ?? '*', client.realname] : [];
  tell(server, to, { source, by: client, command: 'JOIN', params: [channel.name, ...more] });
}

/** Into a channel whatever it says; makes it where it is not there, and its first member an operator. */
export function enter(server: Server, client: Client, name: string, rank?: Rank): void {
  const channel = channelOf(server, name) ?? newChannel(server, name);
  if (channel.members.has(client)) return;
  const held: Rank[] = rank === undefined ? (channel.members.size === 0 ? ['o'] : []) : [rank];
  channel.members.set(client, new Set(held));
  client.channels.add(channel);
  channel.invited.delete(client);
  for (const one of channel.members.keys()) {
    tellJoin(server, client, channel, one);
    if (one !== client && client.away !== undefined && one.caps.has('away-notify'))
      spread(server, client, [one], 'AWAY', [client.away]);
  }
  record(server, channel.name, client, 'JOIN', [channel.name]);
  tellMark(server, client, channel.name);
  tellTopic(server, client, channel);
  names(server, client, channel);
}

function tellTopic(server: Server, client: Client, { name, topic }: Channel): void {
  if (topic === undefined) return;
  numeric(server, client, '332', name, topic.text);
  numeric(server, client, '333', name, topic.by, `${Math.floor(topic.at / 1000)}`);
}

function names(server: Server, client: Client, channel: Channel): void {
  const multi = client.caps.has('multi-prefix');
  const full = client.caps.has('userhost-in-names');
  const all = [...channel.members.keys()].map((one) => signsOf(channel, one, multi) + (full ? maskOf(one) : one.nick));
  let line = '';
  for (const one of all) {
    if (line.length + one.length > 350) {
      numeric(server, client, '353', channel.flags.has('s') ? '@' : '=', channel.name, line);
      line = '';
    }
    line = line === '' ? one : `${line} ${one}`;
  }
  if (line !== '') numeric(server, client, '353', channel.flags.has('s') ? '@' : '=', channel.name, line);
  numeric(server, client, '366', channel.name, 'End of /NAMES list.');
}

function turnAway(server: Server, client: Client, channel: Channel, [code, text]: readonly [string, string]): void {
  const other = code === '471' ? sentOn(server, client, channel) : undefined;
  if (other === undefined) numeric(server, client, code, channel.name, text);
  else enter(server, client, other);
}

const join: Command = {
  atLeast: 1,
  run(server, client, { params: [targets = '', keys = ''] }) {
    if (targets === '0') {
      for (const channel of [...client.channels]) leave(server, client, channel, undefined);
      return;
    }
    const given = keys.split(',');
    for (const [i, name] of targets.split(',').entries()) {
      if (!isChannel(name) || name.length < 2 || name.length > server.settings.channelLength || name.includes('\x07')) {
        numeric(server, client, isChannel(name) ? '476' : '403', name, 'That is no channel name here');
        continue;
      }
      const channel = channelOf(server, name);
      if (channel?.members.has(client) === true) continue;
      const why = channel && refusal(server, channel, client, given[i]);
      if (why === undefined || channel === undefined) enter(server, client, name);
      else turnAway(server, client, channel, why);
    }
  },
};

function leave(server: Server, client: Client, channel: Channel, reason: string | undefined): void {
  const params = [channel.name, ...(reason === undefined ? [] : [reason])];
  spread(server, client, channel.members.keys(), 'PART', params);
  record(server, channel.name, client, 'PART', params);
  dropMember(server, channel, client);
}

/** The channel, where one is in it; else they are told. */
function inside(server: Server, client: Client, name: string): Channel | undefined {
  const channel = channelOf(server, name);
  if (channel === undefined) numeric(server, client, '403', name, 'No such channel');
  else if (channel.members.has(client)) return channel;
  else numeric(server, client, '442', channel.name, "You're not on that channel");
  return undefined;
}

const part: Command = {
  atLeast: 1,
  run(server, client, { params: [targets = '', reason] }) {
    for (const name of targets.split(',')) {
      const channel = inside(server, client, name);
      if (channel !== undefined) leave(server, client, channel, reason);
    }
  },
};

const topic: Command = {
  atLeast: 1,
  run(server, client, { params: [name = '', text] }) {
    const channel = text === undefined ? channelOf(server, name) : inside(server, client, name);
    if (channel === undefined)
      return text === undefined ? numeric(server, client, '403', name, 'No such channel') : undefined;
    if (text === undefined) {
      if (channel.topic === undefined) return numeric(server, client, '331', channel.name, 'No topic is set');
      return tellTopic(server, client, channel);
    }
    if (channel.flags.has('t') && rankOf(channel, client) > halfop)
      return numeric(server, client, '482', channel.name, "You're not a channel operator");
    const short = cut(text, server.settings.topicLength);
    channel.topic = short === '' ? undefined : { text: short, by: maskOf(client), at: server.settings.now() };
    record(server, channel.name, client, 'TOPIC', [channel.name, short]);
    spread(server, client, channel.members.keys(), 'TOPIC', [channel.name, short]);
  },
};

const kick: Command = {
  atLeast: 2,
  run(server, client, { params: [name = '', nick = '', reason = client.nick] }) {
    const channel = inside(server, client, name);
    if (channel === undefined) return;
    const victim = personOf(server, nick);
    if (victim === undefined || !channel.members.has(victim))
      return numeric(server, client, '441', nick, channel.name, "They aren't on that channel");
    const own = rankOf(channel, client);
    if (own > halfop || own > rankOf(channel, victim))
      return numeric(server, client, '482', channel.name, "You're not a channel operator");
    const params = [channel.name, victim.nick, cut(reason, 255)];
    spread(server, client, channel.members.keys(), 'KICK', params);
    record(server, channel.name, client, 'KICK', params);
    dropMember(server, channel, victim);
  },
};

const invite: Command = {
  run(server, client, { params: [nick, name] }) {
    if (nick === undefined) {
      for (const channel of server.channels.values())
        if (channel.invited.has(client)) numeric(server, client, '336', channel.name);
      return numeric(server, client, '337', 'End of /INVITE list');
    }
    if (name === undefined) return numeric(server, client, '461', 'INVITE', 'Not enough parameters');
    const channel = inside(server, client, name);
    if (channel === undefined) return;
    const guest = personOf(server, nick);
    if (guest === undefined) return numeric(server, client, '401', nick, 'No such nick/channel');
    if (channel.members.has(guest))
      return numeric(server, client, '443', guest.nick, channel.name, 'is already on channel');
    if (channel.flags.has('i') && rankOf(channel, client) > halfop)
      return numeric(server, client, '482', channel.name, "You're not a channel operator");
    channel.invited.add(guest);
    numeric(server, client, '341', guest.nick, channel.name);
    const told = [...channel.members.keys()].filter(
      (one) => one !== client && one.caps.has('invite-notify') && rankOf(channel, one) <= halfop,
    );
    spread(server, client, [guest, ...told], 'INVITE', [guest.nick, channel.name]);
    if (guest.away !== undefined) numeric(server, client, '301', guest.nick, guest.away);
  },
};

const list: Command = {
  run(server, client, { params: [wanted = ''] }) {
    const tests = wanted
      .split(',')
      .filter((one) => one !== '')
      .map((one) => listTest(server, one));
    for (const channel of server.channels.values()) {
      if (channel.flags.has('s') && !channel.members.has(client)) continue;
      if (!tests.every((test) => test(channel))) continue;
      numeric(server, client, '322', channel.name, `${channel.members.size}`, channel.topic?.text ?? '');
    }
    numeric(server, client, '323', 'End of /LIST');
  },
};

/** ELIST: U (>n, <n), M (a mask), N (!mask); else a name. */
function listTest(server: Server, text: string): (channel: Channel) => boolean {
  const size = /^([<>])(\d+)$/.exec(text);
  if (size !== null) {
    const bound = Number(size[2]);
    return ({ members }) => (size[1] === '>' ? members.size > bound : members.size < bound);
  }
  const not = text.startsWith('!');
  const pattern = globbed(fold(server, not ? text.slice(1) : text));
  return ({ name }) => pattern.test(fold(server, name)) !== not;
}

export const roomCommands: Commands = {
  JOIN: join,
  PART: part,
  TOPIC: topic,
  KICK: kick,
  INVITE: invite,
  LIST: list,
  NAMES: {
    run(server, client, { params: [name = '*'] }) {
      const channel = channelOf(server, name);
      if (channel === undefined || (channel.flags.has('s') && !channel.members.has(client)))
        return numeric(server, client, '366', name, 'End of /NAMES list.');
      names(server, client, channel);
    },
  },
};
