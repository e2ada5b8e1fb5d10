/** Typed commands about channels. What a room can do (topic, kicks and bans, invitations) goes the same way as from a Jabber client's own buttons. */
import {
  type Act,
  type ChatId,
  chatId,
  decodeLocal,
  GatewayError,
  type Moderation,
  type PersonId,
  personId,
} from '#bridge';
import type { Core } from './core.ts';
import { isChannelHere } from './line-facts.ts';
import { modeLines } from './mode-lines.ts';
import { maskOf } from './moderation.ts';
import { isChannelName, isNick } from './names.ts';
import { changeRefusals } from './refusals.ts';
import { requireChannel } from './requirements.ts';
import type { Typed } from './typed.ts';
import { aboutOf, answered, told } from './typed-raw.ts';
import { compose } from './wire/compose.ts';

const split = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

/** The channel in which it was typed. */
function room({ core, chat }: Typed): ChatId {
  if (chat !== undefined && isChannelHere(core, chat)) return chat;
  throw new GatewayError('bad-request', { text: 'This command belongs into a channel.' });
}

function person(typed: Typed, nick: string): PersonId {
  if (!isNick(nick)) throw new GatewayError('no-such-person', { text: `${nick.slice(0, 64)} is no nick.` });
  return personId(typed.core.fold(nick));
}

/** /kick and /ban take a reason; a ban may be of a mask. */
export const act =
  (action: Exclude<Moderation, 'power'>) =>
  async (typed: Typed): Promise<string | undefined> => {
    const chat = room(typed);
    const [first = '', ...rest] = split(typed.rest);
    const mask = action === 'kick' ? undefined : maskOf(typed.core, first);
    if (mask !== undefined) {
      const name = typed.core.channels.get(typed.core.fold(chat))?.name ?? chat;
      const line = compose('MODE', name, action === 'ban' ? '+b' : '-b', mask);
      return told(await answered(typed, line, aboutOf(typed, name)));
    }
    const reason = action === 'unban' ? '' : rest.join(' ');
    const { rooms } = typed;
    if (rooms.moderate === undefined) throw new GatewayError('network-cannot');
    const one: Act = { person: person(typed, first), action, ...(reason !== '' && { reason }) };
    await rooms.moderate(chat, [one], typed.signal);
    return undefined;
  };

/** /op and the like take several nicks, and change this one rank: what else somebody has stays. */
export const rank =
  (change: `${'+' | '-'}${'o' | 'h' | 'v'}`) =>
  async (typed: Typed): Promise<undefined> => {
    const { core, signal } = typed;
    const channel = requireChannel(core, room(typed));
    const [first = '', ...more] = split(typed.rest);
    const nicks = [first, ...more].map((nick) => person(typed, nick));
    if (!core.support.prefixes.some(({ mode }) => mode === change.slice(1))) {
      throw new GatewayError('network-cannot', { text: `${core.server.name} has no such rank.` });
    }
    const modes = nicks.map((arg) => ({ change, arg }));
    const lines = modeLines(core, channel.name, modes);
    await core.asks.ask({ lines, refusals: changeRefusals, about: [channel.folded, ...nicks], signal });
  };

/** The topic as it is, another one, or none (`-delete`), of this channel or of one of ours that is named in front: as IRC clients have it. */
export async function topic(typed: Typed): Promise<string | undefined> {
  const { core, rest } = typed;
  const [first = ''] = split(rest);
  const named = isChannelHere(core, first) ? core.channels.get(core.fold(first)) : undefined;
  const chat = named?.chat ?? room(typed);
  const text = named === undefined ? rest : rest.slice(first.length).trim();
  if (text === '') {
    const name = core.channels.get(core.fold(chat))?.name ?? chat;
    return told(await answered(typed, compose('TOPIC', name), aboutOf(typed, name)));
  }
  await typed.rooms.topic?.(chat, text === '-delete' ? '' : text, typed.signal);
  return undefined;
}

