/** The transport against sockets: what it reads and writes, what it survives, and what it says when it ends. */
import { Socket } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { cert, dial, heard, listen, servers } from './dialled.ts';
import { nextTurn } from './manual-clock.ts';

describe('reading', () => {
  test('lines arrive in order over the borders of reads, in both charsets', async () => {
    const server = await listen();
    const { seen, until } = dial(server.port);
    const peer = await server.peer();
    peer.write(Buffer.concat([Buffer.from('one\r\ntw'), Buffer.from('o é\r\ncaf'), Buffer.from([0xe9, 0x0a])]));
    peer.write(Array.from({ length: 3000 }, (_, index) => `:a!b@c PRIVMSG #x :message ${index}\r\n`).join(''));
    await until(() => seen.lines.length === 3003);
    expect(seen.lines.slice(0, 3)).toEqual(['one', 'two é', 'café']);
    expect(seen.lines.slice(3)).toEqual(
      Array.from({ length: 3000 }, (_, index) => `:a!b@c PRIVMSG #x :message ${index}`),
    );
  });
  test('a tapped line is not given on', async () => {
    const server = await listen();
    const tapped: string[] = [];
    const { seen, until } = dial(server.port, { tap: (line) => line.startsWith('HOT') && tapped.push(line) > 0 });
    (await server.peer()).write('a\r\nHOT 1\r\nb\r\nHOT 2\r\nc\r\n');
    await until(() => seen.lines.length === 3);
    expect(seen.lines).toEqual(['a', 'b', 'c']);
    expect(tapped).toEqual(['HOT 1', 'HOT 2']);
  });
  test('whoever made it can be forgotten: lines and the end are told to the tap and to `onClosed` alone', async () => {
    const server = await listen();
    const tapped: string[] = [];
    const tap = (line: string) => {
      tapped.push(line);
      return false;
    };
    const { transport, seen, until, closed } = dial(server.port, { tap });
    const peer = await server.peer();
    peer.write('a\r\n');
    await until(() => seen.lines.includes('a'));
    transport.forget();
    peer.end('b\r\n');
    expect((await closed).how).toBe('closed');
    expect(tapped).toEqual(['a', 'b']);
    expect(seen).toMatchObject({ lines: ['a'], closeEvents: [] });
  });
  test('a throw by the tap or by the listener is told and costs that line only', async () => {
    const server = await listen();
    const bad = (line: string) => {
      if (line.startsWith('BAD')) throw new Error(`on ${line}`);
    };
    const tap = (line: string) => {
      if (line === 'WORSE') throw new Error('in tap');
      return false;
    };
    const { seen, until } = dial(server.port, { tap }, bad);
    (await server.peer()).write('a\r\nBAD 1\r\nWORSE\r\nb\r\nBAD 2\r\nc\r\n');
    await until(() => seen.lines.includes('c'));
    expect(seen.lines).toEqual(['a', 'BAD 1', 'b', 'BAD 2', 'c']);
    expect(seen.faults.map(([error, line]) => [String(error), line])).toEqual([
      ['Error: on BAD 1', 'BAD 1'],
      ['Error: in tap', 'WORSE'],
      ['Error: on BAD 2', 'BAD 2'],
    ]);
  });
  test('many connections may share one buffer', async () => {
    const readBuffer = Buffer.alloc(1024);
    const server = await listen();
    const ends = [dial(server.port, { readBuffer }), dial(server.port, { readBuffer })];
    const peers = [await server.peer(), await server.peer()];
    for (let round = 0; round < 200; round++) {
      for (const [index, peer] of peers.entries()) peer.write(`${index} ${'x'.repeat(round * 7)}\r\n`);
    }
    await Promise.all(ends.map(({ seen, until }) => until(() => seen.lines.length === 200)));
    for (const { seen } of ends) {
      const own = seen.lines[0]?.charAt(0);
      expect(seen.lines).toEqual(Array.from({ length: 200 }, (_, round) => `${own} ${'x'.repeat(round * 7)}`));
    }
  });
  test.each([
    ['plain', undefined],
    ['TLS', { rejectUnauthorized: false }],
  ])('paused it stops within a read, and resumed it loses nothing (%s)', async (_, tls) => {
    const server = await listen(tls !== undefined);
    const { seen, until, transport, opened } = dial(server.port, { tls });
    const peer = await server.peer();
    await opened;
    transport.pause();
    const line = `${'x'.repeat(998)}\r\n`;
    for (let index = 0; index < 20_000; index++) peer.write(line);
    peer.write('the last\r\n');
    // Turns enough to read all 20 MB, were it not paused.
    for (let turn = 0; turn < 5000; turn++) await nextTurn();
    expect(seen.lines.length).toBeLessThan(100);
    transport.resume();
    await until(() => seen.lines.length === 20_001);
    expect(seen.lines.at(-1)).toBe('the last');
  });
});

