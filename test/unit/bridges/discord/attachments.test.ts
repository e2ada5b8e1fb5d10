/** Files that are shared from Jabber, as attachments on Discord: streamed, once, and as their addresses where that does not work. */
import { createHash } from 'node:crypto';
import { PermissionFlagsBits as May } from 'discord-api-types/v10';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { largestFile } from '../../../../bridges/discord/files/attaching.ts';
import { chatId, deliveryKey, type FileLink, messageId, plainText } from '../../../../src/bridge/index.ts';
import { usualForBots } from '../../../harness/discord/world/people.ts';
import { type FileServer, startFileServer } from '../../../harness/file-server.ts';
import { png } from '../../../harness/pictures.ts';
import { useStage } from './stage.ts';

const stage = useStage();
let files: FileServer;
let count = 0;
beforeAll(async () => {
  files = await startFileServer();
});
afterAll(() => files[Symbol.asyncDispose]());

const login = (more: Parameters<typeof stage.login>[0] = {}) =>
  stage.login({ options: { attachments: { from: [files.origin] } }, ...more });

/** A file of that name, and where it lies. */
function file(name: string, more: Partial<Parameters<FileServer['put']>[1]> = {}): FileLink {
  const url = files.put(`/${++count}/${encodeURIComponent(name)}`, { bytes: Buffer.from(`this is ${name}`), ...more });
  return { url, name };
}
const pathOf = ({ url }: FileLink): string => new URL(url).pathname;

const newRoom = () => stage.discord.world.channel(stage.guild, { name: `files${++count}` });
const saidIn = (room: ReturnType<typeof newRoom>) => stage.discord.world.messages(room).map(({ data }) => data);
const attempt = (chat: string, number = 1, key = `${Date.now()}-${++count}`) => ({
  chat: chatId(chat),
  key: deliveryKey(key),
  number,
  signal: AbortSignal.timeout(20_000),
});

async function bytesAt(url = ''): Promise<string> {
  return (await fetch(url)).text();
}

for (const [what, more] of [
  ['by the bot', {}],
  ['by a webhook', { author: { nick: 'Juliet' } }],
] as const)
  test(`447-10 a file becomes an attachment ${what}, with caption, words for it, and hidden where it is`, async () => {
    const room = newRoom();
    const { enters, session, bot } = await login();
    const chat = await enters(room);
    const picture = { ...file('Mäuse & Kätzchen.png', { ...png(3), type: 'image/png' }), description: 'Two cats' };
    await session.send({ files: [picture], ...more }, attempt(chat));
    const letter = { ...file('../../letter.txt', { type: 'text/plain' }), isSpoiler: true };
    const other = file('other.bin', { isUnsized: true });
    await session.send({ text: plainText('*read*'), files: [letter, other], ...more }, attempt(chat));
    expect(saidIn(room)).toMatchObject([
      {
        content: '',
        attachments: [
          {
            filename: 'Mause_Katzchen.png',
            title: 'Mäuse & Kätzchen',
            description: 'Two cats',
            content_type: 'image/png',
            size: png(3).bytes.length,
          },
        ],
      },
      {
        content: '\\*read\\*',
        attachments: [{ filename: 'SPOILER_letter.txt', flags: 8 }, { filename: 'other.bin' }],
      },
    ]);
    expect(await bytesAt(saidIn(room)[1]?.attachments[0]?.url)).toBe('this is ../../letter.txt');
    expect(saidIn(room)[0]?.author.username).toBe('author' in more ? 'Juliet' : bot.user.username);
    await expect.poll(() => files.busy).toBe(0);
  });

test('what we say with files is told with their addresses, once', async () => {
  const room = newRoom();
  const { enters, session, events } = await login();
  const one = file('one.txt');
  const chat = await enters(room);
  const sent = await session.send({ files: [one] }, attempt(chat));
  expect(events.filter(({ kind }) => kind === 'message')).toMatchObject([
    { content: { files: [one] }, ref: sent.refs[0], sentBy: expect.anything() },
  ]);
});

test.each([
  ['is not there', { status: 404 }],
  ['is a page', { type: 'text/html; charset=utf-8' }],
  ['is larger than Discord takes', { bytes: new Uint8Array(10 * 1024 * 1024 + 1) }],
  ['is larger, and does not say so', { bytes: new Uint8Array(10 * 1024 * 1024 + 1), isUnsized: true }],
  ['breaks off', { bytes: new Uint8Array(300_000), cutAfter: 200_000 }],
])('447-11 what %s is said by its address, the others are attached', async (_, broken) => {
  const room = newRoom();
  const { enters, session } = await login();
  const bad = file('bad.txt', broken);
  const good = file('good.txt');
  await session.send({ text: plainText('two'), files: [bad, good] }, attempt(await enters(room)));
  expect(saidIn(room)).toMatchObject([{ content: `two\n${bad.url}`, attachments: [{ filename: 'good.txt' }] }]);
  await expect.poll(() => files.busy).toBe(0);
});

