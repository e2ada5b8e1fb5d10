/** Discord within one process: the whole gateway between Jabber clients and the harness' Discord, as their users see it. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type DiscordWorld, startDiscordWorld } from '../harness/discord/memory-world.ts';
import { comesWithBot, offersToken, registersBot } from '../harness/discord/registering.ts';
import type { Application, Channel, Guild } from '../harness/discord/state.ts';
import { bodyOf, child, childrenOf, codesOf, conditionOf, show, textOf } from '../harness/markup.ts';
import { base64, png, sha1 } from '../harness/pictures.ts';
import type { XmppClient } from '../harness/xmpp-client.ts';

let world: DiscordWorld;
let guild: Guild;
let count = 0;
const clients: XmppClient[] = [];

beforeAll(async () => {
  world = await startDiscordWorld();
  const { world: scene } = world.discord;
  guild = scene.guild('Verona', scene.user('owner'));
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.cut();
  expect(world.errors).toEqual([]);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const roomOf = ({ id }: Channel, label = ''): string => `#${id}${label}@${world.domain}`;
const commands = 'http://jabber.org/protocol/commands';

async function jabber(user: string, resource = 'desk'): Promise<XmppClient> {
  const client = await world.jabber(user, resource);
  clients.push(client);
  return client;
}

/** A bot of the guild. */
function bot(name = `bot${++count}`): Application {
  const made = world.discord.world.bot(name);
  world.discord.world.invite(made, guild);
  return made;
}

function member(name: string, nick = `${name} ${++count}`) {
  const { world: scene } = world.discord;
  const user = scene.user(`${name.toLowerCase()}${++count}`, { global_name: name });
  scene.join(user, guild, { nick });
  return { ...user, nick };
}

const channel = (topic = ''): Channel => world.discord.world.channel(guild, { name: `channel${++count}`, topic });
const saidIn = (where: Channel): readonly string[] =>
  world.discord.world.messages(where).map(({ data }) => `${data.author.username}: ${data.content}`);

/** Somebody with a bot of their own. */
async function loggedIn(user = `user${++count}`) {
  const client = await jabber(user);
  const own = bot();
  await comesWithBot(client, world.domain, world.discord, own);
  return { client, own, user, label: '' };
}

const groupchat = (room: string, text: string): string =>
  `<message type='groupchat' from='${room}'><body>${text}</body></message>`;
const said = (client: XmppClient, room: string, nick: string, text: string) =>
  client.receive(groupchat(`${room}/${nick}`, text));

test('a bot’s token makes an account; a wrong one and a person’s are refused with the reason', async () => {
  const client = await jabber('tester');
  for (const token of ['not.a.token', 'mfa.secret']) {
    const answer = await offersToken(client, world.domain, token);
    expect([answer.attrs.type, conditionOf(answer)]).toEqual(['error', 'not-acceptable']);
    expect(show(answer)).not.toContain(token);
  }
  await registersBot(client, world.domain, bot());
});

test('a bot is taken though Discord does not say right now which guilds it is in', async () => {
  const client = await jabber('hasty');
  const own = bot();
  const laid = world.discord.lay({ of: own, path: /^\/users\/@me\/guilds$/, mishap: { kind: 'status', status: 503 } });
  await registersBot(client, world.domain, own);
  expect(laid.met).toBe(1);
  laid.lift();
});

test('GEN-10 why a token is refused is said in the language of whoever gave it, where it is asked for again', async () => {
  const client = await jabber('tester');
  const form = `<x xmlns='jabber:x:data' type='submit'><field var='token'><value>not.a.token</value></field></x>`;
  const query = `<query xmlns='jabber:iq:register'>${form}</query>`;
  const answer = await client.ask(`<iq type='set' xml:lang='de' to='${world.domain}'>${query}</iq>`);
  expect(show(answer)).toMatch(/xml:lang='de'>Discord nimmt das nicht als Token eines Bots/);
});

test('45-20 45-38 two resources come in, see who is there, and the topic', async () => {
  const ann = member('Ann', 'Annie');
  const where = channel('Two households');
  const { client, user, own } = await loggedIn();
  const room = roomOf(where);
  const joined = await client.join(room, own.name);
  const nicks = joined.occupants.map(({ attrs }) => attrs.from?.split('/')[1]);
  expect(nicks).toContain('Annie');
  expect(joined.subject).toBe('Two households');
  expect(joined.self.attrs.from).toBe(`${room}/${own.name}`);
  const phone = await jabber(user, 'phone');
  const again = await phone.join(room, own.name);
  expect(again.occupants.length).toBe(joined.occupants.length);
  world.discord.world.say(ann, where, 'good morrow');
  for (const one of [client, phone]) await said(one, room, 'Annie', 'good morrow');
});

