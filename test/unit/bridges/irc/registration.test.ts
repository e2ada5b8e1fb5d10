/** From the first connection to being let in: nicks, refusals, ports in turn, queues, silence. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectSession, openWith, TestSession } from '../../../harness/irc-session.ts';
import { createManualClock, settle } from '../../../harness/manual-clock.ts';
import { freePort } from '../../../harness/ports.ts';
import { type PuppetIrcd, startPuppetIrcd } from '../../../harness/puppet-ircd.ts';

let ircd: PuppetIrcd;
beforeEach(async () => {
  ircd = await startPuppetIrcd();
});
afterEach(() => ircd[Symbol.asyncDispose]());

const connecting = (nick = 'juliet', options: object = {}, tested = new TestSession()) => {
  const done = openWith(tested, { port: ircd.port, nick, options }).then(
    () => tested,
    (error: unknown) => error,
  );
  return { tested, done };
};

describe('being let in', () => {
  test('nothing of the JID is told: the user name is made of the nick', async () => {
    const { done, tested } = connecting('Juliet[x]');
    const client = await ircd.next();
    await client.welcome();
    await done;
    await using _ = tested;
    expect(client.lines.all.filter((line) => line.startsWith('USER'))).toEqual(['USER julietx 0 * Juliet[x]']);
    expect(client.lines.all.join('\n')).not.toMatch(/example\.org/);
    expect(tested.live.me).toBe('juliet{x}');
  });

  test('the nick that the server gave is ours', async () => {
    const { done, tested } = connecting('juliet');
    const client = await ircd.next();
    await client.expect(/^USER/);
    client.say(':s.test 001 Juliet1 :hi', ':s.test 422 Juliet1 :none');
    await done;
    await using _ = tested;
    expect(tested.live.me).toBe('juliet1');
  });

  test('a PING before the welcome is answered, the MOTD is one notice', async () => {
    const { done, tested } = connecting();
    const client = await ircd.next();
    await client.expect(/^USER/);
    client.say('PING :cookie');
    await client.expect(/^PONG :?cookie$/);
    client.say(
      ':s.test 001 juliet :hi',
      ':s.test 375 juliet :- s.test',
      ':s.test 372 juliet :- one',
      ':s.test 372 juliet :- \x02two',
    );
    client.say(':s.test 376 juliet :End');
    await done;
    await using _ = tested;
    expect((await tested.event('notice')).text.plain).toBe('one\ntwo');
  });

  test('capabilities: echo and labels are asked for where offered', async () => {
    const { done, tested } = connecting();
    const client = await ircd.next();
    await client.welcome({ caps: 'echo-message labeled-response batch message-tags sasl=PLAIN away-notify' });
    await done;
    await using _ = tested;
    const asked = client.lines.all.find((line) => line.startsWith('CAP REQ'));
    expect(asked).toMatch(/echo-message/);
    expect(asked).toMatch(/labeled-response/);
    expect(asked).not.toMatch(/sasl/);
  });

  test('that names are looked up is told to nobody; what else a server has to say before the welcome is', async () => {
    const { done, tested } = connecting();
    const client = await ircd.next();
    await client.expect(/^USER/);
    for (const said of [
      '*** Looking up your hostname...',
      '*** Checking Ident',
      "*** Couldn't look up your hostname",
      '*** If you are having problems connecting due to ping timeouts, please type /quote PONG 4B0A now.',
    ])
      client.say(`:s.test NOTICE * :${said}`);
    client.say(':s.test 439 * :Please wait while we process your connection.');
    client.say(':s.test NOTICE * :*** This server closes at noon', ':s.test 001 juliet :hi', ':s.test 376 juliet :End');
    await done;
    await using _ = tested;
    expect((await tested.event('notice')).text.plain).toBe('*** This server closes at noon');
  });

  test('a server whose MOTD never ends lets us in all the same', async () => {
    const clock = createManualClock();
    const tested = new TestSession();
    const done = openWith(tested, { port: ircd.port, nick: 'juliet', clock });
    const client = await ircd.next();
    await client.expect(/^USER/);
    client.say(':s.test 001 juliet :hi', 'PING :mark');
    await client.expect(/^PONG :?mark/);
    await clock.advance(5000);
    await done;
    await using _ = tested;
    expect(tested.live.me).toBe('juliet');
  });
});

describe('not being let in', () => {
  test.each([
    ['433 * juliet :Nickname is already in use', 'nick-taken', /juliet is in use on irc\.test/],
    ['432 * juliet :Erroneous nickname', 'bad-nick', /^juliet: Erroneous nickname$/],
    [
      '432 * jüliet :Erroneous nickname',
      'bad-nick',
      /^jüliet is not .*\(Erroneous nickname\).*A to Z.*letter in front/,
    ],
    ['432 * 1juliet :Erroneous nickname', 'bad-nick', /A to Z/],
    ['432 * juliet-of-the-capulets :Erroneous nickname', 'bad-nick', /too long/],
    ['432 * :Erroneous nickname', 'bad-nick', /^Erroneous nickname$/],
    ['465 juliet :You are banned', 'network-refused', /You are banned/],
    [
      '010 juliet other.test 6667 :Please use this server instead',
      'network-refused',
      /^irc\.test sends its users on to other\.test, port 6667\..*#room%other\.test,.*operator/,
    ],
    ['464 * :Password incorrect', 'login-refused', /Password incorrect/],
  ])('45-30 %s', async (line, code, text) => {
    const { done } = connecting();
    const client = await ircd.next();
    await client.expect(/^USER/);
    client.say(`:s.test ${line}`);
    expect(await done).toMatchObject({ code, message: expect.stringMatching(text) });
    await expect(client.lines.take(() => false, 'nothing')).rejects.toThrow(/gone/);
  });

  test("the server's last words are passed on", async () => {
    const { done } = connecting();
    const client = await ircd.next();
    await client.expect(/^USER/);
    client.say('ERROR :Closing Link: (Throttled: reconnecting too fast)');
    client.end();
    expect(await done).toMatchObject({
      code: 'no-connection',
      message: expect.stringMatching(/irc\.test .*Throttled/),
    });
  });

  test('nothing listens: a sentence that says so', async () => {
    const port = await freePort();
    await expect(connectSession({ port, nick: 'a' })).rejects.toMatchObject({
      code: 'no-connection',
      condition: 'remote-server-timeout',
      message: expect.stringMatching(/refused/),
    });
  });

  test('a name that nobody knows', async () => {
    const options = { servers: { 'irc.test': { address: ['no-such-host.invalid:6667'] } } };
    await expect(connectSession({ port: 1, nick: 'a', options })).rejects.toMatchObject({
      condition: expect.stringMatching(/remote-server/),
    });
  });

  test.each(['localhost', '127.1', '2130706433', '0x7f000001', '127.0.0.1', '::1'])(
    'users name no private server, however they write it: %s',
    async (on) => {
      const options = { servers: {}, ports: { plain: [ircd.port] } };
      await expect(connectSession({ port: ircd.port, on, nick: 'a', options })).rejects.toMatchObject({
        code: 'network-refused',
      });
    },
  );

  test('a server that takes the connection and stays silent', async () => {
    const clock = createManualClock();
    const tested = new TestSession();
    const done = openWith(tested, { port: ircd.port, nick: 'juliet', clock }).catch((error: unknown) => error);
    const client = await ircd.next();
    await client.expect(/^USER/);
    await clock.advance(61_000);
    expect(await done).toMatchObject({ code: 'no-connection', message: expect.stringMatching(/in time/) });
  });

  test.each(['', 'a b', 'a\r\nQUIT', ':x', '#x', 'x'.repeat(65)])(
    'a nick that cannot be one is refused before anything is sent: %j',
    async (nick) => {
      await expect(connectSession({ port: ircd.port, nick })).rejects.toMatchObject({ code: 'bad-nick' });
    },
  );

  test('TLS to a port that speaks none is never followed by plain text where TLS is required', async () => {
    const options = { tls: 'required', servers: { 'irc.test': { address: [`127.0.0.1:${ircd.port}`] } } };
    const { done } = connecting('juliet', options);
    const client = await ircd.next();
    client.say(':s.test NOTICE * :*** Looking up your hostname');
    expect(await done).toMatchObject({ code: 'no-connection', message: expect.stringMatching(/TLS/) });
    expect(client.lines.all.join('')).not.toMatch(/NICK|USER/);
  });

  test('where TLS is preferred, plain text follows, and is said', async () => {
    const options = { tls: 'preferred', servers: { 'irc.test': { address: [`127.0.0.1:${ircd.port}`] } } };
    const { done, tested } = connecting('juliet', options);
    const first = await ircd.next();
    first.say(':s.test NOTICE * :*** Looking up your hostname');
    const second = await ircd.next();
    await second.welcome();
    await done;
    await using _ = tested;
    await tested.event('notice', ({ text }) => /not encrypted/.test(text.plain));
  });

  test.each([
    ['where nothing listens', async () => `127.0.0.1:${await freePort()}`],
    ['whose name nobody knows', async () => 'no-such-host.invalid:6667'],
  ])('the next address is tried behind one %s', async (_, bad) => {
    const options = { servers: { 'irc.test': { address: [await bad(), `127.0.0.1:${ircd.port}`] } } };
    const { done, tested } = connecting('juliet', options);
    await (await ircd.next()).welcome();
    await done;
    await using _tested = tested;
    expect(tested.live.me).toBe('juliet');
  });

  test('the signal ends it at once', async () => {
    const tested = new TestSession();
    const { done } = connecting('juliet', {}, tested);
    const client = await ircd.next();
    await client.expect(/^USER/);
    tested.stop.abort(new Error('enough'));
    expect(await done).toMatchObject({ message: 'enough' });
    await expect(client.lines.take((line) => line.startsWith('QUIT'), 'no farewell')).rejects.toThrow(/gone/);
  });

  test('a place that waits is told, and can be given up', async () => {
    const clock = createManualClock();
    const tested = new TestSession();
    const options = { pace: { perServerPerMinute: 1, perServer: 1 } };
    const { irc, config } = await twoOnOneNetwork(options, clock);
    const one = irc.connect(
      { id: 'a', owner: 'a@x', on: 'irc.test', nick: 'one' },
      host(new TestSession()),
      tested.stop.signal,
    );
    await (await ircd.next()).welcome();
    await one;
    const giving = new AbortController();
    const two = irc.connect({ id: 'b', owner: 'b@x', on: 'irc.test', nick: 'two' }, host(tested), giving.signal);
    await settle();
    expect((await tested.event('notice')).text.plain).toMatch(
      /^This gateway has as many connections to irc\.test as it may have; you are number 1 /,
    );
    giving.abort(new Error('tired'));
    await expect(two).rejects.toThrow('tired');
    tested.stop.abort(new Error('over'));
    expect(config).toBeDefined();
  });
});

const host = (tested: TestSession) => ({
  emit: (event: Parameters<typeof tested.events.put>[0]) => tested.events.put(event) ?? undefined,
  checkpoint: async () => {},
});

async function twoOnOneNetwork(options: object, clock: ReturnType<typeof createManualClock>) {
  const { default: bridge } = await import('../../../../bridges/irc/index.ts');
  const { silentLog } = await import('../../../harness/silent-log.ts');
  const config = bridge.config.parse({
    tls: 'off',
    throttle: 'off',
    servers: { 'irc.test': { address: [`127.0.0.1:${ircd.port}`] } },
    ...options,
  });
  return { irc: bridge.open(config, { log: silentLog, clock, fetch }), config };
}
