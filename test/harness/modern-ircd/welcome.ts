/** From the first word to the end of the MOTD: PASS, NICK, USER, and what everybody is told then. */

import type { Command, Commands } from './command.ts';
import { byeTo } from './leaving.ts';
import { cut } from './line.ts';
import { tellOnline } from './monitor.ts';
import { type Client, fold, maskOf, neighbours, type Server } from './state.ts';
import { fail, numeric, say, spread } from './telling.ts';

/** Tokens of 005, but for those that a test takes away. */
function tokens({ settings, offered }: Server): readonly string[] {
  const on = (cap: string, token: string): readonly string[] => (offered.has(cap) ? [token] : []);
  const wanted = [
    `NETWORK=${settings.network}`,
    `CASEMAPPING=${settings.casemapping}`,
    'CHANTYPES=#',
    'PREFIX=(qaohv)~&@%+',
    'STATUSMSG=~&@%+',
    'CHANMODES=beI,k,lL,imnst',
    'EXCEPTS=e',
    'INVEX=I',
    'EXTBAN=~,a',
    'ACCOUNTEXTBAN=a,account',
    'MODES=20',
    'MAXLIST=beI:100',
    'ELIST=MNU',
    'SAFELIST',
    'BOT=B',
    'KNOCK',
    'UTF8ONLY',
    'WHOX',
    `NICKLEN=${settings.nickLength}`,
    `CHANNELLEN=${settings.channelLength}`,
    `TOPICLEN=${settings.topicLength}`,
    'KICKLEN=255',
    'AWAYLEN=200',
    `NAMELEN=${settings.nameLength}`,
    `MONITOR=${settings.monitorLimit}`,
    'TARGMAX=PRIVMSG:4,NOTICE:4,TAGMSG:4,JOIN:,KICK:1',
    ...on('draft/chathistory', `CHATHISTORY=${settings.historyLimit}`),
    ...on('draft/chathistory', 'MSGREFTYPES=msgid,timestamp'),
    ...(settings.denyTags === undefined ? [] : [`CLIENTTAGDENY=${settings.denyTags}`]),
    ...(settings.accountRequired ? ['draft/ACCOUNTREQUIRED'] : []),
  ];
  return wanted.filter((token) => !settings.withoutTokens.includes(token.split('=')[0] ?? ''));
}

/** Does the server have what this token of 005 stands for? */
export const hasToken = ({ settings }: Server, token: string): boolean => !settings.withoutTokens.includes(token);

/** Lets somebody in who has said all that is needed. */
export function welcomeIfReady(server: Server, client: Client): void {
  const { settings } = server;
  if (client.registered || client.negotiating || client.nick === '*' || client.user === '') return;
  if (settings.password !== undefined && client.password !== settings.password) {
    numeric(server, client, '464', 'Password incorrect');
    byeTo(server, client, 'Bad password');
    return;
  }
  if (client.sasl !== undefined) {
    client.sasl = undefined;
    numeric(server, client, '906', 'SASL authentication aborted');
  }
  if (settings.accountRequired && client.account === undefined) {
    fail(server, client, '*', 'ACCOUNT_REQUIRED', 'You need to log in with SASL to use this server');
    byeTo(server, client, 'Account required');
    return;
  }
  client.registered = true;
  client.signedOnAt = settings.now();
  client.activeAt = client.signedOnAt;
  numeric(server, client, '001', `Welcome to ${settings.network}, ${client.nick}`);
  numeric(server, client, '002', `Your host is ${settings.name}, running modern-ircd`);
  numeric(server, client, '003', 'This server was created for a test');
  numeric(server, client, '004', settings.name, 'modern-ircd', 'Bio', 'beIklimnstqaohv', 'beIkl');
  const all = tokens(server);
  for (let i = 0; i < all.length; i += 12)
    numeric(server, client, '005', ...all.slice(i, i + 12), 'are supported by this server');
  numeric(server, client, '251', `There are ${server.nicks.size} users and 0 invisible on 1 servers`);
  motd(server, client);
  tellOnline(server, client);
}

