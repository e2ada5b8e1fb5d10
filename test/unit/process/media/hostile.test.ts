/** What strangers may put behind a link of ours: nothing runs, nothing is endless, nothing comes from inside (CHECKLIST 447-11). */
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { keeping, png, soon } from './keeping.ts';

const get = (url: string) => fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) });

describe('its first bytes say what it is', () => {
  const latin = (text: string): Buffer => Buffer.from(text, 'latin1');
  test.each([
    ['image/png', '<html><script>alert(1)</script>', 'application/octet-stream', 'attachment'],
    [
      'image/svg+xml',
      '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
      'application/octet-stream',
      'attachment',
    ],
    ['text/html', '<p>page</p>', 'application/octet-stream', 'attachment'],
    ['application/pdf', '%PDF-1.7 …', 'application/pdf', 'attachment'],
    ['text/html', '\x89PNG\r\n\x1a\n<script>alert(1)</script>', 'image/png', 'inline'],
    ['text/html', 'GIF89a<script>alert(1)</script>', 'image/gif', 'inline'],
    ['image/png', '\xff\xd8\xff\xe0 jpeg', 'image/jpeg', 'inline'],
    ['', 'RIFF\x10\0\0\0WEBPVP8 ', 'image/webp', 'inline'],
    ['', '\0\0\0\x20ftypisom', 'video/mp4', 'inline'],
    ['image/heic', '\0\0\0\x24ftypheic', 'image/heic', 'inline'],
    ['image/heif', '\0\0\0\x24ftypmif1', 'image/heif', 'inline'],
    ['image/jxl', '\0\0\0\x0cJXL \r\n\x87\n', 'image/jxl', 'inline'],
    ['', '\0\0\0\x1cftypM4B ', 'audio/mp4', 'inline'],
    ['audio/mpeg', '\xff\xf3\x44\xc4', 'audio/mpeg', 'inline'],
    ['audio/aac', '\xff\xf1\x50\x80', 'audio/aac', 'inline'],
    ['text/plain', '\xff\xfet\0e\0x\0t\0', 'application/octet-stream', 'attachment'],
    ['', 'OggS', 'audio/ogg', 'inline'],
    ['', '', 'application/octet-stream', 'attachment'],
  ])('said to be %j: %j is %s, %s', async (type, content, served, how) => {
    await using it = await keeping({
      serve: (_, response) => void response.setHeader('content-type', type).end(latin(content)),
    });
    const answer = await get(await it.told('/a/"ü page.html'));
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(latin(content));
    const { headers } = answer;
    expect(headers.get('content-type')).toBe(served);
    expect(headers.get('content-disposition')).toBe(
      `${how}; filename="__ page.html"; filename*=UTF-8''%22%C3%BC%20page.html`,
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';.*sandbox$/);
  });
});

describe('what is not kept, and leaves nothing on the disk', () => {
  test.each<[string, (response: ServerResponse) => void]>([
    [
      'what is announced as too large',
      (response) => void response.writeHead(200, { 'content-length': 2_000_000 }).write('x'),
    ],
    ['what is too large without a word of it', (response) => void response.write(Buffer.alloc(1_500_000))],
    ['what is packed', (response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(png()))],
    [
      'what breaks off',
      (response) => void response.writeHead(200, { 'content-length': 1_000 }).write(png(500), () => response.destroy()),
    ],
    [
      'what sends elsewhere, inside',
      (response) => void response.writeHead(302, { location: 'https://127.0.0.1:1/' }).end(),
    ],
    [
      'what sends elsewhere, without TLS',
      (response) => void response.writeHead(302, { location: 'http://example.org/' }).end(),
    ],
    ['what is no HTTP', (response) => void response.socket?.end('HTTP/1.1 nonsense\r\n\r\n')],
  ])('%s', async (_, answer) => {
    await using it = await keeping({ serve: (__, response) => answer(response) });
    expect((await get(await it.told())).status).toBe(503);
    expect(it.onDisk()).toEqual([]);
    expect(it.counted).toContain('failed');
    // Neither the link nor the source's address, with which anybody could have the file.
    expect(it.lines.join('\n')).not.toMatch(/cat\.png|127\.0\.0\.1/);
  });

  test('of what is longer than announced only what was announced', async () => {
    await using it = await keeping({
      serve: (_, response) => void response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabcdef'),
    });
    expect(await (await get(await it.told())).text()).toBe('abc');
  });

  test('what drips: it is given up after its time, and whoever waits is told to come again', async () => {
    const clock = createManualClock();
    const begun = Promise.withResolvers<void>();
    await using it = await keeping({
      clock,
      serve(_, response) {
        response.write(png(100));
        begun.resolve();
      },
    });
    const asking = get(await it.told());
    await begun.promise;
    await clock.advance(20_000);
    const answer = await asking;
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '30']);
    await clock.advance(45_000);
    await expect.poll(() => it.counted, soon).toContain('failed');
    expect(it.onDisk()).toEqual([]);
  });

  test('what is inside, where the operator has not listed it', async () => {
    await using it = await keeping({ filesAt: 'https://cdn.example.org' });
    expect((await get(await it.told())).status).toBe(503);
    expect(it.asked).toEqual([]);
  });
});

test('many at once wait for each other; more than that are told to come again', async () => {
  const held: ServerResponse[] = [];
  await using it = await keeping({ serve: (_, response) => void held.push(response) });
  const urls = await Promise.all(Array.from({ length: 80 }, (_, n) => it.told(`/a/${n}.png`)));
  const answers = urls.map((url) => fetch(url, { signal: AbortSignal.timeout(60_000) }).then(({ status }) => status));
  await expect.poll(() => it.counted.filter((one) => one === 'missing').length, soon).toBeGreaterThanOrEqual(12);
  expect(held.length).toBe(4);
  const release = setInterval(() => {
    for (const response of held.splice(0)) response.end(png());
  }, 5);
  const statuses = await Promise.all(answers).finally(() => clearInterval(release));
  expect(statuses.filter((one) => one === 200).length).toBe(68);
  expect(statuses.filter((one) => one === 503).length).toBe(12);
}, 60_000);
