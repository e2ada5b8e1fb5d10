/** What is done to messages on either side: corrected, taken back, moderated, reacted to; who is writing. */
import { expect } from 'vitest';
import { type DiscordStage, nameOf } from '../../../harness/discord/stage.ts';
import { bodyOf, child, childrenOf, codesOf, conditionOf, show, textOf } from '../../../harness/markup.ts';
import { administers, archive } from '../../../harness/requests.ts';
import { scenario, theme } from '../../../harness/scenario.ts';
import type { JabberPerson } from '../../../harness/stage.ts';

const sends = ({ client }: JabberPerson, room: string, inside: string, id = client.newId()): string => {
  client.send(`<message type='groupchat' id='${id}' to='${room}'>${inside}</message>`);
  return id;
};
const corrects = (who: JabberPerson, room: string, id: string, text: string): string =>
  sends(who, room, `<body>${text}</body><replace xmlns='urn:xmpp:message-correct:0' id='${id}'/>`);
const retracts = (who: JabberPerson, room: string, id: string): string =>
  sends(who, room, `<retract xmlns='urn:xmpp:message-retract:1' id='${id}'/>`);
const reacts = (who: JabberPerson, room: string, id: string, emoji: readonly string[]): string =>
  sends(
    who,
    room,
    `<reactions xmlns='urn:xmpp:reactions:0' id='${id}'>${emoji.map((one) => `<reaction>${one}</reaction>`).join('')}</reactions>`,
  );
/** The next set of reactions to that message by somebody of that nick. */
const reactionsOf = async ({ client }: JabberPerson, from: string, id: string): Promise<readonly string[]> =>
  childrenOf(
    child(
      await client.receive(
        `<message type='groupchat' from='${from}'><reactions xmlns='urn:xmpp:reactions:0' id='${id}'/></message>`,
      ),
      'reactions',
    ),
    'reaction',
  ).map(textOf);

