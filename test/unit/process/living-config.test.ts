/** What of a configuration can be read again while the gateway runs. */
import { describe, expect, test } from 'vitest';
import fake from '../../../bridges/fake/index.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { createScope } from '../../../src/gateway/decode/scope.ts';
import type { BridgeConfig, Config } from '../../../src/ops/config/config.ts';
import { Secret } from '../../../src/ops/secret.ts';
import { decoderOptions } from '../../../src/process/decoding.ts';
import { createLivingConfig } from '../../../src/process/living-config.ts';
import { parseJid } from '../../../src/xmpp/jid.ts';
import { bareConfig, generous } from '../../harness/bare-config.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

const entry = (more: Partial<BridgeConfig> = {}): BridgeConfig => ({
  use: 'fake',
  domain: 'net.test',
  secret: new Secret('x'),
  allow: ['example.org'],
  limits: generous,
  options: {},
  ...more,
});
const before = bareConfig({ bridges: [entry()] });
const jid = (text: string) => {
  const read = parseJid(text);
  if (read === undefined) throw new Error(text);
  return read;
};

/** The configuration, read again as that one. */
const living = (after: Config) => createLivingConfig(before, async () => after);

describe('reading again', () => {
  test('who may and who the operators are counts from then on, and is named', async () => {
    const one = living(bareConfig({ admins: ['nurse@example.org'], bridges: [entry({ allow: ['*'] })] }));
    expect(await one.reload()).toEqual({ now: ['admins', 'allow of net.test'], later: [] });
    expect(one.now).toMatchObject({ admins: ['nurse@example.org'], bridges: [{ allow: ['*'] }] });
    expect(await one.reload()).toEqual({ now: [], later: [] });
  });

  test.each<[string, Config]>([
    ['xmpp', bareConfig({ bridges: [entry()], xmpp: { host: '10.0.0.1', port: 1, tls: false } })],
    ['net.test', bareConfig({ bridges: [entry({ options: { persistent: true } })] })],
    ['net.test', bareConfig({ bridges: [entry({ secret: new Secret('other') })] })],
    ['net.test', bareConfig({ bridges: [] })],
    ['new.test', bareConfig({ bridges: [entry(), entry({ domain: 'new.test' })] })],
  ])('%s needs a restart, is told each time, and is not taken over', async (name, after) => {
    const one = living(after);
    expect(await one.reload()).toEqual({ now: [], later: [name] });
    expect((await one.reload()).later).toEqual([name]);
    expect(one.now).toEqual(before);
  });

  test.each<[string, (secret: Secret) => Partial<Config>]>([
    ['storage', (url) => ({ storage: { ...before.storage, sql: { is: 'postgres', url } } })],
    ['storage', (url) => ({ storage: { ...before.storage, redis: { is: 'url', url } } })],
    ['http', (operatorToken) => ({ http: { ...before.http, operatorToken } })],
  ])('another secret of %s needs a restart, and is not told', async (name, having) => {
    const [old, same, other] = ['sesame', 'sesame', 'open'].map((text) => bareConfig(having(new Secret(text))));
    if (old === undefined || same === undefined || other === undefined) throw new Error('not three');
    expect(await createLivingConfig(old, async () => same).reload()).toEqual({ now: [], later: [] });
    expect(await createLivingConfig(old, async () => other).reload()).toEqual({ now: [], later: [name] });
  });

  test('a file with faults changes nothing', async () => {
    const error = new GatewayError('bad-request', { text: 'isthmus.yaml:3:1: …' });
    const one = createLivingConfig(before, () => Promise.reject(error));
    await expect(one.reload()).rejects.toBe(error);
    expect(one.now).toBe(before);
    await expect(createLivingConfig(before, undefined).reload()).rejects.toMatchObject({ code: 'not-available' });
  });

  test('the decoder asks each time', async () => {
    const one = living(bareConfig({ admins: ['nurse@far.test'], bridges: [entry({ allow: ['far.test'] })] }));
    const clock = createManualClock();
    const network = fake.open(fake.config.parse({}), { log: silentLog, clock, fetch });
    const parts = {
      get config() {
        return one.now;
      },
      ...{
        bans: { now: new Set<string>() },
        shares: { now: new Map() },
        plumbings: { mucs: () => new Set<string>() },
        clock,
        version: '0',
        startedAt: 0,
        readAgain: async () => before,
      },
    };
    const scope = createScope(decoderOptions(entry(), fake, network, parts));
    const may = () =>
      ['romeo@example.org', 'nurse@far.test'].map((who) => [scope.allows(jid(who)), scope.isAdmin(jid(who))]);
    expect(may()).toEqual([
      [true, false],
      [false, false],
    ]);
    await one.reload();
    expect(may()).toEqual([
      [false, false],
      [true, true],
    ]);
  });
});
