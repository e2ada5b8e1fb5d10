/** Over a restart of the gateway: rooms, clients, what was accepted, and what is known of it. */
import { describe, expect } from 'vitest';
import { GatewayError } from '../../src/bridge/index.ts';
import { bodyOf } from '../harness/markup.ts';
import { Filling } from './filling.ts';
import { failed, gone, once, said, self, subject, there } from './lines.ts';
import { mantua, type Stage, scenario, verona } from './stage.ts';

async function pair(stage: Stage) {
  const juliet = await stage.inhabitant('juliet', '#verona');
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  await stage.passes(3);
  romeo.ignores();
  return { romeo, juliet };
}

describe('a restart', () => {
  for (const how of ['keep', 'kill'] as const) {
    scenario(
      `114-53 (${how}) rooms are kept, nobody is asked to rejoin, and nothing is told where nothing changed`,
      async (stage) => {
        const { romeo, juliet } = await pair(stage);
        await stage.restarts(how);
        romeo.gets();
        await juliet.says('#verona', 'hello');
        await romeo.says(verona, 'hello too', 'm1');
        romeo.gets(said('juliet', 'hello'), said('romeo', 'hello too', 'm1'));
        expect(stage.members('#verona')).toEqual(['juliet', 'romeo']);
      },
    );
  }

  scenario(
    '114-53 what is said and asked while the gateway stops is neither lost nor answered by “not here”',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      const ends = stage.gateway.hold('end');
      const stopping = stage.gateway.stop('keep');
      await stage.passes(1);
      await romeo.says(verona, 'hello', 'm1');
      await romeo.sends(`<iq type='get' id='p1' to='${verona}/romeo'><ping xmlns='urn:xmpp:ping'/></iq>`);
      ends();
      await romeo.says(verona, 'hello again', 'm2');
      await stopping;
      expect(romeo.queue.map(({ attrs }) => attrs.type)).toEqual(['result']);
      romeo.ignores();
      await stage.gateway.start();
      await stage.calm();
      romeo.gets(said('romeo', 'hello', 'm1'), said('romeo', 'hello again', 'm2'));
      expect(juliet.heard.slice(-2)).toEqual(['romeo: hello', 'romeo: hello again']);
    },
  );

  scenario(
    '114-51 114-53 where the stream alone was away, who went meanwhile is out of the room; who is silent is not',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      const [phone, tablet] = [stage.client('romeo', 'phone'), stage.client('romeo', 'tablet')];
      for (const client of [phone, tablet]) await client.joins(verona, 'romeo');
      await romeo.sends(`<presence type='subscribe' to='juliet@net.test'/>`);
      for (const client of [romeo, phone, tablet]) client.ignores();
      phone.connection = 'offline';
      tablet.connection = 'silent';
      stage.gateway.domain.runner.begin();
      await stage.passes(30);
      expect(stage.server.probes).toEqual([['juliet@net.test', 'romeo@test']]);
      phone.connection = 'online';
      await juliet.says('#verona', 'hello');
      expect([romeo, phone, tablet].map(({ queue }) => queue.filter(({ name }) => name === 'message').length)).toEqual([
        1, 0, 1,
      ]);
      expect(stage.members('#verona')).toEqual(['juliet', 'romeo']);
    },
  );

  scenario('45-38 a subject that is as it was is not told again, one that changed is', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await juliet.setsTopic('#verona', 'Two households');
    await stage.passes(3);
    romeo.ignores();
    await stage.restarts('keep');
    romeo.gets();
    await stage.gateway.stop('keep');
    await juliet.setsTopic('#verona', 'both alike in dignity');
    await stage.gateway.start();
    await stage.calm();
    romeo.gets(subject('both alike in dignity'));
  });

  scenario('114-53 clients are told only the differences', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const nurse = await stage.inhabitant('nurse', '#verona');
    await stage.passes(3);
    romeo.ignores();
    await stage.gateway.stop('keep');
    await nurse.parts('#verona');
    await stage.inhabitant('tybalt', '#verona');
    await stage.gateway.start();
    await stage.calm();
    const got = romeo.gets(...Array.from({ length: romeo.queue.length }, () => () => true));
    const told = got.map(({ attrs }) => `${attrs.type ?? 'available'} ${attrs.from?.split('/')[1] ?? 'subject'}`);
    expect(told.filter((line) => !line.endsWith('romeo') && !line.endsWith('subject')).sort()).toEqual([
      'available tybalt',
      'unavailable nurse',
    ]);
    expect(juliet.saw).toContain('+romeo');
  });

  scenario('a client that does not answer afterwards is dismissed with 333, and waited for', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    romeo.connection = 'silent';
    await stage.restarts();
    romeo.ignores();
    await stage.passes(11);
    romeo.gets(gone('romeo', [110, 333]));
    await juliet.says('#verona', 'one');
    romeo.gets();
    romeo.connection = 'online';
    await romeo.joins(verona, 'romeo');
    romeo.gets(there('juliet'), self('romeo'), once('juliet', 'one'), subject());
  });

  scenario('one that never comes back is waited for in each of its rooms, and then they are left', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.joins(mantua, 'romeo');
    await stage.passes(3);
    romeo.connection = 'offline';
    await stage.restarts();
    expect([stage.members('#verona'), stage.members('#mantua')]).toEqual([['juliet', 'romeo'], ['romeo']]);
    await stage.passes(301);
    expect([stage.members('#verona'), stage.members('#mantua')]).toEqual([['juliet'], []]);
    expect(juliet.saw.at(-1)).toBe('-romeo');
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
  });

  scenario('who was away before is waited for no longer than without the restart', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.loses();
    await stage.passes(200);
    await stage.restarts();
    await juliet.says('#verona', 'one');
    await stage.passes(50);
    expect(stage.members('#verona')).toContain('romeo');
    romeo.connection = 'online';
    await romeo.joins(verona, 'romeo');
    romeo.gets(there('juliet'), self('romeo'), once('juliet', 'one'), subject());
  });

  scenario('and when nobody came in time the room is left', async (stage) => {
    const { romeo } = await pair(stage);
    await romeo.loses();
    await stage.passes(200);
    await stage.restarts();
    await stage.passes(101);
    expect(stage.members('#verona')).toEqual(['juliet']);
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
  });

  scenario('the outbox survives: what waited is said afterwards, in order', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    stage.refuses('#verona', new GatewayError('too-fast'));
    for (const text of ['one', 'two', 'three']) await romeo.says(verona, text);
    await stage.gateway.stop('kill');
    stage.refuses('#verona', undefined);
    await stage.gateway.start();
    await stage.passes(5);
    expect(juliet.heard).toEqual(['romeo: one', 'romeo: two', 'romeo: three']);
    romeo.gets(said('romeo', 'one', 'one'), said('romeo', 'two', 'two'), said('romeo', 'three', 'three'));
  });

  scenario('114-53 a message that was sent is not sent twice: its id is still known', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.says(verona, 'once', 'm1');
    romeo.gets(said('romeo', 'once', 'm1'));
    await stage.restarts('kill');
    romeo.ignores();
    await romeo.says(verona, 'once', 'm1');
    romeo.gets(said('romeo', 'once', 'm1'));
    expect(juliet.heard).toEqual(['romeo: once']);
  });

  scenario('a farewell tells everybody with 110 and 332, and the rooms are not entered again', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await stage.restarts('farewell');
    romeo.gets(gone('romeo', [110, 332]));
    await juliet.says('#verona', 'gone?');
    romeo.gets();
    expect(stage.members('#verona')).toEqual(['juliet']);
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
  });

  scenario('a network that is away: clients stay, what they say waits, and is said when it is back', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await stage.gateway.stop('keep');
    stage.gateway.away(new GatewayError('no-connection'));
    await stage.gateway.start();
    await stage.calm();
    await romeo.says(verona, 'anybody?', 'm1');
    await stage.passes(600);
    romeo.gets();
    stage.gateway.away(undefined);
    await stage.passes(400);
    expect(juliet.heard).toEqual(['romeo: anybody?']);
    romeo.gets(said('romeo', 'anybody?', 'm1'));
  });

  scenario('a network that does not take the login: its owner is told once, and it is tried again', async (stage) => {
    const { romeo } = await pair(stage);
    await stage.gateway.stop('keep');
    stage.gateway.away(new GatewayError('no-connection'));
    await stage.gateway.start();
    await stage.passes(3);
    romeo.gets();
    stage.gateway.away(new GatewayError('login-refused', { text: 'SASL authentication failed.' }));
    await stage.passes(10);
    romeo.gets((stanza) =>
      /^You are not back on the fake network yet: SASL authentication failed\. It is tried again/.test(
        bodyOf(stanza) ?? '',
      ),
    );
    await stage.passes(600);
    romeo.gets();
    stage.gateway.away(undefined);
    await stage.passes(400);
    expect(stage.members('#verona')).toEqual(['juliet', 'romeo']);
    romeo.gets();
  });

  scenario('a join while the network is being tried again brings all rooms back, with one session', async (stage) => {
    const { romeo } = await pair(stage);
    await stage.gateway.stop('keep');
    stage.gateway.away(new GatewayError('no-connection'));
    await stage.gateway.start();
    await stage.passes(200);
    stage.gateway.away(undefined);
    const before = stage.gateway.connects;
    await romeo.joins(mantua, 'romeo');
    expect(stage.gateway.connects).toBe(before + 1);
    expect([stage.members('#verona'), stage.members('#mantua')]).toEqual([['juliet', 'romeo'], ['romeo']]);
  });

  scenario(
    'a join meanwhile that fails is told; its client is waited for as long as any, and then forgotten',
    async (stage) => {
      const { romeo } = await pair(stage);
      const phone = stage.client('romeo', 'phone');
      await phone.joins(mantua, 'romeo');
      await stage.gateway.stop('keep');
      stage.gateway.away(new GatewayError('no-connection'));
      await stage.gateway.start();
      await stage.calm();
      await romeo.joins(verona, 'romeo');
      romeo.gets(failed('presence', 'join', 'wait', 'remote-server-timeout'));
      await stage.passes(200);
      stage.gateway.away(undefined);
      await stage.passes(400);
      expect([stage.members('#verona'), stage.members('#mantua')]).toEqual([['juliet'], ['romeo']]);
      await stage.restarts();
      expect(stage.members('#verona')).toEqual(['juliet']);
      romeo.gets();
    },
  );

  scenario(
    'a join that was behind another one until it was too late: its client is out, as it is told',
    async (stage) => {
      const { romeo } = await pair(stage);
      const phone = stage.client('romeo', 'phone');
      await stage.gateway.stop('keep');
      stage.gateway.away(new GatewayError('network-away'));
      await stage.gateway.start();
      await stage.calm();
      for (const client of [phone, romeo]) await client.joins(verona, 'romeo');
      await stage.passes(600);
      const late = failed('presence', 'join', 'wait', 'remote-server-timeout');
      phone.gets(late);
      romeo.gets(gone('romeo', [110, 333]), late);
      stage.gateway.away(undefined);
      await stage.passes(1_000);
      expect(stage.members('#verona')).toEqual(['juliet']);
      expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
      romeo.gets();
    },
  );

  scenario(
    'a room that is kept for good is entered again though a join into it failed meanwhile',
    async (stage) => {
      const { romeo } = await pair(stage);
      await stage.gateway.stop('keep');
      stage.gateway.away(new GatewayError('no-connection'));
      await stage.gateway.start();
      await stage.calm();
      await romeo.joins(verona, 'romeo');
      romeo.gets(failed('presence', 'join', 'wait', 'remote-server-timeout'));
      stage.gateway.away(undefined);
      await stage.passes(400);
      expect(stage.members('#verona')).toEqual(['juliet', 'romeo']);
    },
    { options: { persistent: true } },
  );

  scenario(
    'who asks to come in again during maintenance, while the room is still being entered, comes in; others do not',
    async (stage) => {
      const { romeo } = await pair(stage);
      const filling = new Filling(stage.client('boss'), 'maintenance');
      await filling.begin();
      await filling.submit({ state: 'true' });
      await stage.gateway.stop('keep');
      const release = stage.gateway.hold('connect');
      await stage.gateway.start();
      await romeo.joins(verona, 'romeo');
      await romeo.joins(mantua, 'romeo');
      romeo.gets(failed('presence', 'join', 'wait', 'service-unavailable'));
      release();
      await stage.passes(3);
      romeo.gets(there('juliet'), self('romeo'), subject());
      expect(stage.members('#mantua')).toEqual([]);
    },
    { admins: ['boss@test'] },
  );

  scenario('a room that can not be entered again is told with 333, and leaves the others alone', async (stage) => {
    const { romeo } = await pair(stage);
    await romeo.joins(mantua, 'romeo');
    await stage.passes(3);
    romeo.ignores();
    await stage.gateway.stop('keep');
    stage.refuses('#verona', new GatewayError('banned', { text: 'Banished' }));
    await stage.gateway.start();
    await stage.calm();
    romeo.gets(gone('romeo', [110, 333]));
    await romeo.says(mantua, 'banished', 'm1');
    romeo.gets(said('romeo', 'banished', 'm1', mantua));
    await romeo.says(verona, 'heaven is here', 'm2');
    romeo.gets(failed('message', 'm2', 'modify', 'not-acceptable'));
  });

  scenario('a room that refuses for the moment is tried again', async (stage) => {
    const { romeo } = await pair(stage);
    await stage.gateway.stop('keep');
    stage.refuses('#verona', new GatewayError('too-fast'));
    await stage.gateway.start();
    await stage.calm();
    expect(stage.members('#verona')).toEqual(['juliet']);
    stage.refuses('#verona', undefined);
    await stage.passes(10);
    expect(stage.members('#verona')).toEqual(['juliet', 'romeo']);
    romeo.gets();
  });

  scenario('a room whose clients all left before the network came back is not entered any more', async (stage) => {
    const { romeo } = await pair(stage);
    await stage.gateway.stop('keep');
    stage.gateway.away(new GatewayError('no-connection'));
    await stage.gateway.start();
    await stage.calm();
    await romeo.leaves(verona, 'romeo');
    romeo.gets(gone('romeo', [110]));
    stage.gateway.away(undefined);
    await stage.passes(600);
    expect(stage.members('#verona')).toEqual(['juliet']);
    expect(await stage.accounts()).toEqual({ running: 0, stored: 0 });
  });

  scenario('the nick that one had last is the one of afterwards', async (stage) => {
    const { romeo } = await pair(stage);
    await romeo.sends(`<presence to='${verona}/montague'/>`);
    await stage.passes(3);
    romeo.ignores();
    await stage.restarts();
    romeo.gets();
    expect(stage.members('#verona')).toEqual(['juliet', 'montague']);
  });

  scenario(
    'a room that is kept for good is entered again with nobody in it',
    async (stage) => {
      const { romeo } = await pair(stage);
      await romeo.leaves(verona, 'romeo');
      await stage.passes(3);
      await stage.restarts();
      expect(stage.members('#verona')).toEqual(['juliet', 'romeo']);
    },
    { options: { persistent: true } },
  );
});
