/** How people go: out of a channel, off the server. */

import { record } from './history.ts';
import { tellOnline } from './monitor.ts';
import { type Channel, type Client, fold, maskOf, neighbours, type Server } from './state.ts';
import { put, spread } from './telling.ts';

/** Out of a channel; the last one takes it along. */
export function dropMember(server: Server, channel: Channel, client: Client): void {
  channel.members.delete(client);
  client.channels.delete(channel);
  if (channel.members.size === 0) server.channels.delete(fold(server, channel.name));
}

/** Off the server: the neighbours are told, and nothing of them is left. */
export function quit(server: Server, client: Client, reason: string): void {
  if (!server.clients.delete(client)) return;
  if (server.nicks.get(fold(server, client.nick)) === client) server.nicks.delete(fold(server, client.nick));
  if (!client.registered) return;
  const { nick, user, host, realname } = client;
  server.past.set(fold(server, nick), { nick, user, host, realname });
  const others = neighbours(client);
  others.delete(client);
  spread(server, client, others, 'QUIT', [reason]);
  for (const channel of [...client.channels]) {
    record(server, channel.name, client, 'QUIT', [reason]);
    dropMember(server, channel, client);
  }
  for (const channel of server.channels.values()) channel.invited.delete(client);
  tellOnline(server, client, false);
}

/** ERROR, and the end of the connection. */
export function byeTo(server: Server, client: Client, reason: string): void {
  quit(server, client, reason);
  const params = [`Closing Link: ${maskOf(client)} (${reason})`];
  put(server, client, { source: server.settings.name, command: 'ERROR', params });
  client.link.end();
}
