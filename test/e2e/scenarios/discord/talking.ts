/** Talking both ways: in order, once, as marked, to whom it is said, by whom it is said. */
import { PermissionFlagsBits as may } from 'discord-api-types/v10';
import { expect } from 'vitest';
import { type DiscordStage, heardBy, nameOf } from '../../../harness/discord/stage.ts';
import { bodyOf, child, childrenOf, textOf } from '../../../harness/markup.ts';
import { scenario, theme } from '../../../harness/scenario.ts';
import type { JabberPerson } from '../../../harness/stage.ts';

/** Where something is said to somebody's name, as a reference says it (XEP-0372). */
const spotsOf = (stanza: Parameters<typeof child>[0]): readonly (string | undefined)[] =>
  childrenOf(stanza, 'reference')
    .filter(({ attrs }) => attrs.type === 'mention')
    .map(({ attrs }) => attrs.uri);

const answers = (to: JabberPerson, room: string, id: string, text: string): void =>
  to.client.send(
    `<message type='groupchat' id='${to.client.newId()}' to='${room}'><body>${text}</body><reply xmlns='urn:xmpp:reply:0' id='${id}'/></message>`,
  );

export const talking = theme<DiscordStage>('talking', [
  scenario('45-40 45-41 45-42 both sides talk at once: all four hear all of it, once, in one order', async (stage) => {
    const { romeo, juliet, all } = await stage.cast();
    const { scene, where, tybalt, room } = stage;
    for (let n = 1; n <= 10; n++) {
      romeo.says(`r${n}`);
      scene.say(tybalt, where, `t${n}`);
      juliet.says(`j${n}`);
    }
    const bot = { nick: stage.bot.name };
    for (const one of all) {
      await one.hears(tybalt, 't10');
      await one.hears(bot, /r10$/);
      await one.hears(bot, /j10$/);
    }
    const order = stage.texts();
    expect(order).toHaveLength(30);
    for (const who of ['r', 't', 'j'])
      expect(order.filter((text) => text.startsWith(who))).toEqual(
        Array.from({ length: 10 }, (_, n) => `${who}${n + 1}`),
      );
    for (const one of all) expect(heardBy(one, room).map((line) => line.split(/[ :>]+/).at(-1))).toEqual(order);
  }),

  scenario(
    'each of two people speaks on Discord under their own name, by one webhook, and neither is a stranger here',
    async (stage) => {
      const { romeo, juliet, all } = await stage.cast();
      romeo.says('But soft!');
      const bot = { nick: stage.bot.name };
      for (const one of all) await one.hears(bot, `<${romeo.user}> But soft!`);
      juliet.says('Ay me!');
      for (const one of all) await one.hears(bot, `<${juliet.user}> Ay me!`);
      expect(stage.lines()).toEqual([`${romeo.user}: But soft!`, `${juliet.user}: Ay me!`]);
      expect(stage.scene.webhooks(stage.where)).toHaveLength(1);
      for (const one of all) expect(heardBy(one, stage.room)).toHaveLength(2);
    },
  ),

  scenario(
    'a webhook of ours that is there is used, one that was deleted is made anew, those of others are let be',
    async (stage) => {
      const { scene, where, bot } = stage;
      scene.webhook(where, { name: 'somebody else’s' });
      const ours = scene.webhook(where, { name: 'Isthmus', applicationId: bot.id, user: bot.user });
      const { romeo } = await stage.cast();
      const me = { nick: bot.name };
      romeo.says('one');
      await romeo.hears(me, /one$/);
      expect(scene.webhooks(where)).toHaveLength(2);
      scene.deleteWebhook(ours);
      for (const text of ['two', 'three']) {
        romeo.says(text);
        await romeo.hears(me, new RegExp(`${text}$`));
      }
      expect(stage.lines()).toEqual(['one', 'two', 'three'].map((text) => `${romeo.user}: ${text}`));
      expect(scene.webhooks(where)).toHaveLength(2);
      expect(heardBy(romeo, stage.room)).toHaveLength(3);
    },
  ),

  scenario(
    'without the permission for webhooks the bot speaks, with the name in front; as soon as it is given, they do',
    async (stage) => {
      const { scene, where, bot } = stage;
      const { ManageWebhooks } = may;
      scene.rule(where, { of: bot.user, deny: ManageWebhooks });
      const { romeo, juliet } = await stage.cast();
      romeo.says('by the bot');
      for (const one of [romeo, juliet]) await one.hears({ nick: bot.name }, `<${romeo.user}> by the bot`);
      scene.rule(where, { of: bot.user, allow: ManageWebhooks });
      await stage.heeded();
      romeo.says('by myself');
      await juliet.hears({ nick: bot.name }, `<${romeo.user}> by myself`);
      expect(stage.lines()).toEqual([`${bot.user.username}: <${romeo.user}> by the bot`, `${romeo.user}: by myself`]);
    },
  ),

  scenario('JID-04 JID-17 whoever is called as no server passes it on is heard, and can be asked', async (stage) => {
    const romeo = await stage.alone();
    const { scene, where, room } = stage;
    for (const [name, nick, shown] of [
      ['omar', 'عمر 2', 'عمر'],
      ['david', 'דוד David', 'דוד'],
      ['anna', 'Anna ❤️', 'Anna ❤'],
      ['fan', '𝓕𝓪𝓷', 'Fan'],
    ] as const) {
      const citizen = stage.citizen(name, { nick });
      scene.say(citizen, where, `I am ${name}`);
      await romeo.hears({ nick: shown }, `I am ${name}`);
      const id = romeo.client.newId();
      romeo.client.send(`<iq type='get' id='${id}' to='${room}/${shown}'><vCard xmlns='vcard-temp'/></iq>`);
      await romeo.client.receive(`<iq type='result' id='${id}' from='${room}/${shown}'/>`);
    }
  }),

  scenario('393-01 394-01 what is marked on one side is marked on the other', async (stage) => {
    const romeo = await stage.alone();
    const { scene, where, tybalt } = stage;
    scene.say(tybalt, where, '**bold** *slanted* ~~gone~~ `code` [there](https://verona.example/)');
    const heard = await romeo.hears(tybalt, 'bold slanted gone code there (https://verona.example/)');
    const spans = childrenOf(child(heard, 'markup', 'urn:xmpp:markup:0'), 'span').map((span) =>
      span.children.map((one) => (typeof one === 'string' ? one : one.name)),
    );
    expect(spans).toEqual(expect.arrayContaining([['strong'], ['emphasis'], ['deleted'], ['code']]));
    scene.say(tybalt, where, '> quoted\nbehind it');
    await romeo.hears(tybalt, '> quoted\nbehind it');
    romeo.says('*bold* _slanted_ ~gone~ `code` 2 * 3 * 4 and snake_case_name');
    await romeo.hears({ nick: stage.bot.name }, /^\*bold\*/);
    expect(stage.texts().at(-1)).toBe('**bold** *slanted* ~~gone~~ `code` 2 \\* 3 \\* 4 and snake_case_name');
  }),

  scenario('MSG-07 what somebody does is said as a deed on both sides', async (stage) => {
    const romeo = await stage.alone();
    stage.scene.say(stage.tybalt, stage.where, '_draws_');
    await romeo.hears(stage.tybalt, '/me draws');
    romeo.says('/me flees');
    await romeo.hears({ nick: stage.bot.name }, '/me flees');
    expect(stage.texts().at(-1)).toBe('_flees_');
  }),

  scenario(
    '372-01 people, roles and channels are named on both sides; nobody is rung who was not meant',
    async (stage) => {
      const { scene, guild, where, tybalt } = stage;
      const watch = scene.role(guild, { name: 'Watch' });
      const garden = scene.channel(guild, { name: 'garden' });
      const { romeo } = await stage.cast();
      const nurse = stage.citizen('Nurse');
      await romeo.sees(nurse);
      scene.say(tybalt, where, `<@${nurse.id}>, <@&${watch.id}> is in <#${garden.id}>`);
      const told = await romeo.hears(tybalt, `@Nurse, @Watch is in #garden (${stage.wayTo(garden)})`);
      expect(spotsOf(told)).toEqual([expect.stringContaining('Nurse')]);
      for (const text of ['Nurse: where is she?', '@everyone and @here, hark', 'call the @Watch']) {
        romeo.says(text);
        await romeo.hears({ nick: stage.bot.name }, new RegExp(`${text.slice(-8).replace('?', '\\?')}$`));
      }
      const said = scene
        .messages(where)
        .slice(-3)
        .map(({ data }) => ({
          rung: data.mentions.map(({ username }) => username),
          roles: data.mention_roles,
          all: data.mention_everyone,
        }));
      expect(said).toEqual([
        { rung: [nurse.username], roles: [], all: false },
        { rung: [], roles: [], all: false },
        { rung: [], roles: [], all: false },
      ]);
    },
  ),

  scenario('461-01 461-02 an answer on Discord quotes what it answers; one from here leads there', async (stage) => {
    const { romeo, juliet } = await stage.cast();
    const { scene, where, tybalt, guild } = stage;
    const first = scene.say(tybalt, where, 'what, art thou drawn?');
    const asked = await romeo.hears(tybalt, 'what, art thou drawn?');
    scene.say(stage.owner, where, { content: 'peace!', reply: first });
    const answer = await juliet.hears(stage.owner, '> Prince of Cats: what, art thou drawn?\npeace!');
    expect(child(answer, 'reply', 'urn:xmpp:reply:0')?.attrs).toEqual({
      id: nameOf(asked),
      to: `${stage.room}/${tybalt.nick}`,
    });
    answers(romeo, stage.room, nameOf(asked), 'put up thy sword');
    await juliet.hears({ nick: stage.bot.name }, /put up thy sword$/);
    expect(stage.texts().at(-1)).toBe(
      `-# [↪](https://discord.com/channels/${guild.id}/${where.id}/${first.data.id})\nput up thy sword`,
    );
  }),

  scenario('461-01 the bot for oneself answers as bots do', async (stage) => {
    const romeo = await stage.alone();
    const { scene, where, tybalt } = stage;
    const first = scene.say(tybalt, where, 'turn thee');
    const asked = await romeo.hears(tybalt, 'turn thee');
    answers(romeo, stage.room, nameOf(asked), 'I do but keep the peace');
    await romeo.hears({ nick: stage.bot.name }, /keep the peace$/);
    expect(scene.messages(where).at(-1)?.data.message_reference?.message_id).toBe(first.data.id);
  }),

  scenario('MSG-05 a long speech is several messages there, and one here, with one name', async (stage) => {
    const { romeo, juliet } = await stage.cast();
    const lines = Array.from({ length: 90 }, (_, n) => `line ${n} of the tale of Queen Mab, the fairies’ midwife`);
    romeo.says(lines.join('\n'));
    const heard = await juliet.hears({ nick: stage.bot.name }, /line 89/);
    expect(bodyOf(heard)?.split('\n')).toEqual(lines.map((line) => `<${romeo.user}> ${line}`));
    const parts = stage.texts();
    expect([parts.length, parts.join('\n')]).toEqual([3, lines.join('\n')]);
  }),

  scenario(
    'what is more than words is told in words: embeds, polls, stickers, emoji of the guild, buttons',
    async (stage) => {
      const romeo = await stage.alone();
      const { scene, where, tybalt, guild } = stage;
      const rose = scene.emoji(guild, 'rose', new Uint8Array(8));
      const heart = scene.sticker(guild, 'heart', new Uint8Array(8));
      const hears = async (text: RegExp): Promise<string> => textOf(child(await romeo.hears(tybalt, text), 'body'));
      scene.say(tybalt, where, { embeds: [{ title: 'A feud', description: 'an ancient grudge' }] });
      expect(await hears(/grudge/)).toContain('A feud');
      scene.say(tybalt, where, { poll: { question: 'Montague?', answers: [{ text: 'aye' }, { text: 'nay' }] } });
      expect(await hears(/Montague\?/)).toMatch(/aye[\s\S]*nay/);
      scene.say(tybalt, where, `a <:rose:${rose.id}> by any name`);
      await hears(/^a :rose: by any name$/);
      scene.say(tybalt, where, { stickers: [heart.id] });
      await romeo.client.receive(`<message type='groupchat'><x xmlns='jabber:x:oob'><url/></x></message>`);
    },
  ),
]);
