/** discord.js talks by the harness' Discord server: it comes in, hears, says, and speaks by webhooks. */
import { type Guild as DjsGuild, type TextChannel, WebhookClient } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { quick } from '../../../harness/discord/settings.ts';
import { next, type Party, useGuests } from './guests.ts';

const general = ({ client, guild }: Party): TextChannel => {
  const found = client.guilds.cache.get(guild.id)?.channels.cache.find(({ name }) => name === 'general');
  return found as TextChannel;
};

describe('messages', () => {
  const guests = useGuests();

  test('a client comes in and knows its guild', async () => {
    const { client, guild, bot } = await guests.party();
    expect(client.user.id).toBe(bot.user.id);
    const found = client.guilds.cache.get(guild.id) as DjsGuild;
    expect(found.name).toBe('Party');
    expect(found.available).toBe(true);
    expect(found.channels.cache.map(({ name }) => name)).toEqual(['Text channels', 'general']);
    expect(found.members.me?.permissions.has('ManageWebhooks')).toBe(true);
  });

  test('both ways, with edits and deletions', async () => {
    const party = await guests.party();
    const { client, guild } = party;
    const { world } = guests.discord;
    const ann = world.user('ann', { global_name: 'Ann' });
    world.join(ann, guild, { nick: 'Annie' });
    const channel = world.find(guild, 'general');
    const heard = next(client, 'messageCreate');
    const said = world.say(ann, channel, 'hello <@1>');
    const [message] = await heard;
    expect([message.id, message.content, message.author.id, message.member?.nickname]).toEqual([
      said.data.id,
      'hello <@1>',
      ann.id,
      'Annie',
    ]);
    const edited = next(client, 'messageUpdate');
    world.edit(said, 'hallo');
    expect((await edited)[1].content).toBe('hallo');
    const gone = next(client, 'messageDelete');
    world.remove(said);
    expect((await gone)[0].id).toBe(said.data.id);
    const ours = await general(party).send({ content: 'from us', nonce: '7', enforceNonce: true });
    expect(world.messages(channel).map(({ data }) => data.content)).toEqual(['from us']);
    await ours.edit('from us all');
    expect(world.messages(channel).map(({ data }) => data.content)).toEqual(['from us all']);
    await ours.delete();
    expect(world.messages(channel)).toEqual([]);
  });

  test('what others say by webhooks is heard as theirs', async () => {
    const party = await guests.party();
    const { world } = guests.discord;
    const hook = world.webhook(world.find(party.guild, 'general'), { name: 'feed' });
    const heard = next(party.client, 'messageCreate');
    world.speak(hook, 'News', 'today');
    const [message] = await heard;
    expect([message.webhookId, message.author.username, message.applicationId]).toEqual([hook.id, 'News', null]);
  });

  test('events may come after the answer', async () => {
    const party = await guests.party();
    const heard: string[] = [];
    party.client.on('messageCreate', ({ content }) => heard.push(content));
    const release = guests.discord.hold();
    await general(party).send('first the answer');
    expect(heard).toEqual([]);
    const told = next(party.client, 'messageCreate');
    release();
    expect((await told)[0].content).toBe('first the answer');
  });

  test('a link that unfolds is a change but no edit', async () => {
    const { client, guild } = await guests.party();
    const { world } = guests.discord;
    const said = world.say(world.user('ann'), world.find(guild, 'general'), 'https://example.org/');
    const changed = next(client, 'messageUpdate');
    world.unfurl(said, [{ type: 'link' as never, url: 'https://example.org/', title: 'Example' }]);
    const [, message] = await changed;
    expect([message.embeds[0]?.title, message.editedTimestamp]).toEqual(['Example', null]);
  });

  test('by webhooks, under any name, with files', async () => {
    const party = await guests.party();
    const { discord } = guests;
    const webhook = await general(party).createWebhook({ name: 'Isthmus' });
    const hook = new WebhookClient({ id: webhook.id, token: webhook.token }, { rest: { api: discord.api } });
    const heard = next(party.client, 'messageCreate');
    const sent = await hook.send({
      content: 'psst',
      username: 'romeo',
      avatarURL: 'https://montague.example/romeo.png',
      files: [{ attachment: Buffer.from('a letter'), name: 'letter.txt' }],
      allowedMentions: { parse: [] },
    });
    const [message] = await heard;
    expect(message.id).toBe(sent.id);
    expect([message.webhookId, message.author.username, message.author.discriminator]).toEqual([
      webhook.id,
      'romeo',
      '0000',
    ]);
    const file = message.attachments.first();
    expect(file?.name).toBe('letter.txt');
    expect(await (await fetch(file?.url ?? '')).text()).toBe('a letter');
    await hook.editMessage(sent.id, 'hush');
    expect(discord.world.messages(discord.world.find(party.guild, 'general')).at(-1)?.data.content).toBe('hush');
    await hook.deleteMessage(sent.id);
    hook.destroy();
    expect(discord.world.messages(discord.world.find(party.guild, 'general'))).toEqual([]);
  });
});

describe('what was said long ago', () => {
  const guests = useGuests({ ...quick, kept: 100 });
  test('is forgotten, the oldest first', async () => {
    const { world } = guests.discord;
    const ann = world.user('ann');
    const place = world.find(world.guild('Chatter', ann), 'general');
    for (let n = 0; n < 1_000; n++) world.say(ann, place, `${n}`);
    const kept = world.messages(place).map(({ data }) => Number(data.content));
    expect(kept.length).toBeGreaterThanOrEqual(100);
    expect(kept.length).toBeLessThanOrEqual(125);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, n) => 1_000 - kept.length + n));
  });
});
