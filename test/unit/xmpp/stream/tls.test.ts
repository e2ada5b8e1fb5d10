/** 114-22: the stream over direct TLS, certificates verified. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createPlain } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DOMAIN, Peer, subject } from './fake-server.ts';

let server: Server;
let ca: string;
let port = 0;
const peers: Peer[] = [];
const waiting: ((peer: Peer) => void)[] = [];
const accept = (): Promise<Peer> => {
  const peer = peers.shift();
  return peer === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(peer);
};

beforeAll(async () => {
  const dir = mkdtempSync(join(tmpdir(), 'isthmus-tls-'));
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'ignore' },
  );
  ca = readFileSync(cert, 'utf8');
  server = createServer({ key: readFileSync(key), cert: ca }, (socket) => {
    const peer = new Peer(socket);
    const next = waiting.shift();
    if (next === undefined) peers.push(peer);
    else next(peer);
  });
  server.on('tlsClientError', () => undefined);
  rmSync(dir, { recursive: true });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

test.each(['127.0.0.1', 'localhost'])(
  '114-22 a certificate that verifies, by the name %s: up, both ways, across a restart',
  async (host) => {
    const one = subject(port, { tls: { ca }, host });
    const started = one.component.start(new AbortController().signal);
    const peer = await accept();
    await peer.shakeHands();
    await started;
    one.component.write('<presence/>');
    await peer.expect(/<presence\/>/);
    for (const byte of Buffer.from(`<message from='a@example.org' to='${DOMAIN}'><body>😀</body></message>`))
      peer.socket.write(Buffer.of(byte));
    await one.until(() => one.stanzas.length === 1);
    expect(one.stanzas[0]?.children[0]).toMatchObject({ children: ['😀'] });
    peer.socket.end('</stream:stream>');
    one.clock.advance(await one.clock.slept(1));
    const again = await accept();
    await again.shakeHands();
    await one.until(() => one.ups === 2);
    const stopped = one.component.stop();
    await again.expect(/<\/stream:stream>/);
    again.socket.end('</stream:stream>');
    await stopped;
  },
);

test('114-22 a certificate that does not verify gets no secret', async () => {
  const one = subject(port, { tls: true });
  const started = one.component.start(new AbortController().signal).catch((error: unknown) => String(error));
  await one.clock.slept(1);
  expect(one.logged.some(({ fields }) => /self-signed/.test(String(fields.reason)))).toBe(true);
  await one.component.stop();
  expect(await started).toContain('stopped');
  for (const peer of peers) expect(peer.received).toBe('');
});

test('114-22 a port of the server that has no TLS is told in a sentence that says what to do', async () => {
  const plain = createPlain((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end("<?xml version='1.0'?><stream:stream><stream:error/></stream:stream>"));
  });
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  const address = plain.address();
  const one = subject(typeof address === 'object' && address !== null ? address.port : 0, { tls: { ca } });
  const started = one.component.start(new AbortController().signal).catch(() => undefined);
  await one.clock.slept(1);
  const reasons = one.logged.map(({ fields }) => String(fields.reason));
  expect(reasons).toEqual([expect.stringMatching(/^what answers at that port has no TLS: set `xmpp.tls` to off/)]);
  await one.component.stop();
  await started;
  plain.close();
});

test('114-22 without TLS, beyond loopback, there is a warning', async () => {
  const one = subject(9, { host: '192.0.2.1' });
  const started = one.component.start(new AbortController().signal).catch(() => undefined);
  expect(one.logged.filter(({ level }) => level === 'warn')).toHaveLength(1);
  await one.component.stop();
  await started;
});
