/** Guilds and their categories, as they are browsed from Jabber: branches of service discovery, and spaces. */
import { ChannelType, PermissionFlagsBits as May } from 'discord-api-types/v10';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Application, Guild } from '../harness/discord/state.ts';
import { child, childrenOf, conditionOf, show, textOf } from '../harness/markup.ts';
import { createDiscordUsers, type DiscordUsers } from './discord-users.ts';

let users: DiscordUsers;
let guild: Guild;
let bot: Application;

beforeAll(async () => {
  users = await createDiscordUsers();
});
afterAll(() => users.end());

const items = (node = '', inside = '') =>
  `<query xmlns='http://jabber.org/protocol/disco#items'${node === '' ? '' : ` node='${node}'`}>${inside}</query>`;
const info = (node = '') =>
  `<query xmlns='http://jabber.org/protocol/disco#info'${node === '' ? '' : ` node='${node}'`}/>`;
const page = (max: number, after = '') =>
  `<set xmlns='http://jabber.org/protocol/rsm'><max>${max}</max>${after === '' ? '' : `<after>${after}</after>`}</set>`;
const content = (node: string, inside = '') =>
  `<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='${node}'/>${inside}</pubsub>`;

/** A guild with two categories, a forum and a channel that nobody is shown. */
async function browsing() {
  const { scene, domain } = users;
  const owner = scene.user('capulet');
  guild = scene.guild('Mantua', owner, true);
  bot = scene.bot(`browser${users.next()}`);
  scene.invite(bot, guild);
  const lobby = scene.channel(guild, { name: 'lobby', topic: 'Come in' });
  const voices = scene.channel(guild, { name: 'Voices', type: ChannelType.GuildCategory, position: 2 });
  const texts = scene.channel(guild, { name: 'Texts', type: ChannelType.GuildCategory, position: 1 });
  const hall = scene.channel(guild, { name: 'hall', type: ChannelType.GuildVoice, parentId: voices.id });
  const news = scene.channel(guild, { name: 'news', parentId: texts.id, type: ChannelType.GuildAnnouncement });
  const forum = scene.channel(guild, { name: 'ideas', parentId: texts.id, type: ChannelType.GuildForum });
  const hidden = scene.channel(guild, { name: 'hidden', parentId: texts.id });
  scene.rule(hidden, { of: 'everyone', deny: May.ViewChannel });
  const talk = scene.thread(news, { name: 'comments', owner });
  const post = scene.forumPost(forum, { name: 'a park', owner }, (thread) => scene.say(owner, thread, 'with trees'));
  const { client } = await users.loggedIn(bot);
  const jid = ({ id }: { readonly id: string }): string => `#${id}@${domain}`;
  const ask = (query: string, to = domain) => client.ask(`<iq type='get' to='${to}'>${query}</iq>`);
  const listed = async (query: string, to = domain): Promise<readonly (string | undefined)[][]> =>
    childrenOf(child(await ask(query, to), 'query'), 'item').map(({ attrs }) => [attrs.node ?? attrs.jid, attrs.name]);
  return { client, lobby, voices, texts, hall, news, forum, talk, post, jid, ask, listed };
}

test('503-01 030-04 guilds, their categories and forums, and the rooms in them, in the guild’s order', async () => {
  const { lobby, voices, texts, hall, news, forum, talk, post, jid, listed } = await browsing();
  expect((await listed(items()))[0]).toEqual([guild.id, 'Mantua']);
  expect((await listed(items())).slice(1)).toContainEqual([jid(lobby), 'Mantua: #lobby']);
  expect(await listed(items(guild.id))).toEqual([
    [jid(lobby), '#lobby'],
    [texts.id, 'Texts'],
    [voices.id, 'Voices'],
  ]);
  expect(await listed(items(texts.id))).toEqual([
    [jid(news), '#news'],
    [jid(talk), '#news › comments'],
    [forum.id, '#ideas'],
  ]);
  expect(await listed(items(forum.id))).toEqual([[jid(post), 'a park']]);
  expect(await listed(items(voices.id))).toEqual([[jid(hall), '#hall']]);
});

