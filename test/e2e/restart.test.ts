/** The gateway goes away and comes back: rooms, nicks and keys are kept, and nobody is asked to rejoin. */
import { describe, expect, test } from 'vitest';
import { itemOf } from '../harness/expectations.ts';
import { childrenOf, codesOf, conditionOf } from '../harness/markup.ts';
import { present } from '../harness/present.ts';
import { until } from '../harness/process.ts';
import { useWorld } from '../harness/scenario.ts';
import { Stage } from '../harness/stage.ts';
import { gatewayDomain } from '../harness/world.ts';
import { befriends, presence } from './scenarios/contacts.ts';

describe('one process', () => {
  const world = useWorld({ ircd: 'inspircd' });

  test.each([
    ['kill -9', 'kill'],
    ['SIGTERM', 'stop'],
  ] as const)(
    '114-53 %s and start: what is said then reaches the client without rejoining, and back',
    async (_, how) => {
      await using stage = new Stage(world());
      const { romeo, juliet } = await stage.pair();
      const { gateway } = world();
      await gateway.member('all')[how]();
      await juliet.sees(romeo, 'QUIT');
      await gateway.start();
      await juliet.sees(romeo, 'JOIN');
      juliet.says('good morrow');
      await romeo.hears(juliet, 'good morrow');
      romeo.says('is the day so young?');
      await juliet.hears(romeo, 'is the day so young?');
      expect(romeo.client.seen(`<presence type='unavailable' from='${stage.room}/${romeo.nick}'/>`)).toEqual([]);
    },
  );

  test('114-53 who came and went meanwhile is told as a difference', async () => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    const nurse = await stage.irc('nurse');
    await nurse.enters();
    await romeo.sees(nurse);
    await world().gateway.member('all').stop();
    await juliet.sees(romeo, 'QUIT');
    await nurse.does(`PART ${stage.channel}`);
    const paris = await stage.irc('paris');
    await paris.enters();
    await world().gateway.start();
    await romeo.sees(nurse, 'unavailable');
    expect(itemOf(await romeo.sees(paris))?.attrs.role).toBe('participant');
  });

  test('PRE-13 PRE-01 contacts are told as they are then, with nobody asking', async () => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    const nurse = await stage.irc('nurse');
    const contacts = [juliet, nurse].map(({ nick }) => stage.address(nick));
    for (const contact of contacts) {
      await befriends(romeo, contact);
      await presence(romeo, contact, '!');
    }
    await world().gateway.kill();
    await juliet.sees(romeo, 'QUIT');
    nurse.client.send('QUIT :good night');
    const mark = romeo.client.inbox.all.length;
    await world().gateway.start();
    const [here = '', gone = ''] = contacts;
    await presence(romeo, here, '!');
    await presence(romeo, gone, 'unavailable');
    expect(romeo.client.seen(`<presence from='${present(here)}' type='unavailable'/>`, mark)).toEqual([]);
  });

  test('45-30 who has the nick meanwhile keeps nobody out: in under another, and the own one as soon as it is free', async () => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    const paris = await stage.irc('paris');
    await world().gateway.kill();
    await juliet.sees(romeo, 'QUIT');
    await paris.does(`NICK ${romeo.nick}`);
    await world().gateway.start();
    await juliet.sees(`${romeo.nick}_`, 'JOIN');
    juliet.says('wherefore art thou?');
    await romeo.hears(juliet, 'wherefore art thou?');
    romeo.says('here');
    await juliet.hears({ nick: `${romeo.nick}_` }, 'here');
    paris.client.send('QUIT :good night');
    await juliet.sees(`${romeo.nick}_`, 'NICK', romeo.nick);
    romeo.says('as ever');
    await juliet.hears(romeo, 'as ever');
  });

  test('the key of a channel survives', async () => {
    await using stage = new Stage(world());
    const juliet = await stage.irc('juliet');
    await juliet.enters();
    await juliet.does(`MODE ${stage.channel} +k verona`);
    const romeo = await stage.jabber('romeo');
    await romeo.enters(stage.room, { password: 'verona' });
    await world().gateway.kill();
    await juliet.sees(romeo, 'QUIT');
    await world().gateway.start();
    await juliet.sees(romeo, 'JOIN');
  });

  test('114-53 a client that is gone after the restart is no longer in the room', async () => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    const phone = await romeo.another('phone');
    await phone.enters();
    await world().gateway.kill();
    await phone.client.close();
    // Until then the server may still take it for there, and lose the gateway's question in its dead socket.
    await romeo.client.receive(`<presence type='unavailable' from='${phone.client.jid}'/>`);
    await world().gateway.start();
    await juliet.sees(romeo, 'JOIN');
    // Every client is asked at once. Behind the question to one that answers, the server has answered for the other.
    await romeo.client.receive(`<iq type='get' from='${stage.room}'><ping xmlns='urn:xmpp:ping'/></iq>`);
    await romeo.client.roundtrip(gatewayDomain);
    const back = await romeo.another('phone');
    const answer = await back.client.ask(
      `<iq type='get' to='${stage.room}/${romeo.nick}'><ping xmlns='urn:xmpp:ping'/></iq>`,
    );
    expect(conditionOf(answer)).toBe('not-acceptable');
    juliet.says('and you?');
    await romeo.hears(juliet, 'and you?');
  });

  test('a message accepted before the kill is on IRC once, though sent again with its id', async () => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    const id = romeo.says('once and for all');
    await romeo.hears(romeo, 'once and for all');
    await world().gateway.settles('once and for all');
    await world().gateway.kill();
    await juliet.sees(romeo, 'QUIT');
    await world().gateway.start();
    await juliet.sees(romeo, 'JOIN');
    romeo.client.say(stage.room, 'once and for all', id);
    romeo.says('after');
    await juliet.hears(romeo, 'after');
    expect(juliet.client.seen(/once and for all$/)).toHaveLength(1);
    expect(romeo.client.seen(`<message type='groupchat' id='${id}'/>`).length).toBeGreaterThanOrEqual(1);
  });

  test('the IRC server goes away and comes back: the gateway rejoins by itself', async () => {
    await using stage = new Stage(world());
    const { romeo } = await stage.pair();
    await world().ircd.restart();
    const nurse = await stage.irc('nurse');
    await nurse.enters();
    await until(
      'the gateway is back',
      async () => {
        await nurse.does(`NAMES ${stage.channel}`);
        return (
          nurse.client.seen(new RegExp(` 353 .*\\b${romeo.nick}\\b`)).length > 0 ||
          nurse.client.seen(new RegExp(`^:${romeo.nick}!\\S+ JOIN`)).length > 0
        );
      },
      60_000,
    );
    await romeo.sees(nurse);
    nurse.says('the storm is over');
    await romeo.hears(nurse, 'the storm is over');
    romeo.says('so it is');
    await nurse.hears(romeo, 'so it is');
  });

  test('114-54 what is said while the XMPP server is away is told when it is back, with the time at which it was said', async () => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    const { gateway, prosody } = world();
    const isReady = async (): Promise<boolean> => (await gateway.member('all').get('/readyz')).status === 200;
    const killed = Date.now();
    await prosody.kill();
    await until('the gateway has noticed', async () => !(await isReady()));
    juliet.says('art thou there?', romeo.nick);
    await until('it is in the journal', () => gateway.streams().includes('art thou there?'));
    const restarted = Date.now();
    await prosody.restart();
    const again = await romeo.another('romeo');
    const told = await again.client.receive(`<message type='chat'><body>art thou there?</body></message>`, 30_000);
    const [delay, ...more] = childrenOf(told, 'delay').filter(({ attrs }) => attrs.from === gatewayDomain);
    expect(more).toEqual([]);
    const said = Date.parse(delay?.attrs.stamp ?? '');
    expect(said).toBeGreaterThanOrEqual(killed);
    expect(said).toBeLessThanOrEqual(restarted);
    await until('the component is back', isReady, 30_000);
  });

  test('45-150 SIGINT is a farewell for good: 110 and 332 to every client, exit code 0', async () => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    const { running } = world().gateway.member('all');
    const exit = running.stop('SIGINT');
    const gone = await romeo.sees(romeo, 'unavailable');
    expect(codesOf(gone)).toEqual(expect.arrayContaining([110, 332]));
    expect(itemOf(gone)?.attrs).toMatchObject({ role: 'none' });
    await juliet.sees(romeo, 'QUIT');
    expect(await exit).toEqual({ code: 0, signal: null });
    await world().gateway.start();
    await romeo.client.roundtrip(gatewayDomain);
  });
});