/** Somebody into this channel, or into another that is named. */
export async function invite(typed: Typed): Promise<string | undefined> {
  const [nick = '', channel] = split(typed.rest);
  const chat = channel === undefined ? room(typed) : chatId(channel);
  const { rooms } = typed;
  if (rooms.invite === undefined)
    throw new GatewayError('network-cannot', { text: 'Invitations are not possible here.' });
  await rooms.invite(chat, person(typed, nick), undefined, typed.signal);
  return `${nick} has been invited to ${chat}.`;
}

const joinedAtOnce = 10;

/** A channel by its address here, `#channel%server@gateway`, as the /join of Jabber clients has it: its name where it is on this server, else nothing. */
function nameIn({ server }: Core, word: string): string | undefined {
  const [, name, on] = /^(.+)%([^%@]+)@[^%@]+$/.exec(word) ?? [];
  if (name === undefined) return word;
  return on?.toLowerCase() === server.name ? decodeLocal(name) : undefined;
}

const noChannel = ({ server }: Core, word: string): GatewayError =>
  new GatewayError('bad-address', { text: `${word.slice(0, 64)} is no channel of ${server.name}.` });

/** Rooms are entered by a client: it is invited, with the keys, and enters. */
export async function join(typed: Typed): Promise<string | undefined> {
  const { core } = typed;
  const [listed = '', passwords = ''] = split(typed.rest);
  // As IRC clients take it.
  const named = listed.split(',', joinedAtOnce).filter((word) => word !== '');
  const names: string[] = [];
  for (const word of named) {
    const name = nameIn(core, word);
    const channel = name === undefined || isChannelHere(core, name) ? name : `#${name}`;
    if (channel === undefined || !isChannelName(channel) || !isChannelHere(core, channel)) throw noChannel(core, word);
    names.push(channel);
  }
  if (names.length === 0) throw noChannel(core, listed);
  const at = new Date(core.clock.now());
  const keys = passwords.split(',');
  const invited: string[] = [];
  for (const [index, name] of names.entries()) {
    const channel = core.channels.get(core.fold(name));
    if (channel?.asked === true && channel.joined) continue;
    const password = keys[index] ?? '';
    const chat = chatId(core.fold(name));
    core.emit({ kind: 'invited', at, chat, by: core.nick, isAsked: true, ...(password !== '' && { password }) });
    invited.push(name);
  }
  if (invited.length === 0) return `You are in ${names.join(', ')} already.`;
  return `You have an invitation to ${invited.join(', ')}: accept it to enter.`;
}

/** Leaves for all clients: as the network tells them that they are out. */
export async function part(typed: Typed): Promise<string | undefined> {
  const [first = '', ...rest] = split(typed.rest);
  const isNamed = first !== '' && isChannelHere(typed.core, first);
  const about = aboutOf(typed, isNamed ? first : undefined);
  const name = typed.core.channels.get(about ?? '')?.name ?? (isNamed ? first : room(typed));
  const reason = (isNamed ? rest : [first, ...rest]).join(' ');
  const line = reason === '' ? compose('PART', name) : compose('PART', name, reason);
  return told(await answered(typed, line, about, true));
}

const maxListed = 50;
/** As IRC clients write it for LIST. */
const sizes = /^([<>])(\d{1,9})$/;

/** Some channels of the server, the biggest first; all of them are for the client's own search. */
export async function list(typed: Typed): Promise<string | undefined> {
  const { rooms, signal } = typed;
  if (rooms.list === undefined) throw new GatewayError('network-cannot', { text: 'Channels cannot be listed here.' });
  const [first] = split(typed.rest);
  const [, sign, border] = sizes.exec(first ?? '') ?? [];
  const query = border !== undefined ? { max: Number.POSITIVE_INFINITY } : first === undefined ? {} : { match: first };
  const found = await rooms.list({ max: maxListed + 1, ...query }, signal);
  const fits = (size = 0): boolean =>
    border === undefined || (sign === '>' ? size > Number(border) : size < Number(border));
  const fitting = found.filter(({ size }) => fits(size));
  if (fitting.length === 0) return 'No channel was found.';
  const shown = fitting.slice(0, maxListed);
  const lines = shown.map(({ name, size }) => (size === undefined ? name : `${name} (${size})`));
  const more = fitting.length > maxListed ? ['… and more. /list WORD finds those with that word in their name.'] : [];
  return [...lines, ...more].join('\n');
}
