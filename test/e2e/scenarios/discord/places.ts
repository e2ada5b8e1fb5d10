/** Channels as rooms: found, described, changed while one is in them; threads and posts; what may be done in them, and until when. */
import { ChannelType, PermissionFlagsBits as May } from 'discord-api-types/v10';
import { expect } from 'vitest';
import type { DiscordStage } from '../../../harness/discord/stage.ts';
import { itemOf, refusal } from '../../../harness/expectations.ts';
import { child, childrenOf, codesOf, conditionOf, show, textOf } from '../../../harness/markup.ts';
import { until } from '../../../harness/process.ts';
import { configures, fieldsOf, items } from '../../../harness/requests.ts';
import { scenario, theme } from '../../../harness/scenario.ts';
import type { JabberPerson } from '../../../harness/stage.ts';
import { isSubject } from '../../../harness/xmpp-client.ts';

/** What an address says about itself: its name, and its form. */
async function about({ client }: JabberPerson, to: string) {
  const answer = await client.ask(
    `<iq type='get' to='${to}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`,
  );
  const query = child(answer, 'query');
  return {
    name: child(query, 'identity')?.attrs.name,
    features: childrenOf(query, 'feature').map(({ attrs }) => attrs.var),
    fields: fieldsOf(query),
  };
}

/** All that is found by looking into what is found, by addresses: however deep a guild's channels stand. */
async function found(who: JabberPerson, to: string, node = '', depth = 3): Promise<ReadonlyMap<string, string>> {
  const all = new Map<string, string>();
  for (const { attrs } of (await items(who, to, '', node)).items) {
    const { jid = '', name = '', node: inner = '' } = attrs;
    if (jid.startsWith('#')) all.set(jid, name);
    else if (depth > 0 && (jid !== to || inner !== node))
      for (const [one, called] of await found(who, jid, inner, depth - 1)) all.set(one, called);
  }
  return all;
}

/** The next subject of that room. */
const subject = async ({ client }: JabberPerson, room: string): Promise<string> =>
  textOf(child(await client.receive((one) => isSubject(one) && one.attrs.from?.split('/')[0] === room), 'subject'));

/** Something about the room's configuration is different (XEP-0045 §10.2.1). */
const isTold = ({ client }: JabberPerson, room: string) =>
  client.receive((one) => one.name === 'message' && one.attrs.from === room && codesOf(one).includes(104));

