/** Discord as one more network: bots, the channels and threads of their guilds as rooms, people as people. */
import type { Bridge } from '#bridge';
import { type DiscordConfig, discordConfig } from './config.ts';
import { type DiscordCredentials, discordCredentials } from './credentials.ts';
import { createNetwork } from './network.ts';

const discord: Bridge<DiscordConfig, DiscordCredentials> = {
  name: 'discord',
  about: { type: 'discord', name: 'Discord' },
  config: discordConfig,
  credentials: discordCredentials,
  open: (config, tools) => createNetwork(config, tools),
};

export default discord;
