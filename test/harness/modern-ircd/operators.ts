/** What an operator of the test does to people and to the server: OPER, KILL, SANICK, SAJOIN, CHGHOST, splits, capabilities that come and go. */
import { offer, withdraw } from './cap.ts';
import type { Command, Commands } from './command.ts';
import { dropMember, quit } from './leaving.ts';
import { tellOnline } from './monitor.ts';
import { changeHost } from './people.ts';
import { enter } from './rooms.ts';
import {
  type Channel,
  type Client,
  channelOf,
  fold,
  type Message,
  maskOf,
  neighbours,
  personOf,
  type Rank,
  ranks,
  type Server,
} from './state.ts';
import { batched, numeric, put, spread } from './telling.ts';
import { rename } from './welcome.ts';

/** These people are on the other side of a broken link: each side sees the other quit, in a batch. They come back by `rejoin`. */
export function split(server: Server, hub: string, leaf: string, people: readonly Client[]): void {
  const lost = new Set(people);
  const left = [...server.clients].filter((one) => one.registered && !lost.has(one));
  const quits = (gone: Iterable<Client>): readonly Message[] =>
    [...gone].map((one) => ({ source: maskOf(one), by: one, command: 'QUIT', params: [`${hub} ${leaf}`] }));
  for (const one of [...left, ...lost]) {
    const near = neighbours(one);
    const seen = [...near].filter((other) => lost.has(other) !== lost.has(one));
    if (seen.length > 0) batched(server, one, 'netsplit', [hub, leaf], quits(seen));
  }
  for (const one of lost) {
    one.parked = [...one.channels].map((channel) => ({
      channel: channel.name,
      ranks: [...(channel.members.get(one) ?? [])],
    }));
    for (const channel of [...one.channels]) dropMember(server, channel, one);
    server.nicks.delete(fold(server, one.nick));
    one.registered = false;
    tellOnline(server, one, false);
  }
}

/** The link is there again: joins in a batch, ranks by the server. */
export function rejoin(server: Server, hub: string, leaf: string): void {
  const back = [...server.clients].filter(({ parked }) => parked !== undefined);
  const joins = new Map<Client, Message[]>();
  const rankings: (readonly [Channel, Client, readonly Rank[]])[] = [];
  for (const one of back) {
    one.registered = true;
    server.nicks.set(fold(server, one.nick), one);
    for (const { channel: name, ranks: held } of one.parked ?? []) {
      const channel = channelOf(server, name);
      if (channel === undefined) {
        enter(server, one, name);
        continue;
      }
      channel.members.set(one, new Set(held));
      one.channels.add(channel);
      for (const other of channel.members.keys()) {
        if (other === one || other.parked !== undefined) continue;
        const more = other.caps.has('extended-join') ? [one.account ?? '*', one.realname] : [];
        const message = { source: maskOf(one), by: one, command: 'JOIN', params: [channel.name, ...more] };
        joins.set(other, [...(joins.get(other) ?? []), message]);
        const mirror = one.caps.has('extended-join') ? [other.account ?? '*', other.realname] : [];
        const seen = { source: maskOf(other), by: other, command: 'JOIN', params: [channel.name, ...mirror] };
        joins.set(one, [...(joins.get(one) ?? []), seen]);
      }
      if (held.length > 0) rankings.push([channel, one, held]);
    }
  }
  for (const [to, messages] of joins) batched(server, to, 'netjoin', [hub, leaf], messages);
  for (const [channel, one, held] of rankings) {
    const params = [channel.name, `+${held.join('')}`, ...held.map(() => one.nick)];
    for (const member of channel.members.keys())
      put(server, member, { source: server.settings.name, command: 'MODE', params });
  }
  for (const one of back) {
    one.parked = undefined;
    tellOnline(server, one);
  }
}

/** A command for operators alone. */
const forOperators = (
  atLeast: number,
  run: (server: Server, client: Client, params: readonly string[]) => void,
): Command => ({
  atLeast,
  run(server, client, { params }) {
    if (client.modes.has('o')) return run(server, client, params);
    numeric(server, client, '481', 'Permission denied: you are no operator');
  },
});

/** Somebody by nick, or 401. */
function target(server: Server, client: Client, nick: string): Client | undefined {
  const person = personOf(server, nick);
  if (person === undefined) numeric(server, client, '401', nick, 'No such nick/channel');
  return person;
}

export const operatorCommands: Commands = {
  OPER: {
    atLeast: 2,
    run(server, client, { params: [name, password] }) {
      if (name !== 'root' || password !== 'rootpw') return numeric(server, client, '464', 'Password incorrect');
      client.modes.add('o');
      numeric(server, client, '381', 'You are now an IRC operator');
      spread(server, client, [client], 'MODE', [client.nick, '+o']);
    },
  },
  KILL: forOperators(2, (server, client, [nick = '', reason = '']) => {
    const person = target(server, client, nick);
    if (person === undefined) return;
    put(server, person, { source: maskOf(client), command: 'KILL', params: [person.nick, reason] });
    quit(server, person, `Killed (${client.nick} (${reason}))`);
    person.link.end();
  }),
  SANICK: forOperators(2, (server, client, [nick = '', wanted = '']) => {
    const person = target(server, client, nick);
    if (person !== undefined && !server.nicks.has(fold(server, wanted))) rename(server, person, wanted);
  }),
  SAJOIN: forOperators(2, (server, client, [nick = '', channel = '', rank = '']) => {
    const person = target(server, client, nick);
    if (person === undefined) return;
    const given = ranks.find((one) => one === rank);
    enter(server, person, channel, given);
    const params = [channel, `+${given}`, person.nick];
    const told = given === undefined ? [] : (channelOf(server, channel)?.members.keys() ?? []);
    for (const one of told) put(server, one, { source: server.settings.name, command: 'MODE', params });
  }),
  CHGHOST: forOperators(3, (server, client, [nick = '', user = '', host = '']) => {
    const person = target(server, client, nick);
    if (person !== undefined) changeHost(server, person, user, host);
  }),
  /** SPLIT SERVER NICK,NICK… */
  SPLIT: forOperators(2, (server, client, [leaf = '', nicks = '']) => {
    const people = nicks.split(',').flatMap((nick) => target(server, client, nick) ?? []);
    split(server, server.settings.name, leaf, people);
  }),
  REJOIN: forOperators(1, (server, _client, [leaf = '']) => rejoin(server, server.settings.name, leaf)),
  CAPADD: forOperators(1, (server, _client, names) => offer(server, names)),
  CAPDEL: forOperators(1, (server, _client, names) => withdraw(server, names)),
};
