/** A domain's stream as its owners see it: typed stanzas, numbers, readiness; against a scripted server. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BridgeConfig, Config } from '../../../src/ops/config/config.ts';
import { createMetrics, type Metrics } from '../../../src/ops/metrics.ts';
import { createReadiness, type Readiness } from '../../../src/ops/readiness.ts';
import { Secret } from '../../../src/ops/secret.ts';
import { createStream } from '../../../src/process/stream.ts';
import type { Stanza } from '../../../src/xmpp/stanza.ts';
import type { Component } from '../../../src/xmpp/stream/types.ts';
import { bareConfig, generous } from '../../harness/bare-config.ts';
import { until } from '../../harness/process.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { DOMAIN, FakeServer, header, type Peer, SECRET, streamError, TestClock } from '../xmpp/stream/fake-server.ts';

let server: FakeServer;
let component: Component;
let metrics: Metrics;
let readiness: Readiness;
let clock: TestClock;
const stanzas: Stanza[] = [];
const oversized: Stanza[] = [];
const turns: string[] = [];
const abort = new AbortController();

const entry: BridgeConfig = {
  use: 'irc',
  domain: DOMAIN,
  secret: new Secret(SECRET),
  allow: [],
  limits: generous,
  options: {},
};
const config = (port: number): Config => bareConfig({ xmpp: { host: '127.0.0.1', port, tls: false } });

beforeEach(async () => {
  server = await FakeServer.listen();
  metrics = createMetrics();
  readiness = createReadiness();
  clock = new TestClock();
  for (const list of [stanzas, oversized, turns]) list.length = 0;
  component = createStream(entry, {
    config: config(server.port),
    readiness,
    metrics: metrics.of(DOMAIN, 'irc'),
    clock,
    log: silentLog,
    onStanza: (stanza) => void stanzas.push(stanza),
    onOversized: (stanza) => void oversized.push(stanza),
    onUp: () => void turns.push('up'),
    onDown: () => void turns.push('down'),
  });
});
afterEach(async () => {
  const stopped = component.stop();
  clock.advance(10_000);
  await stopped;
  await server.close();
});

async function connected(): Promise<Peer> {
  const started = component.start(abort.signal);
  const peer = await server.accept();
  await peer.shakeHands();
  await started;
  return peer;
}

const message = (from: string, to: string, id: string, body = 'x'): string =>
  `<message from='${from}' to='${to}' id='${id}'><body>${body}</body></message>`;

test('nothing is ready before the handshake; up and down are told and shown', async () => {
  expect(readiness.checks()).toEqual({ [`xmpp ${DOMAIN}`]: 'starting' });
  const peer = await connected();
  expect(turns).toEqual(['up']);
  expect(readiness.checks()).toEqual({ [`xmpp ${DOMAIN}`]: true });
  peer.socket.end("<stream:error><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>");
  await until('the stream is down', () => turns.length === 2);
  expect(readiness.checks()).toEqual({ [`xmpp ${DOMAIN}`]: 'reset' });
  clock.advance(60_000);
  await (await server.accept()).shakeHands();
  await until('the stream is up again', () => turns.length === 3);
  expect(readiness.ready()).toBe(true);
});

test('why there is no stream is shown before the first one too, and always as it was last', async () => {
  const shown = (reason: string) => until(reason, () => readiness.checks()[`xmpp ${DOMAIN}`] === reason);
  const started = component.start(abort.signal);
  (await server.accept()).socket.end(header() + streamError('system-shutdown'));
  await shown('system-shutdown');
  clock.advance(60_000);
  const peer = await server.accept();
  await peer.shakeHands();
  await started;
  peer.socket.end(streamError('reset'));
  await shown('reset');
  clock.advance(60_000);
  (await server.accept()).socket.end(header() + streamError('not-authorized'));
  await shown('not-authorized');
});

test('stanzas come with their addresses; what has none is counted and dropped', async () => {
  const peer = await connected();
  peer.send(message('romeo@example.org/desk', `#verona@${DOMAIN}`, 'first'));
  peer.send(message('@', DOMAIN, 'nobody') + message('romeo@example.org', '@@', 'nowhere'));
  peer.send(message('romeo@example.org/desk', DOMAIN, 'last'));
  await until('the last one is here', () => stanzas.some(({ id }) => id === 'last'));
  expect(stanzas.map(({ kind, from, to, id }) => [kind, from.full, to.full, id])).toEqual([
    ['message', 'romeo@example.org/desk', `#verona@${DOMAIN}`, 'first'],
    ['message', 'romeo@example.org/desk', DOMAIN, 'last'],
  ]);
  expect(await metrics.text()).toMatch(/isthmus_stanzas_total\{[^}]*direction="in"[^}]*\} 4\n/);
});

test('114-43 of a stanza that is too large the head is known, so that its sender can be told', async () => {
  const peer = await connected();
  peer.send(message('romeo@example.org/desk', `#verona@${DOMAIN}`, 'big', 'x'.repeat(600_000)));
  peer.send(message('@', DOMAIN, 'nobody', 'x'.repeat(600_000)) + message('a@example.org', DOMAIN, 'after'));
  await until('the next one is here', () => stanzas.length === 1);
  expect(oversized.map(({ kind, id, from }) => [kind, id, from.full])).toEqual([
    ['message', 'big', 'romeo@example.org/desk'],
  ]);
});
