/** What strangers' addresses may make the gateway fetch, against servers on sockets: nothing inside, nothing without TLS, nothing endless (CHECKLIST 447-11). */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type FetchOptions, TooMuch } from '../../../src/bridge/fetching.ts';
import type { Resolve } from '../../../src/bridge/private-address.ts';
import { systemClock } from '../../../src/ops/clock.ts';
import { createGuardedFetch } from '../../../src/process/guarded-fetch.ts';
import { makeCertificate } from '../../harness/certificate.ts';
import { createManualClock } from '../../harness/manual-clock.ts';
import { tempDir } from '../../harness/temp.ts';

const dir = tempDir('fetch');
const asked: string[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const plain = createServer(serve);
let secure: Server;
const port = { plain: 0, secure: 0 };
/** How often somebody connected to the server with a certificate. */
let knocks = 0;

function serve(request: IncomingMessage, response: ServerResponse): void {
  asked.push(request.url ?? '');
  answer(request, response);
}

beforeAll(async () => {
  const { key, cert } = makeCertificate(dir.path, ['files.example.org']);
  secure = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, serve);
  secure.on('connection', () => knocks++);
  for (const [name, server] of [['plain', plain] as const, ['secure', secure] as const]) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port[name] = (server.address() as AddressInfo).port;
  }
});
afterAll(() => {
  for (const server of [plain, secure]) {
    server.closeAllConnections();
    server.close();
  }
  dir.remove();
});
beforeEach(() => {
  asked.length = 0;
  knocks = 0;
  answer = (_, response) => response.end('bytes');
});

const get = createGuardedFetch({ clock: systemClock });
const limits = { signal: new AbortController().signal, atMost: 1_000 } satisfies FetchOptions;
const listed = (path = ''): FetchOptions => ({ ...limits, listed: `http://127.0.0.1:${port.plain}${path}` });
const at = (path: string): string => `http://127.0.0.1:${port.plain}${path}`;

async function read(body: AsyncIterable<Uint8Array> | null): Promise<string | undefined> {
  return body === null ? undefined : (await buffer(body)).toString();
}

test.each([
  'http://example.org/a',
  'ftp://example.org/a',
  'file:///etc/passwd',
  'data:text/plain,a',
  'https://user:word@example.org/a',
  'https://localhost:SECURE/a',
  'https://localhost.:SECURE/a',
  'https://router.lan:SECURE/a',
  'https://intranet:SECURE/a',
  'https://127.0.0.1:SECURE/a',
  'https://2130706433:SECURE/a',
  'https://0x7f.1:SECURE/a',
  'https://0177.0.0.1:SECURE/a',
  'https://0.0.0.0:SECURE/a',
  'https://10.0.0.1/a',
  'https://169.254.169.254/latest/meta-data/',
  'https://[::1]:SECURE/a',
  'https://[::]:SECURE/a',
  'https://[::ffff:127.0.0.1]:SECURE/a',
  'https://[::ffff:7f00:1]:SECURE/a',
  'https://[64:ff9b::7f00:1]:SECURE/a',
  'https://[fe80::1]/a',
  'https://[fd00::1]/a',
])('447-11 %s is not asked', async (url) => {
  const resolved: string[] = [];
  const resolve: Resolve = (host, _, callback) => {
    resolved.push(host);
    callback(null, [{ address: '127.0.0.1', family: 4 }]);
  };
  const guarded = createGuardedFetch({ clock: systemClock, resolve });
  await expect(guarded(url.replace('SECURE', String(port.secure)), limits)).rejects.toThrow();
  expect({ asked, knocks, resolved }).toEqual({ asked: [], knocks: 0, resolved: [] });
});

test.each([[['127.0.0.1']], [['::ffff:127.0.0.1']], [['::1', '127.0.0.1']], [['10.1.2.3', '192.168.1.1', 'fd00::1']]])(
  '447-11 a name that leads to %j is asked for once and connected to never',
  async (addresses) => {
    let lookups = 0;
    const resolve: Resolve = (_, __, callback) => {
      lookups++;
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };
    const guarded = createGuardedFetch({ clock: systemClock, resolve });
    await expect(guarded(`https://files.example.org:${port.secure}/a`, limits)).rejects.toMatchObject({
      code: 'network-refused',
    });
    expect({ lookups, knocks }).toEqual({ lookups: 1, knocks: 0 });
  },
);

test('447-11 what the operator has listed may be inside and without TLS: what is below it, and no other', async () => {
  const { status, headers, body } = await get(at('/cdn/a.png'), listed('/cdn'));
  expect([status, headers.get('Content-Length'), headers.get('x-none'), await read(body)]).toEqual([
    200,
    '5',
    null,
    'bytes',
  ]);
  await expect(get(`http://127.0.0.1:${port.secure}/a`, listed())).rejects.toThrow();
  await expect(get(`http://localhost:${port.plain}/a`, listed())).rejects.toThrow();
  expect(asked).toEqual(['/cdn/a.png']);
});

test.each([
  '/api/stop',
  '/cdn/../api',
  '/cdn/%2e%2e/api',
  '/cdn/..%2fapi',
  '/cdn/a/..%2F..%2Fapi',
  '/cdn/..%5capi',
  '/cdnx/a',
  '/',
])('447-11 of a server that has what is listed, and more besides, %s is not fetched', async (path) => {
  await expect(get(at(path), listed('/cdn'))).rejects.toThrow();
  answer = (_, response) => response.writeHead(302, { location: path }).end();
  await expect(get(at('/cdn/moved'), listed('/cdn'))).rejects.toThrow();
  expect(asked).toEqual(['/cdn/moved']);
});