test('45-40 45-41 what is said passes both ways, is reflected once, and is Discord’s', async () => {
  const { client, own, user } = await loggedIn();
  const ann = member('Ann');
  const where = channel();
  const room = roomOf(where);
  await client.join(room, own.name);
  const phone = await jabber(user, 'phone');
  await phone.join(room, own.name);
  for (let n = 1; n <= 10; n++) {
    client.say(room, `r${n}`);
    world.discord.world.say(ann, where, `a${n}`);
  }
  for (let n = 1; n <= 10; n++) {
    for (const one of [client, phone]) {
      await said(one, room, own.name, `r${n}`);
      await said(one, room, ann.nick, `a${n}`);
    }
  }
  await client.roundtrip(room);
  const texts = client.seen(`<message type='groupchat'><body/></message>`).map(bodyOf);
  const onDiscord = world.discord.world.messages(where).map(({ data }) => data.content);
  expect(texts).toEqual(onDiscord);
});

test('308-01 424-01 444-01 461-01 corrected, taken back, reacted to and answered from Discord', async () => {
  const { client, own } = await loggedIn();
  const { world: scene } = world.discord;
  const ann = member('Ann');
  const where = channel();
  const room = roomOf(where);
  await client.join(room, own.name);
  const message = scene.say(ann, where, 'teh');
  const first = await said(client, room, ann.nick, 'teh');
  const name = child(first, 'stanza-id', 'urn:xmpp:sid:0')?.attrs.id;
  scene.react(ann, message, '👍');
  await client.receive(
    `<message type='groupchat'><reactions xmlns='urn:xmpp:reactions:0' id='${name}'><reaction>👍</reaction></reactions></message>`,
  );
  scene.edit(message, 'the');
  const corrected = await said(client, room, ann.nick, 'the');
  expect(child(corrected, 'replace', 'urn:xmpp:message-correct:0')?.attrs.id).toBe(first.attrs.id);
  scene.remove(message);
  await client.receive(
    `<message type='groupchat'><retract xmlns='urn:xmpp:message-retract:1' id='${name}'/></message>`,
  );
});

test('308-01 424-01 444-01 corrected, reacted to and taken back from Jabber', async () => {
  const { client, own } = await loggedIn();
  const { world: scene } = world.discord;
  const ann = member('Ann');
  const where = channel();
  const room = roomOf(where);
  await client.join(room, own.name);
  const id = client.say(room, 'teh');
  const own1 = await said(client, room, own.name, 'teh');
  client.send(
    `<message type='groupchat' id='c1' to='${room}'><body>the</body><replace xmlns='urn:xmpp:message-correct:0' id='${id}'/></message>`,
  );
  await said(client, room, own.name, 'the');
  expect(saidIn(where)).toEqual([`${own.name}: the`]);
  const message = scene.say(ann, where, 'aye');
  const theirs = await said(client, room, ann.nick, 'aye');
  const name = child(theirs, 'stanza-id', 'urn:xmpp:sid:0')?.attrs.id;
  client.send(
    `<message type='groupchat' id='r1' to='${room}'><reactions xmlns='urn:xmpp:reactions:0' id='${name}'><reaction>🎉</reaction></reactions></message>`,
  );
  await client.receive(
    `<message type='groupchat' id='r1'><reactions xmlns='urn:xmpp:reactions:0' id='${name}'/></message>`,
  );
  expect([...message.reactions.values()].map(({ emoji }) => emoji.name)).toEqual(['🎉']);
  const mine = child(own1, 'stanza-id', 'urn:xmpp:sid:0')?.attrs.id;
  client.send(
    `<message type='groupchat' id='d1' to='${room}'><retract xmlns='urn:xmpp:message-retract:1' id='${mine}'/></message>`,
  );
  await client.receive(
    `<message type='groupchat'><retract xmlns='urn:xmpp:message-retract:1' id='${mine}'/></message>`,
  );
  expect(saidIn(where)).toEqual([`${ann.username}: aye`]);
});

const nameOf = ({ jid }: XmppClient): string => jid.split('@')[0] ?? '';

