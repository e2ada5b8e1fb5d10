/** Logging in while connecting: mechanisms from the strongest down, chunks, refusals, and what is done without. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeCertificate } from '../../../../bridges/irc/certificate.ts';
import type { Settings } from '../../../../src/core/settings.ts';
import { openWith, TestSession, type TestSessionOptions } from '../../../harness/irc-session.ts';
import { createManualClock, settle } from '../../../harness/manual-clock.ts';
import { type PuppetClient, type PuppetIrcd, startPuppetIrcd } from '../../../harness/puppet-ircd.ts';
import { type ScramServer, scramServer } from '../../../harness/scram-server.ts';

let ircd: PuppetIrcd;
beforeEach(async () => {
  ircd = await startPuppetIrcd();
});
afterEach(() => ircd[Symbol.asyncDispose]());

const account = { name: 'juliet', password: 'pencil' };
const password = { sasl_password: account.password };

function connecting(settings: Settings, more: Partial<TestSessionOptions> = {}) {
  const us = new TestSession();
  const done = openWith(us, { port: ircd.port, nick: 'juliet', settings, ...more }).then(
    () => us,
    (error: unknown) => error,
  );
  return { us, done };
}

const asBase64 = (text: string): string => Buffer.from(text).toString('base64');
const fromBase64 = (text: string): string => Buffer.from(text, 'base64').toString();

/** As far as the capability is granted. */
async function granted(mechanisms: string): Promise<PuppetClient> {
  const server = await ircd.next();
  await server.expect(/^USER /);
  server.say(`:s.test CAP * LS :sasl${mechanisms === '' ? '' : '='}${mechanisms} batch`);
  await server.expect(/^CAP REQ :(?=.*sasl)(?=.*batch)/);
  server.say(':s.test CAP juliet ACK :sasl batch');
  return server;
}

/** What the client answers, put together from its chunks. */
async function answer(server: PuppetClient): Promise<string> {
  let text = '';
  for (;;) {
    const [, part = ''] = await server.expect(/^AUTHENTICATE (\S+)$/);
    if (part !== '+') text += part;
    if (part.length < 400) return fromBase64(text);
  }
}

async function welcome(server: PuppetClient): Promise<void> {
  server.say(':s.test 900 juliet juliet!j@h juliet :You are now logged in as juliet', ':s.test 903 juliet :Success');
  await server.expect(/^CAP END$/);
  server.say(':s.test 001 juliet :hi', ':s.test 422 juliet :none');
}

async function playScram(server: PuppetClient, scram: ScramServer): Promise<string | undefined> {
  server.say('AUTHENTICATE +');
  server.say(`AUTHENTICATE ${asBase64(scram.first(await answer(server)))}`);
  return scram.final(await answer(server));
}

describe('being logged in', () => {
  test.each([
    ['PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,FOO', 'SCRAM-SHA-512', 'sha512'],
    ['PLAIN,SCRAM-SHA-256', 'SCRAM-SHA-256', 'sha256'],
  ] as const)('of %s the strongest, both sides proved', async (offer, name, hash) => {
    const { us, done } = connecting(password);
    const server = await granted(offer);
    await server.expect(new RegExp(`^AUTHENTICATE ${name}$`));
    const last = await playScram(server, scramServer(hash, account));
    server.say(`AUTHENTICATE ${asBase64(last ?? '')}`);
    await server.expect(/^AUTHENTICATE \+$/);
    await welcome(server);
    expect(await done).toBe(us);
    await us[Symbol.asyncDispose]();
  });

  test.each(['PLAIN', ''])('PLAIN where there is no better one (%s)', async (offer) => {
    const { us, done } = connecting({ ...password, sasl_username: 'capulet' });
    const server = await granted(offer);
    await server.expect(/^AUTHENTICATE PLAIN$/);
    server.say('AUTHENTICATE +');
    expect(await answer(server)).toBe('capulet\0capulet\0pencil');
    await welcome(server);
    expect(await done).toBe(us);
    await us[Symbol.asyncDispose]();
  });

  test.each([299, 400, 137])('a long password goes in chunks of 400, ended by a shorter one (%i)', async (length) => {
    const { us, done } = connecting({
      sasl_password: 'p'.repeat(Math.min(length, 300)),
      sasl_username: 'u'.repeat(length > 299 ? 149 : 3),
    });
    const server = await granted('PLAIN');
    await server.expect(/^AUTHENTICATE PLAIN$/);
    server.say('AUTHENTICATE +');
    expect(await answer(server)).toMatch(/p{137,300}$/);
    await welcome(server);
    await done;
    await us[Symbol.asyncDispose]();
  });

  test('the mechanism that is set is the only one', async () => {
    const { us, done } = connecting({ ...password, sasl_mechanism: 'PLAIN' });
    const server = await granted('SCRAM-SHA-512,PLAIN');
    await server.expect(/^AUTHENTICATE PLAIN$/);
    server.say('AUTHENTICATE +');
    await answer(server);
    await welcome(server);
    await done;
    await us[Symbol.asyncDispose]();
  });

  test('an account that cannot do SCRAM is tried with the next mechanism', async () => {
    const { us, done } = connecting(password);
    const server = await granted('SCRAM-SHA-256,PLAIN');
    await server.expect(/^AUTHENTICATE SCRAM-SHA-256$/);
    server.say('AUTHENTICATE +');
    await answer(server);
    server.say(':s.test 904 juliet :SASL authentication failed');
    await server.expect(/^AUTHENTICATE PLAIN$/);
    server.say('AUTHENTICATE +');
    await answer(server);
    await welcome(server);
    expect(await done).toBe(us);
    await us[Symbol.asyncDispose]();
  });

  test('a server that names other mechanisms late is believed (908)', async () => {
    const { done } = connecting(password);
    const server = await granted('SCRAM-SHA-512,SCRAM-SHA-256,PLAIN');
    await server.expect(/^AUTHENTICATE SCRAM-SHA-512$/);
    server.say(':s.test 908 juliet EXTERNAL,PLAIN :are available', ':s.test 904 juliet :failed');
    await server.expect(/^AUTHENTICATE PLAIN$/);
    server.say(':s.test 904 juliet :failed');
    expect(await done).toMatchObject({ code: 'login-refused' });
  });
});

