/** What a user does in channels: join, leave, nick, topic, and moderating. Each ends with the server's word, or its silence behind a PING. */
import { type ChatId, GatewayError, type Moderation, type PersonId, type Rooms } from '#bridge';
import type { Channel } from './channel.ts';
import { type Core, isMe } from './core.ts';
import { isChannelHere } from './line-facts.ts';
import { isChannelName, isNick } from './names.ts';
import { dropChannel } from './people.ts';
import { away, changeRefusals, nickRefusals, timedOut } from './refusals.ts';
import { compose } from './wire/compose.ts';

type Act = { readonly person: PersonId; readonly action: Moderation; readonly reason?: string };

const lineBreaks = /[\r\n]+/g;
const oneLine = (text: string, maxBytes: number): string => {
  let line = text.replace(lineBreaks, ' ').replaceAll('\0', '');
  while (Buffer.byteLength(line) > maxBytes) line = line.slice(0, -1).toWellFormed();
  return line;
};
const reasonBytes = 250;

export function createRooms(core: Core): Rooms {
  return {
    async join(chat, { password }, signal) {
      requireReady(core);
      if (!isChannelName(chat) || !isChannelHere(core, chat)) {
        throw new GatewayError('bad-address', { text: `${chat} is no channel of ${core.server.name}.` });
      }
      if (password !== undefined && /[\0-\x20,\x7f]/.test(password)) {
        throw new GatewayError('wrong-password', { text: 'A key on IRC has no spaces and no commas.' });
      }
      await core.joins.join(chat, password, signal);
    },
    leave: (chat, reason, signal) => leave(core, chat, reason, signal),
    nick: (_chat, nick, signal) => changeNick(core, nick, signal),
    topic: (chat, text, signal) => setTopic(core, chat, text, signal),
    moderate: (chat, acts, signal) => moderate(core, chat, acts, signal),
  };
}

function requireReady(core: Core): void {
  if (!core.ready) throw away(core.server.name);
}

function requireChannel(core: Core, chat: ChatId): Channel {
  requireReady(core);
  const channel = core.channels.get(core.fold(chat));
  if (channel?.joined === true) return channel;
  throw new GatewayError('not-in-room', { text: `You are not in ${chat}.` });
}

/** Never refused: who is not in it has left it. */
async function leave(core: Core, chat: ChatId, reason: string | undefined, signal: AbortSignal): Promise<void> {
  const channel = core.channels.get(core.fold(chat));
  if (channel === undefined) return;
  channel.asked = false;
  if (!core.ready || !channel.joined) {
    dropChannel(core, channel);
    return;
  }
  const said = oneLine(reason ?? '', reasonBytes);
  const line = said === '' ? compose('PART', channel.name) : compose('PART', channel.name, said);
  try {
    await core.asks.ask({ lines: [line], refusals: changeRefusals, about: [channel.folded], signal });
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'timed-out') throw error;
  }
  dropChannel(core, channel);
}

async function changeNick(core: Core, nick: string, signal: AbortSignal): Promise<void> {
  requireReady(core);
  if (!isNick(nick)) throw badNick(nick);
  if (nick === core.nick) return;
  await core.asks.ask({ lines: [compose('NICK', nick)], refusals: nickRefusals, about: [], signal });
  if (!isMe(core, nick)) throw timedOut(`changing the nick to ${nick}`);
  core.wanted = nick;
}

export const badNick = (nick: string): GatewayError =>
  new GatewayError('bad-nick', {
    text: `${JSON.stringify(nick.slice(0, 64))} cannot be a nick on IRC: no spaces, and none of , ! @ * ? in it or # & + : $ in front.`,
  });

async function setTopic(core: Core, chat: ChatId, text: string, signal: AbortSignal): Promise<void> {
  const channel = requireChannel(core, chat);
  const line = compose('TOPIC', channel.name, oneLine(text, core.support.topicLength ?? 390));
  await core.asks.ask({ lines: [line], refusals: changeRefusals, about: [channel.folded], signal });
}

async function moderate(core: Core, chat: ChatId, acts: readonly Act[], signal: AbortSignal): Promise<void> {
  const channel = requireChannel(core, chat);
  if (acts.length === 0) return;
  const modes: Mode[] = [];
  const kicks: string[] = [];
  for (const act of acts) {
    if (!isNick(act.person)) throw new GatewayError('no-such-person', { text: 'Nobody on IRC can have that name.' });
    modes.push(...modesFor(core, channel, act));
    if (act.action === 'kick' || (act.action === 'ban' && channel.members.has(act.person))) {
      const reason = oneLine(act.reason ?? '', core.support.kickLength ?? reasonBytes);
      kicks.push(
        reason === '' ? compose('KICK', channel.name, act.person) : compose('KICK', channel.name, act.person, reason),
      );
    }
  }
  const lines = [...modeLines(core, channel, modes), ...kicks];
  const about = [channel.folded, ...acts.map(({ person }) => core.fold(person))];
  await core.asks.ask({ lines, refusals: changeRefusals, about, signal });
}

interface Mode {
  readonly change: string;
  readonly arg: string;
}

const letters: Readonly<Partial<Record<Moderation, string>>> = {
  voice: '+v',
  devoice: '-v',
  help: '+h',
  dehelp: '-h',
  op: '+o',
  deop: '-o',
};

function modesFor(core: Core, channel: Channel, { person, action }: Act): readonly Mode[] {
  if (action === 'kick') return [];
  if (action === 'ban') {
    const mask = banMask(channel, person);
    channel.ownBans.set(person, mask);
    return [{ change: '+b', arg: mask }];
  }
  if (action === 'unban') {
    const own = channel.ownBans.get(person);
    channel.ownBans.delete(person);
    return [...new Set([own ?? banMask(channel, person), `${person}!*@*`])].map((arg) => ({ change: '-b', arg }));
  }
  const change = letters[action] ?? '';
  if (!core.support.prefixes.some(({ mode }) => mode === change.charAt(1))) {
    throw new GatewayError('network-cannot', { text: `${core.server.name} has no such rank.` });
  }
  return [{ change, arg: person }];
}

/** By host, as a nick is changed easily; by the nick where the host is not known. */
function banMask(channel: Channel, person: PersonId): string {
  const address = channel.members.get(person)?.address ?? '';
  const host = address.slice(address.indexOf('@') + 1);
  return host === '' ? `${person}!*@*` : `*!*@${host}`;
}

/** As many changes as the server takes in one line. */
function modeLines(core: Core, channel: Channel, modes: readonly Mode[]): readonly string[] {
  const each = Math.min(core.support.modesAtOnce, 4);
  const found: string[] = [];
  for (let at = 0; at < modes.length; at += each) {
    const some = modes.slice(at, at + each);
    found.push(compose('MODE', channel.name, some.map(({ change }) => change).join(''), ...some.map(({ arg }) => arg)));
  }
  return found;
}
