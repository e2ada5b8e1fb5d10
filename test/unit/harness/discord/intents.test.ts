/** What a session hears by its intents, and what of messages it sees (API reference, "Gateway Intents"). */
import { GatewayIntentBits as Intent } from 'discord.js';
import { describe, expect, test } from 'vitest';
import { png } from '../../../harness/pictures.ts';
import { useGuests } from './guests.ts';
import { callerOf, identity, knock } from './raw.ts';

describe('intents', () => {
  const guests = useGuests();

  function scene() {
    const { world } = guests.discord;
    const [bot, ann] = [world.bot('listener'), world.user('ann')];
    const guild = world.guild('Intents', ann);
    world.invite(bot, guild);
    return { bot, ann, guild, place: world.find(guild, 'general') };
  }

  /** All that can happen, the last of it known to everybody. */
  function happenings({ bot, ann, guild, place }: ReturnType<typeof scene>): void {
    const { world } = guests.discord;
    const bob = world.user('bob');
    world.join(bob, guild);
    world.changeMember(bob, guild, { nick: 'Bobby' });
    world.setPresence(bob, { status: 'online' as never });
    const said = world.say(ann, place, 'x');
    world.edit(said, 'y');
    world.react(ann, said, '👍');
    world.type(ann, place);
    const poll = world.say(ann, place, { poll: { question: 'q', answers: [{ text: 'a' }] } });
    world.vote(bob, poll, 1);
    world.pin(said);
    world.remove(said);
    const thread = world.thread(place, { name: 't', owner: ann });
    world.joinThread(bob, thread);
    world.emoji(guild, 'e', png(1).bytes);
    world.webhook(place, { name: 'w' });
    world.ban(bob, guild);
    world.whisper(ann, bot, 'dm');
    world.type(ann, world.conversation(ann, bot));
    world.changeUser(bot.user, { global_name: 'end' });
  }

  test.each<[string, number, readonly string[]]>([
    ['none', 0, []],
    ['GUILDS', Intent.Guilds, ['GUILD_CREATE', 'CHANNEL_PINS_UPDATE', 'THREAD_CREATE']],
    ['GUILD_MEMBERS', Intent.GuildMembers, ['GUILD_MEMBER_ADD', 'GUILD_MEMBER_REMOVE', 'THREAD_MEMBERS_UPDATE']],
    ['GUILD_PRESENCES', Intent.GuildPresences, ['PRESENCE_UPDATE']],
    ['GUILD_MESSAGES', Intent.GuildMessages, ['MESSAGE_CREATE', 'MESSAGE_UPDATE', 'MESSAGE_DELETE']],
    ['GUILD_MESSAGE_REACTIONS', Intent.GuildMessageReactions, ['MESSAGE_REACTION_ADD']],
    ['GUILD_MESSAGE_TYPING', Intent.GuildMessageTyping, ['TYPING_START']],
    ['GUILD_MESSAGE_POLLS', Intent.GuildMessagePolls, ['MESSAGE_POLL_VOTE_ADD']],
    ['GUILD_EXPRESSIONS', Intent.GuildExpressions, ['GUILD_EMOJIS_UPDATE']],
    ['GUILD_WEBHOOKS', Intent.GuildWebhooks, ['WEBHOOKS_UPDATE']],
    ['GUILD_MODERATION', Intent.GuildModeration, ['GUILD_BAN_ADD']],
    ['DIRECT_MESSAGES', Intent.DirectMessages, ['MESSAGE_CREATE']],
    ['DIRECT_MESSAGE_TYPING', Intent.DirectMessageTyping, ['TYPING_START']],
  ])('%s', async (_, intents, expected) => {
    const stage = scene();
    const socket = knock(guests.discord);
    socket.send(2, identity(stage.bot, intents));
    await socket.event('READY');
    happenings(stage);
    // A bot's own member is told to it with any intents.
    const own = await socket.event('GUILD_MEMBER_UPDATE').then(async function last(payload): Promise<typeof payload> {
      return payload.d.user.global_name === 'end' ? payload : last(await socket.event('GUILD_MEMBER_UPDATE'));
    });
    expect(own.d.user.id).toBe(stage.bot.user.id);
    const names = new Set(socket.inbox.all.map(({ t }) => t));
    for (const name of [null, 'READY', 'USER_UPDATE', 'GUILD_MEMBER_UPDATE']) names.delete(name);
    expect([...names].sort()).toEqual([...expected].sort());
    socket.close();
  });

  test('without MESSAGE_CONTENT what is said is blank, but where it is one’s own, in conversations, or names one', async () => {
    const { world } = guests.discord;
    const { bot, ann, place } = scene();
    const socket = knock(guests.discord);
    socket.send(2, identity(bot, Intent.GuildMessages | Intent.DirectMessages));
    await socket.event('READY');
    const full = { content: 'x', embeds: [{ title: 't' }], files: [{ filename: 'f.txt', bytes: Buffer.from('f') }] };
    const first = world.say(ann, place, full);
    expect((await socket.event('MESSAGE_CREATE')).d).toMatchObject({
      content: '',
      embeds: [],
      attachments: [],
      components: [],
    });
    world.say(ann, place, { content: 'answer', reply: first });
    expect((await socket.event('MESSAGE_CREATE')).d).toMatchObject({
      type: 19,
      referenced_message: { content: '', embeds: [], attachments: [] },
    });
    world.say(ann, place, { ...full, content: `<@${bot.user.id}>` });
    expect((await socket.event('MESSAGE_CREATE')).d).toMatchObject({
      content: `<@${bot.user.id}>`,
      embeds: [{ title: 't' }],
      attachments: [{ filename: 'f.txt' }],
    });
    world.say(bot.user, place, 'own');
    expect((await socket.event('MESSAGE_CREATE')).d.content).toBe('own');
    world.whisper(ann, bot, 'psst');
    expect((await socket.event('MESSAGE_CREATE')).d.content).toBe('psst');
    socket.close();
  });

  test('nor does REST show it to a bot for whom it is not switched on', async () => {
    const { world } = guests.discord;
    const { bot, ann, place } = scene();
    world.setIntents(bot, 0);
    world.say(ann, place, { content: 'x', embeds: [{ title: 't' }] });
    world.say(bot.user, place, 'own');
    world.say(ann, place, `<@${bot.user.id}>`);
    const { body } = await callerOf(guests.discord, bot)('GET', `/channels/${place.id}/messages`);
    expect(body).toMatchObject([{ content: `<@${bot.user.id}>` }, { content: 'own' }, { content: '', embeds: [] }]);
  });

  test('members of a guild are shown by GUILD_PRESENCES and size', async () => {
    const { world } = guests.discord;
    const [bot, owner, seen] = [world.bot('counter'), world.user('owner'), world.user('seen')];
    const guild = world.guild('Large', owner);
    world.invite(bot, guild);
    world.join(seen, guild);
    world.crowd(guild, 60);
    world.setPresence(seen, { status: 'idle' as never });
    const shown = async (intents: number, more = {}) => {
      const socket = knock(guests.discord);
      socket.send(2, identity(bot, intents, more));
      const { d } = await socket.event('GUILD_CREATE');
      socket.close();
      return [d.members.length, d.presences.length, d.member_count, d.large];
    };
    expect(await shown(Intent.Guilds)).toEqual([1, 0, 63, true]);
    // The bot has a role; the person is seen.
    expect((await shown(Intent.Guilds | Intent.GuildPresences))[0]).toBe(2);
    expect((await shown(Intent.Guilds | Intent.GuildPresences, { large_threshold: 250 }))[0]).toBe(63);
  });
});
