/** What servers are told of a user beside IRC: by the identd, by WEBIRC, by the address that we come from. */
import { createHash } from 'node:crypto';
import { createConnection, isIPv6 } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { forServer, ircConfig } from '../../../../bridges/irc/config.ts';
import { createIdentd, type Identd } from '../../../../bridges/irc/identd.ts';
import { profileOf } from '../../../../bridges/irc/settings.ts';
import { webircOf } from '../../../../bridges/irc/webirc.ts';
import { startInspircd } from '../../../harness/inspircd.ts';
import { connectIrc } from '../../../harness/irc-client.ts';
import { connectSession, openWith, TestSession } from '../../../harness/irc-session.ts';
import type { Ircd } from '../../../harness/ircd.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { freePort } from '../../../harness/ports.ts';
import { startPuppetIrcd } from '../../../harness/puppet-ircd.ts';
import { silentLog } from '../../../harness/silent-log.ts';

const juliet = createHash('sha1').update('juliet@example.org').digest('hex');

/** All that the identd answers until it closes. */
function ask(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
  });
}

describe('the identd', () => {
  let identd: Identd | undefined;
  afterEach(() => identd?.close());

  async function listening(clock = createManualClock()): Promise<number> {
    identd = createIdentd({ port: 0, host: '127.0.0.1', clock, log: silentLog });
    await identd.listen();
    return identd.port ?? 0;
  }
  const identify = (ports: object, owner = 'juliet@example.org') =>
    identd?.identify({ localPort: 5000, remotePort: 6667, remoteAddress: '127.0.0.1', ...ports } as never, owner);

  test("RFC 1413: answers with a hash of the JID, as biboumi's", async () => {
    const port = await listening();
    const forget = identify({});
    expect(await ask(port, '5000, 6667\r\n')).toBe(`5000, 6667 : USERID : UNIX : ${juliet}\r\n`);
    expect(await ask(port, ' 5000,6667 \n')).toContain(juliet);
    forget?.();
    const clock = createManualClock();
    identd?.close();
    const again = await listening(clock);
    const asked = ask(again, '5000, 6667\r\n');
    await until(() => clock.waiting === 2);
    await clock.advance(2000);
    expect(await asked).toBe('5000, 6667 : ERROR : NO-USER\r\n');
  });

  test('who asks before we know that we are connected gets the answer then', async () => {
    const clock = createManualClock();
    const port = await listening(clock);
    const asked = ask(port, '5000, 6667\r\n');
    await until(() => clock.waiting === 2);
    identify({ remoteAddress: '::ffff:127.0.0.1' });
    expect(await asked).toContain(juliet);
  });

  test('another host is told nothing of a connection that is not its own', async () => {
    const clock = createManualClock();
    const port = await listening(clock);
    identify({ remoteAddress: '192.0.2.1' });
    const asked = ask(port, '5000, 6667\r\n');
    await until(() => clock.waiting === 2);
    await clock.advance(2000);
    expect(await asked).toContain('NO-USER');
  });

  test.each(['hello\r\n', '0, 1\r\n', '1, 65536\r\n', '1\r\n', 'x'.repeat(70)])(
    'what is no question: %j',
    async (text) => {
      expect(await ask(await listening(), text)).toMatch(/ : ERROR : INVALID-PORT\r\n$/);
    },
  );

  test('who says nothing is not waited for', async () => {
    const clock = createManualClock();
    const asked = ask(await listening(clock), '');
    await until(() => clock.waiting === 1);
    await clock.advance(10_000);
    expect(await asked).toBe('');
  });

  test('a port that is taken is done without', async () => {
    const port = await listening();
    const second = createIdentd({ port, host: '127.0.0.1', clock: createManualClock(), log: silentLog });
    await second.listen();
    expect(second.port).toBeUndefined();
  });

  test('the connections of a session are known, until they end', async () => {
    await using ircd = await startPuppetIrcd();
    const port = await freePort();
    const us = new TestSession();
    const options = { identd: { port, host: '127.0.0.1' } };
    const done = openWith(us, { port: ircd.port, nick: 'juliet', options });
    const server = await ircd.next();
    const asked = await ask(port, `${server.theirPort}, ${ircd.port}\r\n`);
    expect(asked).toContain(juliet);
    await server.welcome();
    await done;
    await us[Symbol.asyncDispose]();
  });
});