test('447-11 nothing is fetched in a private network that the operator has not listed, nor where uploads are off', async () => {
  const room = newRoom();
  const one = file('one.txt');
  for (const attachments of [{}, { upload: 'off', from: [files.origin] }]) {
    const { enters, session } = await login({ options: { attachments } });
    await session.send({ files: [one] }, attempt(await enters(room)));
  }
  expect(saidIn(room)).toMatchObject([
    { content: one.url, attachments: [] },
    { content: one.url, attachments: [] },
  ]);
  expect(files.fetched(pathOf(one))).toBe(0);
});

test('a hidden file that is no attachment is a hidden address', async () => {
  const room = newRoom();
  const { enters, session } = await login();
  const one = { ...file('one.txt', { status: 404 }), isSpoiler: true };
  await session.send({ files: [one] }, attempt(await enters(room)));
  expect(saidIn(room)).toMatchObject([{ content: `||${one.url}||` }]);
});

test('what a guild takes depends on how far it is boosted', async () => {
  expect([0, 1, 2, 3, 9].map(largestFile)).toEqual([10, 10, 50, 100, 10].map((many) => many * 1024 * 1024));
  const { world } = stage.discord;
  const guild = world.guild('Boosted', world.user('patron'));
  const { enters, session, bot, hears } = await login();
  world.invite(bot, guild);
  const room = world.find(guild, 'general');
  const chat = await expect
    .poll(() => enters(room).catch(() => undefined))
    .toBeDefined()
    .then(() => enters(room));
  world.changeGuild(guild, { premiumTier: 2, name: 'Boosted twice' });
  await hears('room', ({ change }) => change.name?.startsWith('Boosted twice') === true);
  const large = file('large.bin', { bytes: new Uint8Array(11 * 1024 * 1024) });
  await session.send({ files: [large] }, attempt(chat));
  expect(saidIn(room)).toMatchObject([{ content: '', attachments: [{ size: 11 * 1024 * 1024 }] }]);
});

test('where the bot may attach nothing it says the address; a webhook attaches it all the same', async () => {
  const { world } = stage.discord;
  const room = newRoom();
  const { enters, session, bot } = await login();
  const chat = await enters(room);
  world.rule(room, { of: bot.user, deny: May.AttachFiles });
  const one = file('one.txt');
  await session.send({ text: plainText('.'), files: [one] }, attempt(chat));
  await session.send({ files: [one], author: { nick: 'Juliet' } }, attempt(chat));
  expect(saidIn(room)).toMatchObject([
    { content: `.\n${one.url}`, attachments: [] },
    { author: { username: 'Juliet' }, attachments: [{ filename: 'one.txt' }] },
  ]);
  world.permit(bot, stage.guild, usualForBots);
});

test('447-02 more than ten are two messages, with a long text three; corrected, what is still there stays', async () => {
  const room = newRoom();
  const { enters, session } = await login();
  const chat = await enters(room);
  const all = Array.from({ length: 12 }, (_, n) => file(`f${n}.txt`));
  const text = plainText(Array.from({ length: 500 }, (_, n) => `word${n}`).join(' '));
  const { refs } = await session.send({ text, files: all }, attempt(chat));
  expect(saidIn(room).map(({ attachments }) => attachments.length)).toEqual([0, 10, 2]);
  const [first = { id: messageId(''), part: 0 }, ...rest] = refs;
  const left = all.slice(1, 11);
  await session.edits?.edit(first, { text: plainText('short'), files: left }, attempt(chat), rest);
  expect(saidIn(room).map(({ content, attachments }) => [content, attachments.length])).toEqual([
    ['short', 0],
    ['', 9],
    ['', 1],
  ]);
});

