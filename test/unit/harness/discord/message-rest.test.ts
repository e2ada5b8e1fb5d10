/** Messages over REST: what is refused, and with which words; paging; nonces; edits; deletions (API reference, "Message"). */
import { PermissionFlagsBits as May } from 'discord.js';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Application, Channel, Guild } from '../../../harness/discord/state.ts';
import { useGuests } from './guests.ts';
import { type Caller, callerOf } from './raw.ts';

describe('messages over REST', () => {
  const guests = useGuests();
  let call: Caller;
  let bot: Application;
  let guild: Guild;
  let channel: Channel;
  let at: string;
  beforeAll(() => {
    const { world } = guests.discord;
    bot = world.bot('poster');
    guild = world.guild('REST', world.user('owner'));
    world.invite(bot, guild);
    channel = world.find(guild, 'general');
    call = callerOf(guests.discord, bot);
    at = `/channels/${channel.id}/messages`;
  });
  const ann = () => guests.discord.world.user('ann');

  test.each<[string, object, number, object]>([
    ['nothing', {}, 400, { code: 50006, message: 'Cannot send an empty message' }],
    ['nothing but blanks', { content: ' \n ' }, 400, { code: 50006 }],
    [
      'too much',
      { content: 'x'.repeat(2_001) },
      400,
      {
        code: 50035,
        message: 'Invalid Form Body',
        errors: {
          content: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH', message: 'Must be 2000 or fewer in length.' }] },
        },
      },
    ],
    [
      'an embed that is too long',
      { embeds: [{ title: 'x' }, { title: 'x'.repeat(257) }] },
      400,
      { errors: { embeds: { 1: { title: { _errors: [{ code: 'BASE_TYPE_MAX_LENGTH' }] } } } } },
    ],
    [
      'embeds that are too long together',
      { embeds: Array(2).fill({ description: 'x'.repeat(4_000) }) },
      400,
      { errors: { embeds: {} } },
    ],
    [
      'an answer to nothing',
      { content: 'x', message_reference: { message_id: '1' } },
      400,
      { errors: { message_reference: { _errors: [{ code: 'REPLIES_UNKNOWN_MESSAGE', message: 'Unknown message' }] } } },
    ],
    [
      'mentions that contradict each other',
      { content: 'x', allowed_mentions: { parse: ['users'], users: ['1'] } },
      400,
      { code: 50035 },
    ],
    ['no such sticker', { sticker_ids: ['1'] }, 404, { code: 10060 }],
    [
      'no text at all',
      { content: ['x'] },
      400,
      { errors: { content: { _errors: [{ code: 'STRING_TYPE_CONVERT' }] } } },
    ],
  ])('%s is refused', async (_, body, status, answer) => {
    const answered = await call('POST', at, body);
    expect(answered.status).toBe(status);
    expect(answered.body).toMatchObject(answer);
    expect(channel.messages.size).toBe(0);
  });

  test('2000 characters count as people count them', async () => {
    const content = '😀'.repeat(2_000);
    expect(await call('POST', at, { content })).toMatchObject({ status: 200, body: { content, type: 0 } });
  });

  test.each<[string, string, string, number, number]>([
    ['GET', 'unknown channels', '/channels/1/messages', 404, 10003],
    ['GET', 'what is no id', '/channels/x/messages', 400, 50035],
    ['GET', 'unknown messages', 'messages/1', 404, 10008],
    ['GET', 'limits out of range', 'messages?limit=101', 400, 50035],
    ['GET', 'what is no path', '/channels/%', 400, 0],
    ['GET', 'unknown paths', '/nowhere', 404, 0],
    ['PUT', 'methods that are not for it', 'messages', 405, 0],
  ])('%s of %s', async (method, _, path, status, code) => {
    const answered = await call(method, path.startsWith('/') ? path : `/channels/${channel.id}/${path}`);
    expect([answered.status, (answered.body as { code: number }).code]).toEqual([status, code]);
  });

  test('only a bot with a good token is let in', async () => {
    expect(await callerOf(guests.discord)('GET', '/users/@me')).toMatchObject({
      status: 401,
      body: { message: '401: Unauthorized', code: 0 },
    });
  });

  test('a body that is no JSON, and one of no kind that is known', async () => {
    const send = (type: string) =>
      fetch(`${guests.discord.api}/v10${at}`, {
        method: 'POST',
        headers: { authorization: `Bot ${bot.token}`, 'content-type': type },
        body: '{',
      });
    expect(await (await send('application/json')).json()).toMatchObject({ code: 50109 });
    expect((await send('text/plain')).status).toBe(400);
  });

  test('lists go backwards from the newest, and by before, after and around', async () => {
    const { world } = guests.discord;
    const place = world.channel(guild, { name: 'pages' });
    const ids = Array.from({ length: 60 }, (_, n) => world.say(ann(), place, `${n}`).data.id);
    const list = async (query: string) =>
      ((await call('GET', `/channels/${place.id}/messages?${query}`)).body as { id: string }[]).map(({ id }) =>
        ids.indexOf(id),
      );
    expect(await list('')).toEqual(Array.from({ length: 50 }, (_, n) => 59 - n));
    expect(await list(`limit=3&before=${ids[10]}`)).toEqual([9, 8, 7]);
    expect(await list(`limit=3&after=${ids[10]}`)).toEqual([13, 12, 11]);
    expect(await list(`limit=3&around=${ids[10]}`)).toEqual([11, 10, 9]);
    expect(await list(`limit=3&before=${ids[0]}`)).toEqual([]);
    world.rule(place, { of: bot.user, deny: May.ReadMessageHistory });
    expect(await list('')).toEqual([]);
  });

  test('a nonce that is enforced makes one message of two calls', async () => {
    const body = { content: 'once', nonce: 'n1', enforce_nonce: true };
    const [one, two] = [await call('POST', at, body), await call('POST', at, body)];
    expect((two.body as { id: string }).id).toBe((one.body as { id: string }).id);
    const three = await call('POST', at, { ...body, enforce_nonce: false });
    expect((three.body as { id: string }).id).not.toBe((one.body as { id: string }).id);
    expect(three.body).toMatchObject({ nonce: 'n1' });
    expect(await call('POST', at, { content: 'x', nonce: 'n'.repeat(26) })).toMatchObject({ status: 400 });
  });

  test('an answer carries what it answers, and pings its author unless that is not wanted', async () => {
    const { world } = guests.discord;
    const user = ann();
    const said = world.say(user, channel, 'question');
    const message_reference = { message_id: said.data.id };
    const answer = await call('POST', at, { content: 'answer', message_reference });
    expect(answer.body).toMatchObject({
      type: 19,
      message_reference: { type: 0, message_id: said.data.id, channel_id: channel.id, guild_id: guild.id },
      referenced_message: { content: 'question' },
      mentions: [{ id: user.id }],
    });
    const quiet = await call('POST', at, { content: 'answer', message_reference, allowed_mentions: { parse: [] } });
    expect(quiet.body).toMatchObject({ mentions: [] });
    world.remove(said);
    const { id } = answer.body as { id: string };
    expect((await call('GET', `${at}/${id}`)).body).toMatchObject({ referenced_message: null });
  });

  test('mentions are those that are allowed', async () => {
    const { world } = guests.discord;
    const [one, two] = [world.user('one'), world.user('two')];
    const role = world.role(guild, { name: 'r', mentionable: true });
    const content = `<@${one.id}> <@${two.id}> <@&${role.id}> @everyone`;
    const mentions = async (allowed_mentions?: object) => {
      const { body } = await call('POST', at, {
        content,
        ...(allowed_mentions === undefined ? {} : { allowed_mentions }),
      });
      const {
        mentions: users,
        mention_roles,
        mention_everyone,
      } = body as { mentions: { id: string }[]; mention_roles: string[]; mention_everyone: boolean };
      return [users.map(({ id }) => id), mention_roles, mention_everyone];
    };
    // The bot may not mention everyone.
    expect(await mentions()).toEqual([[one.id, two.id], [role.id], false]);
    expect(await mentions({ parse: [] })).toEqual([[], [], false]);
    expect(await mentions({ users: [two.id] })).toEqual([[two.id], [], false]);
    world.permit(bot, guild, May.Administrator);
    expect(await mentions({ parse: ['everyone'] })).toEqual([[], [], true]);
  });

  test('others’ messages can be taken away but not rewritten', async () => {
    const { world } = guests.discord;
    const said = world.say(ann(), channel, 'mine');
    const one = `${at}/${said.data.id}`;
    expect(await call('PATCH', one, { content: 'yours' })).toMatchObject({ status: 403, body: { code: 50005 } });
    expect(await call('PATCH', one, { flags: 4 })).toMatchObject({ status: 200, body: { flags: 4, content: 'mine' } });
    world.permit(bot, guild, May.ViewChannel);
    expect(await call('DELETE', one)).toMatchObject({ status: 403, body: { code: 50013 } });
    world.permit(bot, guild, May.ManageMessages);
    expect(await call('DELETE', one)).toMatchObject({ status: 204, body: undefined });
    expect(await call('DELETE', one)).toMatchObject({ status: 404, body: { code: 10008 } });
    world.permit(bot, guild, May.Administrator);
  });

  test('an edit names its time, and what is left empty is refused', async () => {
    const { id } = (await call('POST', at, { content: 'a' })).body as { id: string };
    const edited = await call('PATCH', `${at}/${id}`, { content: 'b' });
    expect(edited.body).toMatchObject({ content: 'b', edited_timestamp: expect.stringMatching(/^\d{4}-.*\+00:00$/) });
    expect(await call('PATCH', `${at}/${id}`, { content: '' })).toMatchObject({ body: { code: 50006 } });
  });

  test('many go at once: from 2 to 100', async () => {
    const { world } = guests.discord;
    const ids = ['a', 'b', 'c'].map((text) => world.say(ann(), channel, text).data.id);
    const bulk = (messages: readonly string[]) => call('POST', `${at}/bulk-delete`, { messages });
    expect(await bulk(ids.slice(0, 1))).toMatchObject({ status: 400, body: { code: 50016 } });
    expect(await bulk(['100000', '200000'])).toMatchObject({ status: 400, body: { code: 50034 } });
    expect((await bulk(ids)).status).toBe(204);
    expect(ids.filter((id) => channel.messages.has(id))).toEqual([]);
  });

  test('conversations: with those who share a guild and take messages', async () => {
    const { world } = guests.discord;
    const user = ann();
    const opened = await call('POST', '/users/@me/channels', { recipient_id: user.id });
    expect(opened.body).toMatchObject({ type: 1, recipients: [{ id: user.id }] });
    const { id } = opened.body as { id: string };
    const say = () => call('POST', `/channels/${id}/messages`, { content: 'psst' });
    expect(await say()).toMatchObject({ status: 403, body: { code: 50278 } });
    world.join(user, guild);
    expect((await say()).status).toBe(200);
    world.closeDoor(user);
    expect(await say()).toMatchObject({ status: 403, body: { code: 50007 } });
  });

  test('announcements are published once', async () => {
    const { world } = guests.discord;
    const news = world.channel(guild, { name: 'news', type: 5 });
    const said = world.say(ann(), news, 'new');
    const publish = () => call('POST', `/channels/${news.id}/messages/${said.data.id}/crosspost`);
    expect(await publish()).toMatchObject({ status: 200, body: { flags: 1 } });
    expect(await publish()).toMatchObject({ status: 400, body: { code: 40033 } });
    const other = world.say(ann(), channel, 'old');
    expect(await call('POST', `${at}/${other.data.id}/crosspost`)).toMatchObject({ body: { code: 50024 } });
  });
});

describe('edits of what is old', () => {
  let now = Date.now();
  const guests = useGuests({ now: () => now });
  test('are few', async () => {
    const { world } = guests.discord;
    const bot = world.bot('late');
    const guild = world.guild('late', world.user('owner'));
    world.invite(bot, guild);
    const said = world.say(bot.user, world.find(guild, 'general'), 'x');
    now += 3_600_001;
    const codes: unknown[] = [];
    for (let n = 0; n < 31; n++) {
      now += 5_000;
      const { body } = await callerOf(guests.discord, bot)(
        'PATCH',
        `/channels/${said.channel.id}/messages/${said.data.id}`,
        { content: `${n}` },
      );
      codes.push((body as { code?: number }).code);
    }
    expect(codes.filter((code) => code === undefined)).toHaveLength(30);
    expect(codes.at(-1)).toBe(30046);
  });
});
