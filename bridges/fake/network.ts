/** The fake network: a name is all that it wants to know, unless accounts are asked for. */
import {
  GatewayError,
  type LoginPlace,
  type Network,
  type PersonId,
  personId,
  type Session,
  type Tools,
} from '#bridge';
import { addresses } from './addresses.ts';
import type { FakeConfig } from './config.ts';
import { type Authority, createAuthority, type FakeCredentials, login } from './login.ts';
import { createSession } from './session.ts';
import { nameIn, settings } from './settings.ts';
import type { World } from './world.ts';

export function createNetwork(
  config: FakeConfig,
  world: World,
  { clock }: Pick<Tools, 'clock'>,
  authority: Authority = createAuthority(),
): Network<FakeCredentials | undefined> {
  return {
    addresses,
    registration: config.logins === 'required' ? 'required' : 'none',
    ...(config.logins !== 'none' && { login: (place: LoginPlace<FakeCredentials>) => login(authority, place) }),
    settings,
    browsable: true,
    groupsRooms: config.groups,
    keepsContacts: config.contacts,
    findsPeople: config.contacts,
    takesProfiles: config.avatars,
    stay: () => ({ persistent: config.persistent, lingerMs: config.linger * 1000 }),
    async connect(account, host, signal) {
      signal.throwIfAborted();
      const { credentials, isTrial } = account;
      if (credentials !== undefined) authority.check(credentials);
      if (isTrial === true) return trial(personId(credentials?.name ?? ''));
      const name = nameIn(account.settings) ?? credentials?.name ?? account.nick ?? '';
      if (name === '') throw new GatewayError('bad-nick', { text: 'A name is needed' });
      return createSession(world, personId(name), host, clock, signal, config);
    },
  };
}

/** Nobody hears of it. */
const trial = (me: PersonId): Session => ({
  me,
  limits: () => ({ textBytes: 2000, maxBytes: 2000, concurrency: 1, window: 1, dedupes: false }),
  send: () => Promise.reject(new GatewayError('not-in-room')),
  rooms: { join: () => Promise.reject(new GatewayError('not-in-room')), leave: async () => {} },
  end: async () => {},
});
