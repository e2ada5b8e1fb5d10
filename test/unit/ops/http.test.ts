/** The gateway's HTTP port, spoken to over real sockets. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Remedy } from '../../../src/ops/fatal.ts';
import { type Http, openHttp } from '../../../src/ops/http.ts';
import { logTo } from '../../../src/ops/log.ts';
import { createMetrics } from '../../../src/ops/metrics.ts';
import { createReadiness } from '../../../src/ops/readiness.ts';

const lines: string[] = [];
const log = logTo({ write: (line) => void lines.push(line) }, 'trace');
let dir = '';
let http: Http;
let readiness = createReadiness();

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'isthmus-http-'));
  await mkdir(join(dir, 'pages', 'sub'), { recursive: true });
  await writeFile(join(dir, 'pages', 'a.js'), 'let a;');
  await writeFile(join(dir, 'pages', 'sub', 'ü b.css'), 'b{}');
  await writeFile(join(dir, 'outside.txt'), 'private');
  await symlink(join(dir, 'outside.txt'), join(dir, 'pages', 'link.txt'));
  readiness = createReadiness();
  http = await openHttp({
    host: '127.0.0.1',
    port: 0,
    log,
    readiness,
    metrics: createMetrics(),
    mounts: {
      '/': {
        text: '<p>page</p>',
        type: 'text/html; charset=utf-8',
        headers: { 'content-security-policy': "default-src 'none'" },
      },
      '/files/': { directory: join(dir, 'pages') },
      '/texts/': {
        type: 'text/plain; charset=utf-8',
        headers: { 'content-security-policy': "default-src 'none'; sandbox" },
        async find(name) {
          if (name === 'broken') throw new Error('the database is away');
          return name === 'one' ? '<script>alert(1)</script> ü' : undefined;
        },
      },
      '/pages/': {
        postAtMost: 1_000,
        async answer(asked) {
          if (asked.rest === 'broken') throw new Error('nobody is there');
          const { method, rest, query, posted, headers } = asked;
          const body = JSON.stringify({ method, rest, query, posted, cookie: headers.cookie });
          return { status: 201, headers: { 'content-type': 'text/html; charset=utf-8', 'x-own': 'yes' }, body };
        },
      },
    },
  });
});
afterEach(async () => {
  await http.close();
  await rm(dir, { recursive: true });
});

const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${http.port}${path}`, init);

/** As it stands on the wire, unlike fetch, which tidies paths. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(http.port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('utf8').on('data', (part) => {
      answer += part;
    });
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}

test('port 0 is any that is free', () => {
  expect(http.port).toBeGreaterThan(0);
});

test('/healthz answers as long as the process lives', async () => {
  const answer = await get('/healthz');
  expect([answer.status, await answer.text()]).toEqual([200, 'alive\n']);
});

test('/readyz is 503 with every check until all are true', async () => {
  expect((await get('/readyz')).status).toBe(503);
  const redis = readiness.check('redis');
  const xmpp = readiness.check('irc.example.org');
  redis.set(true);
  const waiting = await get('/readyz');
  expect(waiting.status).toBe(503);
  expect(await waiting.json()).toEqual({ ready: false, checks: { redis: true, 'irc.example.org': 'starting' } });
  xmpp.set('the server refused the secret');
  expect(await (await get('/readyz')).json()).toMatchObject({
    checks: { 'irc.example.org': 'the server refused the secret' },
  });
  xmpp.set(true);
  expect((await get('/readyz')).status).toBe(200);
  redis.set('away');
  expect((await get('/readyz')).status).toBe(503);
  redis.drop();
  expect((await get('/readyz')).status).toBe(200);
});

test('/metrics is a scrape', async () => {
  const answer = await get('/metrics');
  expect(answer.headers.get('content-type')).toContain('text/plain');
  expect(await answer.text()).toContain('# TYPE isthmus_stanzas_total counter');
});

describe('mounted pages', () => {
  test('a text is served under its path alone, with its headers', async () => {
    const answer = await get('/?user=friend');
    expect(await answer.text()).toBe('<p>page</p>');
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'");
    expect((await get('/other')).status).toBe(404);
  });

  test('a file comes with its type, and not again while it is unchanged', async () => {
    const answer = await get('/files/a.js');
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual([
      'text/javascript; charset=utf-8',
      'let a;',
    ]);
    const again = await get('/files/a.js', { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
    expect(await (await get('/files/sub/%C3%BC%20b.css')).text()).toBe('b{}');
  });

  test('a text is looked for by the rest of the path; one that can not be read now is 503, with the reason in the log alone', async () => {
    const answer = await get('/texts/one?x=1');
    expect(await answer.text()).toBe('<script>alert(1)</script> ü');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
    expect((await get('/texts/two')).status).toBe(404);
    expect((await get('/texts/')).status).toBe(404);
    const broken = await get('/texts/broken');
    expect([broken.status, broken.headers.get('retry-after'), await broken.text()]).toEqual([
      503,
      '30',
      'not now, try again\n',
    ]);
  });

  test('HEAD has no body', async () => {
    const answer = await get('/files/a.js', { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '6', '']);
  });

  test.each([
    '/files/../outside.txt',
    '/files/%2e%2e/outside.txt',
    '/files/sub/..%2f..%2foutside.txt',
    '/files/link.txt',
    '/files/%00',
    '/files/%zz',
    '/files/',
    '/files/sub',
  ])('%s gives nothing away', async (path) => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).not.toContain('private');
  });
});

describe('pages that answer for themselves', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  test('are told what was asked, and say all of the answer', async () => {
    const got = await get('/pages/a/b?c=d', { headers: { cookie: 'e=f' } });
    expect([got.status, got.headers.get('x-own'), got.headers.get('cache-control')]).toEqual([201, 'yes', 'no-store']);
    expect(await got.json()).toEqual({ method: 'GET', rest: 'a/b', query: 'c=d', posted: '', cookie: 'e=f' });
    const sent = await get('/pages/', { method: 'POST', headers: form, body: 'name=%C3%BC' });
    expect(await sent.json()).toEqual({ method: 'POST', rest: '', query: '', posted: 'name=%C3%BC' });
    expect(await (await get('/pages/a', { method: 'HEAD' })).text()).toBe('');
  });

  test('take what forms send, and no more of it than they want', async () => {
    const post = (body: string, headers: Record<string, string>) => get('/pages/a', { method: 'POST', headers, body });
    expect((await post('{}', { 'content-type': 'application/json' })).status).toBe(415);
    expect((await post('x'.repeat(1_000), form)).status).toBe(201);
    expect((await post('x'.repeat(1_001), form)).status).toBe(413);
    const chunked = await raw(
      `POST /pages/a HTTP/1.1\r\nHost: x\r\nContent-Type: ${form['content-type']}\r\nTransfer-Encoding: chunked\r\n\r\n${`3e8\r\n${'x'.repeat(1_000)}\r\n`.repeat(2)}`,
    );
    expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
    expect((await get('/pages/a', { method: 'PUT', body: 'x' })).status).toBe(405);
  });

  test('that can not answer are 503, and their address stands in no log', async () => {
    expect((await get('/pages/broken')).status).toBe(503);
    expect(lines.join('')).toContain('a page could not answer');
    expect(lines.join('')).not.toContain('broken');
  });
});

test('a whole address is taken too, as some proxies send it (RFC 9112 §3.2.2)', async () => {
  const ask = (target: string) => raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(await ask('http://gateway.example.org:9090/healthz')).toMatch(/^HTTP\/1\.1 200 .*alive/s);
  expect(await ask('http://gateway.example.org')).toMatch(/^HTTP\/1\.1 200 .*<p>page<\/p>/s);
  expect(await ask('HTTPS://gateway.example.org/pages/a/b?c=/?d')).toMatch(/"rest":"a\/b","query":"c=\/\?d"/);
  expect(await ask('http://gateway.example.org?e')).toMatch(/^HTTP\/1\.1 200 .*<p>page<\/p>/s);
});

test('other methods are refused', async () => {
  const answer = await get('/healthz', { method: 'POST', body: 'x' });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('headers of more than 16 KiB and bytes that are no HTTP end the connection, nothing else', async () => {
  await raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`).catch(() => '');
  await raw('\u0000\u0001nonsense\r\n\r\n').catch(() => '');
  expect((await get('/healthz')).status).toBe(200);
});

test('a port in use is named, with the setting that moves ours', async () => {
  const second = openHttp({ host: '127.0.0.1', port: http.port, log, readiness, metrics: createMetrics() });
  await expect(second).rejects.toBeInstanceOf(Remedy);
  await expect(second).rejects.toMatchObject({
    message: `Port ${http.port} on 127.0.0.1, meant for HTTP, is taken by another program`,
    remedy: expect.stringContaining('`http.port`'),
  });
});

test('an address that is not ours is named', async () => {
  const foreign = openHttp({ host: '192.0.2.1', port: 0, log, readiness, metrics: createMetrics() });
  await expect(foreign).rejects.toThrow(/192\.0\.2\.1:0 \(EADDRNOTAVAIL\)/);
});

test('close does not wait for clients that keep their connection', async () => {
  const idle = connect(http.port, '127.0.0.1');
  idle.on('error', () => undefined);
  await new Promise((resolve) => idle.once('connect', resolve));
  await get('/healthz');
  await http.close();
  await expect(get('/healthz')).rejects.toThrow();
  idle.destroy();
});

test('while pages have all that they may have, probes are answered, and one page more is told to come later', async () => {
  const asked = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  let waiting = 0;
  await using crowded = disposable(
    await openHttp({
      ...{ host: '127.0.0.1', port: 0, log, readiness, metrics: createMetrics() },
      mounts: {
        '/slow/': {
          type: 'text/plain',
          async find() {
            if (++waiting === 512) asked.resolve();
            await held.promise;
            return 'at last';
          },
        },
      },
    }),
  );
  const ask = (path: string) => fetch(`http://127.0.0.1:${crowded.port}${path}`);
  readiness.check('xmpp').set(true);
  const first = Array.from({ length: 512 }, () => ask('/slow/one'));
  await asked.promise;
  expect((await ask('/readyz')).status).toBe(200);
  expect((await ask('/metrics')).status).toBe(200);
  expect((await ask('/slow/one')).status).toBe(503);
  held.resolve();
  const texts = await Promise.all(first.map(async (one) => (await one).text()));
  expect(new Set(texts)).toEqual(new Set(['at last']));
  expect((await ask('/slow/one')).status).toBe(200);
});

const disposable = (opened: Http): Http & AsyncDisposable => ({ ...opened, [Symbol.asyncDispose]: opened.close });
