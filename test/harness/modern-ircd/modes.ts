/** MODE of channels and of oneself: ranks, lists, key, limit and flags. */
import type { Command, Commands } from './command.ts';
import { record } from './history.ts';
import {
  type Channel,
  type Client,
  channelOf,
  halfop,
  isChannel,
  maskOf,
  personOf,
  type Rank,
  rankOf,
  ranks,
  type Server,
} from './state.ts';
import { numeric, spread } from './telling.ts';

type ListMode = 'b' | 'e' | 'I';
const lists: Readonly<Record<ListMode, { readonly entry: string; readonly end: string; readonly what: string }>> = {
  b: { entry: '367', end: '368', what: 'ban' },
  e: { entry: '348', end: '349', what: 'exception' },
  I: { entry: '346', end: '347', what: 'invite exception' },
};
const isList = (letter: string): letter is ListMode => letter in lists;
const isRank = (letter: string): letter is Rank => ranks.some((rank) => rank === letter);

/** One change that was asked for. */
interface Change {
  readonly on: boolean;
  readonly letter: string;
  readonly value: string | undefined;
}

/** Letters with their values; a list without one is a question. */
export function changesOf(modes: string, values: readonly string[]): readonly Change[] {
  const rest = [...values];
  let on = true;
  const changes: Change[] = [];
  for (const letter of modes) {
    if (letter === '+' || letter === '-') on = letter === '+';
    else {
      const takes = isRank(letter) || isList(letter) || letter === 'k' || (/[lL]/.test(letter) && on);
      changes.push({ on, letter, value: takes ? rest.shift() : undefined });
    }
  }
  return changes;
}

/** A mask of three parts, whatever was written. */
function wholeMask(text: string): string {
  if (text.startsWith('~')) return text;
  const [, nick = '', user = '', host = ''] = /^([^!@]*)(?:!([^@]*))?(?:@(.*))?$/.exec(text) ?? [];
  return `${nick || '*'}!${user || '*'}@${host || '*'}`;
}

/** A rank may be given by those who stand above it; half-operators give voice, founders anything. */
function mayGive(channel: Channel, client: Client, rank: Rank): boolean {
  const own = rankOf(channel, client);
  if (own === 0 || client.modes.has('o')) return true;
  if (rank === 'v') return own <= halfop;
  return own <= 2 && ranks.indexOf(rank) >= own;
}

/** Does it; the change as everybody is told, or undefined where nothing comes of it. */
function apply(server: Server, client: Client, channel: Channel, change: Change): Change | undefined {
  const { on, letter, value } = change;
  if (isRank(letter)) {
    const person = personOf(server, value ?? '');
    const held = person === undefined ? undefined : channel.members.get(person);
    if (value === undefined) return undefined;
    if (person === undefined || held === undefined) {
      numeric(
        server,
        client,
        person === undefined ? '401' : '441',
        value,
        ...(held ? [] : [channel.name]),
        'They are not on that channel',
      );
      return undefined;
    }
    if (!mayGive(channel, client, letter) && !(person === client && !on)) {
      numeric(server, client, '482', channel.name, 'You are not high enough for that');
      return undefined;
    }
    if (held.has(letter) === on) return undefined;
    if (on) held.add(letter);
    else held.delete(letter);
    return { on, letter, value: person.nick };
  }
  if (isList(letter)) {
    if (value === undefined) return undefined;
    const mask = wholeMask(value);
    const list = channel.lists[letter];
    if (list.has(mask) === on) return undefined;
    if (on && list.size >= 100) {
      numeric(server, client, '478', channel.name, mask, 'Channel list is full');
      return undefined;
    }
    if (on) list.set(mask, { mask, by: maskOf(client), at: Math.floor(server.settings.now() / 1000) });
    else list.delete(mask);
    return { on, letter, value: mask };
  }
  return applySetting(server, client, channel, change);
}

