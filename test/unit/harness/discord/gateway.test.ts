/** The gateway without a library: greeting, refusals, numbers, resuming, limits (API reference, "Gateway"). */
import { GatewayCloseCodes as Close, GatewayIntentBits as Intent } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { useGuests } from './guests.ts';
import { callerOf, identity, knock } from './raw.ts';

const plain = Intent.Guilds | Intent.GuildMessages | Intent.MessageContent;

describe('a session begins', () => {
  const guests = useGuests();

  test('with HELLO, READY with guilds that are not yet there, then GUILD_CREATE of each', async () => {
    const { world } = guests.discord;
    const bot = world.bot('first');
    const guilds = ['one', 'two'].map((name) => world.guild(name, world.user('owner')));
    for (const guild of guilds) world.invite(bot, guild);
    const socket = knock(guests.discord);
    expect((await socket.op(10)).d.heartbeat_interval).toBe(41_250);
    socket.send(2, identity(bot, plain));
    const ready = await socket.event('READY');
    expect(ready.s).toBe(1);
    expect(ready.d).toMatchObject({ v: 10, user: { id: bot.user.id, bot: true }, application: { id: bot.id } });
    expect(ready.d.guilds).toEqual(guilds.map(({ id }) => ({ id, unavailable: true })));
    expect((await socket.event('GUILD_CREATE')).d).toMatchObject({ name: 'one', member_count: 2, unavailable: false });
    const second = await socket.event('GUILD_CREATE');
    expect(second.s).toBe(3);
    expect(second.d.channels).toHaveLength(2);
    socket.send(1, 3);
    expect(await socket.op(11)).toMatchObject({ s: null, t: null });
    socket.close();
  });

  test.each<[string, object, number]>([
    ['token', { token: 'x.y.z' }, Close.AuthenticationFailed],
    ['shard', { shard: [2, 2] }, Close.InvalidShard],
    ['intents', { intents: 1 << 30 }, Close.InvalidIntents],
    ['intents that are not switched on', { intents: plain | Intent.GuildMembers }, Close.DisallowedIntents],
  ])('not with a wrong %s', async (_, more, code) => {
    const bot = guests.discord.world.bot('strict', Intent.MessageContent);
    const socket = knock(guests.discord);
    socket.send(2, { ...identity(bot, plain), ...more });
    expect((await socket.closed)[0]).toBe(code);
  });

  test('in nothing but version 10', async () => {
    expect((await knock(guests.discord, 6).closed)[0]).toBe(Close.InvalidAPIVersion);
  });

  test.each<[string, string, number]>([
    ['no JSON', '{', Close.DecodeError],
    ['what nobody knows', '{"op":99}', Close.UnknownOpcode],
    ['who identifies twice', '{"op":2,"d":{}}', Close.AlreadyAuthenticated],
    ['what is too long', `{"op":3,"d":"${'x'.repeat(5_000)}"}`, Close.DecodeError],
  ])('and ends for %s', async (_, text, code) => {
    const bot = guests.discord.world.bot('rude');
    const socket = knock(guests.discord);
    socket.send(2, identity(bot, plain));
    await socket.event('READY');
    socket.sendText(text);
    expect((await socket.closed)[0]).toBe(code);
  });

  test('before anything else', async () => {
    const socket = knock(guests.discord);
    socket.send(3, {});
    expect((await socket.closed)[0]).toBe(Close.NotAuthenticated);
  });

  test('and ends at more than 120 messages a minute', async () => {
    const socket = knock(guests.discord);
    socket.send(2, identity(guests.discord.world.bot('chatty'), plain));
    await socket.event('READY');
    for (let n = 0; n < 119; n++) socket.send(1, null);
    for (let n = 0; n < 119; n++) await socket.op(11);
    socket.send(1, null);
    expect((await socket.closed)[0]).toBe(Close.RateLimited);
  });
});

describe('shards', () => {
  const guests = useGuests();
  test('each has its guilds, the first has the conversations', async () => {
    const { world } = guests.discord;
    const bot = world.bot('split');
    const ann = world.user('ann');
    const guilds = Array.from({ length: 6 }, (_, n) => world.guild(`g${n}`, ann));
    for (const guild of guilds) world.invite(bot, guild);
    const intents = plain | Intent.DirectMessages;
    const shards = [0, 1].map((shard) => {
      const socket = knock(guests.discord);
      socket.send(2, identity(bot, intents, { shard: [shard, 2] }));
      return socket;
    });
    const homes = await Promise.all(
      shards.map(async (socket) => (await socket.event('READY')).d.guilds.map((one: { id: string }) => one.id)),
    );
    for (const [shard, ids] of homes.entries())
      for (const id of ids) expect(Number((BigInt(id) >> 22n) % 2n)).toBe(shard);
    expect(homes.flat().sort()).toEqual(guilds.map(({ id }) => id).sort());
    world.whisper(ann, bot, 'psst');
    expect((await shards[0]?.event('MESSAGE_CREATE'))?.d.content).toBe('psst');
    for (const guild of guilds) world.say(ann, world.find(guild, 'general'), guild.name);
    for (const [shard, ids] of homes.entries())
      for (const id of ids) expect((await shards[shard]?.event('MESSAGE_CREATE'))?.d.guild_id).toBe(id);
    for (const socket of shards) {
      expect(socket.inbox.all.filter(({ t, d }) => t === 'MESSAGE_CREATE' && d.guild_id === undefined)).toHaveLength(
        socket === shards[0] ? 1 : 0,
      );
      socket.close();
    }
  });
});

