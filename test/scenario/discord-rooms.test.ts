/** Every kind of channel on Discord as a room: posts of forums, threads, announcements, the text beside a voice channel; each found, entered, heard and spoken in. */
import { ChannelType, PermissionFlagsBits as May } from 'discord-api-types/v10';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Application, Channel, Guild } from '../harness/discord/state.ts';
import { bodyOf, child, childrenOf, codesOf, conditionOf, show } from '../harness/markup.ts';
import type { JoinRefused, XmppClient } from '../harness/xmpp-client.ts';
import { createDiscordUsers, type DiscordUsers } from './discord-users.ts';

let users: DiscordUsers;
let guild: Guild;
let owner: ReturnType<DiscordUsers['scene']['user']>;

beforeAll(async () => {
  users = await createDiscordUsers();
  owner = users.scene.user('owner');
  guild = users.scene.guild('Verona', owner);
});
afterAll(() => users.end());

const roomOf = ({ id }: Channel): string => `#${id}@${users.domain}`;
const textsIn = (where: Channel): readonly string[] => users.scene.messages(where).map(({ data }) => data.content);
const channel = (type: ChannelType = ChannelType.GuildText): Channel =>
  users.scene.channel(guild, { name: `channel${users.next()}`, type });

/** Somebody of the guild. */
function member(name: string) {
  const user = users.scene.user(`${name.toLowerCase()}${users.next()}`);
  users.scene.join(user, guild);
  return user;
}

/** Somebody with a bot of their own. @param permissions all that it asks for, where nothing is said */
async function loggedIn(permissions?: bigint) {
  const own = users.scene.bot(`bot${users.next()}`);
  users.scene.invite(own, guild, permissions);
  const { client } = await users.loggedIn(own);
  return { client, own };
}

async function listed(client: XmppClient, node: string): Promise<readonly (string | undefined)[]> {
  const query = `<query xmlns='http://jabber.org/protocol/disco#items' node='${node}'/>`;
  const answer = await client.ask(`<iq type='get' to='${users.domain}'>${query}</iq>`);
  return childrenOf(child(answer, 'query'), 'item').map(({ attrs }) => attrs.node ?? attrs.jid);
}

/** Entered, heard in and spoken in. */
async function talksIn(where: Channel, { client, own }: { readonly client: XmppClient; readonly own: Application }) {
  const room = roomOf(where);
  const ann = member('Ann');
  const joined = await client.join(room, own.name);
  users.scene.say(ann, where, 'heard');
  await client.receive(`<message type='groupchat' from='${room}/${ann.username}'><body>heard</body></message>`);
  client.say(room, 'spoken');
  await client.receive(`<message type='groupchat' from='${room}/${own.name}'><body>spoken</body></message>`);
  expect(textsIn(where).slice(-2)).toEqual(['heard', 'spoken']);
  return joined;
}

const refusal = (client: XmppClient, where: Channel): Promise<string> =>
  client.join(roomOf(where), 'me').then(
    () => 'let in',
    (error: unknown) => {
      const { presence } = error as JoinRefused;
      return `${conditionOf(presence)}: ${show(presence)}`;
    },
  );

test('503-01 a forum is a list of rooms: posts come and go in it, each with its first message; it can’t be entered itself', async () => {
  const forum = channel(ChannelType.GuildForum);
  const { client, own } = await loggedIn();
  expect(await listed(client, forum.id)).toEqual([]);
  const post = users.scene.forumPost(forum, { name: 'a park', owner }, (thread) =>
    users.scene.say(owner, thread, 'trees'),
  );
  await expect.poll(() => listed(client, forum.id)).toEqual([roomOf(post)]);
  expect(await refusal(client, forum)).toContain('each of its posts is a room of its own');
  const { history } = await talksIn(post, { client, own });
  expect(history.map(bodyOf)).toEqual(['trees']);
  expect([...(post.thread?.members.keys() ?? [])]).toContain(own.user.id);
  users.scene.deleteChannel(post);
  const gone = await client.receive(`<presence type='unavailable' from='${roomOf(post)}/${own.name}'/>`);
  expect([codesOf(gone).includes(110), show(gone).includes('<destroy')]).toEqual([true, true]);
  expect(await listed(client, forum.id)).toEqual([]);
});

test('201-02 a thread stands behind its channel, is joined, and comes out of the archive by speaking', async () => {
  const where = channel();
  const { client, own } = await loggedIn();
  const thread = users.scene.thread(where, { name: 'plans', owner });
  await expect.poll(() => listed(client, guild.id)).toEqual(expect.arrayContaining([roomOf(where), roomOf(thread)]));
  await talksIn(thread, { client, own });
  expect([...(thread.thread?.members.keys() ?? [])]).toContain(own.user.id);
  users.scene.changeThread(thread, { archived: true });
  await expect.poll(() => listed(client, guild.id)).not.toContain(roomOf(thread));
  client.say(roomOf(thread), 'and again');
  await client.receive(
    `<message type='groupchat' from='${roomOf(thread)}/${own.name}'><body>and again</body></message>`,
  );
  expect(thread.thread?.metadata.archived).toBe(false);
  await expect.poll(() => listed(client, guild.id)).toContain(roomOf(thread));
});

