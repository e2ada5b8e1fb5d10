/** Questions about people, and what they change of themselves: WHO, WHOIS, AWAY, SETNAME. */
import { audience } from './accounts.ts';
import type { Command, Commands } from './command.ts';
import { cut } from './line.ts';
import {
  type Channel,
  type Client,
  channelOf,
  fold,
  globbed,
  isChannel,
  maskOf,
  personOf,
  type Server,
  signsOf,
} from './state.ts';
import { fail, numeric, say, spread } from './telling.ts';
import { hasToken } from './welcome.ts';

/** H or G, the star of operators, the bot's letter, the signs in the channel. */
function flagsOf(client: Client, channel: Channel | undefined, all: boolean): string {
  const { away, modes } = client;
  const ranks = channel === undefined ? '' : signsOf(channel, client, all);
  return `${away === undefined ? 'H' : 'G'}${modes.has('o') ? '*' : ''}${modes.has('B') ? 'B' : ''}${ranks}`;
}

/** Whom a mask of WHO means, with the channel that they are asked for in. */
function whom(server: Server, asker: Client, mask: string): readonly (readonly [Client, Channel | undefined])[] {
  if (isChannel(mask)) {
    const channel = channelOf(server, mask);
    if (channel === undefined || (channel.flags.has('s') && !channel.members.has(asker))) return [];
    return [...channel.members.keys()].map((one) => [one, channel]);
  }
  const pattern = globbed(fold(server, mask));
  const named = [...server.clients].filter((one) => one.registered && pattern.test(fold(server, one.nick)));
  return named.map((one) => [one, [...one.channels].find((channel) => channel.members.has(asker))]);
}

function whox(server: Server, asker: Client, mask: string, query: string): void {
  const [fields = '', token = ''] = query.slice(1).split(',');
  const { name } = server.settings;
  const multi = asker.caps.has('multi-prefix');
  for (const [one, channel] of whom(server, asker, mask)) {
    const value: Readonly<Record<string, string>> = {
      t: token,
      c: channel?.name ?? '*',
      u: one.user,
      i: '255.255.255.255',
      h: one.host,
      s: name,
      n: one.nick,
      f: flagsOf(one, channel, multi),
      d: '0',
      l: `${Math.floor((server.settings.now() - one.activeAt) / 1000)}`,
      a: one.account ?? '0',
      o: 'n/a',
      r: one.realname,
    };
    const shown = [...'tcuihsnfdlaor'].filter((field) => fields.includes(field) && (field !== 't' || token !== ''));
    numeric(server, asker, '354', ...shown.map((field) => value[field] ?? ''));
  }
  numeric(server, asker, '315', mask, 'End of WHO list');
}

const who: Command = {
  atLeast: 1,
  idle: true,
  run(server, client, { params: [mask = '', query = ''] }) {
    if (query.startsWith('%') && hasToken(server, 'WHOX')) return whox(server, client, mask, query);
    const multi = client.caps.has('multi-prefix');
    for (const [one, channel] of whom(server, client, mask)) {
      const { user, host, nick, realname } = one;
      const flags = flagsOf(one, channel, multi);
      numeric(
        server,
        client,
        '352',
        channel?.name ?? '*',
        user,
        host,
        server.settings.name,
        nick,
        flags,
        `0 ${realname}`,
      );
    }
    numeric(server, client, '315', mask, 'End of WHO list');
  },
};

const whois: Command = {
  atLeast: 1,
  run(server, client, { params }) {
    const nick = params.at(-1) ?? '';
    const person = personOf(server, nick);
    if (person === undefined) numeric(server, client, '401', nick, 'No such nick/channel');
    else describe(server, client, person);
    numeric(server, client, '318', person?.nick ?? nick, 'End of /WHOIS list');
  },
};

