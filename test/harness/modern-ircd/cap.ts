/** Capability negotiation, version 302: values, several lines, NEW and DEL. */
import type { Commands } from './command.ts';
import type { Settings } from './settings.ts';
import type { Client, Server } from './state.ts';
import { numeric, say } from './telling.ts';
import { welcomeIfReady } from './welcome.ts';

/** All that this server can do: name → its value, if it has one. */
const all: Readonly<Record<string, (settings: Settings) => string>> = {
  'account-notify': () => '',
  'account-tag': () => '',
  'away-notify': () => '',
  batch: () => '',
  'cap-notify': () => '',
  chghost: () => '',
  'draft/account-registration': ({ registration }) =>
    [
      ...(registration.beforeConnect ? ['before-connect'] : []),
      ...(registration.customName ? ['custom-account-name'] : []),
      ...(registration.emailRequired ? ['email-required'] : []),
    ].join(','),
  'draft/chathistory': () => '',
  'draft/event-playback': () => '',
  'draft/message-redaction': () => '',
  'draft/multiline': ({ multiline }) => `max-bytes=${multiline.maxBytes},max-lines=${multiline.maxLines}`,
  'draft/read-marker': () => '',
  'echo-message': () => '',
  'extended-join': () => '',
  'extended-monitor': () => '',
  'invite-notify': () => '',
  'labeled-response': () => '',
  'message-tags': () => '',
  'multi-prefix': () => '',
  sasl: ({ mechanisms }) => mechanisms.join(','),
  'server-time': () => '',
  setname: () => '',
  'standard-replies': () => '',
  'userhost-in-names': () => '',
};

export const capabilities: readonly string[] = Object.keys(all);

/** What it offers at the start. */
export const offeredBy = ({ without }: Settings): Set<string> =>
  new Set(capabilities.filter((name) => !without.includes(name)));

/** Name and value as LS and NEW write them; sts says something else on either kind of connection. */
function written(server: Server, client: Client, version: number): readonly string[] {
  const { settings, tlsPort } = server;
  const caps = [...server.offered].map((name) => {
    const value = version >= 302 ? (all[name]?.(settings) ?? '') : '';
    return value === '' ? name : `${name}=${value}`;
  });
  const { sts } = settings;
  if (sts === undefined || version < 302) return caps;
  if (client.link.secure) return [...caps, `sts=duration=${sts.duration}`];
  return tlsPort === undefined ? caps : [...caps, `sts=port=${tlsPort},duration=${sts.duration}`];
}

/** In as many lines as it takes; all but the last have a star where the client knows what that means. */
function list(server: Server, client: Client, subcommand: string, names: readonly string[]): void {
  const lines: string[] = [''];
  for (const name of names) {
    const last = lines.at(-1) ?? '';
    if (last.length + name.length > 300 && client.capVersion >= 302) lines.push(name);
    else lines[lines.length - 1] = last === '' ? name : `${last} ${name}`;
  }
  lines.forEach((line, i) => {
    const more = i < lines.length - 1 ? ['*'] : [];
    say(server, client, 'CAP', client.nick, subcommand, ...more, line);
  });
}

function request(server: Server, client: Client, text: string): void {
  const wanted = text.split(' ').filter((name) => name !== '');
  const known = (name: string): boolean => server.offered.has(name.replace(/^-/, ''));
  const fixed = (name: string): boolean => name === '-cap-notify' && client.capVersion >= 302;
  if (!wanted.every((name) => known(name) && !fixed(name))) {
    say(server, client, 'CAP', client.nick, 'NAK', text);
    return;
  }
  for (const name of wanted) {
    if (name.startsWith('-')) client.caps.delete(name.slice(1));
    else client.caps.add(name);
  }
  say(server, client, 'CAP', client.nick, 'ACK', text);
}

/** Those who are told of changes: by version or by name. */
const listens = ({ caps, capVersion }: Client): boolean => capVersion >= 302 || caps.has('cap-notify');

/** The server offers them from now on, or with a new value. */
export function offer(server: Server, names: readonly string[]): void {
  for (const name of names) server.offered.add(name);
  for (const client of server.clients) {
    if (!listens(client)) continue;
    const fresh = written(server, client, client.capVersion).filter((one) => names.includes(one.split('=')[0] ?? ''));
    if (fresh.length > 0) list(server, client, 'NEW', fresh);
  }
}

/** It offers them no more, and nobody has them. */
export function withdraw(server: Server, names: readonly string[]): void {
  const gone = names.filter((name) => server.offered.delete(name));
  for (const client of server.clients) {
    for (const name of gone) client.caps.delete(name);
    if (listens(client) && gone.length > 0) list(server, client, 'DEL', gone);
  }
}

export const capCommands: Commands = {
  CAP: {
    atLeast: 1,
    early: true,
    idle: true,
    run(server, client, { params: [subcommand = '', argument = ''] }) {
      const verb = subcommand.toUpperCase();
      if (/^(LS|REQ)$/.test(verb) && !client.registered) client.negotiating = true;
      switch (verb) {
        case 'LS': {
          const version = Number.parseInt(argument, 10) || 301;
          client.capVersion = Math.max(client.capVersion, version);
          if (version >= 302 && server.offered.has('cap-notify')) client.caps.add('cap-notify');
          return list(server, client, 'LS', written(server, client, version));
        }
        case 'LIST':
          return list(server, client, 'LIST', [...client.caps]);
        case 'REQ':
          return request(server, client, argument);
        case 'END':
          client.negotiating = false;
          return welcomeIfReady(server, client);
        default:
          return numeric(server, client, '410', subcommand, 'Invalid CAP command');
      }
    },
  },
};