test('45-30 what an archived thread says can be read, and one that is locked not spoken in', async () => {
  const where = channel();
  const { client, own } = await loggedIn(
    May.ViewChannel | May.SendMessages | May.SendMessagesInThreads | May.ReadMessageHistory,
  );
  const thread = users.scene.thread(where, { name: 'old', owner });
  users.scene.say(owner, thread, 'once');
  users.scene.changeThread(thread, { archived: true, locked: true });
  const { history } = await client.join(roomOf(thread), own.name);
  expect(history.map(bodyOf)).toContain('once');
  const id = client.say(roomOf(thread), 'may I?');
  const error = await client.receive(`<message type='error' id='${id}'/>`);
  expect([conditionOf(error), show(error)]).toEqual(['not-allowed', expect.stringContaining('archive')]);
});

test('45-05 a private thread is there for who is in it: listed when the bot is brought in, left when it is put out', async () => {
  const where = channel();
  const usual = May.ViewChannel | May.SendMessages | May.SendMessagesInThreads | May.ReadMessageHistory;
  const { client, own } = await loggedIn(usual);
  const thread = users.scene.thread(where, { name: 'secret', owner, type: ChannelType.PrivateThread });
  const other = users.scene.thread(where, { name: 'public', owner });
  await expect.poll(() => listed(client, guild.id)).toContain(roomOf(other));
  expect(await listed(client, guild.id)).not.toContain(roomOf(thread));
  expect(await refusal(client, thread)).toMatch(/^(forbidden|registration-required|item-not-found)/);
  users.scene.joinThread(own.user, thread);
  await expect.poll(() => listed(client, guild.id)).toContain(roomOf(thread));
  const { occupants } = await client.join(roomOf(thread), own.name);
  expect(occupants.map(({ attrs }) => attrs.from?.split('/')[1])).toEqual(['owner']);
  users.scene.say(owner, thread, 'hush');
  await client.receive(`<message type='groupchat' from='${roomOf(thread)}/owner'><body>hush</body></message>`);
  client.say(roomOf(thread), 'aye');
  await expect.poll(() => textsIn(thread)).toContain('aye');
  await users.world.restart();
  await expect.poll(() => listed(client, guild.id)).toContain(roomOf(thread));
  users.scene.leaveThread(own.user, thread);
  const gone = await client.receive(`<presence type='unavailable' from='${roomOf(thread)}/${own.name}'/>`);
  expect(codesOf(gone)).toContain(110);
  expect(await listed(client, guild.id)).not.toContain(roomOf(thread));
});

test('an announcement channel is a room like any other, and so are its threads', async () => {
  const where = channel(ChannelType.GuildAnnouncement);
  const login = await loggedIn();
  await talksIn(where, login);
  const thread = users.scene.thread(where, { name: 'questions', owner });
  await expect.poll(() => listed(login.client, guild.id)).toContain(roomOf(thread));
  await talksIn(thread, login);
});

test('45-30 the text beside a voice channel is a room for who may come into that', async () => {
  const where = channel(ChannelType.GuildVoice);
  const login = await loggedIn();
  const deaf = member('Deaf');
  users.scene.rule(where, { of: deaf, deny: May.Connect });
  const { occupants } = await talksIn(where, login);
  expect(occupants.map(({ attrs }) => attrs.from?.split('/')[1])).not.toContain(deaf.username);
  const closed = channel(ChannelType.GuildStageVoice);
  users.scene.rule(closed, { of: 'everyone', deny: May.Connect });
  await expect.poll(() => listed(login.client, guild.id)).not.toContain(roomOf(closed));
  expect(await refusal(login.client, closed)).toMatch(/^registration-required.*connect/s);
});

test('45-53 names are Discord’s: another one is not acceptable, in the language of whoever asked', async () => {
  const where = channel();
  const { client, own } = await loggedIn();
  await client.join(roomOf(where), own.name);
  client.send(`<presence id='nick' xml:lang='de' to='${roomOf(where)}/montague'/>`);
  const error = await client.receive(`<presence type='error' id='nick' from='${roomOf(where)}/${own.name}'/>`);
  expect(child(error, 'error')?.attrs.type).toBe('cancel');
  expect([conditionOf(error), show(error)]).toEqual(['not-acceptable', expect.stringContaining('vergibt hier')]);
  await talksIn(where, { client, own });
});

test('461-01 where the bot may not read what was said, an answer says in words whom it is for', async () => {
  const where = channel();
  const { client, own } = await loggedIn();
  users.scene.rule(where, { of: own.user, deny: May.ReadMessageHistory });
  await client.join(roomOf(where), own.name);
  users.scene.say(owner, where, 'who goes there?');
  const heard = await client.receive(`<message type='groupchat' from='${roomOf(where)}/owner'><body/></message>`);
  const id = child(heard, 'stanza-id', 'urn:xmpp:sid:0')?.attrs.id;
  client.send(
    `<message type='groupchat' id='a1' to='${roomOf(where)}'><body>a friend</body><reply xmlns='urn:xmpp:reply:0' id='${id}'/></message>`,
  );
  await client.receive(`<message type='groupchat' id='a1'><body>a friend</body></message>`);
  expect(textsIn(where)).toEqual(['who goes there?', `<@${owner.id}>: a friend`]);
});
