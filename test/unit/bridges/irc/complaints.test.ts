/** Whose fault it is that a server complains: one who is thrown out, or banned alone, holds up nobody else. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import irc from '../../../../bridges/irc/index.ts';
import type { Log, NetworkEvent, Session } from '../../../../src/bridge/index.ts';
import { createManualClock, type ManualClock, settle } from '../../../harness/manual-clock.ts';
import { type PuppetClient, type PuppetIrcd, startPuppetIrcd } from '../../../harness/puppet-ircd.ts';
import { silentLog } from '../../../harness/silent-log.ts';

let ircd: PuppetIrcd;
let clock: ManualClock;
let stop: AbortController;
beforeEach(async () => {
  ircd = await startPuppetIrcd();
  clock = createManualClock();
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort(new Error('the test is over'));
  await ircd[Symbol.asyncDispose]();
});

/** People of one network, with its usual pace. */
function people(warned: object[] = [], informed: object[] = []) {
  const servers = { 'irc.test': { address: [`127.0.0.1:${ircd.port}`] } };
  const log: Log = {
    ...silentLog,
    child: () => log,
    warn: (fields) => void warned.push(fields),
    info: (fields) => void informed.push(fields),
  };
  const network = irc.open(irc.config.parse({ tls: 'off', servers }), { log, clock, fetch });
  return (nick: string): { readonly events: NetworkEvent[]; readonly session: Promise<Session> } => {
    const events: NetworkEvent[] = [];
    const account = { id: nick, owner: `${nick}@example.org`, on: 'irc.test', nick };
    const host = { emit: (event: NetworkEvent) => void events.push(event), checkpoint: async () => {} };
    const session = network.connect(account, host, stop.signal);
    session.catch(() => {});
    return { events, session };
  };
}

/** The next connection, and how long it was waited for. */
async function next(): Promise<{ readonly client: PuppetClient; readonly waitedMs: number }> {
  const since = clock.now();
  let client: PuppetClient | undefined;
  void ircd.next().then((one) => {
    client = one;
  });
  for (let tries = 0; tries < 2000; tries++) {
    for (let turn = 0; turn < 5 && client === undefined; turn++) await settle();
    if (client !== undefined) return { client, waitedMs: clock.now() - since };
    await clock.advance(1000);
  }
  throw new Error('nobody came');
}

describe('who comes next waits for nothing', () => {
  test.each([
    [
      'behind who takes leave with such words',
      'juliet',
      'Closing Link: juliet[host] (Quit: too many meetings, banned from bed)',
    ],
    ['behind who is called so', 'cyclone', 'Closing Link: cyclone[host.test] (Ping timeout: 240 seconds)'],
    ['behind who is thrown out for what they did', 'juliet', 'Closing Link: juliet[host] (K-Lined)'],
  ])('%s', async (_, nick, farewell) => {
    const comes = people();
    const one = comes(nick);
    const { client } = await next();
    await client.welcome();
    const ending = (await one.session).end('too many meetings, banned from bed');
    await client.expect(/^QUIT/);
    client.say(`ERROR :${farewell}`);
    client.end();
    await ending;
    comes('romeo');
    expect((await next()).waitedMs).toBe(0);
  });
});

test('who is called so and was not let in holds up nobody either', async () => {
  const comes = people();
  const { session } = comes('cyclone');
  const { client } = await next();
  await client.expect(/^USER/);
  client.say('ERROR :Closing Link: cyclone[host.test] (Registration timed out)');
  client.end();
  await expect(session).rejects.toMatchObject({ code: 'no-connection' });
  comes('romeo');
  expect((await next()).waitedMs).toBe(0);
});

test('one who is banned alone slows the others once, however often they try again; the operator reads of it as often', async () => {
  const warned: object[] = [];
  const comes = people(warned);
  const refuse = async (): Promise<void> => {
    const { client } = await next();
    await client.expect(/^USER/);
    client.say(':s.test 465 mercutio :You are banned from this server', 'ERROR :Closing Link: (K-Lined)');
    client.end();
  };
  const isRefused = async (): Promise<void> => {
    const { session } = comes('mercutio');
    await refuse();
    await expect(session).rejects.toMatchObject({ code: 'network-refused' });
  };
  await isRefused();
  comes('romeo');
  expect((await next()).waitedMs).toBeGreaterThan(10_000);
  for (let times = 0; times < 5; times++) {
    await clock.advance(300_000);
    await isRefused();
  }
  comes('benvolio');
  expect((await next()).waitedMs).toBe(0);
  expect(warned).toEqual([{ server: 'irc.test', isBan: true, said: 'You are banned from this server' }]);
});

test('what a server says against all of us is in the log, without its formatting', async () => {
  const warned: object[] = [];
  const comes = people(warned);
  const { session } = comes('juliet');
  const { client } = await next();
  await client.expect(/^USER/);
  client.say('ERROR :Closing Link: (\x02Throttled\x02: reconnecting too fast)');
  client.end();
  await expect(session).rejects.toMatchObject({
    message: expect.stringMatching(/\(Throttled: reconnecting too fast\)$/),
  });
  expect(warned).toEqual([
    { server: 'irc.test', isBan: false, said: 'Closing Link: (Throttled: reconnecting too fast)' },
  ]);
});

test('why a server does not let somebody in is in the log', async () => {
  const informed: object[] = [];
  const comes = people([], informed);
  const { session } = comes('juliet');
  const { client } = await next();
  await client.expect(/^USER/);
  client.say('ERROR :Closing Link: (No more room here)');
  client.end();
  await expect(session).rejects.toMatchObject({ code: 'no-connection' });
  expect(informed).toMatchObject([
    { server: 'irc.test', port: ircd.port, code: 'no-connection', why: expect.stringMatching(/No more room here/) },
  ]);
});
