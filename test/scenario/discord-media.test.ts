/** Files of Discord that the gateway keeps: who is in a room is told links of ours, which stay good when Discord's expire, and go when their message does. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/ops/clock.ts';
import { openHttp } from '../../src/ops/http.ts';
import { createMetrics } from '../../src/ops/metrics.ts';
import { createReadiness } from '../../src/ops/readiness.ts';
import { createGuardedFetch } from '../../src/process/guarded-fetch.ts';
import { createMediaFiles } from '../../src/process/media/files.ts';
import { createMediaKeeper, type MediaKeeper, mediaMount } from '../../src/process/media/keeper.ts';
import { mediaPath } from '../../src/process/media/links.ts';
import { createMediaStore } from '../../src/storage/sql/media-store.ts';
import { type DiscordWorld, startDiscordWorld } from '../harness/discord/memory-world.ts';
import { registersBot } from '../harness/discord/registering.ts';
import type { Channel, Guild } from '../harness/discord/state.ts';
import { bodyOf, child, show } from '../harness/markup.ts';
import { silentLog } from '../harness/silent-log.ts';
import { tempDir } from '../harness/temp.ts';
import type { XmppClient } from '../harness/xmpp-client.ts';

/** What takes a moment, on a machine that may be busy. */
const soon = { timeout: 20_000 };

const dir = tempDir('media');
const root = join(dir.path, 'media');
const picture = Buffer.from('\x89PNG\r\n\x1a\n and so on', 'latin1');
const stack = new AsyncDisposableStack();
let world: DiscordWorld;
let guild: Guild;
let keeper: MediaKeeper | undefined;
let count = 0;
const clients: XmppClient[] = [];

beforeAll(async () => {
  stack.defer(() => dir.remove());
  const http = await openHttp({
    ...{ host: '127.0.0.1', port: 0, log: silentLog, readiness: createReadiness(), metrics: createMetrics() },
    mounts: { [mediaPath]: mediaMount(() => keeper) },
  });
  stack.defer(() => http.close());
  const media = { days: 30, perFile: 1, megabytes: 10 };
  world = await startDiscordWorld({}, undefined, {
    http: { host: '127.0.0.1', port: http.port, publicUrl: `http://127.0.0.1:${http.port}/` },
    storage: { media },
    onMedia: () => keeper?.poke(),
  });
  stack.use(world);
  keeper = createMediaKeeper({
    store: createMediaStore(world.database),
    files: createMediaFiles(root),
    fetch: createGuardedFetch({ clock: systemClock }),
    filesAt: () => world.discord.cdn,
    ...{ largest: 1_000_000, all: 10_000_000, before: () => 0, clock: systemClock, log: silentLog, count: () => {} },
  });
  stack.defer(() => keeper?.close());
  guild = world.discord.world.guild('Verona', world.discord.world.user('owner'));
});
afterEach(() => {
  for (const client of clients.splice(0)) client.cut();
  expect(world.errors).toEqual([]);
});
afterAll(() => stack.disposeAsync());

/** Somebody with a bot of their own, in a room with Ann. */
async function inRoom(where: Channel, before: () => void = () => {}) {
  const { world: scene } = world.discord;
  const user = `user${++count}`;
  const client = await world.jabber(user, 'desk');
  clients.push(client);
  const bot = scene.bot(`bot${count}`);
  scene.invite(bot, guild);
  const ann = { ...scene.user(`ann${count}`), nick: `Ann ${count}` };
  scene.join(ann, guild, { nick: ann.nick });
  before();
  await registersBot(client, world.domain, bot);
  const room = `#${where.id}@${world.domain}`;
  await client.join(room, bot.name);
  return { client, ann, room, user };
}

const channel = (): Channel => world.discord.world.channel(guild, { name: `channel${++count}` });
const files = [{ filename: 'cat.png', bytes: picture }];
const get = (url: string) => fetch(url, { signal: AbortSignal.timeout(5_000) });
const onDisk = (): readonly string[] =>
  existsSync(root)
    ? (readdirSync(root, { recursive: true }) as string[]).filter((path) => statSync(join(root, path)).isFile())
    : [];
const linkIn = (text: string | undefined): string =>
  /http:\S+\/media\/[A-Za-z0-9_-]{24}\/\S+/.exec(text ?? '')?.[0] ?? `no link in ${text}`;

