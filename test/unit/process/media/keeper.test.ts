/** Files that expire on their networks, by the links that the gateway gives for them: over HTTP, before and after they have expired. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GatewayError } from '../../../../src/core/errors.ts';
import { messageId } from '../../../../src/core/ids.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { account, chat, keeping, png, soon } from './keeping.ts';

const day = 24 * 3_600_000;
const get = (url: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  fetch(url, { headers, method, redirect: 'manual', signal: AbortSignal.timeout(10_000) });
const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());

describe('a link', () => {
  test('is of 144 bits, ends as the file does, and is the same whenever the file is told', async () => {
    await using it = await keeping();
    const first = await it.told('/a/cat.png?ex=1&hm=2');
    expect(first).toMatch(/\/media\/[A-Za-z0-9_-]{24}\/cat\.png$/);
    expect(await it.told('/a/cat.png?ex=3&hm=4')).toBe(first);
    expect((await it.told('/b/cat.png', 'm1')).split('/').at(-2)).not.toBe(first.split('/').at(-2));
    expect((await it.told('/a/cat.png', 'm2')).split('/').at(-2)).not.toBe(first.split('/').at(-2));
  });

  test('another name, another id, a folder and what is no link at all lead nowhere', async () => {
    await using it = await keeping();
    // It does not fetch by itself.
    await it.keeper.close();
    const url = await it.told();
    const [under] = url.split(/(?<=media\/)/);
    for (const path of ['', '..', 'ab/', 'begun/', `${'A'.repeat(24)}/cat.png`, '%2e%2e/%2e%2e/etc/passwd'])
      expect([path, (await get(`${under}${path}`)).status]).toEqual([path, 404]);
    expect((await get(url.replace('cat.png', 'cat.html'))).status).toBe(404);
    expect((await get(`${url}/x`)).status).toBe(404);
    expect((await get(url, {}, 'DELETE')).status).toBe(405);
    expect(it.asked).toEqual([]);
  });
});

describe('a request', () => {
  test('before it was fetched fetches it, once for all who ask at a time; from then on the source is not asked', async () => {
    await using it = await keeping();
    const url = await it.told();
    const answers = await Promise.all(Array.from({ length: 5 }, () => get(url)));
    for (const answer of answers) expect(await bytesOf(answer)).toEqual(png());
    expect(await bytesOf(await get(url))).toEqual(png());
    expect(it.asked).toEqual(['/a/cat.png']);
    expect(it.counted.filter((one) => one === 'served')).toHaveLength(6);
    expect(it.onDisk()).toHaveLength(1);
  });

  test('RFC 9110: tags, parts, parts of another version, and what is not there', async () => {
    await using it = await keeping();
    const url = await it.told();
    const whole = await get(url);
    const etag = whole.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'accept-ranges': 'bytes',
      'content-length': '1000',
      'content-type': 'image/png',
    });
    const part = await get(url, { range: 'bytes=8-11' });
    expect([part.status, part.headers.get('content-range'), part.headers.get('content-length')]).toEqual([
      206,
      'bytes 8-11/1000',
      '4',
    ]);
    expect(await bytesOf(part)).toEqual(png().subarray(8, 12));
    const held = await get(url, { range: 'bytes=-5', 'if-range': etag });
    expect([held.status, await bytesOf(held)]).toEqual([206, png().subarray(-5)]);
    const changed = await get(url, { range: 'bytes=-5', 'if-range': '"other"' });
    expect([changed.status, (await bytesOf(changed)).length]).toEqual([200, 1000]);
    const beyond = await get(url, { range: 'bytes=1000-' });
    expect([beyond.status, beyond.headers.get('content-range'), await beyond.text()]).toEqual([
      416,
      'bytes */1000',
      '',
    ]);
    const same = await get(url, { 'if-none-match': etag, range: 'bytes=0-1' });
    expect([same.status, same.headers.get('etag'), same.headers.get('content-length'), await same.text()]).toEqual([
      304,
      etag,
      null,
      '',
    ]);
    expect((await get(url, { 'if-match': '"other"' })).status).toBe(412);
    const head = await get(url, { range: 'bytes=0-1' }, 'HEAD');
    expect([head.status, head.headers.get('content-length'), head.headers.get('etag'), await head.text()]).toEqual([
      200,
      '1000',
      etag,
      '',
    ]);
    const several = await get(url, { range: 'bytes=0-1,5-6' });
    expect([several.status, (await bytesOf(several)).length]).toEqual([200, 1000]);
  });

  test('after the source has expired: what was fetched is there, over a restart too; what was not is gone, in words', async () => {
    const clock = createManualClock();
    await using it = await keeping({ clock });
    const had = await it.told('/a/had.png');
    expect((await get(had)).status).toBe(200);
    await it.keeper.close();
    const missed = await it.told('/a/missed.png', 'm2');
    await clock.advance(day);
    await it.restart();
    it.answer.serve = (_, response) => void response.writeHead(404).end();
    expect((await get(had)).status).toBe(200);
    const gone = await get(missed);
    expect([gone.status, gone.headers.get('content-type'), await gone.text()]).toEqual([
      410,
      'text/plain; charset=utf-8',
      'this file is gone: its network had it for a while only\n',
    ]);
    expect(it.asked).toEqual(['/a/had.png']);
  });

  test('a file that is not on the disk as it was written is fetched again while it can be', async () => {
    await using it = await keeping();
    const url = await it.told();
    await get(url);
    for (const path of it.onDisk()) writeFileSync(join(it.root, path), 'torn');
    expect(await bytesOf(await get(url))).toEqual(png());
    for (const path of it.onDisk()) rmSync(join(it.root, path));
    expect(await bytesOf(await get(url))).toEqual(png());
    expect(it.asked).toHaveLength(3);
  });
});