test('300-01 447-11 a file that is another one by now is said by its address, with what is attached beside it', async () => {
  const room = newRoom();
  const { enters, session } = await login();
  const chat = await enters(room);
  const digestOf = (text: string) => ({
    by: 'sha256' as const,
    value: createHash('sha256').update(text).digest('base64'),
  });
  const same = { ...file('same.txt'), digest: digestOf('this is same.txt') };
  const another = { ...file('another.txt'), digest: digestOf('this was another.txt') };
  const unsized = { ...file('unsized.txt', { isUnsized: true }), digest: digestOf('it is not') };
  const odd = { ...file('odd.txt'), digest: { by: 'sha256' as const, value: 'cafe' } };
  await session.send({ text: plainText('.'), files: [same, another, unsized, odd] }, attempt(chat));
  const [{ content, attachments } = { content: '', attachments: [] }, ...more] = saidIn(room);
  expect([content, attachments.map(({ filename }) => filename), more]).toEqual([
    `.\n${another.url}\n${unsized.url}`,
    ['same.txt', 'odd.txt'],
    [],
  ]);
});

test('a caption is corrected, and the file is not said twice', async () => {
  const room = newRoom();
  const { enters, session } = await login();
  const chat = await enters(room);
  const one = file('one.txt');
  const two = file('two.txt');
  const author = { nick: 'Juliet' };
  const { refs } = await session.send({ text: plainText('teh'), files: [one], author }, attempt(chat));
  const [ref = { id: messageId(''), part: 0 }] = refs;
  await session.edits?.edit(ref, { text: plainText('the'), author }, attempt(chat));
  expect(saidIn(room)).toMatchObject([{ content: 'the', attachments: [{ filename: 'one.txt' }] }]);
  await session.edits?.edit(ref, { text: plainText('two'), files: [one, two], author }, attempt(chat));
  expect(saidIn(room)).toMatchObject([{ content: `two\n${two.url}`, attachments: [{ filename: 'one.txt' }] }]);
  await session.edits?.edit(ref, { text: plainText('none'), files: [two], author }, attempt(chat));
  expect(saidIn(room)).toMatchObject([{ content: `none\n${two.url}`, attachments: [] }]);
});

for (const [what, more] of [
  ['by the bot', {}],
  ['by a webhook', { author: { nick: 'Juliet' } }],
] as const)
  test(`a lost answer to an upload ${what}: it is found again by its files, and what has other files is another`, async () => {
    const room = newRoom();
    const { enters, session } = await login();
    const chat = await enters(room);
    const content = { files: [file('once.txt')], ...more };
    const key = `${Date.now()}-${++count}`;
    stage.discord.lay({ method: 'POST', path: /messages$|^\/webhooks\//, times: 1, mishap: { kind: 'drop' } });
    // The first call of all may be the one that looks for webhooks, or makes one.
    const first = await session.send(content, attempt(chat, 1, key)).catch((error: unknown) => error);
    const nothing = async (refs: readonly unknown[]) => refs.map(() => false);
    const found = await session.reconcile?.(attempt(chat, 2, key), content, nothing);
    expect(found?.refs ?? first).toEqual(saidIn(room).map(({ id }) => ({ id, part: 0 })));
    expect(saidIn(room)).toHaveLength(1);
    const another = { files: [file('another.txt')], ...more };
    expect(await session.reconcile?.(attempt(chat, 2, key), another, nothing)).toBeUndefined();
    const unread = { files: [{ ...content.files[0], name: 'x.txt' } as FileLink], text: plainText(''), ...more };
    expect(await session.reconcile?.(attempt(chat, 2, key), unread, nothing)).toBeUndefined();
  });

test('a limit in the midst: the file is fetched anew for the next try', async () => {
  const room = newRoom();
  const { enters, session } = await login();
  const chat = await enters(room);
  const one = file('one.txt');
  stage.discord.lay({ method: 'POST', path: /messages$/, times: 1, mishap: { kind: 'limit', seconds: 0.1 } });
  await session.send({ files: [one] }, attempt(chat));
  expect(saidIn(room)).toMatchObject([{ attachments: [{ filename: 'one.txt' }] }]);
  expect(files.fetched(pathOf(one))).toBe(2);
});

test('an upload that comes to nothing twice is an address the third time', async () => {
  const room = newRoom();
  const { enters, session } = await login();
  const chat = await enters(room);
  const one = file('one.txt');
  const key = `${Date.now()}-${++count}`;
  const fault = stage.discord.lay({ method: 'POST', path: /messages$/, times: 2, mishap: { kind: 'cut' } });
  for (const number of [1, 2])
    await expect(session.send({ files: [one] }, attempt(chat, number, key))).rejects.toMatchObject({ next: 'later' });
  await session.send({ files: [one] }, attempt(chat, 3, key));
  expect(fault.met).toBe(2);
  expect(saidIn(room)).toMatchObject([{ content: one.url, attachments: [] }]);
});
