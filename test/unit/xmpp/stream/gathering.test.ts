/** Reads of a busy stream are gathered: when, for how long, and that nothing of what was said is lost or turned round by it. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Gathering } from '../../../../src/xmpp/stream/gathering.ts';
import { LinkSocket } from '../../../../src/xmpp/stream/socket.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { quickClock } from './quick-clock.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('when', () => {
  const made = () => {
    const clock = createManualClock();
    const asked: string[] = [];
    /** Bytes that come while nothing is read. */
    const kept: number[] = [];
    const told: string[] = [];
    const reader = {
      pause: () => asked.push('pause'),
      resume: () => {
        asked.push('resume');
        const bytes = kept.shift() ?? 0;
        gathering.heard(bytes === 0 ? '' : `${bytes}`, bytes);
      },
    };
    const gathering: Gathering = new Gathering(clock, reader, (text) => told.push(text));
    /** So many windows end, each with what was kept. */
    const windows = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        await clock.advance(20);
        await turn();
        await turn();
      }
    };
    /** Some windows of so many reads of so many bytes. */
    const reads = async (windows: number, bytes: number): Promise<void> => {
      for (let i = 0; i < 4 * windows; i++) {
        await clock.advance(5);
        gathering.heard('read', bytes);
        await turn();
      }
    };
    return { clock, asked, told, kept, gathering, reads, windows };
  };

  test('what comes now and then is read at once, a large stanza among it too', async () => {
    const { clock, asked, gathering, reads } = made();
    await reads(10, 1_000);
    expect(asked).toEqual([]);
    await clock.advance(60_000);
    gathering.heard('large', 50_000);
    await turn();
    expect(asked).toEqual([]);
  });

  test('after a busy window nothing is read until the end of the next, and so on until one was not busy', async () => {
    const { clock, asked, kept, reads } = made();
    kept.push(10_000, 300);
    await reads(1, 2_500);
    expect(asked).toEqual(['pause']);
    await clock.advance(19);
    expect(asked).toEqual(['pause']);
    await clock.advance(1);
    await turn();
    await turn();
    expect(asked).toEqual(['pause', 'resume', 'pause']);
    await clock.advance(20);
    await turn();
    await turn();
    await reads(10, 300);
    expect(asked).toEqual(['pause', 'resume', 'pause', 'resume']);
  });

  test('what a busier stream brings is told every eighty milliseconds, all of it, in its order', async () => {
    const { told, kept, reads, windows } = made();
    await reads(1, 4_000);
    told.splice(0);
    kept.push(16_001, 16_002, 16_003, 16_004, 16_005, 300);
    await windows(3);
    expect(told).toEqual([]);
    await windows(1);
    expect(told).toEqual(['16001', '16002', '16003', '16004']);
    await windows(1);
    expect(told).toHaveLength(4);
    await windows(1);
    expect(told.slice(4)).toEqual(['16005', '300']);
  });

  test('it is told sooner where it is much, where nothing follows, and where the socket is no more', async () => {
    const { told, kept, gathering, reads, windows } = made();
    await reads(1, 4_000);
    told.splice(0);
    kept.push(40_000, 40_001, 15_000);
    await windows(2);
    expect(told.splice(0)).toEqual(['40000', '40001']);
    await windows(2);
    expect(told.splice(0)).toEqual(['15000']);
    await reads(1, 4_000);
    told.splice(0);
    kept.push(15_001);
    await windows(1);
    expect(told).toEqual([]);
    gathering.close();
    expect(told).toEqual(['15001']);
  });

  test('a flood is read as it comes', async () => {
    const { asked, reads } = made();
    await reads(10, 16_384);
    expect(asked).toEqual([]);
  });

  test('a socket that is no more is left alone', async () => {
    const { clock, asked, gathering, reads } = made();
    await reads(1, 2_500);
    gathering.close();
    await clock.advance(1_000);
    await reads(10, 2_500);
    expect(asked).toEqual(['pause']);
  });
});

describe('over TCP', () => {
  let peer: Socket;
  let socket: LinkSocket;
  let stop = (): void => undefined;

  beforeEach(async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    socket = new LinkSocket(quickClock);
    const connected = once(server, 'connection');
    socket.connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
    [peer] = (await connected) as [Socket];
    stop = () => server.close();
  });
  afterEach(() => {
    peer.destroy();
    socket.destroy(new Error('over'));
    stop();
  });

  test('a busy stream arrives whole and in order, and so does its end', async () => {
    let heard = '';
    socket.on('data', (text: string) => {
      heard += text;
    });
    let said = '';
    let writes = 0;
    for (let n = 0; n < 20_000; ) {
      let text = '';
      for (const end = n + 50; n < end; n++) text += `<message id='${n}'/>`;
      said += text;
      peer.write(text);
      if (++writes % 2 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const closed = once(socket, 'close');
    peer.end();
    await closed;
    expect(heard === said).toBe(true);
  });

  test('what was read before the connection broke is told before that', async () => {
    const heard: string[] = [];
    socket.on('data', (text: string) => heard.push(text));
    socket.on('error', () => heard.push('error'));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    for (let n = 0; n < 30; n++) {
      peer.write('x'.repeat(4_000));
      await new Promise((resolve) => setTimeout(resolve, 4));
    }
    peer.resetAndDestroy();
    await closed;
    expect(heard.length).toBeGreaterThan(1);
    expect(heard.indexOf('error')).toBe(heard.length - 1);
  });
});
