/** Discord between real programs: Prosody, the gateway as its users start it, Redis; on the other side the harness' Discord. One bot, two clients, and kill -9 in the middle of a burst. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { overTcp } from '../harness/client-socket.ts';
import { registersBot } from '../harness/discord/registering.ts';
import { type FakeDiscord, startDiscord } from '../harness/discord/server.ts';
import { quick } from '../harness/discord/settings.ts';
import type { Application, Channel, Guild } from '../harness/discord/state.ts';
import { type GatewayUnderTest, startGateway } from '../harness/gateway.ts';
import { bodyOf, child } from '../harness/markup.ts';
import { until } from '../harness/process.ts';
import { type Prosody, startProsody } from '../harness/prosody.ts';
import { connectXmpp, type XmppClient } from '../harness/xmpp-client.ts';

const domain = 'discord.localhost';
const secret = 'a secret of the tests';
const password = 'pw';
const limitMs = 120_000;

describe('on Prosody', () => {
  let discord: FakeDiscord;
  let prosody: Prosody;
  let gateway: GatewayUnderTest;
  let guild: Guild;
  let romeo: XmppClient;
  let bot: Application;
  let count = 0;
  const stack = new AsyncDisposableStack();

  const jabber = (resource: string): Promise<XmppClient> =>
    connectXmpp({ user: 'romeo', domain: prosody.domain, resource }, overTcp({ port: prosody.port, password }));
  const channel = (): Channel => discord.world.channel(guild, { name: `channel${++count}` });
  const roomOf = ({ id }: Channel): string => `#${id}@${domain}`;
  const textsIn = (where: Channel): readonly string[] => discord.world.messages(where).map(({ data }) => data.content);

  beforeAll(async () => {
    discord = stack.use(await startDiscord(quick));
    const { world } = discord;
    guild = world.guild('Verona', world.user('owner'));
    bot = world.bot('isthmus');
    world.invite(bot, guild);
    prosody = stack.use(await startProsody({ components: { [domain]: secret }, users: { romeo: password } }));
    gateway = stack.use(
      await startGateway({
        componentPort: prosody.componentPort,
        components: { [domain]: secret },
        roles: ['all'],
        redis: 'private',
        use: 'discord',
        irc: { api: discord.api, cdn: discord.cdn },
        allow: [prosody.domain],
      }),
    );
    romeo = await jabber('desk');
    await registersBot(romeo, domain, bot);
  }, limitMs);
  afterAll(() => stack.disposeAsync());

  test('45-40 two resources and somebody on Discord hear each other', async () => {
    const { world } = discord;
    const where = channel();
    const room = roomOf(where);
    const ann = world.user('ann', { global_name: 'Ann' });
    world.join(ann, guild);
    await romeo.join(room, bot.name);
    const phone = await jabber('phone');
    await phone.join(room, bot.name);
    romeo.say(room, '*But* soft!');
    world.say(ann, where, '**Ay** me!');
    for (const client of [romeo, phone]) {
      await client.receive(`<message type='groupchat' from='${room}/${bot.name}'><body>*But* soft!</body></message>`);
      await client.receive(`<message type='groupchat' from='${room}/Ann'><body/></message>`);
    }
    expect(textsIn(where).toSorted()).toEqual(['**Ay** me!', '**But** soft!']);
    await phone.close();
  });

  test(
    'kill -9 in the middle of a burst: nothing is lost, nothing is said twice, and all is in order',
    async () => {
      const { world } = discord;
      const where = channel();
      const room = roomOf(where);
      const bea = world.user('bea');
      world.join(bea, guild);
      await romeo.join(room, bot.name);
      const total = 200;
      const numbers = (prefix: string): readonly string[] => Array.from({ length: total }, (_, n) => `${prefix}${n}`);
      for (const text of numbers('r')) romeo.say(room, text);
      // Behind all of them: what the server still had for the gateway when it was killed was never accepted.
      await romeo.ask(`<iq type='get' to='${domain}'><ping xmlns='urn:xmpp:ping'/></iq>`, 60_000);
      const heardOf = textsIn(where).length;
      const enough = Math.min(total, Math.max(heardOf + 5, total / 3));
      await until('a third of them', () => textsIn(where).length >= enough, 60_000);
      await gateway.kill();
      world.say(bea, where, 'meanwhile');
      await gateway.start();
      const mine = (): readonly string[] => textsIn(where).filter((text) => text.startsWith('r'));
      // Which ones are missing says more than that some are.
      await until('all of them', () => mine().length >= total, 90_000).catch(() =>
        expect(mine()).toEqual(numbers('r')),
      );
      romeo.say(room, 'the end');
      await romeo.receive(`<message type='groupchat'><body>the end</body></message>`, 60_000);
      expect(mine()).toEqual(numbers('r'));
      const heard = romeo.seen(`<message type='groupchat' from='${room}/${bot.name}'><body/></message>`).map(bodyOf);
      expect([...new Set(heard)].filter((text) => text?.startsWith('r'))).toEqual(numbers('r'));
      await romeo.receive(`<message type='groupchat' from='${room}/bea'><body>meanwhile</body></message>`, 30_000);
      const mark = romeo.inbox.all.length;
      await romeo.ask(`<iq type='set' to='${room}'><query xmlns='urn:xmpp:mam:2'/></iq>`, 30_000);
      const page = romeo.seen(`<message><result xmlns='urn:xmpp:mam:2'/></message>`, mark);
      expect(page.length).toBeGreaterThan(0);
      expect(child(page[0], 'result', 'urn:xmpp:mam:2')).toBeDefined();
    },
    limitMs * 2,
  );

  test(
    'kill -9: what was said to the bot alone meanwhile comes once, with its stamp',
    async () => {
      const { world } = discord;
      const cat = world.user('cat', { global_name: 'Cat' });
      world.join(cat, guild);
      await until(
        'the bot',
        () => [...discord.connections].some(({ session }) => session?.application === bot),
        20_000,
      );
      const since = romeo.inbox.all.length;
      const heard = (text: string) =>
        romeo.receive(`<message type='chat' from='${cat.id}@${domain}/gateway'><body>${text}</body></message>`, 60_000);
      world.whisper(cat, bot, 'before');
      await heard('before');
      // Told, and then written down: who is killed in between does not know of the conversation.
      const stored = new Database(join(gateway.data, 'isthmus.sqlite'), { readonly: true });
      const known = stored.prepare('select 1 from accounts where resume like ?');
      const kept = stored.prepare('select 1 from archive where body = ?');
      const isWritten = (text: string): boolean =>
        known.get(`%${cat.id}%`) !== undefined && kept.get(`<body>${text}</body>`) !== undefined;
      await until('the conversation is written down', () => isWritten('before'));
      await gateway.kill();
      const { data } = world.whisper(cat, bot, 'meanwhile');
      await gateway.start();
      const late = await heard('meanwhile');
      const stamp = new Date(data.timestamp).toISOString();
      expect(child(late, 'delay', 'urn:xmpp:delay')?.attrs.stamp).toBe(stamp);
      await until('so is this', () => isWritten('meanwhile'));
      stored.close();
      await gateway.kill();
      await gateway.start();
      world.whisper(cat, bot, 'after');
      await heard('after');
      const all = romeo.seen(`<message type='chat' from='${cat.id}@${domain}/gateway'><body/></message>`, since);
      // What the server had not answered for when the gateway was killed is sent again, with the same ids (DESIGN.md §1.7).
      const distinct = new Map(all.map((one) => [one.attrs.id, bodyOf(one)]));
      expect([...distinct.values()]).toEqual(['before', 'meanwhile', 'after']);
    },
    limitMs * 2,
  );
});
