/** MONITOR: who wants to know whether somebody is there. */
import type { Commands } from './command.ts';
import { type Client, fold, maskOf, personOf, type Server } from './state.ts';
import { numeric } from './telling.ts';

/** Whoever watches this nick is told. */
export function tellOnline(server: Server, client: Client, online = true): void {
  for (const watcher of watchersOf(server, client)) {
    if (online) numeric(server, watcher, '730', maskOf(client));
    else numeric(server, watcher, '731', client.nick);
  }
}

/** Those who monitor somebody. */
export function watchersOf(server: Server, client: Client): readonly Client[] {
  const name = fold(server, client.nick);
  return [...server.clients].filter((one) => one.registered && one.monitors.has(name));
}

/** In lines that are not too long. */
function inLines(server: Server, client: Client, code: string, items: readonly string[]): void {
  let line = '';
  for (const item of items) {
    if (line.length + item.length > 380) {
      numeric(server, client, code, line);
      line = '';
    }
    line = line === '' ? item : `${line},${item}`;
  }
  if (line !== '') numeric(server, client, code, line);
}

function states(server: Server, client: Client, nicks: readonly string[]): void {
  const found = nicks.map((nick) => ({ nick, person: personOf(server, nick) }));
  const online = found.flatMap(({ person }) => (person === undefined ? [] : [maskOf(person)]));
  const offline = found.flatMap(({ nick, person }) => (person === undefined ? [nick] : []));
  inLines(server, client, '730', online);
  inLines(server, client, '731', offline);
}

function add(server: Server, client: Client, nicks: readonly string[]): void {
  const { monitorLimit } = server.settings;
  const added: string[] = [];
  for (const [i, nick] of nicks.entries()) {
    if (client.monitors.has(fold(server, nick))) continue;
    if (client.monitors.size >= monitorLimit) {
      numeric(server, client, '734', `${monitorLimit}`, nicks.slice(i).join(','), 'Monitor list is full.');
      break;
    }
    client.monitors.set(fold(server, nick), nick);
    added.push(nick);
  }
  states(server, client, added);
}

export const monitorCommands: Commands = {
  MONITOR: {
    atLeast: 1,
    idle: true,
    run(server, client, { params: [verb = '', targets = ''] }) {
      const nicks = targets.split(',').filter((nick) => nick !== '');
      switch (verb.toUpperCase()) {
        case '+':
          return add(server, client, nicks);
        case '-':
          for (const nick of nicks) client.monitors.delete(fold(server, nick));
          return;
        case 'C':
          return client.monitors.clear();
        case 'L':
          inLines(server, client, '732', [...client.monitors.values()]);
          return numeric(server, client, '733', 'End of MONITOR list');
        case 'S':
          return states(server, client, [...client.monitors.values()]);
        default:
          return numeric(server, client, '461', 'MONITOR', 'Not enough parameters');
      }
    },
  },
};
