/** Long texts: under which names they are kept, and what of them is served. */
import { expect, test } from 'vitest';
import { createUploads, uploadsBefore, uploadsMount } from '../../../src/process/uploads.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';
import { createUploadStore } from '../../../src/storage/sql/upload-store.ts';
import { bareConfig } from '../../harness/bare-config.ts';
import { silentLog } from '../../harness/silent-log.ts';

const uploads = { days: 3, perUser: 2, megabytes: 1 };
const config = (publicUrl = 'https://gateway.example.org/', perUser = 2) =>
  bareConfig({
    storage: { ...bareConfig().storage, uploads: { ...uploads, perUser } },
    http: { ...bareConfig().http, publicUrl },
  });

async function setUp(which = config(), key = new Uint8Array(32).fill(1)) {
  const database = await openDatabase(':memory:');
  const store = createUploadStore(database);
  const parts = { config: which, store, key, log: silentLog, now: () => 10 * 24 * 3_600_000 };
  const mount = uploadsMount(() => store);
  if (!('find' in mount)) throw new Error('a mount of texts');
  return { kept: createUploads(parts), parts, mount, [Symbol.asyncDispose]: () => database.close() };
}

const about = { domain: 'irc.test', owner: 'romeo@test', about: 'account 1-0', text: 'but soft' };

test('the operator wants none: there are none, and nothing is ever deleted', () => {
  expect(
    createUploads({
      config: bareConfig(),
      store: undefined as never,
      key: new Uint8Array(),
      log: silentLog,
      now: () => 0,
    }),
  ).toBeUndefined();
  expect(uploadsBefore(bareConfig(), 5)).toBeUndefined();
  expect(uploadsBefore(config(), 10 * 24 * 3_600_000)).toBe(7 * 24 * 3_600_000);
});

test('a name is of 144 bits that only the key makes: the same for the same message, another for any other', async () => {
  await using one = await setUp(config(undefined, 100));
  await using other = await setUp(config(undefined, 100), new Uint8Array(32).fill(2));
  const first = await one.kept?.keep(about);
  expect(first).toMatch(/^https:\/\/gateway\.example\.org\/uploads\/[A-Za-z0-9_-]{24}$/);
  expect(await one.kept?.keep(about)).toBe(first);
  const others = [
    await one.kept?.keep({ ...about, about: 'account 1-1' }),
    await one.kept?.keep({ ...about, text: 'but Soft' }),
    await other.kept?.keep(about),
  ];
  expect(new Set([first, ...others]).size).toBe(4);
});

test('a message takes all its texts with it, and no other’s', async () => {
  await using set = await setUp(config(undefined, 100));
  const of = (message: string, text: string) => ({ ...about, message, about: text, text });
  const links = [
    await set.kept?.keep(of('m1', 'first')),
    await set.kept?.keep(of('m1', 'corrected')),
    await set.kept?.keep(of('m2', 'another')),
    await set.kept?.keep({ ...of('m1', 'theirs'), owner: 'tybalt@test' }),
  ];
  expect(new Set(links).size).toBe(4);
  expect(links.every((link) => /\/[A-Za-z0-9_-]{24}$/.test(link ?? ''))).toBe(true);
  expect(await set.kept?.forget({ owner: about.owner, message: 'm1' })).toBe(2);
  const left = await Promise.all(links.map((link) => set.parts.store.find(link?.slice(-24) ?? '')));
  expect(left).toEqual([undefined, undefined, 'another', 'theirs']);
  expect(await set.kept?.forget({ owner: about.owner, message: 'm1' })).toBe(0);
});

test.each([
  ['https://a.example', 'https://a.example/uploads/'],
  ['https://a.example/gw', 'https://a.example/gw/uploads/'],
  ['https://a.example/gw/', 'https://a.example/gw/uploads/'],
])('below %s it is %s', async (publicUrl, under) => {
  await using set = await setUp(config(publicUrl));
  expect((await set.kept?.keep(about))?.slice(0, under.length)).toBe(under);
});

test('what is served is the text under its name, and nothing under what is none', async () => {
  await using set = await setUp();
  const url = (await set.kept?.keep(about)) ?? '';
  expect(await set.mount.find(url.slice(-24))).toBe('but soft');
  for (const name of ['', 'x', `${url.slice(-24)}x`, url.slice(-23), '../etc/passwd', 'x'.repeat(24)])
    expect(await set.mount.find(name)).toBeUndefined();
});

test('over a cap there is no address; before the stores are open nothing can be said of any', async () => {
  await using set = await setUp();
  const says = (text: string) => set.kept?.keep({ ...about, text });
  expect(await says('one')).toMatch(/^https:/);
  expect(await says('two')).toMatch(/^https:/);
  expect(await says('three')).toBeUndefined();
  const early = uploadsMount(() => undefined);
  await expect('find' in early && early.find('x'.repeat(24))).rejects.toThrow('not open');
});
