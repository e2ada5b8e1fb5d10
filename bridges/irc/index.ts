/** IRC as one more network: whatever server, no registration with us, channels as rooms. */
import type { Bridge } from '#bridge';
import { type IrcConfig, ircConfig } from './config.ts';
import { createNetwork } from './network.ts';

const irc: Bridge<IrcConfig, undefined> = {
  name: 'irc',
  about: { type: 'irc', name: 'IRC' },
  config: ircConfig,
  credentials: { parse: () => undefined },
  open: (config, tools) => createNetwork(config, tools),
};

export default irc;
