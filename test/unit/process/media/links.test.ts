/** Which files are kept, and how their links end. */
import { describe, expect, test } from 'vitest';
import type { FileLink } from '../../../../src/core/content.ts';
import { accountId, chatId, messageId } from '../../../../src/core/ids.ts';
import type { Config } from '../../../../src/ops/config/config.ts';
import { createMediaLinks, mediaBefore, shownName } from '../../../../src/process/media/links.ts';
import type { MediaRow } from '../../../../src/storage/media-ports.ts';
import { bareConfig } from '../../../harness/bare-config.ts';

const day = 24 * 3_600_000;
const now = 100 * day;
const bare = bareConfig();
const config = (
  storage: Partial<Config['storage']> = {},
  publicUrl: string | undefined = 'https://a.example/gw',
): Config => ({
  ...bare,
  http: { ...bare.http, ...(publicUrl !== '' && { publicUrl }) },
  storage: { ...bare.storage, media: { days: 30, perFile: 2, megabytes: 10 }, ...storage },
});

function links(which = config()) {
  const rows: MediaRow[] = [];
  const store = { add: async (more: readonly MediaRow[]) => void rows.push(...more), forget: async () => 0 };
  const made = createMediaLinks({ config: which, store, domain: 'd.test', key: new Uint8Array(32), now: () => now });
  return { made, rows };
}

const file: FileLink = { url: 'https://cdn.test/a/cat.png?ex=1', name: 'cat.png', until: now + 1 };
const of = { account: accountId('a'), owner: 'r@test', chat: chatId('c'), id: messageId('m'), at: now };

test.each([
  ['one that expires', {}, true],
  ['one that lasts', { until: undefined }, false],
  ['one that has expired', { until: now }, false],
  ['as large as may be', { size: 2_000_000 }, true],
  ['larger', { size: 2_000_001 }, false],
  ['at an address that is none', { url: 'cat.png' }, false],
  ['at one of no end', { url: `https://cdn.test/${'x'.repeat(2_000)}` }, false],
])('%s: %j is taken: %s', (_, more, isTaken) => {
  expect(links().made?.takes({ ...file, ...more } as FileLink, now)).toBe(isTaken);
});

test('of messages that are not kept themselves no file is', () => {
  expect(links().made?.takes(file, now - 30 * day)).toBe(true);
  expect(links().made?.takes(file, now - 30 * day - 1)).toBe(false);
  expect(links(config({ retention: { days: 3 } })).made?.takes(file, now - 4 * day)).toBe(false);
  expect(mediaBefore(config({ retention: { days: 60 } }), now)).toBe(now - 30 * day);
  expect(mediaBefore(bare, now)).toBe(0);
});

test('without a store of files, or an address of one’s own, there are none', () => {
  expect(links(bare).made).toBeUndefined();
  expect(links(config({}, '')).made).toBeUndefined();
});

test('the link says what the file is called, and nothing of where it is from; all else of it stays', async () => {
  const { made, rows } = links();
  const [told, twice] = (await made?.last([{ ...file, type: 'image/png', size: 5 }, file], of)) ?? [];
  expect(told).toEqual({
    url: expect.stringMatching(/^https:\/\/a\.example\/gw\/media\/[A-Za-z0-9_-]{24}\/cat\.png$/),
    name: 'cat.png',
    type: 'image/png',
    size: 5,
  });
  expect(twice?.url).toBe(told?.url);
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ source: file.url, until: now + 1, domain: 'd.test', message: 'm', at: now });
});

describe('a name in a link', () => {
  test.each([
    ['cat.png', 'cat.png'],
    ['Größe 1.tar.gz', 'Gro_e_1.tar.gz'],
    ['../../etc/passwd', 'etc_passwd'],
    ['.htaccess', 'file.htaccess'],
    ['', 'file'],
    ['\u{1F63A}.gif', 'file.gif'],
    ['a b?c#d.JPG', 'a_b_c_d.JPG'],
    [`${'x'.repeat(200)}.mp4`, `${'x'.repeat(76)}.mp4`],
  ])('%j: %s', (name, shown) => {
    expect(shownName(name)).toBe(shown);
  });
});