function applySetting(
  server: Server,
  client: Client,
  channel: Channel,
  { on, letter, value }: Change,
): Change | undefined {
  if (letter === 'k') {
    if (on ? value === undefined || value === '' : channel.key === undefined) return undefined;
    channel.key = on ? value : undefined;
    return { on, letter, value: on ? value : '*' };
  }
  if (letter === 'l') {
    const limit = Number.parseInt(value ?? '', 10);
    if (on ? !(limit > 0) : channel.limit === undefined) return undefined;
    channel.limit = on ? limit : undefined;
    return { on, letter, value: on ? `${limit}` : undefined };
  }
  if (letter === 'L') {
    if (on ? !isChannel(value ?? '') : channel.forward === undefined) return undefined;
    channel.forward = on ? value : undefined;
    return { on, letter, value: on ? value : undefined };
  }
  if (!'imnst'.includes(letter)) {
    numeric(server, client, '472', letter, 'is unknown mode char to me');
    return undefined;
  }
  if (channel.flags.has(letter) === on) return undefined;
  if (on) channel.flags.add(letter);
  else channel.flags.delete(letter);
  return { on, letter, value: undefined };
}

/** Changes as one line has them. */
export function written(changes: readonly Change[]): readonly string[] {
  let sign = '';
  const letters = changes.map(({ on, letter }) => {
    const own = on ? '+' : '-';
    const text = own === sign ? letter : own + letter;
    sign = own;
    return text;
  });
  return [letters.join(''), ...changes.flatMap(({ value }) => (value === undefined ? [] : [value]))];
}

function show(server: Server, client: Client, channel: Channel): void {
  const inside = channel.members.has(client);
  const letters = [...channel.flags].sort().join('');
  const values = [
    ...(channel.key === undefined ? [] : [['k', inside ? channel.key : '*']]),
    ...(channel.limit === undefined ? [] : [['l', `${channel.limit}`]]),
    ...(channel.forward === undefined ? [] : [['L', channel.forward]]),
  ];
  const modes = `+${letters}${values.map(([letter]) => letter).join('')}`;
  numeric(server, client, '324', channel.name, modes, ...values.map(([, value = '']) => value));
  numeric(server, client, '329', channel.name, `${Math.floor(channel.createdAt / 1000)}`);
}

function change(server: Server, client: Client, channel: Channel, params: readonly string[]): void {
  const [modes = '', ...values] = params;
  const asked = changesOf(modes, values).slice(0, 20);
  const done: Change[] = [];
  for (const one of asked) {
    if (isList(one.letter) && one.value === undefined) {
      const { entry, end, what } = lists[one.letter];
      for (const { mask, by, at } of channel.lists[one.letter].values())
        numeric(server, client, entry, channel.name, mask, by, `${at}`);
      numeric(server, client, end, channel.name, `End of channel ${what} list`);
      continue;
    }
    if (rankOf(channel, client) > halfop && !client.modes.has('o')) {
      numeric(server, client, '482', channel.name, "You're not a channel operator");
      break;
    }
    const result = apply(server, client, channel, one);
    if (result !== undefined) done.push(result);
  }
  if (done.length === 0) return;
  const line = [channel.name, ...written(done)];
  record(server, channel.name, client, 'MODE', line);
  spread(server, client, channel.members.keys(), 'MODE', line);
}

const own: Readonly<Record<string, string>> = { B: 'bot', i: 'invisible' };

const mode: Command = {
  atLeast: 1,
  run(server, client, { params: [target = '', ...rest] }) {
    if (isChannel(target)) {
      const channel = channelOf(server, target);
      if (channel === undefined) return numeric(server, client, '403', target, 'No such channel');
      return rest.length === 0 ? show(server, client, channel) : change(server, client, channel, rest);
    }
    const person = personOf(server, target);
    if (person === undefined) return numeric(server, client, '401', target, 'No such nick/channel');
    if (person !== client) return numeric(server, client, '502', "Can't change mode for other users");
    if (rest.length === 0) return numeric(server, client, '221', `+${[...client.modes].join('')}`);
    const done = changesOf(rest[0] ?? '', []).filter(({ on, letter }) => {
      const known = own[letter] !== undefined || (letter === 'o' && !on);
      if (!known || client.modes.has(letter) === on) return false;
      if (on) client.modes.add(letter);
      else client.modes.delete(letter);
      return true;
    });
    if (done.length > 0) spread(server, client, [client], 'MODE', [client.nick, ...written(done)]);
  },
};

export const modeCommands: Commands = { MODE: mode };
