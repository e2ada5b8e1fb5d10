/** Answers on Discord to what nobody here has: it was said before the bot came. */
import { afterEach, expect, test } from 'vitest';
import { bodyOf, child } from '../harness/markup.ts';
import { createDiscordUsers, type DiscordUsers } from './discord-users.ts';

let users: DiscordUsers;
afterEach(() => users.end());

test('461-02 what is answered and is not known is quoted as Discord tells it, also when the answer is corrected; what is known is named', async () => {
  users = await createDiscordUsers({ history: 0 });
  const { scene, domain } = users;
  const guild = scene.guild('Verona', scene.user('prince'));
  const own = scene.bot('page');
  scene.invite(own, guild);
  const [juliet, nurse] = [scene.user('juliet'), scene.user('nurse')];
  for (const one of [juliet, nurse]) scene.join(one, guild);
  const where = scene.channel(guild, { name: 'hall' });
  const old = scene.say(juliet, where, 'What is **yond** gentleman?');
  const { client } = await users.loggedIn(own);
  const room = `#${where.id}@${domain}`;
  await client.join(room, own.name);
  const line = `<message type='groupchat' from='${room}/nurse'><body/></message>`;
  const answer = scene.say(nurse, where, { content: 'I know not.', reply: old });
  const told = await client.receive(line);
  const quote = '> juliet: What is yond gentleman?\n';
  expect([bodyOf(told), child(told, 'reply', 'urn:xmpp:reply:0')]).toEqual([`${quote}I know not.`, undefined]);
  scene.edit(answer, 'His name is Romeo.');
  expect(bodyOf(await client.receive(line))).toBe(`${quote}His name is Romeo.`);
  scene.say(nurse, where, { content: 'A Montague.', reply: answer });
  const known = await client.receive(line);
  expect([bodyOf(known), child(known, 'reply', 'urn:xmpp:reply:0')?.attrs.id]).toEqual([
    '> nurse: His name is Romeo.\nA Montague.',
    child(told, 'stanza-id', 'urn:xmpp:sid:0')?.attrs.id,
  ]);
});
