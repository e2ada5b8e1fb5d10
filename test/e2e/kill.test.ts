/** kill -9 in the middle of a thousand numbered messages each way: nothing accepted is lost, nothing is out of order, copies are counted. */
import { describe, expect, test } from 'vitest';
import { IrcCounter, JabberCounter, linesOf, numbersIn, type Tally, tally } from '../harness/numbered.ts';
import { pause, until } from '../harness/process.ts';
import { useWorld } from '../harness/scenario.ts';
import { type IrcPerson, type JabberPerson, Stage } from '../harness/stage.ts';
import type { RealWorld } from '../harness/world.ts';

const total = 1_000;
const window = 20;
/** How far Juliet is ahead of what Romeo has heard. */
const ahead = 100;

/** Both conversations, and the clients that Romeo has had. */
interface Talk {
  readonly stage: Stage;
  readonly romeo: JabberPerson;
  readonly juliet: IrcPerson;
  readonly out: JabberCounter;
  readonly in: IrcCounter;
  /** What each of Romeo's clients has heard since it was in the room. */
  readonly views: (() => readonly number[])[];
}

async function begin(stage: Stage): Promise<Talk> {
  const { romeo, juliet } = await stage.pair();
  const out = new JabberCounter(romeo.client, stage.room, total, window);
  const incoming = new IrcCounter(juliet.client, stage.channel, total, ahead);
  return { stage, romeo, juliet, out, in: incoming, views: [() => numbersIn(linesOf(romeo.client.inbox.all), 'irc')] };
}

const heardBy = (talk: Talk): ReadonlySet<number> => new Set(talk.views.flatMap((view) => view()));

/** One turn of each; neither gets far ahead of the other, so that the kill is in the middle of both. */
function turn(talk: Talk): void {
  const heard = heardBy(talk).size;
  talk.out.tick(heard + ahead);
  talk.in.tick(heard, talk.out.reflected + 2 * ahead);
}

/** Lets both talk until the check is true. */
async function talkUntil(talk: Talk, what: string, check: () => boolean, withinMs = 60_000): Promise<void> {
  await until(
    what,
    () => {
      turn(talk);
      return check();
    },
    withinMs,
  );
}

const halfway = (talk: Talk) =>
  talkUntil(talk, 'a third of the messages', () => talk.out.reflected > total / 3 && talk.in.said > total / 3);

const finish = (talk: Talk) =>
  talkUntil(talk, 'the end', () => talk.out.done && heardBy(talk).size === total).catch(() => undefined);

/** Counts, prints and asserts. */
async function verdict(talk: Talk, victim: string): Promise<void> {
  await talk.juliet.client.roundtrip();
  const atJuliet = numbersIn(
    talk.juliet.client.inbox.all.filter((line) => line.includes(' PRIVMSG ')),
    'xmpp',
  );
  const out = tally([atJuliet], total, talk.out.refused);
  const incoming = tally(
    talk.views.map((view) => view()),
    total,
    talk.in.resaid,
  );
  const line = (name: string, one: Tally): string =>
    `  ${name}: lost ${one.lost.length}, out of order ${one.outOfOrder.length}, duplicates ${one.duplicates}`;
  console.info(
    `kill -9 of ${victim}\n${line('Jabber → IRC', out)}, sent again ${talk.out.resent}, refused ${talk.out.refused.size}\n${line('IRC → Jabber', incoming)}, said again ${talk.in.resaid.size}`,
  );
  expect.soft(out.lost).toEqual([]);
  expect.soft(out.outOfOrder).toEqual([]);
  expect.soft(incoming.lost).toEqual([]);
  expect.soft(incoming.outOfOrder).toEqual([]);
}

/**
 * What the IRC server had written to a socket that died with its process can't be known by anybody (DESIGN.md): Juliet says it again. What had been accepted
 * is known: it is in the journal that the killed gateway left in its Redis, and must arrive without being said again.
 */
async function killGateway({ gateway, prosody }: RealWorld, talk: Talk): Promise<void> {
  const marks = talk.juliet.client.inbox.all.length;
  talk.out.hold();
  // A server that does not answer for a while: what is said then is accepted and can't have arrived.
  process.kill(prosody.running.pid, 'SIGSTOP');
  talk.in.tick(heardBy(talk).size, total);
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
  const heard = heardBy(talk);
  const missing = Array.from({ length: talk.in.said }, (_, n) => n + 1).filter((number) => !heard.has(number));
  expect.soft(accepted.filter((number) => !heard.has(number))).toEqual([]);
  talk.in.again(missing);
  talk.out.resume();
  talk.in.resume();
}

const journaled = (gateway: RealWorld['gateway']): readonly number[] =>
  [...gateway.streams().matchAll(/>irc (\d+)</g)].map(([, number]) => Number(number));

/** Everybody else is alive: nothing may be missing, nothing is said again on IRC. */
async function killRedis({ gateway }: RealWorld, talk: Talk): Promise<void> {
  await gateway.killRedis();
  await talkUntil(talk, 'talking goes on', () => talk.out.reflected > total / 2, 30_000);
}

/** Romeo's client dies with the server; he logs in again and asks for what he missed. */
async function killProsody({ prosody, gateway }: RealWorld, talk: Talk): Promise<void> {
  talk.out.hold();
  await prosody.kill();
  for (let turns = 0; turns < 20; turns++) {
    turn(talk);
    await pause(10);
  }
  await prosody.restart();
  const ready = async (): Promise<boolean> => (await gateway.member('all').get('/readyz')).status === 200;
  await until('the component is back', ready, 30_000);
  const again = await talk.romeo.another('romeo');
  const joined = await again.enters(talk.stage.room, { history: `<history maxstanzas='500'/>` });
  const first = again.client.inbox.all.indexOf(joined.self);
  talk.views.push(() => numbersIn(linesOf(again.client.inbox.all.slice(first)), 'irc'));
  talk.out.resume(again.client);
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
    const talk = await begin(stage);
    await halfway(talk);
    await kill(world(), talk);
    await finish(talk);
    await verdict(talk, victim);
  });
});
