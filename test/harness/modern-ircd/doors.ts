/** Channels that do not let everybody in: KNOCK, and being sent on to another one. */
import type { Commands } from './command.ts';
import { type Channel, type Client, channelOf, halfop, maskOf, rankOf, type Server } from './state.ts';
import { numeric } from './telling.ts';

/** Where somebody goes who found it full; they are told. */
export function sentOn(server: Server, client: Client, { name, forward }: Channel): string | undefined {
  if (forward === undefined) return undefined;
  numeric(server, client, '470', name, forward, 'The channel is full; you are sent on to the other one');
  return forward;
}

export const doorCommands: Commands = {
  KNOCK: {
    atLeast: 1,
    run(server, client, { params: [name = '', text] }) {
      const channel = channelOf(server, name);
      if (channel === undefined) return numeric(server, client, '403', name, 'No such channel');
      if (channel.members.has(client)) return numeric(server, client, '714', channel.name, 'You are on that channel');
      if (!channel.flags.has('i')) return numeric(server, client, '713', channel.name, 'Channel is open');
      for (const one of channel.members.keys())
        if (rankOf(channel, one) <= halfop)
          numeric(server, one, '710', channel.name, maskOf(client), text ?? 'has asked for an invite');
      numeric(server, client, '711', channel.name, 'Your KNOCK has been delivered');
    },
  },
};
