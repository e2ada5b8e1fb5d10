/** Servers that one user has set somewhere else, or behind a proxy of their own: whoever answers there says nothing for others. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import irc from '../../../../bridges/irc/index.ts';
import type { Settings } from '../../../../src/bridge/index.ts';
import { TestSession } from '../../../harness/irc-session.ts';
import { createManualClock, type ManualClock } from '../../../harness/manual-clock.ts';
import { type PuppetIrcd, startPuppetIrcd } from '../../../harness/puppet-ircd.ts';
import { silentLog } from '../../../harness/silent-log.ts';

let real: PuppetIrcd;
let other: PuppetIrcd;
let clock: ManualClock;
let stop: AbortController;
beforeEach(async () => {
  stop = new AbortController();
  [real, other] = [await startPuppetIrcd(), await startPuppetIrcd()];
  clock = createManualClock();
});
afterEach(async () => {
  stop.abort(new Error('the test is over'));
  await Promise.all([real, other].map((ircd) => ircd[Symbol.asyncDispose]()));
});

/** Several users of one server, each with what they have set. */
function users() {
  const config = irc.config.parse({
    tls: 'off',
    throttle: 'off',
    privateAddresses: true,
    servers: { 'irc.test': { address: [`127.0.0.1:${real.port}`] } },
  });
  const network = irc.open(config, { log: silentLog, clock, fetch });
  return async (nick: string, settings: Settings = {}): Promise<TestSession> => {
    const us = new TestSession();
    us.session = await network.connect(
      { id: nick, owner: `${nick}@example.org`, on: 'irc.test', nick, settings },
      { emit: (event) => void us.events.put(event), checkpoint: async () => {} },
      stop.signal,
    );
    return us;
  };
}

test('what it complains of keeps nobody else waiting', async () => {
  const connect = users();
  const address = { address: `127.0.0.1:${other.port}` };
  for (let tries = 0; tries < 3; tries++) {
    const refused = connect('tybalt', address).catch((error: unknown) => error);
    const server = await other.next();
    server.say('ERROR :Closing Link: 127.0.0.1 (Too many connections from your host)');
    server.end();
    expect(await refused).toMatchObject({ code: 'no-connection' });
  }
  const coming = connect('juliet');
  await (await real.next()).welcome();
  expect((await coming).live.me).toBe('juliet');
});

test('nobody else is shown the channels that it lists', async () => {
  const connect = users();
  const lists = async (us: TestSession): Promise<readonly string[]> => {
    const found = await us.live.rooms?.list?.({ max: 10 }, AbortSignal.timeout(20_000));
    return (found ?? []).map(({ chat }) => chat);
  };
  const coming = connect('tybalt', { address: `127.0.0.1:${other.port}` });
  const bad = await (await other.next()).welcome();
  bad.answer = (line) =>
    line.startsWith('LIST') ? [':s.test 322 tybalt #evil 9000 :Come here', ':s.test 323 tybalt :End'] : [];
  expect(await lists(await coming)).toEqual(['#evil']);
  const juliet = connect('juliet');
  const good = await (await real.next()).welcome();
  good.answer = (line) =>
    line.startsWith('LIST') ? [':s.test 322 juliet #verona 3 :Fair', ':s.test 323 juliet :End'] : [];
  expect(await lists(await juliet)).toEqual(['#verona']);
});
