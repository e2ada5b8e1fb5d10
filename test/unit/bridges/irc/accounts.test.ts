/** Accounts with real services (InspIRCd and atheme), and with a server that has the newest of everything. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { fingerprintsOf, makeCertificate } from '../../../../bridges/irc/certificate.ts';
import { chatId } from '../../../../src/bridge/index.ts';
import { connectIrc, type IrcClient } from '../../../harness/irc-client.ts';
import { connectSession, live, type TestSession } from '../../../harness/irc-session.ts';
import { type Modern, startModern } from '../../../harness/modern.ts';
import { type IrcdWithServices, startWithServices } from '../../../harness/services.ts';

const sessions: TestSession[] = [];
afterEach(async () => {
  for (const session of sessions.splice(0)) await session[Symbol.asyncDispose]();
});
async function connect(...args: Parameters<typeof connectSession>): Promise<TestSession> {
  const made = await connectSession(...args);
  sessions.push(made);
  return made;
}

/** The account of somebody, as the server tells it. */
async function accountOf(watcher: IrcClient, nick: string): Promise<string | undefined> {
  const since = watcher.inbox.all.length;
  watcher.send(`WHOIS ${nick}`);
  await watcher.roundtrip();
  return / 330 \S+ \S+ (\S+) /.exec(watcher.seen(/ 330 /, since).join('\n'))?.[1];
}

describe('InspIRCd and atheme', () => {
  let ircd: IrcdWithServices;
  let watcher: IrcClient;
  let certificate = '';
  beforeAll(async () => {
    ircd = await startWithServices();
    watcher = await connectIrc({ port: ircd.port, nick: 'watcher' });
    const juliet = await connectIrc({ port: ircd.port, nick: 'juliet' });
    juliet.say('NickServ', 'REGISTER sesame juliet@verona.example');
    await juliet.expect(/NickServ!\S+ NOTICE \S+ :.* is now registered to /);
    certificate = makeCertificate('juliet', Date.now());
    juliet.say('NickServ', `CERT ADD ${fingerprintsOf(certificate).sha256}`);
    await juliet.expect(/NickServ!\S+ NOTICE \S+ :.*(?:Added|added).*fingerprint/);
    const nurse = await connectIrc({ port: ircd.port, nick: 'nurse' });
    nurse.say('NickServ', 'REGISTER sesame nurse@verona.example');
    await nurse.expect(/NickServ!\S+ NOTICE \S+ :.* is now registered to /);
    nurse.close();
    await nurse.inbox.take(() => false, 'the end').catch(() => {});
    juliet.close();
    await juliet.inbox.take(() => false, 'the end').catch(() => {});
  }, 60_000);
  afterAll(() => ircd[Symbol.asyncDispose]());
  const overTls = () => ({
    port: ircd.port,
    options: { tls: 'required', servers: { 'irc.test': { address: [`localhost:${ircd.tls?.port}`] } } },
  });

  test('PLAIN, under any nick', async () => {
    await connect({
      port: ircd.port,
      nick: 'jules',
      settings: { sasl_username: 'juliet', sasl_password: 'sesame' },
    });
    expect(await accountOf(watcher, 'jules')).toBe('juliet');
  });

  test('45-30 a wrong password is refused in the words of the services, and at once the second time', async () => {
    const wrong = { port: ircd.port, nick: 'jules', settings: { sasl_username: 'juliet', sasl_password: 'wrong' } };
    await expect(connect(wrong)).rejects.toMatchObject({
      code: 'login-refused',
      message: expect.stringMatching(/SASL authentication failed|[Ii]nvalid/),
    });
  });

  test('EXTERNAL, by the certificate that we made', async () => {
    const settings = { client_certificate: certificate, verify_cert: false, sasl_username: 'juliet' };
    await connect({ ...overTls(), nick: 'jules', settings });
    expect(await accountOf(watcher, 'jules')).toBe('juliet');
  });

  test('NickServ is told the password where that is what is set', async () => {
    const us = await connect({ port: ircd.port, nick: 'juliet', settings: { nickserv_password: 'sesame' } });
    await us.event(
      'message',
      ({ nick, content }) => nick === 'NickServ' && /identified/.test(content.text?.plain ?? ''),
    );
    expect(await accountOf(watcher, 'juliet')).toBe('juliet');
  });

  test.each([
    ['NickServ', 'juliet', { nickserv_password: 'sesame' }],
    ['SASL', 'nurse', { sasl_password: 'sesame' }],
  ])('the nick is taken back from a ghost, by what was proved to %s', async (_way, nick, settings) => {
    const ghost = await connectIrc({ port: ircd.port, nick });
    const us = await connect({ port: ircd.port, nick, settings });
    await ghost.expect(new RegExp(`^ERROR |^:${nick}!\\S+ NICK `));
    for (;;) {
      await us.live.rooms?.join(chatId('#balcony'), { nick }, live());
      if (us.live.me === nick) break;
      await us.live.rooms?.leave(chatId('#balcony'), undefined, live());
    }
  });
});

describe('a server with the newest of everything', () => {
  let ircd: Modern;
  beforeAll(async () => {
    ircd = await startModern(['localhost'], {
      accounts: [{ name: 'juliet', password: 'pencil' }],
      registration: { beforeConnect: true, emailRequired: true, customName: true, verify: true },
    });
  });
  afterAll(() => ircd[Symbol.asyncDispose]());

  test.each(['SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'])('%s', async (sasl_mechanism) => {
    const settings = { sasl_username: 'juliet', sasl_password: 'pencil', sasl_mechanism };
    const us = await connect({ port: ircd.port, nick: 'jules', settings });
    const watcher = await connectIrc({ port: ircd.port, nick: 'watcher' });
    expect(await accountOf(watcher, 'jules')).toBe('juliet');
    watcher.close();
    await us.live.end('bye');
  });

  test('a wrong password', async () => {
    const settings = { sasl_username: 'juliet', sasl_password: 'wrong' };
    await expect(connect({ port: ircd.port, nick: 'jules', settings })).rejects.toMatchObject({
      code: 'login-refused',
    });
  });

  test('an account is registered and verified over IRC, and can be logged into', async () => {
    const us = await connect({ port: ircd.port, nick: 'romeo' });
    const { accountRegistration } = us.live;
    const registered = await accountRegistration?.register('romeo@verona.example', 'sesame', live());
    expect(registered).toMatchObject({ account: 'romeo', needsCode: true });
    await expect(accountRegistration?.verify('romeo', 'nonsense', live())).rejects.toMatchObject({
      code: 'bad-request',
    });
    const code = ircd.server.mails.at(-1)?.code ?? '';
    expect(await accountRegistration?.verify('romeo', code, live())).toMatchObject({ needsCode: false });
    await us.live.end('bye');
    await connect({ port: ircd.port, nick: 'romeo', settings: { sasl_password: 'sesame' } });
  });
});