export const doneToMessages = theme<DiscordStage>('done to messages', [
  scenario(
    '308-01 308-02 308-05 corrections on Discord, twice, name the first; previews of links are none',
    async (stage) => {
      const { all, juliet } = await stage.cast();
      const { scene, where, tybalt } = stage;
      const message = scene.say(tybalt, where, 'teh');
      const first = await juliet.hears(tybalt, 'teh');
      const mark = juliet.client.inbox.all.length;
      scene.unfurl(message, [{ title: 'a preview', type: 'link' as never, url: 'https://verona.example/' }]);
      for (const text of ['the', 'thee']) {
        scene.edit(message, text);
        for (const one of all)
          expect(child(await one.hears(tybalt, text), 'replace', 'urn:xmpp:message-correct:0')?.attrs.id).toBe(
            first.attrs.id,
          );
      }
      const told = juliet.client.seen(`<message type='groupchat'><body/></message>`, mark).map(bodyOf);
      expect(told).toEqual(['the', 'thee']);
    },
  ),

  scenario(
    '308-01 308-02 308-03 one’s own are corrected, at once and again; those of others are not',
    async (stage) => {
      const { romeo, phone, juliet } = await stage.pair();
      const id = romeo.says('teh');
      corrects(romeo, stage.room, id, 'the');
      for (const one of [phone, juliet]) {
        const first = await one.hears(romeo, 'teh');
        const told = await one.hears(romeo, 'the');
        expect(child(told, 'replace', 'urn:xmpp:message-correct:0')?.attrs.id).toBe(first.attrs.id);
      }
      corrects(romeo, stage.room, id, 'thee');
      await juliet.hears(romeo, 'thee');
      expect(stage.texts()).toEqual(['thee']);
      const stolen = corrects(juliet, stage.room, id, 'mine');
      await juliet.client.receive((one) => one.attrs.id === stolen);
      expect(stage.texts()[0]).toBe('thee');
    },
  ),

  scenario('308-01 424-01 a long speech is corrected in its places, and taken back whole', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const speech = (word: string): string =>
      Array.from({ length: 90 }, (_, n) => `${word} ${n} of the tale of Queen Mab`).join('\n');
    const id = romeo.says(speech('line'));
    const said = nameOf(await romeo.hears(romeo, /line 89/));
    expect(stage.texts().join('\n')).toBe(speech('line'));
    const count = stage.texts().length;
    expect(count).toBe(2);
    corrects(romeo, stage.room, id, speech('word'));
    await romeo.hears(romeo, /word 89/);
    await juliet.hears(romeo, /word 89/);
    expect([stage.texts().length, stage.texts().join('\n')]).toEqual([count, speech('word')]);
    retracts(romeo, stage.room, said);
    await romeo.client.receive(`<message type='groupchat'><retract id='${said}'/></message>`);
    expect(stage.texts()).toEqual([]);
  }),

  scenario(
    '424-01 424-04 what is deleted on Discord, one by one or many at once, is retracted, in the archive too',
    async (stage) => {
      const { juliet, tablet } = await stage.cast();
      const { scene, where, tybalt, room } = stage;
      const messages = ['one', 'two', 'three', 'four'].map((text) => scene.say(tybalt, where, text));
      const names: string[] = [];
      for (const text of ['one', 'two', 'three', 'four']) names.push(nameOf(await juliet.hears(tybalt, text)));
      const [first, second, third] = messages;
      if (first === undefined || second === undefined || third === undefined) throw new Error('nothing was said');
      scene.remove(first);
      scene.removeAll(where, [second, third]);
      for (const one of [juliet, tablet])
        for (const name of names.slice(0, 3))
          await one.client.receive(
            `<message type='groupchat' from='${room}/${tybalt.nick}'><retract id='${name}'/></message>`,
          );
      const { messages: kept } = await archive(juliet, room);
      expect(kept.map(bodyOf).filter((body) => body !== undefined && /^(one|two|three|four)$/.test(body))).toEqual([
        'four',
      ]);
      expect(kept.filter((one) => child(one, 'retracted') !== undefined)).toHaveLength(3);
    },
  ),

  scenario('424-01 424-02 one’s own are taken back there; those of others are not', async (stage) => {
    const { romeo, phone, juliet } = await stage.pair();
    romeo.says('a slip');
    const hers = nameOf(await juliet.hears(romeo, 'a slip'));
    const his = nameOf(await romeo.hears(romeo, 'a slip'));
    const refused = retracts(juliet, stage.room, hers);
    expect(conditionOf(await juliet.client.receive(`<message type='error' id='${refused}'/>`))).toBe('forbidden');
    expect(stage.texts()).toEqual(['a slip']);
    retracts(romeo, stage.room, his);
    await phone.client.receive(`<message type='groupchat'><retract id='${his}'/></message>`);
    await juliet.client.receive(`<message type='groupchat'><retract id='${hers}'/></message>`);
    expect(stage.texts()).toEqual([]);
  }),

  scenario(
    '308-03 424-01 who speaks by a shared bot corrects and takes back their own words, with every client, and nobody else’s',
    async (stage) => {
      const { romeo, phone, juliet } = await stage.cast();
      const bot = { nick: stage.bot.name };
      const id = romeo.says('teh');
      corrects(romeo, stage.room, id, 'the');
      const said = nameOf(await juliet.hears(bot, /> teh$/));
      for (const one of [romeo, phone, juliet])
        expect(child(await one.hears(bot, /> the$/), 'replace', 'urn:xmpp:message-correct:0')?.attrs.id).toBe(id);
      const theirs = `${romeo.client.jid.split('@')[0]}: `;
      expect(stage.lines()).toEqual([`${theirs}the`]);
      for (const deed of [corrects(juliet, stage.room, id, 'mine'), retracts(juliet, stage.room, said)])
        expect(conditionOf(await juliet.client.receive(`<message type='error' id='${deed}'/>`))).toBe('forbidden');
      corrects(phone, stage.room, id, 'thee');
      await juliet.hears(bot, /> thee$/);
      expect(stage.lines()).toEqual([`${theirs}thee`]);
      retracts(phone, stage.room, said);
      for (const one of [romeo, juliet])
        await one.client.receive(`<message type='groupchat'><retract id='${said}'/></message>`);
      expect(stage.texts()).toEqual([]);
    },
  ),

  scenario('444-01 nobody but its operator reacts by a shared bot, and is told why', async (stage) => {
    const { romeo } = await stage.cast();
    romeo.says('But soft!');
    const said = nameOf(await romeo.hears({ nick: stage.bot.name }, /soft!$/));
    const deed = reacts(romeo, stage.room, said, ['👍']);
    const refused = await romeo.client.receive(`<message type='error' id='${deed}'/>`);
    expect([conditionOf(refused), show(refused)]).toEqual([
      'forbidden',
      expect.stringContaining('only its operator reacts'),
    ]);
    expect(stage.texts()).toEqual(['But soft!']);
  }),

  scenario(
    '425-01 425-02 a message of somebody is moderated by the bot’s owner; who is no moderator is refused',
    async (stage) => {
      const romeo = await stage.alone();
      const { scene, where, tybalt, room } = stage;
      scene.say(tybalt, where, 'thou art a villain');
      const said = nameOf(await romeo.hears(tybalt, 'thou art a villain'));
      const moderate = `<moderate xmlns='urn:xmpp:message-moderate:1' id='${said}'><retract xmlns='urn:xmpp:message-retract:1'/><reason>peace</reason></moderate>`;
      const done = await romeo.client.ask(`<iq type='set' to='${room}'>${moderate}</iq>`);
      expect(done.attrs.type).toBe('result');
      await romeo.client.receive(`<message type='groupchat' from='${room}'><retract id='${said}'/></message>`);
      expect(stage.texts()).toEqual([]);
    },
  ),

  scenario('425-01 one for whom a shared bot speaks does not moderate by it', async (stage) => {
    const { romeo } = await stage.cast();
    const { scene, where, tybalt, room } = stage;
    scene.say(tybalt, where, 'thou art a villain');
    const said = nameOf(await romeo.hears(tybalt, 'thou art a villain'));
    const moderate = `<moderate xmlns='urn:xmpp:message-moderate:1' id='${said}'><retract xmlns='urn:xmpp:message-retract:1'/></moderate>`;
    const refused = await romeo.client.ask(`<iq type='set' to='${room}'>${moderate}</iq>`);
    expect([refused.attrs.type, conditionOf(refused)]).toEqual(['error', 'forbidden']);
    expect(stage.texts()).toEqual(['thou art a villain']);
  }),

  scenario('45-70 45-61 people are thrown out and banned by the bot, as its guild lets it', async (stage) => {
    const romeo = await stage.alone();
    const { guild, room } = stage;
    const abram = stage.citizen('Abram');
    const paris = stage.citizen('Paris');
    await romeo.sees(paris);
    expect((await administers(romeo, room, `<item nick='Abram' role='none'/>`)).attrs.type).toBe('result');
    expect(codesOf(await romeo.sees(abram, 'unavailable'))).toContain(307);
    expect(
      (await administers(romeo, room, `<item nick='Paris' affiliation='outcast'><reason>a brawl</reason></item>`)).attrs
        .type,
    ).toBe('result');
    expect(codesOf(await romeo.sees(paris, 'unavailable'))).toContain(301);
    expect([guild.members.has(abram.id), guild.members.has(paris.id), guild.bans.has(paris.id)]).toEqual([
      false,
      false,
      true,
    ]);
    expect((await administers(romeo, room, `<item nick='${stage.tybalt.nick}' role='visitor'/>`)).attrs.type).toBe(
      'result',
    );
    await romeo.client.receive(
      `<presence from='${room}/${stage.tybalt.nick}'><x xmlns='http://jabber.org/protocol/muc#user'><item role='visitor'/></x></presence>`,
    );
  }),

  scenario(
    '444-01 444-02 444-04 reactions of several on Discord are the set of each; the guild’s own emoji are not told',
    async (stage) => {
      const { romeo, juliet } = await stage.cast();
      const { scene, where, tybalt, owner, room, guild } = stage;
      const message = scene.say(tybalt, where, 'a plague');
      const said = nameOf(await juliet.hears(tybalt, 'a plague'));
      const rose = scene.emoji(guild, 'rose', new Uint8Array(8));
      const tybalts = (): Promise<readonly string[]> => reactionsOf(romeo, `${room}/${tybalt.nick}`, said);
      scene.react(tybalt, message, '👍');
      expect(await tybalts()).toEqual(['👍']);
      scene.react(tybalt, message, rose);
      scene.react(owner, message, '👍');
      expect(await reactionsOf(romeo, `${room}/${owner.nick}`, said)).toEqual(['👍']);
      scene.react(tybalt, message, '🎉');
      expect(await tybalts()).toEqual(['👍', '🎉']);
      scene.unreact(tybalt, message, '👍');
      expect(await tybalts()).toEqual(['🎉']);
      scene.clearReactions(message);
      expect(await tybalts()).toEqual([]);
    },
  ),

  scenario('444-01 444-03 a set from here is made so there', async (stage) => {
    const romeo = await stage.alone();
    const { scene, where, tybalt, room } = stage;
    const message = scene.say(tybalt, where, 'a plague');
    const said = nameOf(await romeo.hears(tybalt, 'a plague'));
    const there = (): readonly (string | null)[] => [...message.reactions.values()].map(({ emoji }) => emoji.name);
    for (const set of [['🎉'], ['🎉', '❤️'], ['❤️'], []]) {
      const id = reacts(romeo, room, said, set);
      await romeo.client.receive(`<message type='groupchat' id='${id}'><reactions id='${said}'/></message>`);
      expect(there()).toEqual(set);
    }
  }),

  scenario('085-02 who writes on Discord is shown to write, until they have said it', async (stage) => {
    const romeo = await stage.alone();
    const { scene, where, tybalt, room } = stage;
    scene.type(tybalt, where);
    await romeo.client.receive(
      `<message type='groupchat' from='${room}/${tybalt.nick}'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>`,
    );
    scene.say(tybalt, where, 'peace? I hate the word');
    await romeo.hears(tybalt, 'peace? I hate the word');
    await romeo.client.roundtrip(room);
    const states = romeo.client.seen(`<message type='groupchat' from='${room}/${tybalt.nick}'><composing/></message>`);
    expect(states).toHaveLength(1);
  }),

  scenario('085-01 who writes here is shown to write there', async (stage) => {
    const romeo = await stage.alone();
    const { exchanges } = stage.discord;
    sends(romeo, stage.room, `<composing xmlns='http://jabber.org/protocol/chatstates'/>`);
    const path = `/channels/${stage.where.id}/typing`;
    const told = await exchanges.take((one) => one.path === path, 'somebody writes');
    expect(told.status).toBe(204);
  }),
]);