/** A bot that the operator shares with everybody of the server, and somebody who uses it. */
async function sharing() {
  const admin = await jabber('operator');
  const own = bot(`herald${++count}`);
  const ask = async (attrs: string, inside = '') => {
    const command = `<command xmlns='${commands}' node='register'${attrs}>${inside}</command>`;
    return child(await admin.ask(`<iq type='set' to='${world.domain}'>${command}</iq>`), 'command', commands);
  };
  const form = (name: string, value: string): string =>
    `<x xmlns='jabber:x:data' type='submit'><field var='${name}'><value>${value}</value></field></x>`;
  const begun = await ask('');
  await ask(` action='next' sessionid='${begun?.attrs.sessionid}'`, form('admits', 'localhost'));
  const done = await ask(` action='complete' sessionid='${begun?.attrs.sessionid}'`, form('token', own.token ?? ''));
  expect(done?.attrs.status).toBe('completed');
  return { own, label: `=~+${own.name}-0001`, client: await jabber(`romeo${++count}`) };
}

test('a shared account: each speaks under their own name, and none is heard twice', async () => {
  const { own, label, client: romeo } = await sharing();
  const where = channel();
  const room = roomOf(where, label);
  const juliet = await jabber(`juliet${++count}`);
  const photo = `<PHOTO><TYPE>image/png</TYPE><BINVAL>${base64(png(9))}</BINVAL></PHOTO>`;
  await juliet.ask(`<iq type='set'><vCard xmlns='vcard-temp'>${photo}</vCard></iq>`);
  await romeo.join(room, 'Romeo');
  await juliet.join(room, 'Juliet');
  romeo.say(room, 'But soft!');
  await said(juliet, room, own.name, `&lt;${nameOf(romeo)}&gt; But soft!`);
  juliet.say(room, 'Ay me!');
  await said(romeo, room, own.name, `&lt;${nameOf(juliet)}&gt; Ay me!`);
  expect(saidIn(where)).toEqual([`${nameOf(romeo)}: But soft!`, `${nameOf(juliet)}: Ay me!`]);
  const pictures = world.discord.exchanges.all
    .filter(({ path, body }) => path.startsWith('/webhooks/') && body !== undefined)
    .map(({ body }) => (body as { avatar_url?: string }).avatar_url?.slice(0, -24));
  expect(pictures.slice(-2)).toEqual([undefined, `https://gateway.test/pictures/${sha1(png(9))}-`]);
  await romeo.roundtrip(room);
  expect(romeo.seen(`<message type='groupchat'><body/></message>`)).toHaveLength(2);
});

test('313-09 the last messages are there on the first join, and after a restart nothing is told twice', async () => {
  const { client, own } = await loggedIn();
  const { world: scene } = world.discord;
  const ann = member('Ann');
  const where = channel();
  const room = roomOf(where);
  for (const text of ['one', 'two', 'three']) scene.say(ann, where, text);
  const joined = await client.join(room, own.name);
  expect(joined.history.map(bodyOf)).toEqual(['one', 'two', 'three']);
  client.say(room, 'four');
  await said(client, room, own.name, 'four');
  const since = client.inbox.all.length;
  await world.restart();
  scene.say(ann, where, 'five');
  await said(client, room, ann.nick, 'five');
  const texts = client.seen(`<message type='groupchat'><body/></message>`, since).map(bodyOf);
  expect(texts).toEqual(['five']);
  const query = `<query xmlns='urn:xmpp:mam:2'/>`;
  const mark = client.inbox.all.length;
  await client.ask(`<iq type='set' to='${room}'>${query}</iq>`);
  const page = client.seen(`<message><result xmlns='urn:xmpp:mam:2'/></message>`, mark);
  const kept = page.map((one) => textOf(child(child(child(child(one, 'result'), 'forwarded'), 'message'), 'body')));
  expect(kept).toEqual(['one', 'two', 'three', 'four', 'five']);
});

