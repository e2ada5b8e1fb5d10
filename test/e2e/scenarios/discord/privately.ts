/** Between two: conversations with people of Discord, and people as contacts. */
import { expect } from 'vitest';
import type { DiscordStage } from '../../../harness/discord/stage.ts';
import { bodyOf, child, conditionOf, textOf } from '../../../harness/markup.ts';
import { until } from '../../../harness/process.ts';
import { scenario, theme } from '../../../harness/scenario.ts';

export const privately = theme<DiscordStage>('privately', [
  scenario(
    'MSG-01 MSG-03 184-01 a conversation of two, by each of two clients, with receipts when Discord has it',
    async (stage) => {
      const romeo = await stage.alone(false);
      const phone = await romeo.another('phone');
      const { scene, tybalt, bot } = stage;
      scene.whisper(tybalt, bot, 'psst');
      await romeo.client.receive(`<message type='chat' to='${romeo.client.bare}'><body>psst</body></message>`);
      const contact = stage.contactOf(tybalt);
      for (const [who, id, text] of [
        [romeo, 'm1', 'yes?'],
        [phone, 'm2', 'from my phone'],
      ] as const) {
        who.client.send(
          `<message type='chat' id='${id}' to='${contact}'><body>${text}</body><request xmlns='urn:xmpp:receipts'/></message>`,
        );
        await who.client.receive(
          `<message from='${contact}'><received xmlns='urn:xmpp:receipts' id='${id}'/></message>`,
        );
      }
      expect(stage.texts(scene.conversation(tybalt, bot))).toEqual(['psst', 'yes?', 'from my phone']);
    },
  ),

  scenario('308-01 424-01 444-01 what is done to messages between two, both ways', async (stage) => {
    const romeo = await stage.alone(false);
    const { scene, tybalt, bot } = stage;
    const contact = stage.contactOf(tybalt);
    const theirs = scene.whisper(tybalt, bot, 'teh');
    const first = await romeo.client.receive(`<message type='chat'><body>teh</body></message>`);
    scene.edit(theirs, 'the');
    const edited = await romeo.client.receive(`<message type='chat'><body>the</body></message>`);
    expect(child(edited, 'replace', 'urn:xmpp:message-correct:0')?.attrs.id).toBe(first.attrs.id);
    romeo.client.send(
      `<message type='chat' id='r1' to='${contact}'><reactions xmlns='urn:xmpp:reactions:0' id='${first.attrs.id}'><reaction>👍</reaction></reactions></message>`,
    );
    await until('the reaction', () => theirs.reactions.size === 1);
    romeo.client.send(`<message type='chat' id='o1' to='${contact}'><body>aye</body></message>`);
    romeo.client.send(
      `<message type='chat' id='o2' to='${contact}'><body>nay</body><replace xmlns='urn:xmpp:message-correct:0' id='o1'/></message>`,
    );
    const there = scene.conversation(tybalt, bot);
    await until('the correction', () => stage.texts(there).at(-1) === 'nay');
    romeo.client.send(
      `<message type='chat' id='o3' to='${contact}'><retract xmlns='urn:xmpp:message-retract:1' id='o1'/></message>`,
    );
    await until('the retraction', () => stage.texts(there).length === 1);
    scene.remove(theirs);
    await romeo.client.receive(
      `<message type='chat'><retract xmlns='urn:xmpp:message-retract:1' id='${first.attrs.id}'/></message>`,
    );
  }),

  scenario(
    'who takes no messages from the bot, and who is nobody, is said to whoever writes to them',
    async (stage) => {
      const romeo = await stage.alone(false);
      const { scene, owner } = stage;
      scene.closeDoor(owner);
      for (const [id, who, condition] of [
        ['e1', owner, 'forbidden'],
        ['e2', { id: '1' }, 'item-not-found'],
      ] as const) {
        romeo.client.send(`<message type='chat' id='${id}' to='${stage.contactOf(who)}'><body>hello?</body></message>`);
        const error = await romeo.client.receive(`<message type='error' id='${id}'/>`);
        expect(conditionOf(error)).toBe(condition);
      }
    },
  ),

  scenario('people as contacts: name, picture, how they are; and what changes of it', async (stage) => {
    const romeo = await stage.alone(false);
    const { scene, tybalt } = stage;
    const contact = stage.contactOf(tybalt);
    // Servers tell of contacts whoever has asked for the list.
    await romeo.client.ask(`<iq type='get'><query xmlns='jabber:iq:roster'/></iq>`);
    romeo.client.send(`<presence type='subscribe' to='${contact}'/>`);
    await romeo.client.receive(`<presence type='subscribed' from='${contact}'/>`);
    scene.setPresence(tybalt, { status: 'dnd', client_status: { web: 'dnd' }, activities: [] } as never);
    const busy = await romeo.client.receive(
      (one) =>
        one.name === 'presence' && one.attrs.from?.split('/')[0] === contact && textOf(child(one, 'show')) === 'dnd',
    );
    expect(bodyOf(busy)).toBeUndefined();
    scene.setPresence(tybalt);
    await romeo.client.receive((one) => one.attrs.type === 'unavailable' && one.attrs.from?.split('/')[0] === contact);
    const card = await romeo.client.ask(`<iq type='get' to='${contact}'><vCard xmlns='vcard-temp'/></iq>`);
    expect(textOf(child(child(card, 'vCard'), 'NICKNAME'))).toBe(tybalt.nick);
  }),

  scenario('by a shared bot nobody but its operator writes to people', async (stage) => {
    const { romeo } = await stage.cast();
    const to = `${stage.tybalt.id}${stage.label}@${stage.place.domain}`;
    romeo.client.send(`<message type='chat' id='p1' to='${to}'><body>psst</body></message>`);
    expect(conditionOf(await romeo.client.receive(`<message type='error' id='p1'/>`))).toBe('forbidden');
  }),
]);
