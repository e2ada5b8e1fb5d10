/** Ways from one of Discord's channels into others: those that are named in a message, and the threads that begin there. */
import { afterEach, expect, test } from 'vitest';
import { bodyOf } from '../harness/markup.ts';
import { createDiscordUsers, type DiscordUsers } from './discord-users.ts';

let users: DiscordUsers;
afterEach(() => users.end());

async function verona() {
  users = await createDiscordUsers();
  const { scene, domain } = users;
  const guild = scene.guild('Verona', scene.user('prince'));
  const own = scene.bot('page');
  scene.invite(own, guild);
  const tybalt = scene.user('tybalt');
  scene.join(tybalt, guild);
  const where = scene.channel(guild, { name: 'square' });
  const { client } = await users.loggedIn(own);
  await client.join(`#${where.id}@${domain}`, own.name);
  const wayTo = ({ id }: { readonly id: string }): string => `xmpp:%23${id}@${domain}?join`;
  const heard = async (what: string): Promise<string | undefined> => bodyOf(await client.receive(what));
  return { scene, guild, tybalt, where, wayTo, room: `#${where.id}@${domain}`, heard };
}

test('a channel that a message names can be opened, where it is one to write in and another one', async () => {
  const { scene, guild, tybalt, where, wayTo, room, heard } = await verona();
  const tomb = scene.channel(guild, { name: 'tomb' });
  const forum = scene.channel(guild, { name: 'quarrels', type: 15 });
  scene.say(tybalt, where, `from <#${where.id}> to <#${tomb.id}>, not <#${forum.id}>`);
  expect(await heard(`<message type='groupchat' from='${room}/tybalt'><body/></message>`)).toBe(
    `from #square to #tomb (${wayTo(tomb)}), not #quarrels`,
  );
});

test('a thread that begins is told once in its channel, with the way into it, also where it begins at a message of just now', async () => {
  const { scene, tybalt, where, wayTo, room, heard } = await verona();
  const line = `<message type='groupchat' from='${room}'><body/></message>`;
  const duel = scene.thread(where, { name: 'duels', owner: tybalt });
  expect(await heard(line)).toBe(`tybalt started a thread: duels (${wayTo(duel)})`);
  const said = scene.say(tybalt, where, 'draw');
  await heard(`<message type='groupchat' from='${room}/tybalt'><body>draw</body></message>`);
  const other = scene.thread(where, { name: 'swords', owner: tybalt, from: said });
  expect(await heard(line)).toBe(`tybalt started a thread: swords (${wayTo(other)})`);
});