describe('nobody asks', () => {
  test('it is fetched all the same, soon after it was told', async () => {
    await using it = await keeping();
    const url = await it.told();
    it.keeper.poke();
    await expect.poll(() => it.counted, soon).toEqual(['fetched']);
    it.answer.serve = (_, response) => void response.destroy();
    expect((await get(url)).status).toBe(200);
  });

  test('a source that is away for a while is tried again, less and less often; one that refuses is not', async () => {
    const clock = createManualClock();
    await using it = await keeping({ clock, serve: (_, response) => void response.writeHead(502).end() });
    const url = await it.told('/a/cat.png', 'm1', clock.now(), clock.now() + 2 * 3_600_000);
    it.keeper.poke();
    await expect.poll(() => it.asked.length, soon).toBe(1);
    await expect.poll(() => it.counted, soon).toEqual(['failed']);
    expect([(await get(url)).status, it.asked.length]).toEqual([503, 1]);
    it.answer.serve = (_, response) => void response.end(png());
    for (let i = 0; i < 7; i++) await clock.advance(10_000);
    await expect.poll(() => it.asked.length, soon).toBe(2);
    await expect.poll(async () => (await get(url)).status, soon).toBe(200);

    it.answer.serve = (_, response) => void response.writeHead(404).end();
    const refused = await it.told('/a/gone.png', 'm2');
    it.keeper.poke();
    await expect.poll(() => it.asked.length, soon).toBe(3);
    await expect.poll(async () => (await get(refused)).status, soon).toBe(410);
    expect(it.asked).toHaveLength(3);
  });

  test('when all are too large together, what nobody has needed for longest goes, and its file', async () => {
    await using it = await keeping({ media: { megabytes: 0.0015 } });
    const first = await it.told('/a/first.png');
    await get(first);
    const second = await it.told('/a/second.png', 'm2');
    await get(second);
    it.keeper.poke();
    await it.told('/a/third.png', 'm3');
    it.keeper.poke();
    await expect.poll(() => it.onDisk().length, soon).toBe(1);
  });
});

describe('what goes', () => {
  test('424-01 with its message: the link at once, the file soon', async () => {
    await using it = await keeping();
    const [mine, other] = [await it.told(), await it.told('/a/dog.png', 'm2')];
    await Promise.all([get(mine), get(other)]);
    expect(await it.links.forget(account, chat, messageId('m1'))).toBe(1);
    expect([(await get(mine)).status, (await get(other)).status]).toEqual([404, 200]);
    it.keeper.poke();
    await expect.poll(() => it.onDisk().length, soon).toBe(1);
    // The store is told when the file is gone.
    await expect.poll(() => it.store.gone(10), soon).toEqual([]);
  });

  test('while it is being fetched: nothing of it stays', async () => {
    const begun = Promise.withResolvers<void>();
    const going = Promise.withResolvers<void>();
    await using it = await keeping({
      serve(_, response) {
        response.write(png(500));
        begun.resolve();
        void going.promise.then(() => response.end());
      },
    });
    const asking = get(await it.told());
    await begun.promise;
    await it.links.forget(account, chat, messageId('m1'));
    going.resolve();
    expect((await asking).status).toBe(404);
    expect(it.onDisk()).toEqual([]);
  });

  test('what a killed process has begun, and what no database knows, is removed at the next start', async () => {
    const clock = createManualClock(Date.now() + day);
    await using it = await keeping({ clock });
    const url = await it.told();
    await get(url);
    mkdirSync(join(it.root, 'begun'), { recursive: true });
    writeFileSync(join(it.root, 'begun', 'x'), 'half of it');
    mkdirSync(join(it.root, 'AA', 'AA'), { recursive: true });
    writeFileSync(join(it.root, 'AA', 'AA', 'A'.repeat(24)), 'nobody’s');
    await it.restart();
    await expect.poll(() => it.onDisk().length, soon).toBe(1);
    expect((await get(url)).status).toBe(200);
  });

  test('after its days', async () => {
    const clock = createManualClock();
    await using it = await keeping({ clock, media: { days: 2 } });
    const url = await it.told();
    await get(url);
    await clock.advance(3 * day);
    await it.restart();
    await expect.poll(() => it.onDisk().length, soon).toBe(0);
    expect((await get(url)).status).toBe(404);
  });
});

test('a database that is away for long is one line of the log, and another when it is away again', async () => {
  const clock = createManualClock();
  const looked = { isAway: true, away: 0, whole: 0 };
  await using it = await keeping({
    clock,
    before: (store) => ({
      ...store,
      async gone(some) {
        if (!looked.isAway) return store.gone(some);
        looked.away++;
        throw new GatewayError('storage-away');
      },
      wanted(...of) {
        looked.whole++;
        return store.wanted(...of);
      },
    }),
  });
  const lines = () => it.lines.filter((line) => line.includes('could not be looked after')).length;
  const later = async <T>(what: () => T): Promise<T> => {
    await clock.advance(10_000);
    return what();
  };
  await expect.poll(() => later(() => looked.away), soon).toBeGreaterThan(3);
  expect(lines()).toBe(1);
  looked.isAway = false;
  await expect.poll(() => later(() => looked.whole), soon).toBeGreaterThan(1);
  looked.isAway = true;
  await expect.poll(() => later(lines), soon).toBe(2);
});