describe('a session that was cut', () => {
  const guests = useGuests({ replayed: 3 });

  async function begun() {
    const { world } = guests.discord;
    const bot = world.bot('cut');
    const ann = world.user('ann');
    const guild = world.guild('cut', ann);
    world.invite(bot, guild);
    const socket = knock(guests.discord);
    socket.send(2, identity(bot, plain));
    const { d } = await socket.event('READY');
    const { s } = await socket.event('GUILD_CREATE');
    const say = (text: string) => world.say(ann, world.find(guild, 'general'), text);
    return { bot, socket, session_id: d.session_id as string, seq: s, say };
  }

  test('is told what it has missed, once and in order', async () => {
    const { bot, socket, session_id, seq, say } = await begun();
    socket.drop();
    await socket.closed;
    const said = ['a', 'b', 'c'].map(say).map(({ data }) => data.content);
    const again = knock(guests.discord);
    again.send(6, { token: bot.token, session_id, seq });
    const resumed = await again.event('RESUMED');
    const missed = again.inbox.all.filter(({ t }) => t === 'MESSAGE_CREATE');
    expect(missed.map(({ d }) => d.content)).toEqual(said);
    expect(missed.map(({ s }) => s)).toEqual([1, 2, 3].map((n) => (seq ?? 0) + n));
    expect(resumed.s).toBe((seq ?? 0) + 4);
    say('d');
    const next = await again.inbox.take(({ d }) => d?.content === 'd', 'd');
    expect(next.s).toBe((resumed.s ?? 0) + 1);
    again.close();
  });

  test.each<[string, (one: { session_id: string; seq: number | null }) => object]>([
    ['is not known', ({ seq }) => ({ session_id: 'x', seq })],
    ['has missed too much', ({ session_id }) => ({ session_id, seq: 0 })],
  ])('is no good when it %s', async (_, more) => {
    const { bot, socket, session_id, seq, say } = await begun();
    for (const text of ['a', 'b', 'c', 'd']) say(text);
    socket.drop();
    await socket.closed;
    const again = knock(guests.discord);
    again.send(6, { token: bot.token, ...more({ session_id, seq }) });
    expect((await again.op(9)).d).toBe(false);
    again.close();
  });

  test('is no good after it was closed in order, nor with a number of the future', async () => {
    const one = await begun();
    const ahead = knock(guests.discord);
    ahead.send(6, { token: one.bot.token, session_id: one.session_id, seq: 1_000 });
    expect((await ahead.closed)[0]).toBe(Close.InvalidSeq);
    one.socket.close(1000);
    await one.socket.closed;
    const again = knock(guests.discord);
    again.send(6, { token: one.bot.token, session_id: one.session_id, seq: one.seq });
    expect((await again.op(9)).d).toBe(false);
    again.close();
  });
});

describe('beginnings', () => {
  const guests = useGuests({ identifyEveryMs: 5_000 });
  test('are one in five seconds, and counted', async () => {
    const bot = guests.discord.world.bot('hasty');
    const first = knock(guests.discord);
    first.send(2, identity(bot, plain));
    await first.event('READY');
    const second = knock(guests.discord);
    second.send(2, identity(bot, plain));
    expect((await second.op(9)).d).toBe(false);
    const { body } = await callerOf(guests.discord, bot)('GET', '/gateway/bot');
    expect(body).toMatchObject({
      shards: 1,
      session_start_limit: { total: 1_000, remaining: 999, max_concurrency: 1 },
    });
    first.close();
    second.close();
  });
});

describe('heartbeats', () => {
  const guests = useGuests({ heartbeatMs: 60 });
  test('that fail to come end the session', async () => {
    const socket = knock(guests.discord);
    socket.send(2, identity(guests.discord.world.bot('dead'), plain));
    await socket.event('READY');
    expect((await socket.closed)[0]).toBe(Close.SessionTimedOut);
  });
});
