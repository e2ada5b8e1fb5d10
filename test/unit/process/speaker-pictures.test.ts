/** Addresses of speakers' pictures: made by the gateway alone, and good for nothing else. */
import { expect, test } from 'vitest';
import { rowOf } from '../../../src/accounts/pictures.ts';
import type { Asked } from '../../../src/ops/http.ts';
import { speakerPictureLinks, speakerPicturesMount } from '../../../src/process/speaker-pictures.ts';
import { png } from '../../harness/pictures.ts';

const key = new Uint8Array(32).fill(1);
const row = rowOf(png(3));
if (row === undefined) throw new Error('a picture');
const http = (publicUrl: string) => ({ host: '', port: 0, publicUrl });
const link = speakerPictureLinks(http('https://gateway.test/xmpp'), key)?.(row.hash) ?? '';

const mount = speakerPicturesMount(() => ({
  key,
  store: { find: async (hash) => (hash === row.hash ? row : undefined) },
}));
function ask(rest: string, method: Asked['method'] = 'GET') {
  if (!('answer' in mount)) throw new Error('a mount that answers');
  return mount.answer({ method, rest, query: '', headers: {}, posted: '' });
}

test('the address leads to the picture, with its type', async () => {
  expect(link).toMatch(/^https:\/\/gateway\.test\/xmpp\/pictures\/[0-9a-f]{40}-[\w-]{24}$/);
  const found = await ask(link.split('/').at(-1) ?? '');
  expect(found).toMatchObject({ status: 200, headers: { 'content-type': 'image/png' } });
  expect(Buffer.from(found.bytes ?? '').equals(Buffer.from(png(3).bytes))).toBe(true);
});

test('what the gateway has not signed is not there, whatever the store holds', async () => {
  const other = speakerPictureLinks(http('https://gateway.test'), new Uint8Array(32).fill(2))?.(row.hash) ?? '';
  const name = link.split('/').at(-1) ?? '';
  const gone = speakerPictureLinks(http('https://gateway.test'), key)?.('0'.repeat(40)) ?? '';
  for (const rest of [
    '',
    row.hash,
    `${row.hash}-${'a'.repeat(24)}`,
    other.split('/').at(-1) ?? '',
    gone.split('/').at(-1) ?? '',
    `../${name}`,
  ])
    expect((await ask(rest)).status).toBe(404);
  expect((await ask(name, 'POST')).status).toBe(404);
  const closed = speakerPicturesMount(() => undefined);
  if ('answer' in closed)
    await expect(closed.answer({ method: 'GET', rest: name, query: '', headers: {}, posted: '' })).rejects.toThrow(
      'not open',
    );
});

test('there are none where networks could not fetch them', () => {
  expect(speakerPictureLinks(http('http://gateway.test'), key)).toBeUndefined();
  expect(speakerPictureLinks({ host: '', port: 0 }, key)).toBeUndefined();
});
