/** Rate limits as the reference has them, and as discord.js lives with them (API reference, "Rate Limits"). */
import { REST, Routes } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { usual } from '../../../harness/discord/settings.ts';
import { useGuests } from './guests.ts';
import { callerOf } from './raw.ts';

describe('buckets', () => {
  let now = 1_750_000_000_000;
  const guests = useGuests({ now: () => now });

  function stage() {
    const { world } = guests.discord;
    const bot = world.bot('busy');
    const guild = world.guild('Busy', world.user('owner'));
    world.invite(bot, guild);
    return { bot, guild, place: world.find(guild, 'general').id, call: callerOf(guests.discord, bot) };
  }

  test('count by route and channel, say so in headers, and refuse what is too much', async () => {
    const { guild, place, call } = stage();
    const other = guests.discord.world.channel(guild, { name: 'other' }).id;
    const say = (id: string) => call('POST', `/channels/${id}/messages`, { content: 'x' });
    const first = await say(place);
    expect(Object.fromEntries([...first.headers].filter(([name]) => name.startsWith('x-ratelimit')))).toEqual({
      'x-ratelimit-limit': '5',
      'x-ratelimit-remaining': '4',
      'x-ratelimit-reset': ((now + 5_000) / 1_000).toFixed(3),
      'x-ratelimit-reset-after': '5.000',
      'x-ratelimit-bucket': expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    for (let n = 0; n < 4; n++) expect((await say(place)).status).toBe(200);
    now += 1_500;
    const refused = await say(place);
    expect(refused).toMatchObject({
      status: 429,
      body: { message: 'You are being rate limited.', retry_after: 3.5, global: false },
    });
    expect(refused.headers.get('retry-after')).toBe('4');
    expect(refused.headers.get('x-ratelimit-scope')).toBe('user');
    const elsewhere = await say(other);
    expect(elsewhere.status).toBe(200);
    expect(elsewhere.headers.get('x-ratelimit-bucket')).toBe(first.headers.get('x-ratelimit-bucket'));
    now += 3_500;
    expect((await say(place)).status).toBe(200);
  });

  test('of reactions are one for adding and taking back', async () => {
    const { bot, place, call } = stage();
    const channel = guests.discord.state.channels.get(place);
    if (channel === undefined) throw new Error('a channel');
    const { id } = guests.discord.world.say(bot.user, channel, 'x').data;
    const at = `/channels/${place}/messages/${id}/reactions/${encodeURIComponent('👍')}/@me`;
    expect((await call('PUT', at)).status).toBe(204);
    expect((await call('DELETE', at)).status).toBe(429);
  });

  test('of names are small and say nothing in headers', async () => {
    const { place, call } = stage();
    const rename = (name: string) => call('PATCH', `/channels/${place}`, { name });
    expect((await rename('a')).status).toBe(200);
    expect((await rename('b')).status).toBe(200);
    const refused = await rename('c');
    expect(refused.status).toBe(429);
    expect((refused.body as { retry_after: number }).retry_after).toBeGreaterThan(500);
    expect((await call('PATCH', `/channels/${place}`, { nsfw: true })).status).toBe(200);
  });

  test('of webhooks are by webhook, whoever calls', async () => {
    const { guild, place } = stage();
    const { world, state } = guests.discord;
    const channel = state.channels.get(place) ?? world.find(guild, 'general');
    const [one, two] = [world.webhook(channel, { name: '1' }), world.webhook(channel, { name: '2' })];
    const say = async ({ id, token }: { id: string; token: string }) =>
      (await callerOf(guests.discord)('POST', `/webhooks/${id}/${token}`, { content: 'x' })).status;
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) statuses.push(await say(one));
    expect(statuses).toEqual([204, 204, 204, 204, 204, 429]);
    expect(await say(two)).toBe(204);
  });

  test('of webhooks are one of thirty a minute in a channel, which no header tells', async () => {
    const { guild, place } = stage();
    const { world, state } = guests.discord;
    const channel = state.channels.get(place) ?? world.find(guild, 'general');
    const hooks = Array.from({ length: 7 }, (_, n) => world.webhook(channel, { name: `${n}` }));
    const anyone = callerOf(guests.discord);
    const say = (n: number) => {
      const hook = hooks[n % hooks.length];
      return anyone('POST', `/webhooks/${hook?.id}/${hook?.token}`, { content: 'x' });
    };
    for (let n = 0; n < 30; n++) expect((await say(n)).status).toBe(204);
    const refused = await say(34);
    expect(refused).toMatchObject({
      status: 429,
      body: { message: 'The resource is being rate limited.', retry_after: 60 },
    });
    expect(refused.headers.get('x-ratelimit-scope')).toBe('shared');
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0');
    now += 60_000;
    expect((await say(0)).status).toBe(204);
  });

  test('a bot asks fifty times a second and no more', async () => {
    const { call } = stage();
    const answers = await Promise.all(Array.from({ length: 51 }, () => call('GET', '/users/@me')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBe(1);
    expect(refused[0]).toMatchObject({ body: { global: true } });
    expect(refused[0]?.headers.get('x-ratelimit-global')).toBe('true');
    expect(refused[0]?.headers.get('x-ratelimit-scope')).toBe('global');
  });
});

describe('a channel into which too much is written', () => {
  const guests = useGuests();
  test('has a code of its own', async () => {
    const bot = guests.discord.world.bot('writer');
    const fault = guests.discord.lay({ mishap: { kind: 'limit', seconds: 2.5, scope: 'shared', code: 20028 } });
    const refused = await callerOf(guests.discord, bot)('GET', '/users/@me');
    expect(refused).toMatchObject({ status: 429, body: { code: 20028, retry_after: 2.5, global: false } });
    expect(refused.headers.get('x-ratelimit-scope')).toBe('shared');
    fault.lift();
  });
});

describe('discord.js', () => {
  const guests = useGuests({ paces: { 'POST /channels/:channel/messages': [2, 0.3] } });
  test('waits for its bucket and for 429, and keeps the order', async () => {
    const { world } = guests.discord;
    const bot = world.bot('patient');
    const guild = world.guild('Patience', world.user('owner'));
    world.invite(bot, guild);
    const place = world.find(guild, 'general');
    const rest = new REST({ api: guests.discord.api }).setToken(bot.token ?? '');
    const fault = guests.discord.lay({
      method: 'POST',
      times: 1,
      mishap: { kind: 'limit', seconds: 0.2, scope: 'shared' },
    });
    const texts = Array.from({ length: 7 }, (_, n) => `${n}`);
    await Promise.all(texts.map((content) => rest.post(Routes.channelMessages(place.id), { body: { content } })));
    expect(world.messages(place).map(({ data }) => data.content)).toEqual(texts);
    expect(fault.met).toBe(1);
    rest.clearHashSweeper();
    rest.clearHandlerSweeper();
  });
});

test('what is usual is Discord’s', () => {
  expect(usual).toMatchObject({
    heartbeatMs: 41_250,
    gatewayPerMinute: 120,
    globalPerSecond: 50,
    contentLength: 2_000,
  });
});
