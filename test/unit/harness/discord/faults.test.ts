/** What a test lets go wrong: lost answers, stalls, errors of the server, shut doors. */
import { REST, Routes } from 'discord.js';
import { describe, expect, test } from 'vitest';
import type { Channel } from '../../../harness/discord/state.ts';
import { next, useGuests } from './guests.ts';
import { callerOf } from './raw.ts';

describe('faults', () => {
  const guests = useGuests();

  function stage() {
    const { world } = guests.discord;
    const bot = world.bot('unlucky');
    const guild = world.guild('Unlucky', world.user('owner'));
    world.invite(bot, guild);
    const place = world.find(guild, 'general');
    const rest = (timeout = 15_000, retries = 3) =>
      new REST({ api: guests.discord.api, timeout, retries }).setToken(bot.token ?? '');
    return { bot, guild, place, rest, path: Routes.channelMessages(place.id), call: callerOf(guests.discord, bot) };
  }
  const texts = (place: Channel) => guests.discord.world.messages(place).map(({ data }) => data.content);

  test('an answer that is lost makes discord.js ask again: a nonce that is enforced makes one message of it, else there are two', async () => {
    const { place, rest, path } = stage();
    for (const [body, count] of [
      [{ content: 'once', nonce: '1', enforce_nonce: true }, 1],
      [{ content: 'twice' }, 2],
    ] as const) {
      const fault = guests.discord.lay({ method: 'POST', path: /\/messages$/, times: 1, mishap: { kind: 'drop' } });
      await rest().post(path, { body });
      expect(fault.met).toBe(1);
      expect(texts(place).filter((text) => text === body.content)).toHaveLength(count);
      fault.lift();
    }
  });

  test('a connection that ends before anything happens is tried again', async () => {
    const { place, rest, path } = stage();
    const fault = guests.discord.lay({ method: 'POST', times: 2, mishap: { kind: 'cut' } });
    await rest().post(path, { body: { content: 'x' } });
    expect([fault.met, texts(place)]).toEqual([2, ['x']]);
    fault.lift();
  });

  test('a connection that ends in order is not', async () => {
    const { place, rest, path } = stage();
    const fault = guests.discord.lay({ method: 'POST', times: 1, mishap: { kind: 'drop', by: 'end' } });
    await expect(rest().post(path, { body: { content: 'x' } })).rejects.toThrow('other side closed');
    expect(texts(place)).toEqual(['x']);
    fault.lift();
  });

  test('the server’s errors last until they are lifted', async () => {
    const { place, rest, path, call } = stage();
    const fault = guests.discord.lay({ path: /messages/, mishap: { kind: 'status', status: 503 } });
    await expect(rest().post(path, { body: { content: 'x' } })).rejects.toMatchObject({ status: 503 });
    expect(fault.met).toBe(4);
    expect((await call('GET', '/users/@me')).status).toBe(200);
    fault.lift();
    await rest().post(path, { body: { content: 'y' } });
    expect(texts(place)).toEqual(['y']);
  });

  test('a stall holds calls until it is lifted; those that gave up have done nothing', async () => {
    const { place, rest, path } = stage();
    const fault = guests.discord.lay({ method: 'POST', mishap: { kind: 'stall' } });
    await expect(rest(100, 0).post(path, { body: { content: 'gave up' } })).rejects.toThrow(/abort/i);
    const waiting = rest().post(path, { body: { content: 'waited' } });
    while (fault.met < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(texts(place)).toEqual([]);
    fault.lift();
    await waiting;
    expect(texts(place)).toEqual(['waited']);
  });

  test('an answer that never comes has taken effect', async () => {
    const { place, rest, path } = stage();
    const fault = guests.discord.lay({ method: 'POST', times: 1, mishap: { kind: 'mute' } });
    await rest(300).post(path, { body: { content: 'x' } });
    expect([fault.met, texts(place)]).toEqual([1, ['x', 'x']]);
    fault.lift();
  });

  test('what was asked and answered can be waited for', async () => {
    const { bot, path, call } = stage();
    await call('POST', path, { content: 'seen' });
    const seen = await guests.discord.exchanges.take((one) => one.path === path, 'the message');
    expect(seen).toMatchObject({
      method: 'POST',
      status: 200,
      body: { content: 'seen' },
      answer: { content: 'seen' },
      authorization: `Bot ${bot.token}`,
    });
  });

  test('the server is gone and comes back with what it knew', async () => {
    const { client, guild } = await guests.party();
    const { world } = guests.discord;
    const back = next(client, 'shardResume');
    await guests.discord.shut();
    await expect(client.users.fetch(guild.ownerId, { force: true })).rejects.toThrow(/ECONNREFUSED|closed/);
    const missed = next(client, 'messageCreate');
    world.say(world.user('ann'), world.find(guild, 'general'), 'missed');
    await guests.discord.reopen();
    await back;
    expect((await missed)[0].content).toBe('missed');
  });

  test('the gateway’s door is shut and opens again', async () => {
    const { client } = await guests.party();
    const back = next(client, 'shardResume');
    guests.discord.faults.open = false;
    const failed = next(client, 'shardReconnecting');
    guests.discord.cut();
    await failed;
    guests.discord.faults.open = true;
    await back;
  });
});

test('a server ends with all its connections', async () => {
  const { startDiscord } = await import('../../../harness/discord/server.ts');
  const discord = await startDiscord();
  const fault = discord.lay({ mishap: { kind: 'mute' } });
  const hanging = callerOf(discord)('GET', '/gateway').catch((error: unknown) => error);
  while (fault.met === 0) await new Promise((resolve) => setImmediate(resolve));
  await discord[Symbol.asyncDispose]();
  expect(await hanging).toBeInstanceOf(Error);
});