describe('writing', () => {
  test('all lines pass the sender; PONG and QUIT go first', async () => {
    const server = await listen();
    const { transport, opened } = dial(server.port);
    const peer = await server.peer();
    await opened;
    transport.sender.send('PRIVMSG #a :hello', 2);
    transport.writeLine('JOIN #a');
    transport.writeLine('PONG x');
    expect(await heard(peer, 'hello\r\n')).toBe('PONG x\r\nJOIN #a\r\nPRIVMSG #a :hello\r\n');
  });
  test('what is sent before the connection is open waits for it', async () => {
    const server = await listen();
    const { transport } = dial(server.port);
    transport.writeLine('NICK early');
    await nextTurn();
    expect(await heard(await server.peer(), '\r\n')).toBe('NICK early\r\n');
  });
  test('what is sent when it is over is refused with the reason', async () => {
    const server = await listen();
    const { transport, opened, closed } = dial(server.port);
    await opened;
    transport.close(true);
    expect(() => transport.writeLine('NICK late')).toThrow(expect.objectContaining({ code: 'network-away' }));
    await closed;
    expect(() => transport.sender.send('NICK late', 1)).toThrow(expect.objectContaining({ code: 'network-away' }));
  });
  test.each(['NICK a\r\nQUIT', 'a\nb', 'a\0b'])('a line break or NUL is refused: %j', async (line) => {
    const server = await listen();
    const { transport, opened } = dial(server.port);
    await opened;
    expect(() => transport.writeLine(line)).toThrow(expect.objectContaining({ code: 'bad-request' }));
    expect(transport.sender.pending()).toBe(0);
  });
  test('what waits for a socket that is full goes out when it drains', async () => {
    const server = await listen();
    const { transport, opened } = dial(server.port, { maxQueued: 50_000 });
    const peer = await server.peer();
    await opened;
    for (let index = 0; index < 20_000; index++) transport.sender.send(`${index} ${'x'.repeat(480)}`, 2);
    transport.sender.send('END', 2);
    const text = await heard(peer, 'END\r\n');
    expect(
      text
        .split('\r\n')
        .slice(0, -2)
        .map((line) => Number(line.split(' ')[0])),
    ).toEqual(Array.from({ length: 20_000 }, (_, index) => index));
  });
  test('a burst and what is sent behind it in the same turn leave as one write', async () => {
    const server = await listen();
    const { transport, opened } = dial(server.port);
    const peer = await server.peer();
    await opened;
    const write = vi.spyOn(Socket.prototype, 'write');
    const text = heard(peer, 'PING');
    transport.sender.send('PRIVMSG #a :b', 2, () => transport.sender.send('PING x', 1));
    expect(await text).toBe('PRIVMSG #a :b\r\nPING x\r\n');
    expect(write.mock.calls.map(([line]) => line)).toEqual(['PRIVMSG #a :b\r\nPING x\r\n']);
    write.mockRestore();
  });
});

