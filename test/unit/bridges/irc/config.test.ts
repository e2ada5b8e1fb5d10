/** The options as issue 2 has them, their defaults, and what of them holds for one server. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { forServer, ircConfig, isListed, readAddress, shareOf } from '../../../../bridges/irc/config.ts';
import { createNetwork } from '../../../../bridges/irc/network.ts';
import { startingAt, targets } from '../../../../bridges/irc/targets.ts';
import { systemClock } from '../../../../src/ops/clock.ts';
import { silentLog } from '../../../harness/silent-log.ts';

describe('options', () => {
  test('the defaults are those of the example', () => {
    expect(ircConfig.parse({})).toEqual({
      tls: 'required',
      ports: { tls: [6697, 6670], plain: [6667] },
      throttle: { burst: 10, perSecond: 1 },
      persistent: false,
      maxLines: 25,
      linger: 300,
      ctcp: 'client',
      privateAddresses: false,
      onlyListed: false,
      pace: { perServerPerMinute: 30, perServer: 500 },
      identd: 'off',
      webirc: 'off',
      realnameCustomization: true,
      realnameFromJid: false,
      servers: {},
    });
  });

  test('504-01 all is encrypted only where no server may be reached in plain text', () => {
    const encrypts = (options: unknown) =>
      createNetwork(ircConfig.parse(options), { log: silentLog, clock: systemClock }).encrypts;
    expect(encrypts({})).toBe(true);
    expect(encrypts({ tls: 'preferred' })).toBe(false);
    expect(encrypts({ servers: { 'a.test': { address: ['10.0.0.5:6667'], tls: 'off' } } })).toBe(false);
    expect(encrypts({ servers: { 'a.test': { address: ['10.0.0.5:6697'] } } })).toBe(true);
  });

  test('the example of issue 2 is taken whole', () => {
    const config = ircConfig.parse({
      tls: 'required',
      ports: { tls: [6697, 6670], plain: [6667] },
      throttle: { burst: 10, perSecond: 1 },
      fixedServer: 'IRC.example.net',
      persistent: false,
      linger: 300,
      privateAddresses: false,
      onlyListed: false,
      pace: { perServerPerMinute: 30, perServer: 500 },
      servers: { 'irc.example.net': { address: ['10.0.0.5:6667'], tls: 'off' } },
    });
    expect(config.fixedServer).toBe('irc.example.net');
    expect(forServer(config, 'irc.example.net')).toMatchObject({
      tls: 'off',
      trusted: true,
      places: [{ host: '10.0.0.5', port: 6667 }],
      linger: 300,
    });
  });

  test.each([false, 'off'])('a switch takes %j', (off) => {
    const config = ircConfig.parse({
      tls: off,
      throttle: off,
      pace: off,
      persistent: off,
      privateAddresses: off,
      onlyListed: off,
      linger: off,
    });
    expect(config).toMatchObject({
      tls: 'off',
      throttle: 'off',
      pace: 'off',
      persistent: false,
      privateAddresses: false,
      onlyListed: false,
      linger: 0,
    });
  });

  test.each([true, 'on'])('and %j', (on) => {
    expect(ircConfig.parse({ persistent: on, onlyListed: on })).toMatchObject({ persistent: true, onlyListed: true });
  });

  test.each([
    { colour: 'red' },
    { tls: 'maybe' },
    { tls: true },
    { ports: { tls: [0] } },
    { ports: { ssl: [1] } },
    { throttle: { burst: 0, perSecond: 1 } },
    { throttle: { burst: 1 } },
    { linger: -1 },
    { pace: { perServerPerMinute: 30 } },
    { bind: 'localhost' },
    { bind: [] },
    { proxy: 'http://host:1' },
    { webirc: { password: 'two words' } },
    { webirc: { password: { env: '' } } },
    { identd: { port: 70000 } },
    { servers: { a: { address: [] } } },
    { servers: { a: { address: ['host:99999'] } } },
    { servers: { a: { address: ['a b'] } } },
    { servers: { a: { onlyListed: true } } },
  ])('refused: %j', (options) => {
    expect(ircConfig.safeParse(options).success).toBe(false);
  });

  test('what we are called by WEBIRC, and where a server is, are refused with how they are written', () => {
    const servers = { a: { address: ['http://a', 'a:0'] } };
    const { error } = ircConfig.safeParse({ webirc: { password: 'x', gateway: 'a b' }, servers });
    expect(JSON.stringify(error?.issues)).toContain('must be 1 to 32 letters, digits');
    expect(error?.issues.filter(({ path }) => path[0] === 'servers').map(({ message }) => message)).toEqual([
      'must be HOST, HOST:PORT or [IPV6]:PORT',
      'must have a port from 1 to 65535',
    ]);
  });

  test('a name that no address of a room has is refused, with where a port belongs', () => {
    const told = (options: object): unknown =>
      ircConfig.safeParse(options).error?.issues.map(({ path, message }) => [path, message]);
    const refused = (name: string) =>
      `"${name}" is no name of a server; where it really is, and its port, stand under \`servers\`: { NAME: { address: [HOST:PORT] } }`;
    expect(told({ fixedServer: 'irc.test:6697' })).toEqual([[['fixedServer'], refused('irc.test:6697')]]);
    expect(told({ fixedServer: 'ircs://irc.test' })).toEqual([[['fixedServer'], refused('ircs://irc.test')]]);
    expect(told({ servers: { 'irc.test:6697': {}, 'IRC.test': {}, my_own: {}, '::1': {} } })).toEqual([
      [['servers', 'irc.test:6697'], refused('irc.test:6697')],
    ]);
  });

  test('every key is described in one sentence, for the docs are made of it', () => {
    const schema = z.toJSONSchema(ircConfig, { io: 'input' });
    const missing: string[] = [];
    const look = (at: string, of: unknown): void => {
      if (typeof of !== 'object' || of === null) return;
      if ('properties' in of && typeof of.properties === 'object' && of.properties !== null) {
        for (const [key, value] of Object.entries(of.properties)) {
          const said: unknown = value?.description;
          if (typeof said !== 'string' || !/^[A-Z].*\.$/.test(said)) missing.push(`${at}.${key}`);
          look(`${at}.${key}`, value);
        }
      }
      for (const key of ['anyOf', 'additionalProperties'] as const) {
        if (!(key in of)) continue;
        const inner: unknown = Reflect.get(of, key);
        for (const one of Array.isArray(inner) ? inner : [inner]) look(at, one);
      }
    };
    look('', schema);
    expect(Object.keys(Object(schema.properties))).toHaveLength(19);
    expect(missing).toEqual([]);
  });
});

describe('one server', () => {
  const config = ircConfig.parse({
    linger: 10,
    bind: '127.0.0.5',
    servers: {
      'Irc.Example': { linger: 20, tls: 'preferred', address: ['a', 'b:7000', '[::1]:6697'], pace: 'off' },
      bare: {},
    },
  });

  test('its own keys lie over the general ones, whatever the case of its name', () => {
    expect(forServer(config, 'irc.example')).toMatchObject({
      linger: 20,
      bind: ['127.0.0.5'],
      pace: 'off',
      trusted: true,
    });
    expect(forServer(config, 'bare')).toMatchObject({ linger: 10, places: [{ host: 'bare' }], tls: 'required' });
    expect(forServer(config, 'other.example')).toMatchObject({ trusted: false, places: [{ host: 'other.example' }] });
    expect(isListed(config, 'other.example')).toBe(false);
  });

  test('a proxy that is wrong once its secret is in place is never done without', () => {
    const hidden = ircConfig.parse({ proxy: { env: 'PROXY' } });
    expect(() => forServer(hidden, 'a.example')).toThrow(/not put in its place/);
    expect(() => forServer({ ...hidden, proxy: 'nonsense' }, 'a.example')).toThrow(/socks5:/);
    expect(forServer({ ...hidden, proxy: 'socks5://u:p%40@[::1]' }, 'a.example').proxy).toEqual({
      host: '::1',
      port: 1080,
      username: 'u',
      password: 'p@',
      trusted: true,
    });
  });

  test('of several addresses each user has one, always the same, and all are used', () => {
    const pool = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];
    const owners = Array.from({ length: 60 }, (_unused, at) => `user${at}@example.org`);
    const shares = owners.map((owner) => shareOf(pool, owner));
    expect(owners.map((owner) => shareOf(pool, owner))).toEqual(shares);
    expect(new Set(shares)).toEqual(new Set(pool));
    expect(shareOf([], 'a@b')).toBeUndefined();
  });

  test('TLS first; preferred falls back, required never, off has no TLS; an address with a port is tried there alone', () => {
    expect(targets(forServer(config, 'irc.example')).map(({ host, port, tls }) => `${host} ${port} ${tls}`)).toEqual([
      'a 6697 true',
      'a 6670 true',
      'b 7000 true',
      '::1 6697 true',
      'a 6667 false',
      'b 7000 false',
      '::1 6697 false',
    ]);
    expect(targets(forServer(config, 'bare')).every(({ tls }) => tls)).toBe(true);
    const plain = targets({ ...forServer(config, 'bare'), tls: 'off' });
    expect(plain).toEqual([{ host: 'bare', port: 6667, tls: false }]);
  });

  test('what worked last is tried first', () => {
    const all = targets(forServer(config, 'bare'));
    expect(startingAt(all, all[1]).map(({ port }) => port)).toEqual([6670, 6697]);
    expect(startingAt(all, all[0])).toEqual(all);
    expect(startingAt(all, { host: 'elsewhere', port: 1, tls: true })).toEqual(all);
    expect(startingAt(all, undefined)).toEqual(all);
  });

  test.each([
    ['host', { host: 'host' }],
    ['host:1', { host: 'host', port: 1 }],
    ['[::1]', { host: '::1' }],
    ['[::1]:6667', { host: '::1', port: 6667 }],
  ])('address %s', (text, place) => {
    expect(readAddress(text)).toEqual(place);
  });
});