test('447-11 without TLS nothing is fetched from elsewhere, even where nobody would be connected to', async () => {
  await expect(get('http://example.org/a', listed())).rejects.toThrow('only what is behind TLS is fetched');
  answer = (_, response) => response.writeHead(301, { location: 'http://example.org/a' }).end();
  await expect(get(at('/moved'), listed())).rejects.toThrow('only what is behind TLS is fetched');
});

test('a certificate has to be right, for what is listed too', async () => {
  const url = `https://127.0.0.1:${port.secure}/a`;
  await expect(get(url, { ...limits, listed: url })).rejects.toThrow(/certificate/);
  expect({ asked, knocks }).toEqual({ asked: [], knocks: 1 });
});

test('447-11 a redirection is checked like the first address', async () => {
  for (const location of [
    `https://127.0.0.1:${port.secure}/a`,
    'http://example.org/a',
    'file:///etc/passwd',
    'https://[::ffff:127.0.0.1]/a',
    `//localhost:${port.plain}/a`,
  ]) {
    answer = (_, response) => response.writeHead(302, { location }).end();
    await expect(get(at('/moved'), listed())).rejects.toThrow();
  }
  expect({ asked, knocks }).toEqual({ asked: Array(5).fill('/moved'), knocks: 0 });
});

test('a few redirections are followed, and no more', async () => {
  answer = ({ url = '' }, response) => {
    const left = Number(url.slice(1));
    if (left > 0) response.writeHead(307, { location: `/${left - 1}` }).end('elsewhere');
    else response.end('there');
  };
  expect(await read((await get(at('/3'), listed())).body)).toBe('there');
  await expect(get(at('/4'), listed())).rejects.toThrow('redirected too often');
});

test('447-11 more than was asked for is refused before it comes, and where it was not announced while it comes', async () => {
  answer = (_, response) => response.end(Buffer.alloc(1_001));
  await expect(get(at('/a'), listed())).rejects.toBeInstanceOf(TooMuch);
  let isCut = false;
  const gone = new Promise<void>((resolve) => {
    answer = (_, response) => {
      response.on('close', () => {
        isCut = true;
        resolve();
      });
      const more = (): void => void (response.destroyed || response.write(Buffer.alloc(300), () => setImmediate(more)));
      more();
    };
  });
  const { body } = await get(at('/endless'), listed());
  await expect(read(body)).rejects.toBeInstanceOf(TooMuch);
  await gone;
  expect(isCut).toBe(true);
  answer = (_, response) => response.end(Buffer.alloc(1_000));
  expect((await read((await get(at('/a'), listed())).body))?.length).toBe(1_000);
});

test('what is no success has no body, and what is packed is not taken', async () => {
  answer = (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('gone');
  expect(await get(at('/a'), listed())).toMatchObject({ status: 404, body: null });
  answer = (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('bomb');
  await expect(get(at('/a'), listed())).rejects.toThrow('packed');
});

test('what is cut off is an error, not a short file', async () => {
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': '500' });
    response.write('half', () => response.destroy());
  };
  const fetching = get(at('/a'), listed());
  await expect(fetching.then(({ body }) => read(body))).rejects.toThrow();
});

test('447-11 it ends when its time is over, before the answer and in the middle of it, and when nobody wants it', async () => {
  const clock = createManualClock();
  const patient = createGuardedFetch({ clock });
  const heard = Promise.withResolvers<void>();
  answer = () => heard.resolve();
  const silent = patient(at('/silent'), listed());
  const refused = expect(silent).rejects.toThrow();
  await heard.promise;
  await clock.advance(60_000);
  await refused;

  answer = (_, response) => void response.writeHead(200).write('half');
  const { body } = await patient(at('/stuck'), listed());
  const cut = expect(read(body)).rejects.toThrow();
  await clock.advance(60_000);
  await cut;

  const closed = Promise.withResolvers<void>();
  answer = (_, response) => {
    response.on('close', () => closed.resolve());
    response.writeHead(200).write('half');
  };
  await patient(at('/unread'), listed());
  await clock.advance(60_000);
  await closed.promise;

  const given = new AbortController();
  const { body: unwanted } = await patient(at('/unwanted'), { ...listed(), signal: given.signal });
  const ended = expect(read(unwanted)).rejects.toThrow();
  given.abort(new Error('nobody wants it'));
  await ended;
  expect(clock.waiting).toBe(0);
});

test('447-11 a connection that nobody uses is let go, however long its server would keep it', async () => {
  const { keepAliveTimeout } = plain;
  plain.keepAliveTimeout = 0;
  const sockets: Socket[] = [];
  const keep = (socket: Socket): void => void sockets.push(socket);
  plain.on('connection', keep);
  const brief = createGuardedFetch({ clock: systemClock, silentMs: 2_000 });
  expect(await read((await brief(at('/a'), listed())).body)).toBe('bytes');
  expect(await read((await brief(at('/b'), listed())).body)).toBe('bytes');
  expect(sockets).toHaveLength(1);
  await expect.poll(() => sockets.map(({ destroyed }) => destroyed), { timeout: 20_000 }).toEqual([true]);
  plain.off('connection', keep);
  plain.keepAliveTimeout = keepAliveTimeout;
}, 30_000);

test('a server that says nothing is not waited for', async () => {
  answer = () => undefined;
  const brief = createGuardedFetch({ clock: systemClock, silentMs: 50 });
  await expect(brief(at('/silent'), listed())).rejects.toThrow('the server is silent');
});