describe('the end', () => {
  test('by the server', async () => {
    const server = await listen();
    const { closed, seen, transport, opened } = dial(server.port);
    const peer = await server.peer();
    await opened;
    peer.end('ERROR :bye\r\n');
    expect(await closed).toMatchObject({ how: 'closed', error: { code: 'network-away' } });
    expect(seen.lines).toEqual(['ERROR :bye']);
    expect(seen.closeEvents).toEqual([false]);
    expect(transport.isConnected()).toBe(false);
  });
  test('by us: what was written arrives, and no timer is left', async () => {
    const server = await listen();
    const { closed, transport, opened, clock } = dial(server.port);
    const peer = await server.peer();
    await opened;
    const text = heard(peer, 'QUIT');
    transport.writeLine('QUIT :bye', () => transport.close());
    expect(await text).toBe('QUIT :bye\r\n');
    expect((await closed).how).toBe('closed');
    expect(clock.waiting).toBe(0);
  });
  test('by us, where the server does not close', async () => {
    const server = await listen();
    const { closed, transport, opened, clock } = dial(server.port);
    const peer = await server.peer();
    peer.pause();
    await opened;
    transport.close();
    clock.advance(3000);
    expect((await closed).how).toBe('closed');
    expect(clock.waiting).toBe(0);
  });
  test('a line over every limit ends it, with nothing kept', async () => {
    const server = await listen();
    const { closed, seen } = dial(server.port);
    const peer = await server.peer();
    peer.write('x'.repeat(40_000));
    peer.write('\r\nnext\r\n');
    const { how, error } = await closed;
    expect([how, error.message]).toEqual([
      'overflow',
      `127.0.0.1:${server.port} sent a line that is longer than IRC allows.`,
    ]);
    expect(seen.lines).toEqual([]);
    expect(seen.closeEvents).toEqual([error]);
  });
  test('what was not sent is told why', async () => {
    const server = await listen();
    const { closed, transport, opened } = dial(server.port, { rate: { burst: 1, perSecond: 1 } });
    const peer = await server.peer();
    await opened;
    const told: (string | undefined)[] = [];
    const written = new Promise<void>((resolve) => {
      transport.sender.send('a', 2, () => resolve());
    });
    transport.sender.send('b', 2, (dropped) => told.push(dropped?.code));
    await written;
    peer.destroy();
    await closed;
    expect(told).toEqual(['network-away']);
  });
  test('irc-framework disposes of it without a close event', async () => {
    const server = await listen();
    const { seen, transport, opened, clock } = dial(server.port);
    const peer = await server.peer();
    await opened;
    const gone = new Promise((resolve) => peer.once('close', resolve));
    peer.resume();
    transport.disposeSocket();
    await gone;
    expect(seen.closeEvents).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});

describe('no connection', () => {
  test('refused', async () => {
    const server = await listen();
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const { closed } = dial(server.port);
    const { how, error } = await closed;
    expect([how, error.code, error.message]).toEqual([
      'refused',
      'network-away',
      `127.0.0.1:${server.port} refused the connection: nothing listens there.`,
    ]);
  });
  test('an unknown name', async () => {
    const { closed } = dial(6667, {
      host: 'irc.example.invalid',
      lookup: (_host, _options, call) => call(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }), ''),
    });
    expect(await closed).toMatchObject({ how: 'unknown-host', error: { code: 'no-such-server' } });
  });
  test('no answer in time', async () => {
    // A TLS client waits for a server that says nothing.
    const server = await listen();
    const { closed, clock } = dial(server.port, { tls: { rejectUnauthorized: false } });
    await server.peer();
    clock.advance(10_000);
    expect(await closed).toMatchObject({ how: 'timeout', error: { code: 'network-away' } });
    expect(clock.waiting).toBe(0);
  });
});

describe('TLS', () => {
  test('with a certificate that is trusted for the name', async () => {
    const server = await listen(true);
    const { transport, seen, until, opened } = dial(server.port, {
      tls: { servername: 'localhost', ca: cert },
    });
    const peer = await server.peer();
    await opened;
    peer.write(`${'line\r\n'.repeat(10_000)}`);
    await until(() => seen.lines.length === 10_000);
    transport.writeLine('NICK a');
    expect(await heard(peer, '\r\n')).toBe('NICK a\r\n');
  });
  test.each([
    ['a certificate of nobody that we know', { servername: 'localhost' }, 'is not trusted'],
    ['a certificate for another name', { servername: 'irc.example.org', ca: cert }, 'is for another name'],
  ])('%s is refused', async (_, tls, what) => {
    const server = await listen(true);
    const { closed, transport } = dial(server.port, { tls });
    let written = false;
    transport.sender.send('PASS secret', 1, (dropped) => {
      written = dropped === undefined;
    });
    const { how, error } = await closed;
    expect(written).toBe(false);
    expect([how, error.code]).toEqual(['certificate', 'network-refused']);
    expect(error.message).toContain(what);
  });
  test('any certificate where it is told so', async () => {
    const server = await listen(true);
    const { opened, transport } = dial(server.port, { tls: { rejectUnauthorized: false } });
    await opened;
    expect(transport.isConnected()).toBe(true);
  });
  test('on a port that speaks plain IRC', async () => {
    const server = await listen();
    const { closed } = dial(server.port, { tls: {} });
    (await server.peer()).write(':irc.example.org NOTICE * :Looking up your hostname\r\n');
    expect(await closed).toMatchObject({ how: 'tls', error: { code: 'network-refused' } });
  });
});