describe('WEBIRC', () => {
  test.each([
    ['that the operator has not listed', { servers: {} }, {}, false],
    ['that is listed', {}, {}, true],
    [
      'that has a word of its own',
      { webirc: 'off', servers: { 'irc.test': { webirc: { password: 'own' } } } },
      {},
      true,
    ],
    ['that its user has set elsewhere', {}, { address: 'irc.evil.example' }, false],
    ['on a port that its user has set', {}, { tls_ports: ['7000'] }, false],
    ['behind a proxy of its user', {}, { proxy: 'socks5://proxy.example:1080' }, false],
    ['whose certificate its user does not verify', {}, { verify_cert: false }, false],
    ['whose certificate its user knows', {}, { fingerprint: 'a'.repeat(64) }, true],
  ])('the password is for listed servers as they are: one %s', (_what, options, settings, isSaid) => {
    const config = ircConfig.parse({ webirc: { password: 'sesame' }, servers: { 'irc.test': {} }, ...options });
    const who = { owner: 'juliet@example.org', nick: 'juliet' };
    const { webirc } = profileOf(config, forServer(config, 'irc.test'), who, settings).server;
    expect(webirc !== undefined).toBe(isSaid);
  });

  const own = { password: 'sesame', gateway: 'isthmus' };

  test('each user has an address in fd00::/8 that tells nothing to who does not have the password', () => {
    const told = webircOf(own, 'juliet@example.org');
    expect(told).toEqual(webircOf(own, 'juliet@example.org'));
    expect(told).toMatchObject({ password: 'sesame', username: 'isthmus', hostname: told.address });
    const all = Array.from({ length: 200 }, (_unused, at) => webircOf(own, `user${at}@example.org`).address);
    expect(new Set(all).size).toBe(200);
    for (const address of all) {
      expect(isIPv6(address), address).toBe(true);
      expect(address).toMatch(/^fd/);
    }
    expect(webircOf({ ...own, password: 'other' }, 'juliet@example.org').address).not.toBe(told.address);
  });

  test('comes before everything else', async () => {
    await using ircd = await startPuppetIrcd();
    const us = new TestSession();
    const done = openWith(us, { port: ircd.port, nick: 'juliet', options: { webirc: { password: 'sesame' } } });
    const server = await (await ircd.next()).welcome();
    await done;
    await using _ = us;
    const { address } = webircOf(own, 'juliet@example.org');
    expect(server.lines.all.slice(0, 2)).toEqual([`WEBIRC sesame isthmus ${address} ${address} `, 'CAP LS 302']);
  });
});

describe('with InspIRCd', () => {
  let ircd: Ircd;
  beforeAll(async () => {
    ircd = await startInspircd({ webirc: true });
  });
  afterAll(() => ircd[Symbol.asyncDispose]());

  async function hostOf(nick: string): Promise<string> {
    const root = await connectIrc({ port: ircd.port, nick: `root${nick}` });
    root.send('OPER root rootpw');
    await root.expect(/ 381 /);
    root.send(`WHOIS ${nick}`);
    return (await root.expect(/ 378 .* :is connecting from (.*)$/))[1] ?? '';
  }

  test('WEBIRC: the server sees the address that we tell, not ours', async () => {
    const options = { webirc: { password: 'webircpw' } };
    const us = await connectSession({ port: ircd.port, nick: 'juliet', options });
    await using _ = us;
    const { address } = webircOf({ password: 'webircpw', gateway: 'isthmus' }, 'juliet@example.org');
    expect(await hostOf('juliet')).toContain(address);
  });

  test('of a list of addresses each user has one to come from', async () => {
    const bind = ['127.0.0.21', '127.0.0.22'];
    const seen = new Set<string>();
    for (const [at, owner] of ['a@x', 'b@x', 'c@x', 'd@x', 'e@x', 'f@x'].entries()) {
      const us = await connectSession({ port: ircd.port, nick: `pool${at}`, owner, options: { bind } });
      seen.add((await hostOf(`pool${at}`)).split(' ').at(-1) ?? '');
      await us[Symbol.asyncDispose]();
    }
    expect([...seen].sort()).toEqual(bind);
  });
});

/** Turns of the loop, until something has come over the socket. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
