/** Every bridge whose users have accounts keeps the laws of logging in. */
import { describe, expect, test } from 'vitest';
import fake from '../../bridges/fake/index.ts';
import { createAuthority, fakeCredentials, login } from '../../bridges/fake/login.ts';
import { createNetwork } from '../../bridges/fake/network.ts';
import { createWorld } from '../../bridges/fake/world.ts';
import irc from '../../bridges/irc/index.ts';
import { loginLaws } from '../../src/bridge/kit/login-laws.ts';
import type { LoggedIn, LoginPlace } from '../../src/bridge/login.ts';
import { systemClock } from '../../src/ops/clock.ts';
import { startNgircd } from '../harness/ngircd.ts';
import { silentLog } from '../harness/silent-log.ts';

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

describe('bridges/irc', () => {
  test('a server that has no logins lets one in, and that is no login', async () => {
    await using ircd = await startNgircd();
    const servers = { 'irc.test': { address: [`127.0.0.1:${ircd.port}`] } };
    const config = irc.config.parse({ tls: 'off', throttle: 'off', pace: 'off', servers });
    const network = irc.open(config, { log: silentLog, clock: systemClock, fetch });
    const settings = { sasl_username: 'romeo', sasl_password: 'sesame' };
    const account = { id: 'kit', owner: 'kit@kit.test', on: 'irc.test', settings, isTrial: true };
    const host = { emit: () => undefined, checkpoint: async () => {} };
    const trying = network.connect(account, host, AbortSignal.timeout(20_000));
    await expect(trying).rejects.toMatchObject({
      code: 'network-cannot',
      message: expect.stringMatching(/^irc\.test offers no login .*nickserv_password/),
    });
  });
});
