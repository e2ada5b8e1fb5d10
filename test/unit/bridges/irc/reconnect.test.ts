/** What happens when a connection is lost, or silent. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chatId, personId } from '../../../../src/bridge/index.ts';
import { openWith, TestSession } from '../../../harness/irc-session.ts';
import { createManualClock, type ManualClock, settle } from '../../../harness/manual-clock.ts';
import { type PuppetClient, type PuppetIrcd, startPuppetIrcd } from '../../../harness/puppet-ircd.ts';
import { admitted } from './admitted.ts';

let ircd: PuppetIrcd;
let clock: ManualClock;
beforeEach(async () => {
  ircd = await startPuppetIrcd();
  clock = createManualClock();
});
afterEach(() => ircd[Symbol.asyncDispose]());

const inRoom = (options: object = {}) => admitted(ircd, clock, options);

/** The next connection, however long the backoff. */
async function back(to = ircd): Promise<PuppetClient> {
  const coming = to.next();
  let client: PuppetClient | undefined;
  void coming.then((one) => {
    client = one;
  });
  for (let tries = 0; tries < 1000 && client === undefined; tries++) {
    await clock.advance(1000);
    await settle();
  }
  return coming;
}

describe('a connection that breaks', () => {
  test('everything in flight fails in order, to be tried again; the rooms come back with their keys, and whole', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    ircd.answersPings = false;
    const order: string[] = [];
    const sends = ['a', 'b', 'c'].map((text) =>
      us.say('#room', text).catch((error: unknown) => order.push(`${text} ${Reflect.get(Object(error), 'code')}`)),
    );
    const topic = us.live.rooms?.topic?.(chatId('#room'), 'x', us.stop.signal).catch((error: unknown) => error);
    const joining = us.join('#other').catch((error: unknown) => error);
    await server.expect(/^PRIVMSG #Room c/);
    server.cut();
    await Promise.all(sends);
    expect(order).toEqual(['a outcome-unknown', 'b outcome-unknown', 'c outcome-unknown']);
    expect(await topic).toMatchObject({ code: 'network-away' });
    expect(await joining).toMatchObject({ code: 'network-away' });
    const down = await us.event('state');
    expect(down).toMatchObject({ state: 'reconnecting', reason: { code: 'no-connection' } });
    await expect(us.say('#room', 'd')).rejects.toMatchObject({ code: 'network-away', type: 'wait' });
    await expect(us.join('#more')).rejects.toMatchObject({ code: 'network-away' });

    ircd.answersPings = true;
    const again = await back();
    await again.welcome();
    expect((await us.event('state')).state).toBe('ready');
    await again.expect(/^JOIN #Room key$/);
    again.enter('#Room', 'juliet Romeo newcomer');
    const list = await us.event('members');
    expect(list).toMatchObject({ complete: true, chat: '#room' });
    expect(list.changes).toHaveLength(3);
    await us.say('#room', 'e');
    await again.expect(/^PRIVMSG #Room e/);
  });

  test('what a server says to everybody whom it lets in is told once, and later each time', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    const greets = [':s.test NOTICE juliet :*** You are connected with TLS', ':s.test NOTICE juliet :welcome back'];
    const all = () => us.events.all.flatMap((event) => (event.kind === 'notice' ? [event.text.plain] : []));
    const notices = () => all().filter((text) => !/ again\.$/.test(text));
    server.say(...greets.slice(0, 1));
    await us.event('notice');
    server.cut();
    const again = await back();
    await again.welcome({ more: greets });
    await us.event('notice', ({ text }) => text.plain === 'welcome back');
    expect(notices()).toEqual(['*** You are connected with TLS', 'welcome back']);
    await clock.advance(10_000);
    again.say(...greets);
    await us.event('notice', ({ text }) => text.plain === 'welcome back');
    expect(notices().slice(2)).toEqual(['*** You are connected with TLS', 'welcome back']);
  });

  test('a topic that is gone when we come back is not told any more', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.say(':Romeo!u@h TOPIC #room :Verona', ':s.test 333 juliet #room Romeo 1577934245');
    await us.event('room', ({ change }) => change.topicAt !== undefined && change.topic === undefined);
    server.cut();
    const again = await back();
    await again.welcome();
    await again.admit('#Room', 'juliet Romeo');
    expect((await us.event('room', ({ change }) => change.name !== undefined)).change).toMatchObject({ topic: '' });
    expect(us.events.all.at(-1)).not.toHaveProperty('change.topicBy');
  });

  test('the page of a channel, which services name with each join, is told in it, and once', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    const page = (where: string) => `:services. 328 juliet #Room :https://${where}.test/`;
    const told = () => us.events.all.flatMap((event) => (event.kind === 'remark' ? [event.text.plain] : []));
    server.say(page('verona'));
    expect(await us.event('remark')).toMatchObject({ chat: '#room' });
    server.cut();
    const again = await back();
    await again.welcome();
    await again.admit('#Room', 'juliet Romeo');
    again.say(page('verona'), page('mantua'), ':s.test 328 juliet #other :https://padua.test/');
    await us.event('remark');
    expect(told()).toEqual(['The page of #Room: https://verona.test/', 'The page of #Room: https://mantua.test/']);
    expect(us.events.all.some((event) => event.kind === 'notice' && event.text.plain.includes('https'))).toBe(false);
  });

  test('that it is back is told, as that it was lost', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.cut();
    expect(await us.event('state')).toMatchObject({ state: 'reconnecting' });
    const again = await back();
    await again.welcome();
    expect((await us.event('notice')).text.plain).toBe('You are connected to irc.test again.');
  });

  test('a room that refuses us is told as removed, the others come back', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    const joining = us.join('#other');
    await server.admit('#other', 'juliet');
    await joining;
    await us.event('members', (event) => event.complete === true);
    server.cut();
    const again = await back();
    await again.welcome();
    await again.expect(/^JOIN #Room,#other key$/);
    again.say(':s.test 474 juliet #room :Cannot join (banned)');
    again.enter('#other', 'juliet');
    expect(await us.event('removed')).toMatchObject({
      chat: '#room',
      how: 'banned',
      reason: expect.stringMatching(/banned/),
    });
    expect(await us.event('members')).toMatchObject({ chat: '#other', complete: true });
    await expect(us.say('#room', 'x')).rejects.toMatchObject({ code: 'not-in-room' });
  });

  test('a room that sends us on meanwhile is over, and names the one in its place', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.cut();
    const again = await back();
    await again.welcome();
    await again.expect(/^JOIN #Room/);
    again.say(':s.test 470 juliet #Room #Hall :Forwarding to another channel');
    expect(await us.event('removed')).toMatchObject({ chat: '#room', how: 'gone', to: '#hall' });
    expect(await us.event('invited')).toMatchObject({ chat: '#hall' });
  });

  test('what is set anew is tried at once, whatever the backoff; the same once more is nothing new', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.cut();
    await us.event('state', ({ state }) => state === 'reconnecting');
    us.live.configure?.({});
    await settle();
    let came = false;
    const coming = ircd.next().then((one) => {
      came = true;
      return one;
    });
    await settle();
    expect(came).toBe(false);
    us.live.configure?.({ realname: 'Juliet Capulet' });
    const again = await coming;
    await again.welcome();
    await again.expect(/^JOIN #Room/);
    expect(again.lines.all).toContain('USER juliet 0 * :Juliet Capulet');
  });

  test('left while away: not rejoined', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.cut();
    await us.event('state');
    await us.live.rooms?.leave(chatId('#room'), undefined, us.stop.signal);
    const again = await back();
    await again.welcome();
    await us.event('state', (event) => event.state === 'ready');
    again.say('PING :x');
    await again.expect(/^PONG/);
    expect(again.lines.all.some((line) => line.startsWith('JOIN'))).toBe(false);
  });

  test('left while the way back into it is under way: left again, and nobody hears of it; whoever comes back is in', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.cut();
    const again = await back();
    await again.welcome();
    await again.expect(/^JOIN #Room key$/);
    await us.event('state', (event) => event.state === 'ready');
    const told = us.events.all.length;
    await us.live.rooms?.leave(chatId('#room'), undefined, us.stop.signal);
    again.enter('#Room', 'juliet Romeo');
    await again.expect(/^PART #Room$/);
    again.say(':Romeo!u@h PRIVMSG #room :still here?');
    const joining = us.join('#room', 'key');
    await again.expect(/^JOIN #room key$/);
    expect(us.events.all.slice(told).filter(({ kind }) => kind !== 'notice')).toEqual([]);
    again.say(':juliet!user@host.test PART #Room');
    again.enter('#Room', 'juliet Romeo');
    await joining;
    expect((await us.event('members', ({ complete }) => complete === true)).changes).toHaveLength(2);
    await us.say('#room', 'yes');
  });

  test('another server is not asked for what only the one before could', async () => {
    const us = new TestSession();
    const connecting = openWith(us, { port: ircd.port, nick: 'juliet', clock });
    const server = await ircd.next();
    await server.welcome({ isupport: 'CHANTYPES=# MONITOR=100 CASEMAPPING=ascii' });
    await connecting;
    await using _ = us;
    us.live.watch?.([personId('romeo')]);
    await server.expect(/^MONITOR \+ romeo$/);
    server.cut();
    const again = await back();
    await again.welcome({ isupport: 'CHANTYPES=#' });
    await again.expect(/^ISON romeo$/);
    expect(again.lines.all.some((line) => line.startsWith('MONITOR'))).toBe(false);
    const joining = us.join('#room[1]');
    await again.admit('#Room{1}', 'juliet Romeo');
    await joining;
  });

  test('our nick may still be held by our ghost: another for now, the own one as soon as it is free', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.cut();
    const again = await back();
    await again.expect(/^NICK juliet$/);
    await again.expect(/^USER/);
    again.say(':s.test 433 * juliet :in use');
    await again.expect(/^NICK juliet_$/);
    again.nick = 'juliet_';
    again.say(':s.test 001 juliet_ :hi', ':s.test 422 juliet_ :none');
    await us.event('state', (event) => event.state === 'ready');
    expect(us.live.me).toBe('juliet_');
    await again.admit('#Room', 'juliet_ Romeo');
    await us.event('members', (event) => event.complete === true);
    await clock.advance(60_000);
    await again.expect(/^USERHOST juliet$/);
    again.say(':s.test 302 juliet_ :Juliet*=+u@host ');
    await clock.advance(60_000);
    await again.expect(/^USERHOST juliet$/);
    again.say(':s.test 302 juliet_ :');
    await again.expect(/^NICK juliet$/);
    again.say(':juliet_!user@host NICK juliet');
    await us.event('members', (event) => event.changes[0]?.is === 'renamed');
    expect(us.live.me).toBe('juliet');
    await clock.advance(180_000);
    expect(again.lines.all.filter((line) => line === 'NICK juliet')).toHaveLength(2);
    expect(again.lines.all.filter((line) => line.startsWith('USERHOST'))).toHaveLength(2);
  });

  test.each([
    ['refuses longer ones', '432 * juliet_ :Nickname too long, max. 6 characters'],
    ['cuts longer ones', '433 * juliet :in use'],
  ])('where the nick is as long as the server takes, and it %s, the other one is no longer', async (_, refused) => {
    const { us, server } = await inRoom();
    await using _us = us;
    server.cut();
    const again = await back();
    await again.expect(/^USER/);
    again.say(':s.test 433 * juliet :in use');
    await again.expect(/^NICK juliet_$/);
    again.say(`:s.test ${refused}`);
    await again.expect(/^NICK julie_$/);
    again.say(':s.test 433 * julie_ :in use');
    await again.expect(/^NICK juli__$/);
    again.say(':s.test 001 juli__ :hi', ':s.test 422 juli__ :none');
    await us.event('state', (event) => event.state === 'ready');
    expect(us.live.me).toBe('juli__');
  });

  test('a nick that is none on this server has a letter put before it, and grows no more behind that', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    server.cut();
    const again = await back();
    await again.expect(/^USER/);
    for (const nick of ['juliet', 'ujuliet', 'ujuli_']) {
      again.say(`:s.test 432 * ${nick} :Erroneous`);
      await again.expect(/^NICK u/);
    }
    expect(again.lines.all.filter((line) => /^NICK u/.test(line))).toEqual([
      'NICK ujuliet',
      'NICK ujuli_',
      'NICK ujul__',
    ]);
  });

  test('thrown out within a minute it comes by the next address; who was let in for longer comes by the same', async () => {
    await using other = await startPuppetIrcd();
    const address = [ircd, other].map(({ port }) => `127.0.0.1:${port}`);
    const { us, server } = await inRoom({ servers: { 'irc.test': { address, tls: 'off' } } });
    await using _ = us;
    const strays: PuppetClient[] = [];
    void ircd.next().then(
      (one) => strays.push(one),
      () => undefined,
    );
    server.cut();
    const second = await back(other);
    await second.welcome();
    await us.event('state', ({ state }) => state === 'ready');
    await clock.advance(61_000);
    second.cut();
    await back(other);
    expect(strays).toEqual([]);
  });

  test('it waits longer each time, never gives up, and ends when told to', async () => {
    const { us, server } = await inRoom();
    server.cut();
    await us.event('state');
    const waits: number[] = [];
    for (let tries = 0; tries < 6; tries++) {
      const since = clock.now();
      const again = await back();
      waits.push(clock.now() - since);
      again.cut();
      await again.lines.take(() => false, 'the end').catch(() => {});
      await settle();
    }
    expect(Math.max(...waits.slice(4))).toBeGreaterThan(Math.max(...waits.slice(0, 2)));
    us.stop.abort(new Error('over'));
    await settle();
    await clock.advance(600_000);
    expect(us.events.all.filter((event) => event.kind === 'state')).toHaveLength(1);
  });
});

describe('silence', () => {
  test('two quiet minutes are asked about; an answer is enough', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    await clock.advance(140_000);
    await server.expect(/^PING /);
    await clock.advance(100_000);
    expect(us.events.all.some((event) => event.kind === 'state')).toBe(false);
  });

  test('no answer for a minute: the connection is given up and made anew', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    ircd.answersPings = false;
    await clock.advance(140_000);
    await server.expect(/^PING /);
    await clock.advance(81_000);
    expect((await us.event('state')).state).toBe('reconnecting');
    ircd.answersPings = true;
    const again = await back();
    await again.welcome();
    expect((await us.event('state')).state).toBe('ready');
  });

  test('a message whose receipt never comes fails with the connection, it does not hang', async () => {
    const { us, server } = await inRoom();
    await using _ = us;
    ircd.answersPings = false;
    const sending = us.say('#room', 'x').catch((error: unknown) => error);
    await server.expect(/^PING /);
    await clock.advance(81_000);
    expect(await sending).toMatchObject({ code: 'outcome-unknown' });
  });
});
