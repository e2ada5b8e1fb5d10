/** Every way in which a stream ends: what is logged, and when it is tried again. */
import { describe, expect, test } from 'vitest';
import { StreamRefused } from '../../../../src/xmpp/stream/types.ts';
import { FakeServer, header, SECRET, streamError } from './fake-server.ts';
import { useStream } from './scripted-stream.ts';

const stream = useStream();

describe('stream errors', () => {
  const refused = async (condition: string): Promise<unknown> => {
    const started = stream.one.component.start(stream.abort.signal).catch((error: unknown) => error);
    const peer = await stream.server.accept();
    await peer.expect(/<stream:stream [^>]*>/);
    peer.socket.end(header() + streamError(condition, 'because &amp; so'));
    return started;
  };

  test.each(['host-unknown', 'not-authorized', 'conflict', 'invalid-namespace', 'improper-addressing'])(
    '114-10 114-11 114-12 114-13 %s before we ever were up: told, and tried again after a minute or more',
    async (condition) => {
      const error = await refused(condition);
      expect(error).toBeInstanceOf(StreamRefused);
      expect(error).toMatchObject({ condition, text: 'because & so' });
      expect(String(error)).not.toContain(SECRET);
      expect(await stream.one.clock.slept(1)).toBeGreaterThanOrEqual(60_000);
      expect(stream.one.logged.filter(({ level }) => level === 'error')).toHaveLength(1);
      await (await stream.next(1)).shakeHands();
      await stream.one.until(() => stream.one.ups === 1);
    },
  );

  test('114-12 replaced by another while up: no fight', async () => {
    let peer = await stream.connected();
    for (let nth = 1; nth <= 3; nth++) {
      peer.socket.end(streamError('conflict'));
      await peer.closed();
      expect(await stream.one.clock.slept(nth)).toBeGreaterThanOrEqual(60_000);
      peer = await stream.next(nth);
      await peer.shakeHands();
      await stream.one.until(() => stream.one.ups === nth + 1);
    }
    expect(stream.one.downs).toEqual(['conflict', 'conflict', 'conflict']);
  });

  test('114-12 refused because of our own stream of before, which the server takes for alive: tried again soon', async () => {
    const peer = await stream.connected();
    peer.socket.destroy();
    for (let nth = 1; nth <= 2; nth++) {
      const again = await stream.next(nth);
      await again.expect(/<stream:stream [^>]*>/);
      again.socket.end(header() + streamError('conflict'));
      expect(await stream.one.clock.slept(nth + 1)).toBeLessThan(10_000);
    }
    await (await stream.next(3)).shakeHands();
    await stream.one.until(() => stream.one.ups === 2);
    expect(stream.one.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('114-12 refused because of the stream of a process before us: waited for, and no reason to end', async () => {
    stream.with({ isHeir: () => true });
    const started = stream.one.component.start(stream.abort.signal);
    const peer = await stream.server.accept();
    await peer.expect(/<stream:stream [^>]*>/);
    peer.socket.end(header() + streamError('conflict'));
    expect(await stream.one.clock.slept(1)).toBeLessThan(10_000);
    await (await stream.next(1)).shakeHands();
    await started;
  });

  test.each(['invalid-from', 'not-well-formed', 'invalid-xml', 'policy-violation'])(
    '114-14 114-15 %s is logged as a bug of ours, and the stream comes back',
    async (condition) => {
      const peer = await stream.connected();
      peer.socket.end(streamError(condition));
      await (await stream.next(1)).shakeHands();
      await stream.one.until(() => stream.one.ups === 2);
      expect(stream.one.logged.find(({ level }) => level === 'error')?.fields).toMatchObject({ reason: condition });
    },
  );

  test.each([
    'system-shutdown',
    'reset',
    'connection-timeout',
    'resource-constraint',
    'internal-server-error',
    'undefined-condition',
  ])('114-16 %s passes by itself: backoff from a second to a minute', async (condition) => {
    let peer = await stream.connected();
    for (let nth = 1; nth <= 9; nth++) {
      peer.socket.end(streamError(condition));
      const full = Math.min(60_000, 1000 * 2 ** (nth - 1));
      const ms = await stream.one.clock.slept(nth);
      expect(ms).toBeGreaterThanOrEqual(full / 2);
      expect(ms).toBeLessThanOrEqual(full);
      peer = await stream.next(nth);
      await peer.shakeHands();
      await stream.one.until(() => stream.one.ups === nth + 1);
    }
    stream.one.clock.advance(31_000);
    peer.socket.destroy();
    expect(await stream.one.clock.slept(10)).toBeLessThanOrEqual(1000);
  });

  test('114-16 the connection breaks, or the stream just ends', async () => {
    const first = await stream.connected();
    first.socket.resetAndDestroy();
    const second = await stream.next(1);
    await second.shakeHands();
    await stream.one.until(() => stream.one.ups === 2);
    second.send('</stream:stream>');
    await second.closed();
    await (await stream.next(2)).shakeHands();
    await stream.one.until(() => stream.one.ups === 3);
    expect(stream.one.downs).toHaveLength(2);
  });

  test('114-17 see-other-host is followed, five times in a row at most', async () => {
    const other = await FakeServer.listen();
    const started = stream.one.component.start(stream.abort.signal);
    const peer = await stream.server.accept();
    await peer.expect(/<stream:stream [^>]*>/);
    peer.send(header() + streamError('see-other-host', '', `127.0.0.1:${other.port}`));
    for (let hop = 1; hop <= 5; hop++) {
      const there = await other.accept();
      await there.expect(/<stream:stream [^>]*>/);
      there.send(header() + streamError('see-other-host', '', `127.0.0.1:${other.port}`));
    }
    await (await stream.next(1)).shakeHands();
    await started;
    expect([stream.server.count, other.count]).toEqual([2, 5]);
    await other.close();
  });

  test('114-17 a host that takes nobody for however many tries is still gone to when it does', async () => {
    const other = await FakeServer.listen();
    const there = async (peer: Awaited<ReturnType<FakeServer['accept']>>) => {
      await peer.expect(/<stream:stream [^>]*>/);
      peer.socket.end(header() + streamError('see-other-host', '', `127.0.0.1:${other.port}`));
      return other.accept();
    };
    const started = stream.one.component.start(stream.abort.signal);
    (await there(await stream.server.accept())).socket.destroy();
    for (let nth = 1; nth <= 6; nth++) (await there(await stream.next(nth))).socket.destroy();
    await (await there(await stream.next(7))).shakeHands();
    await started;
    await other.close();
  });
});

describe('after it was up', () => {
  test('114-16 a server that has gone is tried less and less often, though a stream of ours was there', async () => {
    const peer = await stream.connected();
    peer.socket.destroy();
    for (let nth = 1; nth <= 7; nth++) {
      const again = await stream.next(nth);
      await again.expect(/<stream:stream [^>]*>/);
      again.socket.destroy();
    }
    expect(await stream.one.clock.slept(8)).toBeGreaterThanOrEqual(30_000);
  });

  test('114-17 streams that lasted are no hops in a row', async () => {
    const other = await FakeServer.listen();
    const elsewhere = streamError('see-other-host', '', `127.0.0.1:${other.port}`);
    let peer = await stream.connected();
    for (let hop = 1; hop <= 7; hop++) {
      stream.one.clock.advance(31_000);
      peer.socket.end(elsewhere);
      peer = await other.accept();
      await peer.shakeHands();
      await stream.one.until(() => stream.one.ups === hop + 1);
    }
    await other.close();
  });
});

describe('stopped', () => {
  const loud = (): readonly string[] =>
    stream.one.logged.filter(({ level }) => level === 'warn' || level === 'error').map(({ message }) => message);

  test('before it begins, it does not begin', async () => {
    stream.abort.abort(new Error('over'));
    await expect(stream.one.component.start(stream.abort.signal)).rejects.toThrow('over');
    expect(stream.server.count).toBe(0);
  });

  test('while it is up, it says nothing of a stream that is down', async () => {
    const peer = await stream.connected();
    const stopped = stream.one.component.stop();
    await peer.expect(/<\/stream:stream>$/);
    peer.socket.end('</stream:stream>');
    await stopped;
    expect(loud()).toEqual([]);
  });

  test('while it waits for its next try, it waits no longer, and whoever waits for room is let go', async () => {
    const peer = await stream.connected();
    peer.socket.destroy();
    await stream.one.clock.slept(1);
    const drained = stream.one.component.drained();
    await stream.one.component.stop();
    await drained;
    expect(loud()).toEqual(['component stream is down']);
    expect(stream.server.count).toBe(1);
  });
});
