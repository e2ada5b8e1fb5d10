/** Logins to the fake network: a name, nothing else. */
import { GatewayError, type Network, personId, type Tools } from '#bridge';
import { addresses } from './addresses.ts';
import type { FakeConfig } from './config.ts';
import { createSession } from './session.ts';
import { nameIn, settings } from './settings.ts';
import type { World } from './world.ts';

export function createNetwork(config: FakeConfig, world: World, { clock }: Pick<Tools, 'clock'>): Network<undefined> {
  return {
    addresses,
    registration: 'none',
    settings,
    browsable: true,
    stay: () => ({ persistent: config.persistent, lingerMs: config.linger * 1000 }),
    async connect(account, host, signal) {
      signal.throwIfAborted();
      const name = nameIn(account.settings) ?? account.nick ?? '';
      if (name === '') throw new GatewayError('bad-nick', { text: 'A name is needed' });
      return createSession(world, personId(name), host, clock, signal, config);
    },
  };
}
