/** The demo's ports. */
import { once } from 'node:events';
import { createServer, Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { claimPorts, freePort, listening, loopback } from '../../../src/demo/ports.ts';
import { systemClock } from '../../../src/ops/clock.ts';
import { Remedy } from '../../../src/ops/fatal.ts';

let server: Server;
let taken = 0;
beforeEach(async () => {
  server = createServer((socket) => socket.destroy()).listen(0, loopback);
  await once(server, 'listening');
  const address = server.address();
  taken = typeof address === 'object' && address !== null ? address.port : 0;
});
afterEach(() => server.close());

describe('claiming', () => {
  test('0 becomes a free port', async () => {
    const [one = 0, two = 0] = await claimPorts([
      { flag: 'a', port: 0, what: 'a' },
      { flag: 'b', port: 0, what: 'b' },
    ]);
    expect(one).toBeGreaterThan(0);
    expect(two).toBeGreaterThan(0);
  });

  test('every port that can not be had is named at once', async () => {
    const claim = claimPorts([
      { flag: 'xmpp-port', port: taken, what: 'Jabber clients' },
      { flag: 'irc-port', port: 0, what: 'the IRC server' },
      { flag: 'http-port', port: taken, what: 'the web page' },
    ]);
    await expect(claim).rejects.toBeInstanceOf(Remedy);
    await expect(claim).rejects.toMatchObject({
      message: expect.stringMatching(
        new RegExp(`Port ${taken} \\(Jabber clients\\) is taken.*port ${taken} \\(the web page\\) is taken`),
      ),
      remedy: expect.stringMatching(/--xmpp-port \d+ --http-port \d+/),
    });
  });
});

test('a port that only root may have is not called taken', async () => {
  const listen = vi.spyOn(Server.prototype, 'listen').mockImplementation(function (this: Server) {
    queueMicrotask(() => this.emit('error', Object.assign(new Error('listen'), { code: 'EACCES' })));
    return this;
  });
  const claim = claimPorts([{ flag: 'http-port', port: 80, what: 'the web page' }]);
  await expect(claim).rejects.toMatchObject({
    message: "Port 80 (the web page) needs rights that you don't have here",
    remedy: 'Move ours: npm start -- --http-port 1080',
  });
  listen.mockRestore();
});

test('a preferred port is had where it is free and nobody else of us wants it', async () => {
  const free = await freePort(0, []);
  expect(await freePort(free, [])).toBe(free);
  expect(await freePort(free, [free])).not.toBe(free);
  expect(await freePort(taken, [])).not.toBe(taken);
});

describe('waiting for a server', () => {
  test('ends when it listens', async () => {
    await expect(listening([taken], 'It', systemClock, new AbortController().signal)).resolves.toBeUndefined();
  });

  test('ends when nobody wants it any more', async () => {
    const free = await freePort(0, []);
    const abort = new AbortController();
    const waiting = listening([free], 'It', systemClock, abort.signal);
    abort.abort(new Error('no more'));
    await expect(waiting).rejects.toThrow('no more');
  });

  test('ends with a sentence when it takes too long', async () => {
    const free = await freePort(0, []);
    let now = 0;
    const clock = {
      ...systemClock,
      now: () => now,
      sleep: async () => {
        now += 5_000;
      },
    };
    await expect(listening([free], 'Prosody', clock, new AbortController().signal)).rejects.toThrow(
      `Prosody does not listen on port ${free} after 20 s`,
    );
  });
});