describe('being refused', () => {
  test.each([
    '902 juliet :You must use a nick assigned to you',
    '904 juliet :SASL authentication failed',
    '905 juliet :Too long',
  ])("45-30 the login fails in the server's words, and nothing is joined: %s", async (line) => {
    const { done } = connecting(password);
    const server = await granted('PLAIN');
    await server.expect(/^AUTHENTICATE PLAIN$/);
    server.say('AUTHENTICATE +');
    await answer(server);
    server.say(`:s.test ${line}`);
    const error = await done;
    expect(error).toMatchObject({ code: 'login-refused', condition: 'not-authorized' });
    expect(error).toMatchObject({ message: line.replace(/^.*:/, '') });
    await expect(server.lines.take((one) => one === 'CAP END', 'the end')).rejects.toThrow(/gone/);
  });

  test('a wrong password is not tried a second time with a weaker mechanism', async () => {
    const { done } = connecting({ sasl_password: 'wrong' });
    const server = await granted('SCRAM-SHA-256,PLAIN');
    await server.expect(/^AUTHENTICATE SCRAM-SHA-256$/);
    expect(await playScram(server, scramServer('sha256', account))).toBeUndefined();
    server.say(':s.test 904 juliet :SASL authentication failed');
    expect(await done).toMatchObject({ code: 'login-refused', message: 'SASL authentication failed' });
    expect(server.lines.all.some((line) => line.includes('PLAIN'))).toBe(false);
  });

  test.each(['forged', 'left out'])('a server whose proof is %s is not believed', async (how) => {
    const { done } = connecting(password);
    const server = await granted('SCRAM-SHA-256');
    await server.expect(/^AUTHENTICATE SCRAM-SHA-256$/);
    const last = await playScram(server, scramServer('sha256', account, { forge: true }));
    if (how === 'forged') server.say(`AUTHENTICATE ${asBase64(last ?? '')}`);
    else server.say(':s.test 903 juliet :Success');
    expect(await done).toMatchObject({ code: 'login-refused', message: expect.stringMatching(/prove/) });
  });

  test('no mechanism that both have', async () => {
    const { done } = connecting(password);
    await granted('ECDSA-NIST256P-CHALLENGE,EXTERNAL');
    expect(await done).toMatchObject({
      code: 'login-refused',
      message: expect.stringMatching(/no way to log in on irc\.test.*EXTERNAL/),
    });
  });

  test('endless words of the server are broken off', async () => {
    const { done } = connecting(password);
    const server = await granted('SCRAM-SHA-256');
    await server.expect(/^AUTHENTICATE SCRAM/);
    server.say('AUTHENTICATE +');
    await answer(server);
    for (let at = 0; at < 50; at++) server.say(`AUTHENTICATE ${'A'.repeat(400)}`);
    expect(await done).toMatchObject({ code: 'login-refused', message: expect.stringMatching(/too much/) });
  });

  test('after a reconnect it is the end of the session, and not tried again', async () => {
    const clock = createManualClock();
    const { us, done } = connecting(password, { clock });
    const server = await granted('PLAIN');
    await server.expect(/^AUTHENTICATE PLAIN$/);
    server.say('AUTHENTICATE +');
    await answer(server);
    await welcome(server);
    await done;
    server.cut();
    await us.event('state', (event) => event.state === 'reconnecting');
    await clock.advance(3000);
    const again = await granted('PLAIN');
    await again.expect(/^AUTHENTICATE PLAIN$/);
    again.say(':s.test 904 juliet :The account was deleted');
    expect(await us.event('state', (event) => event.state === 'ended')).toMatchObject({
      reason: { code: 'login-refused' },
      text: 'The account was deleted',
    });
    const third = ircd.next().then(() => 'connected');
    await clock.advance(3_600_000);
    expect(await Promise.race([third, settle().then(() => 'quiet')])).toBe('quiet');
  });
});

