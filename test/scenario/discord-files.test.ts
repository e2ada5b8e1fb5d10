/** Files between Jabber and Discord: shared by address on one side, attached on the other; none twice, none lost. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type DiscordWorld, startDiscordWorld } from '../harness/discord/memory-world.ts';
import { comesWithBot } from '../harness/discord/registering.ts';
import type { Channel } from '../harness/discord/state.ts';
import { type FileServer, startFileServer } from '../harness/file-server.ts';
import { bodyOf, child, show, textOf } from '../harness/markup.ts';
import { png } from '../harness/pictures.ts';
import type { XmppClient } from '../harness/xmpp-client.ts';

let world: DiscordWorld;
let files: FileServer;
let count = 0;
const clients: XmppClient[] = [];

beforeAll(async () => {
  files = await startFileServer();
  world = await startDiscordWorld({ attachments: { from: [files.origin] } });
});
afterEach(() => {
  for (const client of clients.splice(0)) client.cut();
  expect(world.errors).toEqual([]);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
});

/** Somebody with a bot of their own, in a channel. */
async function entered() {
  const { world: scene } = world.discord;
  const guild = scene.guild('Verona', scene.user(`owner${++count}`));
  const bot = scene.bot(`bot${count}`);
  scene.invite(bot, guild);
  const client = await world.jabber(`user${count}`, 'desk');
  clients.push(client);
  const where = scene.find(guild, 'general');
  const room = `#${where.id}@${world.domain}`;
  await comesWithBot(client, world.domain, world.discord, bot);
  await client.join(room, bot.name);
  return { client, room, where, guild, scene };
}

const saidIn = (where: Channel) => world.discord.world.messages(where).map(({ data }) => data);
const oob = (url: string): string => `<x xmlns='jabber:x:oob'><url>${url}</url></x>`;
const spoiler = "<spoiler xmlns='urn:xmpp:spoiler:0'/>";

test('066-01 447-10 382-01 what is shared from Jabber is attached on Discord, and comes back as it was', async () => {
  const { client, room, where } = await entered();
  const url = files.put('/cat.png', { ...png(5), type: 'image/png' });
  client.send(`<message type='groupchat' id='f1' to='${room}'><body>${url}</body>${oob(url)}</message>`);
  const back = await client.receive(`<message type='groupchat' id='f1'><body>${url}</body></message>`);
  expect(textOf(child(child(back, 'x', 'jabber:x:oob'), 'url'))).toBe(url);
  client.send(`<message type='groupchat' id='f2' to='${room}'><body>${url}</body>${oob(url)}${spoiler}</message>`);
  await client.receive(`<message type='groupchat' id='f2'><spoiler xmlns='urn:xmpp:spoiler:0'/></message>`);
  expect(saidIn(where)).toMatchObject([
    { content: '', attachments: [{ filename: 'cat.png', size: png(5).bytes.length }] },
    { content: '', attachments: [{ filename: 'SPOILER_cat.png', flags: 8 }] },
  ]);
});

test('382-01 what is hidden on Discord is a hidden file, and no picture for clients that would show it', async () => {
  const { client, room, where, guild, scene } = await entered();
  const ann = scene.user('ann');
  scene.join(ann, guild);
  scene.say(ann, where, { files: [{ filename: 'SPOILER_end.png', bytes: png(1).bytes, type: 'image/png' }] });
  const told = await client.receive(`<message type='groupchat' from='${room}/ann'><spoiler/></message>`);
  expect(bodyOf(told)).toMatch(/^http\S+SPOILER_end\.png\S*$/);
  expect(show(told)).toContain(`>end.png</name>`);
  expect(child(told, 'x', 'jabber:x:oob')).toBeUndefined();
});

test('066-01 447-02 what is shared with words comes behind them, each file alone in its message, and so does the past', async () => {
  const { client, room, where, guild, scene } = await entered();
  const ann = scene.user('ann');
  scene.join(ann, guild);
  const shared = ['a.png', 'b.png'].map((filename) => ({ filename, bytes: png(1).bytes, type: 'image/png' }));
  const sent = scene.say(ann, where, { content: 'look', files: shared });
  scene.say(ann, where, 'well?');
  const urls = sent.data.attachments.map(({ url }) => url);
  const told = [];
  for (let n = 0; n < 4; n++)
    told.push(await client.receive(`<message type='groupchat' from='${room}/ann'><body/></message>`));
  expect(told.map(bodyOf)).toEqual(['look', ...urls, 'well?']);
  const outOfBand = told.map((one) => child(one, 'x', 'jabber:x:oob')).map((x) => x && textOf(child(x, 'url')));
  expect(outOfBand).toEqual([undefined, ...urls, undefined]);
  expect(told.map((one) => child(one, 'file-sharing', 'urn:xmpp:sfs:0') !== undefined)).toEqual([
    false,
    true,
    true,
    false,
  ]);
  const names = told.map((one) => child(one, 'stanza-id')?.attrs.id);
  scene.remove(sent);
  for (const id of names.slice(0, 3))
    await client.receive(
      `<message type='groupchat'><retract xmlns='urn:xmpp:message-retract:1' id='${id}'/></message>`,
    );
});

test('45-42 lost answers and errors of Discord, and the gateway started anew: no file is lost, and none is there twice', async () => {
  const { client, room, where } = await entered();
  const { lay, exchanges } = world.discord;
  const urls = ['a', 'a', 'b', 'c'].map((name, at) => files.put(`/${at}/${name}.txt`, { bytes: Buffer.from(name) }));
  const share = (url: string, at: number): void =>
    client.send(`<message type='groupchat' id='u${at}' to='${room}'><body>${url}</body>${oob(url)}</message>`);
  for (const kind of ['drop', 'cut'] as const) lay({ method: 'POST', path: /messages$/, times: 1, mishap: { kind } });
  lay({ method: 'POST', path: /messages$/, times: 1, mishap: { kind: 'status', status: 502 } });
  for (const [at, url] of urls.slice(0, 3).entries()) share(url, at);
  await client.receive(`<message type='groupchat' id='u2'/>`, 40_000);
  lay({ method: 'POST', path: /messages$/, times: 1, mishap: { kind: 'drop' } });
  share(urls[3] ?? '', 3);
  await exchanges.take(({ method, files: sent }) => method === 'POST' && sent.includes('c.txt'), 'the file');
  await world.restart();
  client.say(room, 'after');
  await client.receive(`<message type='groupchat'><body>after</body></message>`, 40_000);
  const shown = saidIn(where).map(({ content, attachments: [file] }) => file?.filename ?? content);
  expect(shown).toEqual(['a.txt', 'a.txt', 'b.txt', 'c.txt', 'after']);
  expect(client.seen(`<message type='groupchat'><body/></message>`).map(bodyOf)).toEqual([...urls, 'after']);
});
