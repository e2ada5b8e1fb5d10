/** Files that expire, passed on from where the network has them to an upload service: between sockets, and told as they were where that fails (CHECKLIST 363). */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { Slots } from '../../../../src/accounts/slots.ts';
import { accountId, chatId, messageId } from '../../../../src/core/ids.ts';
import { createGuardedFetch } from '../../../../src/process/guarded-fetch.ts';
import { createSlotMedia } from '../../../../src/process/media/slot-media.ts';
import { createErrorLog } from '../../../harness/error-log.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { png } from './keeping.ts';

const of = { account: accountId('a'), owner: 'romeo@test', chat: chatId('c'), id: messageId('m'), at: 0 };

async function setUp(serve: (response: ServerResponse) => void, store?: Slots['store']) {
  const clock = createManualClock();
  const source = createServer((_, response) => serve(response));
  source.listen(0, '127.0.0.1');
  await once(source, 'listening');
  const filesAt = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
  const put: string[] = [];
  const lines: string[] = [];
  const slots: Slots = {
    async store(owner, { name, type }, body, signal) {
      if (store !== undefined) return store(owner, { name, type }, body, signal);
      if (body instanceof Uint8Array) throw new Error('it comes in pieces');
      const bytes = await buffer(body.pieces);
      put.push(`${owner} ${name} ${type} ${body.size} ${bytes.equals(png(body.size))}`);
      return `https://up.test/${name}`;
    },
  };
  const media = createSlotMedia({
    slots,
    fetch: createGuardedFetch({ clock }),
    filesAt,
    clock,
    log: createErrorLog([], lines),
  });
  const file = { url: `${filesAt}/cat.png?ex=1`, name: 'cat.png', type: 'image/png', size: 5, until: clock.now() + 1 };
  return {
    ...{ media, clock, put, lines, file },
    [Symbol.dispose]() {
      source.closeAllConnections();
      source.close();
    },
  };
}

const announced = (response: ServerResponse, length = 100_000): ServerResponse =>
  response.writeHead(200, { 'content-length': length, 'content-type': 'text/html' });

test('363-02 it has the length that its source says, and the type that its bytes say; it is told where it lies then', async () => {
  using it = await setUp((response) => announced(response).end(png(100_000)));
  expect(it.media.takes(it.file, 0)).toBe(true);
  expect(it.media.takes({ ...it.file, until: it.clock.now() }, 0)).toBe(false);
  expect(it.media.takes({ ...it.file, size: 50_000_001 }, 0)).toBe(false);
  const told = { url: 'https://up.test/cat.png', name: 'cat.png', type: 'image/png', size: 5 };
  expect(await it.media.last([it.file], of)).toEqual([told]);
  expect(it.put).toEqual(['romeo@test cat.png image/png 100000 true']);
  expect(await it.media.forget(of.account, of.chat, of.id)).toBe(0);
});

test.each<[string, (response: ServerResponse) => void]>([
  ['is not there', (response) => void response.writeHead(404).end()],
  [
    'is longer than the network says, and does not say so',
    (response) => void response.write(png(9), () => response.end()),
  ],
  ['is shorter than that', (response) => void response.write('1234', () => response.end())],
  ['breaks off', (response) => void announced(response).write(png(50_000), () => response.destroy())],
  ['sends elsewhere', (response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
])('a source that %s: the file is told as the network has it', async (_, serve) => {
  using it = await setUp(serve);
  expect(await it.media.last([it.file], of)).toEqual([it.file]);
  expect(it.put).toEqual([]);
  expect(it.lines.join('\n')).not.toMatch(/cat\.png|127\.0\.0\.1/);
});

test('363-02 a source that does not say how long it is: it has the length that the network says', async () => {
  using it = await setUp((response) => void response.write(png(100), () => response.end()));
  expect(await it.media.last([{ ...it.file, size: 100 }], of)).toMatchObject([{ url: 'https://up.test/cat.png' }]);
  expect(it.put).toEqual(['romeo@test cat.png image/png 100 true']);
  const { size: _, ...unsized } = it.file;
  expect(await it.media.last([unsized], of)).toEqual([unsized]);
});

test('363-05 so it is where no service takes it, and the source is let go', async () => {
  const closed = Promise.withResolvers<void>();
  using it = await setUp(
    (response) => {
      response.on('close', () => closed.resolve());
      announced(response, 40_000_000).write(png(100));
    },
    async () => undefined,
  );
  expect(await it.media.last([it.file], of)).toEqual([it.file]);
  await closed.promise;
});

test('one that drips keeps nobody waiting for longer than a message may', async () => {
  const begun = Promise.withResolvers<void>();
  using it = await setUp(
    (response) => announced(response).write(png(100)),
    async (_, __, body, signal) => {
      begun.resolve();
      if (body instanceof Uint8Array) throw new Error('it comes in pieces');
      const late = new Promise<never>((___, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
      await Promise.race([late, buffer(body.pieces)]);
      return 'never';
    },
  );
  const asked = it.media.last([it.file], of);
  await begun.promise;
  await it.clock.advance(8_000);
  expect(await asked).toEqual([it.file]);
});
