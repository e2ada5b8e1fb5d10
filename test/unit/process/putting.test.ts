/** The upload itself, to a server on a socket: exactly what was announced, and nowhere inside (CHECKLIST 363-02, 447-11). */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { putFile } from '../../../src/process/putting.ts';

const got: { method: string | undefined; headers: IncomingHttpHeaders; raw: readonly string[]; body: string }[] = [];
let status = 201;
const server = createServer((request, response) => {
  let body = '';
  request.on('data', (piece) => {
    body += piece;
  });
  request.on('end', () => {
    got.push({ method: request.method, headers: request.headers, raw: request.rawHeaders, body });
    response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
  });
});
let port = 0;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

const signal = new AbortController().signal;
const put = (url: string, anywhere: boolean, headers: readonly (readonly [string, string])[] = []) =>
  putFile({ put: url, get: url, headers }, { type: 'text/plain', body: Buffer.from('Ay mé!') }, { anywhere, signal });

test('363-02 length, type and the slot’s headers, in their order', async () => {
  const headers = [
    ['Authorization', 'Basic x'],
    ['Cookie', 'a=b'],
    ['Cookie', 'c=d'],
  ] as const;
  expect(await put(`http://127.0.0.1:${port}/a`, true, headers)).toBe(true);
  const [first] = got.splice(0);
  expect(first).toMatchObject({
    method: 'PUT',
    body: 'Ay mé!',
    headers: { 'content-length': '7', 'content-type': 'text/plain', authorization: 'Basic x' },
  });
  expect(first?.headers['transfer-encoding']).toBeUndefined();
  expect(first?.headers.cookie?.split(/; /)).toEqual(['a=b', 'c=d']);
});

test.each([
  [200, true],
  [201, true],
  [204, true],
  [302, false],
  [403, false],
  [413, false],
  [500, false],
])('363-02 363-05 an answer of %i: taken %s', async (answer, taken) => {
  status = answer;
  expect(await put(`http://localhost:${port}/a`, true)).toBe(taken);
  status = 201;
  expect(got.splice(0)).toHaveLength(1);
});

test('447-11 nothing goes without TLS, or into a private network, unless the operator has said so', async () => {
  for (const url of [
    `http://127.0.0.1:${port}/a`,
    `https://127.0.0.1:${port}/a`,
    `https://localhost:${port}/a`,
    'https://[::1]/a',
    'file:///etc/passwd',
  ])
    await expect(put(url, false)).rejects.toThrow();
  await expect(put('file:///etc/passwd', true)).rejects.toThrow();
  expect(got).toEqual([]);
});

test('363-02 what comes in pieces goes in pieces, at the length that was announced; what breaks off is not taken', async () => {
  async function* pieces(fails: boolean) {
    yield Buffer.from('Ay ');
    if (fails) throw new Error('the source is gone');
    yield Buffer.from('mé!');
  }
  const slot = { put: `http://127.0.0.1:${port}/a`, get: 'x', headers: [] };
  const file = (fails: boolean) => ({ type: 'text/plain', body: { size: 7, pieces: pieces(fails) } });
  expect(await putFile(slot, file(false), { anywhere: true, signal })).toBe(true);
  expect(got.splice(0)).toMatchObject([{ body: 'Ay mé!', headers: { 'content-length': '7' } }]);
  await expect(putFile(slot, file(true), { anywhere: true, signal })).rejects.toThrow('the source is gone');
  expect(got).toEqual([]);
});
