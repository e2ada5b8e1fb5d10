/** A guild of ten thousand: what a client is told that comes into one of its rooms, and what it is spared; and that others are served meanwhile. */
import { PermissionFlagsBits as May } from 'discord-api-types/v10';
import { afterEach, expect, test } from 'vitest';
import { codesOf } from '../harness/markup.ts';
import { createDiscordUsers, type DiscordUsers } from './discord-users.ts';

let users: DiscordUsers;
afterEach(() => users.end());

const total = 10_000;

/** @param shown how many of a channel are shown, at most */
async function rome(shown?: number) {
  users = await createDiscordUsers(shown === undefined ? {} : { members: shown });
  const { scene } = users;
  const guild = scene.guild('Rome', scene.user('caesar'));
  const crowd = scene.crowd(guild, total);
  const own = scene.bot('roman');
  scene.invite(own, guild);
  const tribunes = scene.role(guild, { name: 'tribunes', permissions: May.BanMembers });
  const tribune = scene.user('tribune');
  scene.join(tribune, guild, { roles: [tribunes.id] });
  const online = { status: 'online' as never, activities: [], client_status: {} };
  for (const user of crowd.slice(0, total / 2)) scene.setPresence(user, online);
  const { client, user } = await users.loggedIn(own);
  const forum = scene.find(guild, 'general');
  return { scene, guild, crowd, own, client, user, forum, online, room: `#${forum.id}@${users.domain}` };
}

test('45-32 five hundred of ten thousand are told, those who matter first; whoever else speaks comes in, and nobody for being there', async () => {
  const { scene, guild, crowd, own, client, forum, online, room } = await rome();
  const { occupants, self } = await client.join(room, own.name);
  const nicks = new Set(occupants.map(({ attrs }) => attrs.from?.split('/')[1]));
  expect([occupants.length, codesOf(self).includes(110)]).toEqual([499, true]);
  for (const one of ['caesar', 'tribune']) expect([one, nicks.has(one)]).toEqual([one, true]);
  const unseen = crowd.filter(({ username }) => !nicks.has(username));
  const since = client.inbox.all.length;
  for (const user of unseen.slice(-1_000)) scene.setPresence(user, online);
  const speaker = unseen.at(-1);
  if (speaker === undefined) throw new Error('all are shown');
  scene.changeMember(speaker, guild, { nick: 'Orator' });
  scene.say(speaker, forum, 'friends');
  await client.receive(`<message type='groupchat' from='${room}/Orator'><body>friends</body></message>`, 20_000);
  const told = client.inbox.all.slice(since).filter(({ name }) => name === 'presence');
  expect(told.map(({ attrs }) => attrs.from)).toEqual([`${room}/Orator`]);
});

test('114-35 where all ten thousand are to be shown, somebody else is answered before the last of them is told', async () => {
  const { own, client, user, room } = await rome(100_000);
  const other = await users.jabber(user, 'phone');
  const joining = client.join(room, own.name, { within: 60_000 });
  await client.receive(`<presence from='${room}/caesar'/>`, 60_000);
  const before = client.inbox.all.length;
  const answer = await other.ask(`<iq type='get' to='${users.domain}'><ping xmlns='urn:xmpp:ping'/></iq>`);
  expect(answer.attrs.type).toBe('result');
  expect(client.inbox.all.length).toBeLessThan(total);
  const { occupants } = await joining;
  expect([occupants.length, before < total]).toEqual([total + 2, true]);
});