export const places = theme<DiscordStage>('places', [
  scenario(
    '030-31 the bot’s channels are found by the guild’s name, voice channels and threads too, hidden ones not',
    async (stage) => {
      const { scene, guild, where, tybalt, bot } = stage;
      const voice = scene.channel(guild, { name: 'balcony', type: ChannelType.GuildVoice });
      const thread = scene.thread(where, { name: 'the feud', owner: tybalt });
      const hidden = stage.channel();
      scene.rule(hidden, { of: bot.user, deny: May.ViewChannel });
      const romeo = await stage.alone(false);
      // Discord has the bot a moment before the bot has the guild.
      const looked = () => found(romeo, stage.place.domain);
      await until('the bot has the guild', async () => (await looked()).has(stage.room));
      const names = await looked();
      expect(names.get(stage.room)).toBe(`${guild.name}: #${where.name}`);
      expect(names.get(stage.roomOf(voice))).toBe(`${guild.name}: #balcony`);
      expect(names.get(stage.roomOf(thread))).toBe(`${guild.name}: #${where.name} › the feud`);
      expect(names.has(stage.roomOf(hidden))).toBe(false);
      await romeo.enters(stage.roomOf(voice));
      scene.say(tybalt, voice, 'what light');
      await romeo.hears(tybalt, 'what light', stage.roomOf(voice));
    },
  ),

  scenario(
    '45-38 500-01 topic, name and slow mode that are changed on Discord show at once, to all four',
    async (stage) => {
      const { all, romeo } = await stage.cast();
      const { scene, where, room, guild } = stage;
      scene.changeChannel(where, { topic: 'Civil blood' });
      for (const one of all) expect(await subject(one, room)).toBe('Civil blood');
      scene.changeChannel(where, { name: 'square' });
      for (const one of all) await isTold(one, room);
      expect((await about(romeo, room)).name).toBe(`${guild.name}: #square`);
      scene.changeChannel(where, { slowS: 30 });
      for (const one of all) await isTold(one, room);
      const { fields } = await about(romeo, room);
      expect(Object.values(fields).flat()).toContain('30');
      scene.changeGuild(guild, { name: 'Mantua' });
      await isTold(romeo, room);
      expect((await about(romeo, room)).name).toBe('Mantua: #square');
    },
  ),

  scenario('45-39 45-82 topic and name that are changed here are changed there', async (stage) => {
    const romeo = await stage.alone();
    const { where, room } = stage;
    romeo.client.send(`<message type='groupchat' id='t1' to='${room}'><subject>Two households</subject></message>`);
    expect(await subject(romeo, room)).toBe('Two households');
    expect(where.topic).toBe('Two households');
    expect((await configures(romeo, room, { roomname: 'orchard' })).attrs.type).toBe('result');
    await isTold(romeo, room);
    expect(where.name).toBe('orchard');
  }),

  scenario(
    'permissions that change show at once: nobody may speak, then some, then the room is closed to most',
    async (stage) => {
      const { romeo, juliet } = await stage.cast();
      const { scene, where, tybalt, guild } = stage;
      const roleOf = async (one: JabberPerson): Promise<string | undefined> =>
        itemOf(await one.sees(tybalt))?.attrs.role;
      scene.rule(where, { of: stage.bot.user, allow: May.ViewChannel | May.SendMessages });
      scene.rule(where, { of: 'everyone', deny: May.SendMessages });
      for (const one of [romeo, juliet]) expect(await roleOf(one)).toBe('visitor');
      const montague = scene.role(guild, { name: 'Montague' });
      scene.rule(where, { of: montague, allow: May.SendMessages });
      scene.changeMember(tybalt, guild, { roles: [montague.id] });
      for (const one of [romeo, juliet]) expect(await roleOf(one)).toBe('participant');
      scene.rule(where, { of: 'everyone', deny: May.ViewChannel });
      scene.rule(where, { of: montague, allow: May.ViewChannel });
      for (const one of [romeo, juliet]) {
        const gone = await one.sees(`citizen${guild.name.split(' ')[1]}-0`, 'unavailable');
        expect(codesOf(gone)).toContain(321);
      }
      scene.say(tybalt, where, 'still here');
      for (const one of [romeo, juliet]) await one.hears(tybalt, 'still here');
    },
  ),

  scenario(
    'threads are rooms of their own: who joins them is there, they are left, archived, and unarchived by speaking',
    async (stage) => {
      const { romeo, juliet } = await stage.cast();
      const { scene, where, tybalt, owner } = stage;
      const thread = scene.thread(where, { name: 'the feud', owner: tybalt });
      const room = stage.roomOf(thread);
      const joined = await romeo.enters(room);
      const nicks = joined.occupants.map(({ attrs }) => attrs.from?.split('/')[1]);
      expect(nicks).toEqual([tybalt.nick]);
      await juliet.enters(room);
      scene.joinThread(owner, thread);
      for (const one of [romeo, juliet]) await one.sees(owner, 'available', room);
      scene.leaveThread(owner, thread);
      for (const one of [romeo, juliet]) await one.sees(owner, 'unavailable', room);
      scene.changeThread(thread, { archived: true });
      romeo.says('awake!', room);
      await juliet.hears({ nick: stage.bot.name }, /awake!$/, room);
      expect([thread.thread?.metadata.archived, stage.texts(thread).at(-1)]).toEqual([false, 'awake!']);
      expect(stage.texts(where).filter((text) => text === 'awake!')).toEqual([]);
      scene.deleteChannel(thread);
      expect(show(await romeo.sees({ nick: stage.bot.name }, 'unavailable', room))).toContain('<destroy');
    },
  ),

  scenario('a private thread is there for the bot that was asked in, and for no other', async (stage) => {
    const romeo = await stage.alone();
    const { scene, where, tybalt, bot } = stage;
    const cell = scene.thread(where, { name: 'the friar’s cell', owner: tybalt, type: ChannelType.PrivateThread });
    scene.permit(bot, stage.guild, 0n);
    // Forbidden: where the gateway has not heard yet that the bot may less, Discord says so.
    const { condition } = await refusal(romeo.enters(stage.roomOf(cell)));
    expect(condition).toMatch(/registration-required|item-not-found|forbidden/);
    scene.joinThread(bot.user, cell);
    scene.say(tybalt, cell, 'in secret');
    // What comes behind it to the bot has been heard: so has it.
    scene.say(tybalt, where, 'in the open');
    await romeo.hears(tybalt, 'in the open');
    const joined = await romeo.enters(stage.roomOf(cell));
    expect(joined.occupants.map(({ attrs }) => attrs.from?.split('/')[1])).toEqual([tybalt.nick]);
    scene.say(tybalt, cell, 'wed them');
    await romeo.hears(tybalt, 'wed them', stage.roomOf(cell));
    scene.leaveThread(bot.user, cell);
    expect(codesOf(await romeo.sees({ nick: bot.name }, 'unavailable', stage.roomOf(cell)))).toContain(110);
  }),

  scenario('each post of a forum is a room, whose first words are there', async (stage) => {
    const { scene, guild, tybalt } = stage;
    const forum = scene.channel(guild, { name: 'tales', type: ChannelType.GuildForum });
    const romeo = await stage.alone();
    const post = scene.forumPost(forum, { name: 'Queen Mab', owner: tybalt }, (thread) =>
      scene.say(tybalt, thread, { content: 'she is the fairies’ midwife', id: thread.id }),
    );
    const room = stage.roomOf(post);
    const joined = await romeo.enters(room);
    expect(joined.history.map((one) => textOf(child(one, 'body')))).toEqual(['she is the fairies’ midwife']);
    expect((await about(romeo, room)).name).toBe(`${guild.name}: #tales › Queen Mab`);
    romeo.says('peace, peace', room);
    await romeo.hears({ nick: stage.bot.name }, 'peace, peace', room);
    expect(stage.texts(post).at(-1)).toBe('peace, peace');
  }),

  scenario(
    'what Discord itself says is shown as said by the room: pins, who came, threads that begin',
    async (stage) => {
      const romeo = await stage.alone();
      const { scene, where, tybalt, room } = stage;
      const remark = async (text: string): Promise<void> => {
        await romeo.client.receive(`<message type='groupchat' from='${room}'><body>${text}</body></message>`);
      };
      scene.say(tybalt, where, { type: 6 as never });
      await remark(`${tybalt.nick} pinned a message`);
      scene.say(tybalt, where, { type: 7 as never });
      await remark(`${tybalt.nick} joined`);
      const feud = scene.thread(where, { name: 'the feud', owner: tybalt });
      await remark(`${tybalt.nick} started a thread: the feud (${stage.wayTo(feud)})`);
    },
  ),

  scenario('45-86 a channel that is deleted is destroyed, and what was being said there is answered', async (stage) => {
    const { all, romeo } = await stage.cast();
    const { scene, where, room, bot } = stage;
    scene.deleteChannel(where);
    for (const one of all) {
      const gone = await one.sees({ nick: bot.name }, 'unavailable');
      expect(codesOf(gone)).toContain(110);
      expect(show(gone)).toContain('<destroy');
    }
    const id = romeo.says('is anybody there?');
    expect(conditionOf(await romeo.client.receive(`<message type='error' id='${id}' from='${room}'/>`))).toBe(
      'not-acceptable',
    );
  }),
]);