describe('an edge and two workers', () => {
  const world = useWorld({ ircd: 'inspircd', roles: ['edge', 'worker', 'worker'] });

  test.each(['kill', 'stop'] as const)('%s of the edge drops no IRC connection', async (how) => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    const edge = world().gateway.member('edge');
    await edge[how]();
    juliet.says('said while the edge was away');
    await juliet.client.roundtrip();
    await edge.start();
    await romeo.hearsAtLast(juliet, 'said while the edge was away');
    romeo.says('I hear you');
    await juliet.hears(romeo, 'I hear you');
    await romeo.hears(romeo, 'I hear you');
    expect(juliet.client.seen(new RegExp(`^:${romeo.nick}!\\S+ (QUIT|PART)`))).toEqual([]);
  });

  test('a dead worker’s accounts are taken over, their rooms are restored', async () => {
    await using stage = new Stage(world());
    const { romeo, juliet } = await stage.pair();
    const workers = world().gateway.members.filter(({ role }) => role === 'worker');
    for (const worker of workers) {
      await worker.kill();
      if (juliet.client.seen(new RegExp(`^:${romeo.nick}!\\S+ QUIT`)).length > 0) break;
      await juliet.client.roundtrip();
      if (juliet.client.seen(new RegExp(`^:${romeo.nick}!\\S+ QUIT`)).length > 0) break;
      await worker.start();
    }
    await juliet.sees(romeo, 'QUIT');
    await juliet.client.expect(new RegExp(`^:${romeo.nick}!\\S+ JOIN`), 60_000);
    juliet.says('who art thou?');
    await romeo.hears(juliet, 'who art thou?');
    romeo.says('call me but love');
    await juliet.hears(romeo, 'call me but love');
    for (const worker of workers) {
      const alive = await worker.get('/healthz').then(
        () => true,
        () => false,
      );
      if (!alive) await worker.start();
    }
  });
});
