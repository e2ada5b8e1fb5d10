/** Reactions, polls and pins, both ways. */
import { MessageFlags, type TextChannel } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { png } from '../../../harness/pictures.ts';
import { next, type Party, useGuests } from './guests.ts';
import { callerOf } from './raw.ts';

describe('reactions', () => {
  const guests = useGuests();

  async function stage() {
    const { world } = guests.discord;
    const party: Party = await guests.party();
    const ann = world.user('ann');
    world.join(ann, party.guild);
    const place = world.find(party.guild, 'general');
    const said = world.say(ann, place, 'x');
    const at = `/channels/${place.id}/messages/${said.data.id}`;
    return { ...party, ann, place, said, at, world, call: callerOf(guests.discord, party.bot) };
  }

  test('are told, counted, taken back and cleared', async () => {
    const { client, ann, said, world, call, at, bot, guild } = await stage();
    const parrot = world.emoji(guild, 'parrot', png(7).bytes, true);
    const added = next(client, 'messageReactionAdd');
    world.react(ann, said, parrot);
    const [reaction, user] = await added;
    expect([reaction.emoji.id, reaction.emoji.name, user.id]).toEqual([parrot.id, 'parrot', ann.id]);
    expect((await call('PUT', `${at}/reactions/parrot:${parrot.id}/@me`)).status).toBe(204);
    expect((await call('PUT', `${at}/reactions/${encodeURIComponent('👍🏽')}/@me`)).status).toBe(204);
    expect((await call('GET', at)).body).toMatchObject({
      reactions: [
        { count: 2, me: true, emoji: { id: parrot.id, animated: true }, count_details: { burst: 0, normal: 2 } },
        { count: 1, me: true, emoji: { id: null, name: '👍🏽' } },
      ],
    });
    const users = (query: string) => call('GET', `${at}/reactions/parrot:${parrot.id}?${query}`);
    const ids = [ann.id, bot.user.id].sort((a, b) => Number(BigInt(a) - BigInt(b)));
    expect((await users('')).body).toMatchObject(ids.map((id) => ({ id })));
    expect((await users(`limit=1&after=${ids[0]}`)).body).toMatchObject([{ id: ids[1] }]);
    const removed = next(client, 'messageReactionRemove');
    expect((await call('DELETE', `${at}/reactions/parrot:${parrot.id}/${ann.id}`)).status).toBe(204);
    expect((await removed)[1].id).toBe(ann.id);
    const emojiGone = next(client, 'messageReactionRemoveEmoji');
    expect((await call('DELETE', `${at}/reactions/parrot:${parrot.id}`)).status).toBe(204);
    await emojiGone;
    const allGone = next(client, 'messageReactionRemoveAll');
    expect((await call('DELETE', `${at}/reactions`)).status).toBe(204);
    await allGone;
    expect(said.reactions.size).toBe(0);
  });

  test.each(['x', 'parrot:1', '12', '👍👍'])('%s is no emoji', async (emoji) => {
    const { call, at } = await stage();
    expect(await call('PUT', `${at}/reactions/${encodeURIComponent(emoji)}/@me`)).toMatchObject({
      status: 400,
      body: { code: 10014 },
    });
  });

  test.each(['❤', '❤️', '🇩🇪', '1️⃣', '👨‍👩‍👧', '🏴‍☠️'])('%s is one', async (emoji) => {
    const { call, at } = await stage();
    expect((await call('PUT', `${at}/reactions/${encodeURIComponent(emoji)}/@me`)).status).toBe(204);
  });

  test('are of at most twenty kinds', async () => {
    const { call, at, ann, said, world } = await stage();
    for (let n = 0; n < 20; n++) world.react(ann, said, String.fromCodePoint(0x1f600 + n));
    const put = async (emoji: string) => await call('PUT', `${at}/reactions/${encodeURIComponent(emoji)}/@me`);
    expect(await put('👍')).toMatchObject({ status: 400, body: { code: 30010 } });
    expect((await put(String.fromCodePoint(0x1f600))).status).toBe(204);
  });
});

