/** Files of Discord between real programs: Prosody, the gateway as its users start it, and a Jabber client that loads what it was told, in parts, after Discord has nothing of it any more. */
import { afterEach, describe, expect, test } from 'vitest';
import { overTcp } from '../harness/client-socket.ts';
import { isThere, registersBot } from '../harness/discord/registering.ts';
import { startDiscord } from '../harness/discord/server.ts';
import { quick } from '../harness/discord/settings.ts';
import type { Message } from '../harness/discord/state.ts';
import { type GatewayOptions, type GatewayUnderTest, startGateway } from '../harness/gateway.ts';
import { bodyOf, child, textOf } from '../harness/markup.ts';
import { startProsody } from '../harness/prosody.ts';
import { startRedis } from '../harness/redis.ts';
import { connectXmpp, type XmppClient } from '../harness/xmpp-client.ts';

const domain = 'discord.localhost';
const components = { [domain]: 'a secret of the tests' };
const password = 'pw';
const hour = 3_600_000;
const limitMs = 120_000;
const shares = `http_default_host = "upload.localhost"
Component "upload.localhost" "http_file_share"
  http_host = "127.0.0.1"
  http_file_share_size_limit = 100000`;
const picture = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(50_000, 'isthmus ')]);

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

interface Scene {
  readonly gateway: GatewayUnderTest;
  readonly romeo: XmppClient;
  /** Somebody on Discord shows a file; resolves with what Romeo was told, and where it is on Discord. */
  shows(filename: string): Promise<{ readonly link: string; readonly source: string; readonly sent: Message }>;
  /** A day and more passes on Discord: its links lead nowhere. */
  pass(): void;
  /** A message is deleted there, and the bot is told. */
  deletes(message: Message): Promise<void>;
}

async function open(options: Partial<GatewayOptions>): Promise<Scene> {
  let passed = 0;
  const discord = stack.use(await startDiscord({ ...quick, now: () => Date.now() + passed }));
  const { world } = discord;
  const guild = world.guild('Verona', world.user('owner'));
  const bot = world.bot('isthmus');
  world.invite(bot, guild);
  const where = world.channel(guild, { name: 'balcony' });
  const ann = world.user('ann', { global_name: 'Ann' });
  world.join(ann, guild);
  const prosody = stack.use(await startProsody({ components, users: { romeo: password }, extra: shares }));
  const gateway = stack.use(
    await startGateway({
      ...{ componentPort: prosody.componentPort, components, roles: ['all'], redis: 'private', use: 'discord' },
      irc: { api: discord.api, cdn: discord.cdn },
      allow: [prosody.domain],
      isPublic: true,
      media: {},
      ...options,
    }),
  );
  const romeo = await connectXmpp(
    { user: 'romeo', domain: prosody.domain, resource: 'desk' },
    overTcp({ port: prosody.port, password }),
  );
  stack.defer(() => romeo.cut());
  await registersBot(romeo, domain, bot);
  const room = `#${where.id}@${domain}`;
  await romeo.join(room, bot.name);
  return {
    ...{ gateway, romeo },
    async shows(filename) {
      const sent = world.say(ann, where, { content: filename, files: [{ filename, bytes: picture }] });
      const heard = await romeo.receive(
        (one) =>
          one.name === 'message' && (bodyOf(one) ?? '').endsWith(`/${filename}`) && child(one, 'delay') === undefined,
      );
      const link = textOf(child(child(heard, 'x', 'jabber:x:oob'), 'url'));
      return { link, source: sent.data.attachments[0]?.url ?? '', sent };
    },
    pass() {
      passed += 25 * hour;
    },
    async deletes(message) {
      // A gateway that has just been started is ready before its bots are: whose line is not there yet is never told.
      await isThere(discord, bot);
      world.remove(message);
    },
  };
}

const get = (url: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());

/** All of it, and a part if it is still the same. */
async function loads(link: string): Promise<void> {
  const whole = await get(link);
  expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'image/png']);
  expect((await bytesOf(whole)).equals(picture)).toBe(true);
  const part = await get(link, { range: 'bytes=40000-', 'if-range': whole.headers.get('etag') ?? '' });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 40000-50007/50008`]);
  expect((await bytesOf(part)).equals(picture.subarray(40_000))).toBe(true);
}

describe('one process', () => {
  test(
    '447-01 424-01 a link lasts over a kill and over the day of Discord’s; it goes with its message',
    async () => {
      const { gateway, romeo, shows, pass, deletes } = await open({});
      const { http } = gateway.member('all');
      const cat = await shows('cat.png');
      expect(cat.link).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${http}/media/[A-Za-z0-9_-]{24}/cat\\.png$`));
      await loads(cat.link);
      const dog = await shows('dog.png');
      // Nobody has asked for it, and whoever would have fetched it is dead.
      await gateway.kill();
      await gateway.start();
      await loads(dog.link);
      pass();
      for (const { source } of [cat, dog]) expect((await get(source)).status).toBe(404);
      await loads(cat.link);
      await gateway.kill();
      await gateway.start();
      await loads(cat.link);
      await loads(dog.link);
      await deletes(cat.sent);
      await expect.poll(async () => (await get(cat.link)).status, { timeout: 30_000 }).toBe(404);
      await loads(dog.link);
      await romeo.close();
    },
    limitMs,
  );
});

describe('an edge and a worker', () => {
  test(
    'what a worker was told the edge fetches, by itself, and serves',
    async () => {
      const redis = stack.use(await startRedis());
      const { gateway, shows, pass } = await open({ roles: ['edge', 'worker'], redis: redis.url });
      const { link } = await shows('cat.png');
      expect(link).toContain(`:${gateway.member('edge').http}/media/`);
      const fetched = async (): Promise<string> => (await gateway.member('edge').get('/metrics')).body;
      await expect.poll(fetched, { timeout: 60_000 }).toMatch(/isthmus_media_files_total\{what="fetched"\} 1/);
      pass();
      await loads(link);
      const elsewhere = link.replace(`:${gateway.member('edge').http}/`, `:${gateway.member('worker').http}/`);
      expect((await get(elsewhere)).status).toBe(404);
    },
    limitMs,
  );
});

describe('the upload service of the user’s server', () => {
  test(
    '363-01 363-02 has the file before its message is told, and has it still when Discord has not',
    async () => {
      const { shows, pass } = await open({ media: 'server-anywhere', isPublic: false });
      const { link, source } = await shows('cat.png');
      expect(link).toMatch(/\/cat\.png$/);
      expect(link).not.toContain('/cdn/');
      pass();
      expect((await get(source)).status).toBe(404);
      const answer = await get(link);
      expect([answer.status, (await bytesOf(answer)).equals(picture)]).toEqual([200, true]);
    },
    limitMs,
  );
});