test('447-01 a file is told by a link of ours, in its place and in order; it is fetched, and stays when Discord’s expires; taken back, it is gone', async () => {
  const where = channel();
  const { client, ann, room } = await inRoom(where);
  const scene = world.discord.world;
  scene.say(ann, where, 'first');
  const sent = scene.say(ann, where, { content: 'look', files });
  scene.say(ann, where, 'last');
  const heard = [];
  for (let n = 0; n < 4; n++)
    heard.push(await client.receive(`<message type='groupchat' from='${room}/${ann.nick}'><body/></message>`));
  const [, , message] = heard;
  if (message === undefined) throw new Error('nothing was heard');
  const link = linkIn(bodyOf(message));
  expect(link).toMatch(/\/cat\.png$/);
  expect(heard.map(bodyOf)).toEqual(['first', 'look', link, 'last']);
  expect(show(message)).toContain(`>${link}</url>`);
  expect(show(message)).not.toContain(world.discord.cdn);

  await expect.poll(onDisk, soon).toHaveLength(1);
  const [path = ''] = [...world.discord.state.files.keys()].filter((one) => one.startsWith('/attachments/'));
  world.discord.state.files.delete(path);
  const answer = await get(link);
  expect([answer.status, Buffer.from(await answer.arrayBuffer())]).toEqual([200, picture]);

  scene.remove(sent);
  await client.receive(
    `<message type='groupchat' from='${room}/${ann.nick}'><retract xmlns='urn:xmpp:message-retract:1'/></message>`,
  );
  await expect.poll(async () => (await get(link)).status, soon).toBe(404);
  keeper?.poke();
  const [, id] = /media\/([^/]+)/.exec(link) ?? [];
  await expect.poll(() => onDisk().filter((path) => path.endsWith(`/${id}`)), soon).toEqual([]);
});

test('a file that is taken out of its message is gone; the other stays, by the link that it had', async () => {
  const where = channel();
  const { client, ann, room } = await inRoom(where);
  const scene = world.discord.world;
  const sent = scene.say(ann, where, { content: 'two', files: [...files, { filename: 'dog.png', bytes: picture }] });
  const by = `from='${room}/${ann.nick}'`;
  const told = [];
  for (let n = 0; n < 3; n++) told.push(await client.receive(`<message type='groupchat' ${by}><body/></message>`));
  const [, cat = '', dog = ''] = told.map(bodyOf);
  expect([(await get(cat)).status, (await get(dog)).status]).toEqual([200, 200]);
  scene.edit(sent, { content: 'one', kept: [sent.data.attachments[1]?.id ?? ''] });
  const second = await client.receive(
    `<message type='groupchat' ${by}><replace xmlns='urn:xmpp:message-correct:0'/></message>`,
  );
  expect(bodyOf(second)).toBe('one');
  const gone = await client.receive(
    `<message type='groupchat' ${by}><retract xmlns='urn:xmpp:message-retract:1'/></message>`,
  );
  expect(child(gone, 'retract')?.attrs.id).toBe(child(told[1] ?? gone, 'stanza-id')?.attrs.id);
  await expect.poll(async () => (await get(cat)).status, soon).toBe(404);
  expect((await get(dog)).status).toBe(200);
});

test('what was said before one came is told the same way; who deletes their data takes the files along', async () => {
  const where = channel();
  const scene = world.discord.world;
  const writer = scene.user(`writer${++count}`);
  scene.join(writer, guild, { nick: 'Will' });
  scene.say(writer, where, { content: 'earlier', files });
  const { client, room } = await inRoom(where);
  const old = `<message type='groupchat' from='${room}/Will'><body/><delay xmlns='urn:xmpp:delay'/></message>`;
  expect(bodyOf(await client.receive(old))).toBe('earlier');
  const past = await client.receive(old);
  const link = linkIn(bodyOf(past));
  expect((await get(link)).status).toBe(200);
  const node = 'delete-my-data';
  const commands = 'http://jabber.org/protocol/commands';
  const first = await client.ask(
    `<iq type='set' to='${world.domain}'><command xmlns='${commands}' node='${node}'/></iq>`,
  );
  const session = /sessionid='([^']+)'/.exec(show(first))?.[1] ?? /sessionid="([^"]+)"/.exec(show(first))?.[1];
  const sure = `<x xmlns='jabber:x:data' type='submit'><field var='confirm'><value>1</value></field></x>`;
  const done = await client.ask(
    `<iq type='set' to='${world.domain}'><command xmlns='${commands}' node='${node}' sessionid='${session}' action='complete'>${sure}</command></iq>`,
  );
  expect([show(first), show(done), done.attrs.type]).toEqual([show(first), show(done), 'result']);
  await expect.poll(async () => (await get(link)).status, soon).toBe(404);
  keeper?.poke();
  const [, id] = /media\/([^/]+)/.exec(link) ?? [];
  await expect.poll(() => onDisk().filter((path) => path.endsWith(`/${id}`)), soon).toEqual([]);
});