/** The message of the day, or that there is none. */
export function motd(server: Server, client: Client): void {
  const { motd: lines, name } = server.settings;
  if (lines.length === 0) {
    numeric(server, client, '422', 'MOTD File is missing');
    return;
  }
  numeric(server, client, '375', `- ${name} Message of the day -`);
  for (const line of lines) numeric(server, client, '372', `- ${line}`);
  numeric(server, client, '376', 'End of /MOTD command.');
}

const validNick = /^[A-Za-z[\]\\`_^{|}][A-Za-z0-9[\]\\`_^{|}-]*$/;

/** A change of nick, by its owner or by force. */
export function rename(server: Server, client: Client, nick: string): void {
  const old = client.nick;
  server.nicks.delete(fold(server, old));
  server.nicks.set(fold(server, nick), client);
  if (!client.registered) {
    client.nick = nick;
    return;
  }
  const sameName = fold(server, old) === fold(server, nick);
  if (!sameName) tellOnline(server, client, false);
  spread(server, client, neighbours(client), 'NICK', [nick]);
  client.nick = nick;
  if (!sameName) tellOnline(server, client);
}

const nick: Command = {
  early: true,
  run(server, client, { params: [wanted = ''] }) {
    if (wanted === '') return numeric(server, client, '431', 'No nickname given');
    if (!validNick.test(wanted) || wanted.length > server.settings.nickLength)
      return numeric(server, client, '432', wanted, 'Erroneous nickname');
    const owner = server.nicks.get(fold(server, wanted));
    if (owner !== undefined && owner !== client)
      return numeric(server, client, '433', wanted, 'Nickname is already in use');
    if (wanted === client.nick) return;
    rename(server, client, wanted);
    welcomeIfReady(server, client);
  },
};

export const welcomeCommands: Commands = {
  NICK: nick,
  PASS: {
    atLeast: 1,
    early: true,
    run(server, client, { params: [password = ''] }) {
      if (client.registered) return numeric(server, client, '462', 'You may not reregister');
      client.password = password;
    },
  },
  USER: {
    atLeast: 4,
    early: true,
    run(server, client, { params: [user = '', , , realname = ''] }) {
      if (client.registered || client.user !== '') return numeric(server, client, '462', 'You may not reregister');
      client.user = `~${cut(user.replace(/[^A-Za-z0-9._-]/g, '') || 'x', 10)}`;
      client.realname = cut(realname, server.settings.nameLength);
      welcomeIfReady(server, client);
    },
  },
  PING: {
    early: true,
    idle: true,
    run(server, client, { params: [token] }) {
      if (token === undefined) return numeric(server, client, '409', 'No origin specified');
      say(server, client, 'PONG', server.settings.name, token);
    },
  },
  PONG: { early: true, idle: true, run: () => undefined },
  QUIT: {
    early: true,
    run: (server, client, { params: [reason = ''] }) =>
      byeTo(server, client, reason === '' ? 'Quit' : `Quit: ${reason}`),
  },
  MOTD: { run: (server, client) => motd(server, client) },
  VERSION: {
    run: (server, client) =>
      numeric(server, client, '351', 'modern-ircd-1', server.settings.name, 'written from the specifications'),
  },
  TIME: {
    run: (server, client) =>
      numeric(server, client, '391', server.settings.name, new Date(server.settings.now()).toUTCString()),
  },
  LUSERS: {
    run(server, client) {
      numeric(server, client, '251', `There are ${server.nicks.size} users and 0 invisible on 1 servers`);
      numeric(server, client, '254', `${server.channels.size}`, 'channels formed');
    },
  },
  ADMIN: { run: (server, client) => numeric(server, client, '256', server.settings.name, 'Administrative info') },
  INFO: {
    run(server, client) {
      numeric(server, client, '371', `Mask: ${maskOf(client)}`);
      numeric(server, client, '374', 'End of /INFO list');
    },
  },
};