test('030-01 030-02 030-05 030-07 what each is; by pages; there is no other', async () => {
  const { lobby, texts, jid, ask } = await browsing();
  const identities = async (node: string) =>
    childrenOf(child(await ask(info(node)), 'query'), 'identity').map(({ attrs }) => [
      `${attrs.category}/${attrs.type}`,
      attrs.name,
    ]);
  expect(await identities(guild.id)).toEqual([
    ['hierarchy/branch', 'Mantua'],
    ['pubsub/leaf', 'Mantua'],
  ]);
  expect(await identities(texts.id)).toEqual([['hierarchy/branch', 'Texts']]);
  const first = child(await ask(items(guild.id, page(1))), 'query');
  expect(first?.attrs.node).toBe(guild.id);
  expect(childrenOf(first, 'item').map(({ attrs }) => attrs.jid)).toEqual([jid(lobby)]);
  expect(textOf(child(child(first, 'set'), 'count'))).toBe('3');
  const last = textOf(child(child(first, 'set'), 'last'));
  const second = child(await ask(items(guild.id, page(1, last))), 'query');
  expect(childrenOf(second, 'item').map(({ attrs }) => attrs.node)).toEqual([texts.id]);
  for (const query of [items('4242'), info('4242'), content('4242'), content(texts.id)])
    expect([query, conditionOf(await ask(query))]).toEqual([query, 'item-not-found']);
});

test('503-01 060-01 a guild is a space: its metadata, its rooms, and the rooms name it', async () => {
  const { client, lobby, hall, news, talk, post, jid, ask } = await browsing();
  const metadata = show(await ask(info(guild.id)));
  expect(metadata).toMatch(/var='pubsub#type'.{0,80}>urn:xmpp:spaces:0</);
  const inSpace = async (inside = '') => {
    const found = child(child(await ask(content(guild.id, inside)), 'pubsub'), 'items');
    return childrenOf(found, 'item').map((one) => [
      one.attrs.id,
      child(one, 'conference', 'urn:xmpp:bookmarks:1')?.attrs.name,
    ]);
  };
  const all = [
    [jid(lobby), '#lobby'],
    [jid(news), 'Texts / #news'],
    [jid(talk), 'Texts / #news › comments'],
    [jid(post), 'Texts / #ideas / a park'],
    [jid(hall), 'Voices / #hall'],
  ];
  expect(await inSpace()).toEqual(all);
  expect(await inSpace(page(2))).toEqual(all.slice(0, 2));
  await client.join(jid(lobby), bot.name);
  const room = show(await ask(info(), jid(lobby)));
  const address = `>xmpp:${users.domain}?;node=${guild.id}<`;
  expect(room.split(address)).toHaveLength(3);
  expect(room).toContain(`var='urn:xmpp:spaces:0'`);
});

test('45-02 45-05 45-10 a room that nobody has entered is described as it is; one that is not there, or not for the bot, is unknown', async () => {
  const { lobby, talk, jid, ask } = await browsing();
  const { scene } = users;
  const nameOf = async (to: string) => {
    const answer = await ask(info(), to);
    return conditionOf(answer) ?? child(child(answer, 'query'), 'identity')?.attrs.name;
  };
  expect(await nameOf(jid(lobby))).toBe('Mantua: #lobby');
  expect(await nameOf(jid(talk))).toBe('Mantua: #news › comments');
  const described = show(await ask(info(), jid(lobby)));
  expect(described).toContain(`?;node=${guild.id}<`);
  expect(described).toMatch(/roominfo_description.{0,80}>Come in</);
  scene.changeThread(talk, { archived: true });
  expect(await nameOf(jid(talk))).toBe('Mantua: #news › comments');
  expect(await nameOf(jid(scene.find(guild, 'hidden')))).toBe('item-not-found');
  expect(await nameOf(jid({ id: '4242' }))).toBe('item-not-found');
});