describe('without', () => {
  test('a server that has no SASL lets us in, and it is said', async () => {
    const { us, done } = connecting(password);
    await (await ircd.next()).welcome({ caps: 'batch' });
    await done;
    await using _ = us;
    await us.event('notice', ({ text }) => /offers no login/.test(text.plain));
  });

  test('services that have gone amid the login (906) keep nobody out, and are no reason to wait for the owner', async () => {
    const clock = createManualClock();
    const { us, done } = connecting(password, { clock });
    const server = await granted('PLAIN');
    await server.expect(/^AUTHENTICATE PLAIN$/);
    server.say(':s.test 906 * :SASL authentication aborted');
    await server.expect(/^CAP END$/);
    server.say(':s.test 001 juliet :hi', ':s.test 422 juliet :none');
    expect(await done).toBe(us);
    await using _ = us;
    await us.event('notice', ({ text }) => /offers no login/.test(text.plain));
    server.say(':s.test CAP juliet DEL :sasl', ':s.test CAP juliet NEW :sasl=PLAIN');
    await server.expect(/^CAP REQ sasl$/);
    server.say(':s.test CAP juliet ACK :sasl');
    await server.expect(/^AUTHENTICATE PLAIN$/);
    server.say('AUTHENTICATE +');
    expect(await answer(server)).toBe('juliet\0juliet\0pencil');
  });

  test('when it comes back later the login is made up for; its refusal then is a notice', async () => {
    const { us, done } = connecting(password);
    const server = await (await ircd.next()).welcome({ caps: 'batch' });
    await done;
    await using _ = us;
    server.say(':s.test CAP juliet NEW :sasl=PLAIN');
    await server.expect(/^CAP REQ sasl$/);
    server.say(':s.test CAP juliet ACK :sasl');
    await server.expect(/^AUTHENTICATE PLAIN$/);
    server.say('AUTHENTICATE +');
    await answer(server);
    server.say(':s.test 904 juliet :No such account');
    await us.event('notice', ({ text }) => text.plain === 'No such account');
    server.say('PING :still');
    await server.expect(/^PONG :?still$/);
    expect(server.lines.all.filter((line) => line === 'CAP END')).toHaveLength(1);
  });

  test('a password never leads to plain text where TLS was preferred', async () => {
    const options = { tls: 'preferred', servers: { 'irc.test': { address: [`127.0.0.1:${ircd.port}`] } } };
    const { done } = connecting(password, { options });
    const client = await ircd.next();
    client.say(':s.test NOTICE * :no TLS here');
    expect(await done).toMatchObject({ code: 'no-connection', message: expect.stringMatching(/TLS/) });
    expect(client.lines.all.join('')).not.toMatch(/NICK/);
  });
});

describe('by certificate', () => {
  const certificate = { client_certificate: makeCertificate('juliet', Date.UTC(2026, 0, 1)), verify_cert: false };
  let secure: PuppetIrcd;
  beforeEach(async () => {
    secure = await startPuppetIrcd(certificate.client_certificate);
  });
  afterEach(() => secure[Symbol.asyncDispose]());
  const options = () => ({ tls: 'required', servers: { 'irc.test': { address: [`127.0.0.1:${secure.port}`] } } });
  async function offered(mechanisms: string): Promise<PuppetClient> {
    const server = await secure.next();
    await server.expect(/^USER /);
    server.say(`:s.test CAP * LS :sasl=${mechanisms}`);
    await server.expect(/^CAP REQ sasl$/);
    server.say(':s.test CAP juliet ACK :sasl');
    return server;
  }

  test('EXTERNAL comes before every password', async () => {
    const { us, done } = connecting({ ...certificate, ...password }, { options: options() });
    const server = await offered('PLAIN,EXTERNAL,SCRAM-SHA-256');
    await server.expect(/^AUTHENTICATE EXTERNAL$/);
    server.say('AUTHENTICATE +');
    expect(await answer(server)).toBe('');
    await welcome(server);
    expect(await done).toBe(us);
    await us[Symbol.asyncDispose]();
  });

  test('one that the services do not know yet keeps nobody out', async () => {
    const { us, done } = connecting(certificate, { options: options() });
    const server = await offered('EXTERNAL');
    await server.expect(/^AUTHENTICATE EXTERNAL$/);
    server.say('AUTHENTICATE +');
    await answer(server);
    server.say(':s.test 904 juliet :SASL authentication failed');
    await server.expect(/^CAP END$/);
    server.say(':s.test 001 juliet :hi', ':s.test 422 juliet :none');
    expect(await done).toBe(us);
    await us.event('notice', ({ text }) => /certificate did not log you in/.test(text.plain));
    await us[Symbol.asyncDispose]();
  });

  test('unless it is what was asked for', async () => {
    const { done } = connecting({ ...certificate, sasl_mechanism: 'EXTERNAL' }, { options: options() });
    const server = await offered('PLAIN');
    expect(await done).toMatchObject({ code: 'login-refused' });
    expect(server.lines.all.some((line) => line.startsWith('AUTHENTICATE'))).toBe(false);
  });
});