function describe(server: Server, client: Client, person: Client): void {
  const { nick, user, host, realname, account, away, modes, link } = person;
  const tell = (code: string, ...rest: readonly string[]): void => numeric(server, client, code, nick, ...rest);
  tell('311', user, host, '*', realname);
  const shared = [...person.channels].filter((channel) => !channel.flags.has('s') || channel.members.has(client));
  if (shared.length > 0) tell('319', shared.map((channel) => signsOf(channel, person, true) + channel.name).join(' '));
  tell('312', server.settings.name, 'modern-ircd of a test');
  if (modes.has('o')) tell('313', 'is an IRC operator');
  if (modes.has('B')) tell('335', `is a Bot on ${server.settings.network}`);
  if (account !== undefined) tell('330', account, 'is logged in as');
  if (link.secure) tell('671', 'is using a secure connection');
  if (away !== undefined) tell('301', away);
  const idle = Math.floor((server.settings.now() - person.activeAt) / 1000);
  tell('317', `${idle}`, `${Math.floor(person.signedOnAt / 1000)}`, 'seconds idle, signon time');
}

const away: Command = {
  run(server, client, { params: [text = ''] }) {
    const now = text === '' ? undefined : cut(text, 200);
    client.away = now;
    if (now === undefined) numeric(server, client, '305', 'You are no longer marked as being away');
    else numeric(server, client, '306', 'You have been marked as being away');
    const others = audience(server, client, 'away-notify').filter((one) => one !== client);
    spread(server, client, others, 'AWAY', now === undefined ? [] : [now]);
  },
};

const setName: Command = {
  atLeast: 1,
  run(server, client, { params: [name = ''] }) {
    if (name === '' || Buffer.byteLength(name) > server.settings.nameLength) {
      if (client.caps.has('setname')) fail(server, client, 'SETNAME', 'INVALID_REALNAME', 'Realname is not valid');
      return;
    }
    client.realname = name;
    spread(server, client, audience(server, client, 'setname'), 'SETNAME', [name]);
  },
};

/** Tells everybody of another user or host; those who don't know CHGHOST see somebody come back. */
export function changeHost(server: Server, client: Client, user: string, host: string): void {
  const others = new Set([...client.channels].flatMap((channel) => [...channel.members.keys()]));
  others.delete(client);
  spread(server, client, audience(server, client, 'chghost'), 'CHGHOST', [user, host]);
  const plain = [...others].filter(({ caps }) => !caps.has('chghost'));
  spread(server, client, plain, 'QUIT', ['Changing hostname']);
  client.user = user;
  client.host = host;
  for (const one of plain) {
    for (const channel of client.channels) {
      if (!channel.members.has(one)) continue;
      const more = one.caps.has('extended-join') ? [client.account ?? '*', client.realname] : [];
      spread(server, client, [one], 'JOIN', [channel.name, ...more]);
      const held = [...(channel.members.get(client) ?? [])];
      if (held.length > 0) say(server, one, 'MODE', channel.name, `+${held.join('')}`, ...held.map(() => client.nick));
    }
  }
}

export const peopleCommands: Commands = {
  WHO: who,
  WHOIS: whois,
  AWAY: away,
  SETNAME: setName,
  WHOWAS: {
    atLeast: 1,
    run(server, client, { params: [nick = ''] }) {
      const past = server.past.get(fold(server, nick));
      if (past === undefined) numeric(server, client, '406', nick, 'There was no such nickname');
      else numeric(server, client, '314', past.nick, past.user, past.host, '*', past.realname);
      numeric(server, client, '369', nick, 'End of WHOWAS');
    },
  },
  ISON: {
    idle: true,
    run(server, client, { params }) {
      const found = params.flatMap((list) => list.split(' ')).map((nick) => personOf(server, nick)?.nick ?? '');
      numeric(server, client, '303', found.filter((nick) => nick !== '').join(' '));
    },
  },
  USERHOST: {
    idle: true,
    run(server, client, { params }) {
      const found = params.map((nick) => personOf(server, nick)).filter((one) => one !== undefined);
      const shown = found.map((one) => {
        const [nick, rest] = maskOf(one).split('!');
        return `${nick}${one.modes.has('o') ? '*' : ''}=${one.away === undefined ? '+' : '-'}${rest}`;
      });
      numeric(server, client, '302', shown.join(' '));
    },
  },
};