for (const [what, speaks] of [
  ['by the bot', 'own'],
  ['by a webhook', 'shared'],
] as const)
  test(`45-42 ${what}: answers that are lost and errors of Discord lose no message, and double none`, async () => {
    const { lay, world: scene } = world.discord;
    const where = channel();
    const { client, own, label } = speaks === 'shared' ? await sharing() : await loggedIn();
    const room = roomOf(where, label);
    await client.join(room, own.name);
    const path = speaks === 'shared' ? /^\/webhooks\// : /messages$/;
    lay({ method: 'POST', path, times: 1, mishap: { kind: 'drop' } });
    lay({ method: 'POST', path, times: 1, mishap: { kind: 'status', status: 502 } });
    lay({ method: 'POST', path, times: 1, mishap: { kind: 'cut' } });
    const texts = ['one', 'one', 'two', 'one', 'three'];
    for (const text of texts) client.say(room, text);
    client.say(room, 'the end');
    await client.receive((stanza) => (bodyOf(stanza) ?? '').endsWith('the end'), 40_000);
    expect(scene.messages(where).map(({ data }) => data.content)).toEqual([...texts, 'the end']);
    const shown = client
      .seen(`<message type='groupchat'><body/></message>`)
      .map((one) => bodyOf(one)?.replace(/^<\w+> /, ''));
    expect(shown).toEqual([...texts, 'the end']);
  });

test('a message whose answer was lost, and then the gateway: it is found, and said by nobody again', async () => {
  const { client, own } = await loggedIn();
  const { lay, world: scene, exchanges } = world.discord;
  const where = channel();
  const room = roomOf(where);
  await client.join(room, own.name);
  const since = client.inbox.all.length;
  lay({ method: 'POST', path: /messages$/, times: 1, mishap: { kind: 'drop' } });
  const id = client.say(room, 'once');
  await exchanges.take(({ method, path }) => method === 'POST' && path.includes(where.id), 'the message');
  await world.restart();
  client.say(room, 'after');
  await said(client, room, own.name, 'after');
  expect(scene.messages(where).map(({ data }) => data.content)).toEqual(['once', 'after']);
  const texts = client.seen(`<message type='groupchat'><body/></message>`, since);
  expect(texts.map(bodyOf)).toEqual(['once', 'after']);
  expect(texts[0]?.attrs.id).toBe(id);
});

test('114-53 a connection that is away for a while: rooms are kept, and what was said meanwhile is told', async () => {
  const { client, own } = await loggedIn();
  const { discord } = world;
  const ann = member('Ann');
  const where = channel();
  const room = roomOf(where);
  await client.join(room, own.name);
  discord.world.say(ann, where, 'before');
  await said(client, room, ann.nick, 'before');
  discord.invalidate(false);
  discord.world.say(ann, where, 'meanwhile');
  await said(client, room, ann.nick, 'meanwhile');
  client.say(room, 'and on');
  await said(client, room, own.name, 'and on');
  expect(client.seen(groupchat(`${room}/${ann.nick}`, 'meanwhile'))).toHaveLength(1);
});

test('030-31 rooms are found by whoever browses, by the guild’s name', async () => {
  const { client, own } = await loggedIn();
  const where = channel();
  await world.discord.heeded(own);
  const answer = await client.ask(
    `<iq type='get' to='${world.domain}'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>`,
  );
  const items = childrenOf(child(answer, 'query'), 'item');
  const found = items.find(({ attrs }) => attrs.jid === roomOf(where));
  expect([show(answer).slice(0, 400), found?.attrs.name]).toEqual([expect.anything(), `Verona: #${where.name}`]);
  const info = await client.ask(
    `<iq type='get' to='${world.domain}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`,
  );
  const identities = childrenOf(child(info, 'query'), 'identity').map(({ attrs }) => `${attrs.category}/${attrs.type}`);
  expect(identities).toContain('gateway/discord');
});

test('45-86 a channel that is deleted is destroyed; a permission lost in mid-sentence is an error for that message', async () => {
  const { client, own } = await loggedIn();
  const { world: scene } = world.discord;
  const where = channel();
  const room = roomOf(where);
  await client.join(room, own.name);
  scene.rule(where, { of: own.user, deny: 1n << 11n });
  const id = client.say(room, 'may I?');
  const error = await client.receive(`<message type='error' id='${id}'/>`);
  expect(conditionOf(error)).toBe('forbidden');
  scene.deleteChannel(where);
  const gone = await client.receive(`<presence type='unavailable' from='${room}/${own.name}'/>`);
  expect(codesOf(gone)).toContain(110);
  expect(show(gone)).toContain('<destroy');
});

test('a token that was revoked pauses the account, and its owner is told what to do', async () => {
  const { client, own } = await loggedIn();
  const where = channel();
  await client.join(roomOf(where), own.name);
  world.discord.world.resetToken(own);
  const told = await client.receive((stanza) => /change-login/.test(bodyOf(stanza) ?? ''));
  expect(textOf(child(told, 'body'))).toContain('Discord does not take the token');
});
