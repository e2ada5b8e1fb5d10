/** Connections through a SOCKS5 proxy: names are its to resolve, and nothing goes past it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { readProxy } from '../../../../bridges/irc/wire/socks.ts';
import { isLocalName } from '../../../../src/bridge/private-address.ts';
import { startInspircd } from '../../../harness/inspircd.ts';
import { openWith, TestSession } from '../../../harness/irc-session.ts';
import type { Ircd } from '../../../harness/ircd.ts';
import { freePort } from '../../../harness/ports.ts';
import { startPuppetIrcd } from '../../../harness/puppet-ircd.ts';
import { type SocksProxyServer, startSocksProxy } from '../../../harness/socks-proxy.ts';

describe('as it is written', () => {
  test.each([
    ['socks5://127.0.0.1:9050', { host: '127.0.0.1', port: 9050 }],
    ['socks5://proxy.example', { host: 'proxy.example', port: 1080 }],
    ['socks5://[::1]:1', { host: '::1', port: 1 }],
    ['socks5://a%3Ab:c%40@h:1', { host: 'h', port: 1, username: 'a:b', password: 'c@' }],
  ])('%s', (text, proxy) => expect(readProxy(text)).toEqual(proxy));

  test.each([
    'http://h:1',
    'socks4://h:1',
    'socks5://',
    'h:1',
    'socks5://h/path',
    'socks5://h?x',
    `socks5://${'a'.repeat(256)}:b@h`,
    '',
  ])('none: %s', (text) => expect(readProxy(text)).toBeUndefined());

  test.each([
    ['localhost', true],
    ['printer', true],
    ['router.lan', true],
    ['x.internal', true],
    ['irc.example.org', false],
    ['abc.onion', false],
    ['192.0.2.1', false],
  ])('is %s a name of a network of somebody’s own: %s', (name, local) => expect(isLocalName(name)).toBe(local));
});

describe('through it', () => {
  let ircd: Ircd;
  let proxy: SocksProxyServer | undefined;
  beforeAll(async () => {
    ircd = await startInspircd();
  });
  afterAll(() => ircd[Symbol.asyncDispose]());
  afterEach(() => proxy?.[Symbol.asyncDispose]());

  const connecting = (on: string, options: object, settings = {}) => {
    const us = new TestSession();
    const done = openWith(us, { port: 1, nick: 'juliet', on, settings, options: { servers: {}, ...options } });
    return { us, done };
  };

  test('the proxy gets the name, unresolved; lines go both ways', async () => {
    proxy = await startSocksProxy(() => ircd.port);
    const { us, done } = connecting('does-not-exist.onion', { proxy: `socks5://127.0.0.1:${proxy.port}` });
    await done;
    await using _ = us;
    expect(proxy.asked.all).toEqual(['does-not-exist.onion:6667']);
    await us.join('#tor');
    await us.say('#tor', 'x');
  });

  test('with a login, and TLS to the server behind it', async () => {
    proxy = await startSocksProxy(() => ircd.tls?.port ?? 0, { login: 'juliet:sesame' });
    const options = {
      tls: 'required',
      servers: { 'tls.test': { proxy: `socks5://juliet:sesame@127.0.0.1:${proxy.port}`, ca: ircd.tls?.ca } },
    };
    const { us, done } = connecting('tls.test', options);
    await done;
    await using _ = us;
    expect(proxy.asked.all).toEqual(['juliet:sesame@tls.test:6697']);
    await us.join('#tor');
  });

  test('addresses go as addresses', async () => {
    proxy = await startSocksProxy(() => ircd.port);
    const servers = { v4: { address: ['192.0.2.7:7000'] }, v6: { address: ['[2001:db8::7]:7000'] } };
    for (const [nick, on] of [
      ['a', 'v4'],
      ['b', 'v6'],
    ] as const) {
      const us = new TestSession();
      await openWith(us, { port: 1, nick, on, options: { servers, proxy: `socks5://127.0.0.1:${proxy.port}` } });
      await us[Symbol.asyncDispose]();
    }
    expect(proxy.asked.all).toEqual(['c0000207:7000', '20010db8000000000000000000000007:7000']);
  });

  test('what the server says with the proxy’s last word is not lost', async () => {
    await using puppet = await startPuppetIrcd();
    proxy = await startSocksProxy(() => puppet.port, { eager: 'PING :early\r\n' });
    const { us, done } = connecting('irc.example.org', { proxy: `socks5://127.0.0.1:${proxy.port}` });
    const server = await puppet.next();
    await server.expect(/^PONG :?early$/);
    await server.welcome();
    await done;
    await us[Symbol.asyncDispose]();
  });

  test.each([
    [1, /proxy .* did not let us through/],
    [2, /did not let us through/],
    [4, /cannot be reached/],
    [5, /refused the connection/],
    [99, /did not let us through/],
  ])('its refusal %i is told', async (reply, why) => {
    proxy = await startSocksProxy(() => ircd.port);
    proxy.reply = reply;
    const { done } = connecting('irc.example.org', { proxy: `socks5://127.0.0.1:${proxy.port}` });
    await expect(done).rejects.toMatchObject({ code: 'no-connection', message: expect.stringMatching(why) });
  });

  test('a proxy that is away, or wants a login, is never gone around', async () => {
    proxy = await startSocksProxy(() => ircd.port, { login: 'a:b' });
    for (const [where, why] of [
      [`127.0.0.1:${await freePort()}`, /The proxy .* cannot be reached/],
      [`127.0.0.1:${proxy.port}`, /The proxy .* wants a login/],
      [`c:d@127.0.0.1:${proxy.port}`, /The proxy .* wants a login/],
    ] as const) {
      const { done } = connecting('irc.example.org', { proxy: `socks5://${where}` });
      await expect(done).rejects.toMatchObject({ message: expect.stringMatching(why) });
      await expect(done).rejects.not.toMatchObject({ message: expect.stringMatching(/c:d/) });
    }
    expect(proxy.asked.all).toEqual([]);
  });

  test('a proxy that hangs up is not taken for the server', async () => {
    await using puppet = await startPuppetIrcd();
    const { done } = connecting('irc.example.org', { proxy: `socks5://127.0.0.1:${puppet.port}` });
    done.catch(() => {});
    (await puppet.next()).cut();
    await expect(done).rejects.toMatchObject({ message: expect.stringMatching(/The proxy .* did not let us through/) });
  });

  test.each(['localhost', '10.0.0.1', 'printer', 'nas.local'])(
    'users do not reach the proxy’s own network: %s',
    async (on) => {
      proxy = await startSocksProxy(() => ircd.port);
      const { done } = connecting(on, { proxy: `socks5://127.0.0.1:${proxy.port}` });
      await expect(done).rejects.toMatchObject({ code: 'network-refused' });
      expect(proxy.asked.all).toEqual([]);
    },
  );

  test('a proxy of a user’s own must be public; the operator’s is not to be got round', async () => {
    proxy = await startSocksProxy(() => ircd.port);
    const own = { proxy: `socks5://127.0.0.1:${proxy.port}` };
    await expect(connecting('irc.example.org', {}, own).done).rejects.toMatchObject({ code: 'network-refused' });
    const { us, done } = connecting('irc.example.org', { privateAddresses: true }, own);
    await done;
    await us[Symbol.asyncDispose]();
    const dead = `socks5://127.0.0.1:${await freePort()}`;
    await expect(connecting('irc.example.org', { proxy: dead }, own).done).rejects.toMatchObject({
      message: expect.stringMatching(/proxy/),
    });
  });
});