describe('polls', () => {
  const guests = useGuests();
  test('are voted in and ended', async () => {
    const { client, guild, bot } = await guests.party();
    const { world } = guests.discord;
    const ann = world.user('ann');
    world.join(ann, guild);
    const place = world.find(guild, 'general');
    const sent = await (client.channels.cache.get(place.id) as TextChannel).send({
      poll: {
        question: { text: 'tea?' },
        answers: [{ text: 'yes', emoji: '🍵' }, { text: 'no' }],
        duration: 1,
        allowMultiselect: false,
      },
    });
    const message = world.messages(place).at(-1);
    if (message === undefined) throw new Error('a poll');
    const voted = next(client, 'messagePollVoteAdd');
    world.vote(ann, message, 1);
    const [answer, by] = await voted;
    expect([answer.id, by]).toEqual([1, ann.id]);
    const call = callerOf(guests.discord, bot);
    expect((await call('GET', `/channels/${place.id}/messages/${sent.id}`)).body).toMatchObject({
      poll: {
        question: { text: 'tea?' },
        results: { is_finalized: false, answer_counts: [{ id: 1, count: 1, me_voted: false }] },
      },
    });
    expect((await call('GET', `/channels/${place.id}/polls/${sent.id}/answers/1`)).body).toMatchObject({
      users: [{ id: ann.id }],
    });
    expect(await call('PATCH', `/channels/${place.id}/messages/${sent.id}`, { content: 'x' })).toMatchObject({
      body: { code: 520003 },
    });
    expect((await call('POST', `/channels/${place.id}/polls/${sent.id}/expire`)).body).toMatchObject({
      poll: { results: { is_finalized: true } },
    });
    expect(await call('POST', `/channels/${place.id}/polls/${sent.id}/expire`)).toMatchObject({
      body: { code: 520001 },
    });
  });
});

describe('pins', () => {
  const guests = useGuests();
  test('are set by both routes, told, and listed the latest first', async () => {
    const { client, guild, bot } = await guests.party();
    const { world } = guests.discord;
    const place = world.find(guild, 'general');
    const ids = ['a', 'b'].map((text) => world.say(bot.user, place, text).data.id);
    const call = callerOf(guests.discord, bot);
    const told = next(client, 'channelPinsUpdate');
    const system = next(client, 'messageCreate', ({ type }) => type === 6);
    expect((await call('PUT', `/channels/${place.id}/messages/pins/${ids[0]}`)).status).toBe(204);
    await told;
    expect((await system)[0].reference?.messageId).toBe(ids[0]);
    expect((await call('PUT', `/channels/${place.id}/pins/${ids[1]}`)).status).toBe(204);
    const list = (await call('GET', `/channels/${place.id}/messages/pins`)).body as {
      items: { message: { id: string; pinned: boolean } }[];
      has_more: boolean;
    };
    expect(list.items.map(({ message }) => message.id).sort()).toEqual([...ids].sort());
    expect(list.items.every(({ message }) => message.pinned)).toBe(true);
    expect((await call('GET', `/channels/${place.id}/messages/pins?limit=1`)).body).toMatchObject({ has_more: true });
    expect((await call('GET', `/channels/${place.id}/pins`)).body).toHaveLength(2);
    expect((await call('DELETE', `/channels/${place.id}/messages/pins/${ids[0]}`)).status).toBe(204);
    expect((await call('GET', `/channels/${place.id}/pins`)).body).toMatchObject([{ id: ids[1] }]);
  });
});

describe('other things in messages', () => {
  const guests = useGuests();
  test('stickers, forwards, voice messages and files are as discord.js reads them', async () => {
    const { client, guild, bot } = await guests.party();
    const { world } = guests.discord;
    const ann = world.user('ann');
    const place = world.find(guild, 'general');
    const sticker = world.sticker(guild, 'wave', png(1).bytes);
    const heard = async (draft: Parameters<typeof world.say>[2]) => {
      const message = next(client, 'messageCreate');
      world.say(ann, place, draft);
      return (await message)[0];
    };
    expect((await heard({ stickers: [sticker.id] })).stickers.first()?.name).toBe('wave');
    const before = next(client, 'messageCreate');
    const first = world.say(ann, place, {
      content: 'first',
      files: [{ filename: 'p.png', bytes: png(2).bytes, width: 8, height: 8, description: 'alt' }],
    });
    await before;
    const forward = await heard({ forward: first });
    expect(forward.flags.has(MessageFlags.HasSnapshot)).toBe(true);
    expect(forward.messageSnapshots.first()?.content).toBe('first');
    const voice = await heard({
      flags: MessageFlags.IsVoiceMessage,
      files: [{ filename: 'voice-message.ogg', bytes: Buffer.from('o'), seconds: 2.5, waveform: 'AA==' }],
    });
    expect(voice.attachments.first()).toMatchObject({ duration: 2.5, waveform: 'AA==', contentType: 'audio/ogg' });
    const ours = await (client.channels.cache.get(place.id) as TextChannel).send({ stickers: [sticker.id] });
    expect(ours.stickers.size).toBe(1);
    const foreign = world.sticker(world.guild('Other', ann), 'alien', png(1).bytes);
    expect(
      await callerOf(guests.discord, bot)('POST', `/channels/${place.id}/messages`, { sticker_ids: [foreign.id] }),
    ).toMatchObject({ body: { code: 50081 } });
    const passed = await callerOf(guests.discord, bot)('POST', `/channels/${place.id}/messages`, {
      message_reference: { type: 1, channel_id: place.id, message_id: first.data.id },
    });
    expect(passed.body).toMatchObject({
      message_reference: { type: 1 },
      message_snapshots: [{ message: { content: 'first', attachments: [{ description: 'alt' }] } }],
    });
  });
});
