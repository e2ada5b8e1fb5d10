/** Every bridge whose users have accounts keeps the laws of logging in. */
import { describe, test } from 'vitest';
import fake from '../../bridges/fake/index.ts';
import { createAuthority, fakeCredentials, login } from '../../bridges/fake/login.ts';
import { createNetwork } from '../../bridges/fake/network.ts';
import { createWorld } from '../../bridges/fake/world.ts';
import { loginLaws } from '../../src/bridge/kit/login-laws.ts';
import type { LoggedIn, LoginPlace } from '../../src/bridge/login.ts';
import { systemClock } from '../../src/ops/clock.ts';

describe('bridges/fake', () => {
  const authority = createAuthority();
  authority.register('romeo', 'sesame');
  const clock = systemClock;
  const network = createNetwork(fake.config.parse({ logins: 'required' }), createWorld(clock), { clock }, authority);

  async function verify({ credentials, label }: LoggedIn): Promise<void> {
    const account = {
      id: label,
      owner: 'kit@kit.test',
      credentials: fakeCredentials.parse(credentials),
      isTrial: true,
    };
    const host = { emit: () => undefined, checkpoint: async () => {} };
    await (await network.connect(account, host, AbortSignal.timeout(5_000))).end('');
  }

  for (const { name, check } of loginLaws)
    test(name, () =>
      check({
        login: ({ known: _, ...place }: LoginPlace) => login(authority, place),
        verify,
        wrong: { username: 'romeo', password: 'open it' },
        right: { username: 'romeo', password: 'sesame' },
        nothingLeft() {
          if (authority.pairings.length > 0) throw new Error('something can still be scanned');
        },
      }),
    );
});
