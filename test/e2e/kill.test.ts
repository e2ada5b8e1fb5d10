/** kill -9 in the middle of a thousand numbered messages each way: nothing accepted is lost, nothing is out of order, copies are counted. */
import { describe, expect, test } from 'vitest';
import { pause, until } from '../harness/process.ts';
import { useWorld } from '../harness/scenario.ts';
import { Stage } from '../harness/stage.ts';
import { ahead, Talk } from '../harness/talk.ts';
import type { RealWorld } from '../harness/world.ts';

const total = 1_000;

/**
 * What the IRC server had written to a socket that died with its process can't be known by anybody (DESIGN.md): Juliet says it again. What had been accepted
 * is known: it is in the journal that the killed gateway left in its Redis, and must arrive without being said again.
 */
async function killGateway({ gateway, prosody }: RealWorld, talk: Talk): Promise<void> {
  const marks = talk.juliet.client.inbox.all.length;
  talk.out.hold();
  // A server that does not answer for a while: what is said then is accepted and can't have arrived.
  process.kill(prosody.running.pid, 'SIGSTOP');
  talk.in.tick(talk.heard().size, total);
  await until('the journal holds some', () => journaled(gateway).length > ahead / 2, 20_000);
  talk.in.hold();
  await gateway.kill();
  const accepted = journaled(gateway);
  process.kill(prosody.running.pid, 'SIGCONT');
  await until(
    'the IRC server sees it',
    () => talk.juliet.client.seen(new RegExp(`^:${talk.romeo.nick}!\\S+ QUIT`), marks).length > 0,
  );
  const afterQuit = talk.juliet.client.inbox.all.length;
  await gateway.start();
  const rejoined = new RegExp(`^:${talk.romeo.nick}!\\S+ JOIN`);
  await until(
    'the gateway is back in the channel',
    () => talk.juliet.client.seen(rejoined, afterQuit).length > 0,
    30_000,
  );
  talk.juliet.says('are you there?');
  await talk.romeo.hears(talk.juliet, 'are you there?');
  const heard = talk.heard();
  expect.soft(accepted.filter((number) => !heard.has(number))).toEqual([]);
  talk.repeat();
  talk.out.resume();
  talk.in.resume();
}

const journaled = (gateway: RealWorld['gateway']): readonly number[] =>
  [...gateway.streams().matchAll(/>irc (\d+)</g)].map(([, number]) => Number(number));

/** Everybody else is alive: nothing may be missing, nothing is said again on IRC. */
async function killRedis({ gateway }: RealWorld, talk: Talk): Promise<void> {
  await gateway.killRedis();
  await talk.until('talking goes on', () => talk.out.reflected > total / 2, 30_000);
}

/** Romeo's client dies with the server; he logs in again and asks for what he missed. */
async function killProsody({ prosody, gateway }: RealWorld, talk: Talk): Promise<void> {
  talk.out.hold();
  await prosody.kill();
  for (let turns = 0; turns < 20; turns++) {
    talk.turn();
    await pause(10);
  }
  await prosody.restart();
  const ready = async (): Promise<boolean> => (await gateway.member('all').get('/readyz')).status === 200;
  await until('the component is back', ready, 30_000);
  await talk.romeoReturns();
}

const cases = [
  ['the gateway', 'ngircd', killGateway],
  ['the gateway', 'inspircd', killGateway],
  ['Redis', 'ngircd', killRedis],
  ['Prosody', 'ngircd', killProsody],
] as const;

describe.each(cases)('kill -9 of %s, with %s', (victim, ircd, kill) => {
  const world = useWorld({ ircd });

  test('0 accepted messages lost, 0 out of order', async () => {
    await using stage = new Stage(world());
    const talk = await Talk.begin(stage, { total });
    await talk.halfway();
    await kill(world(), talk);
    await talk.finish();
    await talk.verdict(`kill -9 of ${victim}`, victim === 'the gateway');
  });
});