test('45-10 a room of which Discord says nothing for now is described by its address', async () => {
  const { jid, ask } = await browsing();
  const room = jid({ id: '4242' });
  const trouble = users.world.discord.lay({ of: bot, mishap: { kind: 'status', status: 503 } });
  const answer = await ask(info(), room);
  expect(trouble.met).toBe(1);
  trouble.lift();
  expect(conditionOf(answer)).toBeUndefined();
  const features = childrenOf(child(answer, 'query'), 'feature').map(({ attrs }) => attrs.var);
  expect(features).toContain('http://jabber.org/protocol/muc');
  expect(conditionOf(await ask(info(), room))).toBe('item-not-found');
});

test('503-01 what is announced of nodes is what is answered', async () => {
  const { ask, client } = await browsing();
  const announced = show(await ask(info()));
  for (const feature of ['retrieve-items', 'meta-data', 'item-ids', 'multi-items'])
    expect(announced).toContain(`'http://jabber.org/protocol/pubsub#${feature}'`);
  for (const feature of ['subscribe', 'create-nodes', 'publish'])
    expect(announced).not.toContain(`'http://jabber.org/protocol/pubsub#${feature}'`);
  const made = await client.ask(
    `<iq type='set' to='${users.domain}'><pubsub xmlns='http://jabber.org/protocol/pubsub'><subscribe node='${guild.id}' jid='${client.jid}'/></pubsub></iq>`,
  );
  expect(conditionOf(made)).toBe('feature-not-implemented');
});

test('45-01 what has changed on Discord is told when it is asked for', async () => {
  const { texts, news, voices, hall, jid, listed } = await browsing();
  const { scene } = users;
  scene.changeChannel(texts, { name: 'Words' });
  scene.changeChannel(hall, { name: 'great hall', parentId: null });
  scene.rule(news, { of: 'everyone', deny: May.ViewChannel });
  await expect.poll(() => listed(items(guild.id))).toContainEqual([texts.id, 'Words']);
  await expect.poll(async () => (await listed(items(texts.id))).map(([, name]) => name)).toEqual(['#ideas']);
  expect(await listed(items(guild.id))).toContainEqual([jid(hall), '#great hall']);
  expect(await listed(items(guild.id))).not.toContainEqual([voices.id, 'Voices']);
});

test('45-05 nobody else sees a guild, and whoever is admitted to a shared account, and nobody else, sees its rooms', async () => {
  const { lobby, ask } = await browsing();
  expect((await ask(items(guild.id))).attrs.type).toBe('result');
  const stranger = await users.jabber(`stranger${users.next()}`);
  const asks = (query: string, to = users.domain) => stranger.ask(`<iq type='get' to='${to}'>${query}</iq>`);
  expect(conditionOf(await asks(items(guild.id)))).toBe('item-not-found');
  expect(conditionOf(await asks(info(guild.id)))).toBe('item-not-found');
  const shared = users.scene.bot(`shared${users.next()}`);
  users.scene.invite(shared, guild);
  const { label } = await users.sharing(shared);
  const service = `${label}@${users.domain}`;
  const offered = childrenOf(child(await asks(items()), 'query'), 'item').map(({ attrs }) => attrs.jid);
  expect(offered).toContain(service);
  const others = users.scene.bot(`others${users.next()}`);
  users.scene.invite(others, guild);
  const elsewhere = `${(await users.sharing(others, 'juliet@localhost')).label}@${users.domain}`;
  const stillOffered = childrenOf(child(await asks(items()), 'query'), 'item').map(({ attrs }) => attrs.jid);
  expect(stillOffered).toEqual(offered);
  expect(conditionOf(await asks(items(guild.id), elsewhere))).toBe('forbidden');
  const there = childrenOf(child(await asks(items(), service), 'query'), 'item');
  expect(there.map(({ attrs }) => attrs.node ?? attrs.jid)).not.toContain(service);
  const inside = childrenOf(child(await asks(items(guild.id), service), 'query'), 'item');
  expect(inside[0]?.attrs).toMatchObject({ jid: `#${lobby.id}${label}@${users.domain}`, name: '#lobby' });
  const inSpace = show(await asks(content(guild.id), service));
  expect(inSpace).toContain(`#${lobby.id}${label}@${users.domain}`);
});
