/** A keeper of files between a source that does as the test says and the gateway's own HTTP port, all of them on real sockets. */
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { LastingFiles } from '../../../../src/accounts/lasting-files.ts';
import type { Clock } from '../../../../src/bridge/contract.ts';
import { accountId, chatId, messageId } from '../../../../src/core/ids.ts';
import { systemClock } from '../../../../src/ops/clock.ts';
import { openHttp } from '../../../../src/ops/http.ts';
import { createMetrics } from '../../../../src/ops/metrics.ts';
import { createReadiness } from '../../../../src/ops/readiness.ts';
import { createGuardedFetch } from '../../../../src/process/guarded-fetch.ts';
import { createMediaFiles } from '../../../../src/process/media/files.ts';
import { createMediaKeeper, type MediaKeeper, mediaMount } from '../../../../src/process/media/keeper.ts';
import { createMediaLinks, mediaPath } from '../../../../src/process/media/links.ts';
import type { MediaStore } from '../../../../src/storage/media-ports.ts';
import { openDatabase } from '../../../../src/storage/sql/database.ts';
import { createMediaStore } from '../../../../src/storage/sql/media-store.ts';
import { bareConfig } from '../../../harness/bare-config.ts';
import { createErrorLog } from '../../../harness/error-log.ts';
import { tempDir } from '../../../harness/temp.ts';

export const account = accountId('romeo@test/discord.test');
export const chat = chatId('balcony');
const hour = 3_600_000;
/** What takes a moment, on a machine that may be busy. */
export const soon = { timeout: 20_000 };

export interface KeepingOptions {
  /** The keeper's and the links'. */
  readonly clock?: Clock;
  /** What is to be had of all files. */
  readonly serve?: (request: IncomingMessage, response: ServerResponse) => void;
  readonly media?: { readonly days?: number; readonly perFile?: number; readonly megabytes?: number };
  /** Absent: where the source is. */
  readonly filesAt?: string;
  /** Asked in the place of the database, which it has. */
  readonly before?: (store: MediaStore) => MediaStore;
}

/** A PNG's first bytes, and more of no matter what. */
export const png = (length = 1_000): Buffer =>
  Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    Buffer.from(Array.from({ length: length - 8 }, (_, n) => n % 251)),
  ]);

/** Opens all of it. */
export async function keeping({ clock = systemClock, serve, media = {}, filesAt, before }: KeepingOptions = {}) {
  await using stack = new AsyncDisposableStack();
  const asked: string[] = [];
  const answer = { serve: serve ?? ((_: IncomingMessage, response: ServerResponse) => void response.end(png())) };
  const source = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer.serve(request, response);
  });
  source.listen(0, '127.0.0.1');
  await once(source, 'listening');
  stack.defer(() => {
    source.closeAllConnections();
    source.close();
  });
  const origin = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
  const dir = tempDir('media');
  stack.defer(() => dir.remove());
  const database = await openDatabase(':memory:');
  stack.defer(() => database.close());
  const inDatabase = createMediaStore(database);
  const store = before?.(inDatabase) ?? inDatabase;
  const root = join(dir.path, 'media');
  mkdirSync(root);
  const files = createMediaFiles(root);
  const lines: string[] = [];
  const log = createErrorLog([], lines);
  const counted: string[] = [];
  let keeper: MediaKeeper | undefined;
  const limits = { days: 30, perFile: 1, megabytes: 10, ...media };
  const begin = (): MediaKeeper =>
    createMediaKeeper({
      ...{ store, files, clock, log },
      fetch: createGuardedFetch({ clock }),
      filesAt: () => filesAt ?? origin,
      largest: limits.perFile * 1_000_000,
      all: limits.megabytes * 1_000_000,
      before: () => clock.now() - limits.days * 24 * hour,
      count: (what) => counted.push(what),
    });
  keeper = begin();
  stack.defer(() => keeper?.close());
  const http = await openHttp({
    ...{ host: '127.0.0.1', port: 0, log },
    readiness: createReadiness(),
    metrics: createMetrics(),
    mounts: { [mediaPath]: mediaMount(() => keeper) },
  });
  stack.defer(() => http.close());
  const config = bareConfig({ http: { host: '', port: 0, publicUrl: `http://127.0.0.1:${http.port}` } });
  const links = createMediaLinks({
    config: { ...config, storage: { ...config.storage, media: limits } },
    ...{ store, domain: 'discord.test', key: new Uint8Array(32).fill(1) },
    now: () => clock.now(),
  }) as LastingFiles;
  const all = stack.move();

  return {
    ...{ store, files, links, lines, counted, asked, root, answer, origin },
    /** The link to a file of that message, which a network has told. */
    async told(path = '/a/cat.png', message = 'm1', at = clock.now(), until = clock.now() + hour): Promise<string> {
      const of = { account, owner: 'romeo@test', chat, id: messageId(message), at };
      const file = { url: origin + path, name: path.replace(/\?.*/, '').split('/').at(-1) ?? '', until };
      return (await links.last([file], of))[0]?.url ?? '';
    },
    get keeper(): MediaKeeper {
      if (keeper === undefined) throw new Error('no keeper runs');
      return keeper;
    },
    /** The process ends, and another one is started. */
    async restart(): Promise<void> {
      await keeper?.close();
      keeper = begin();
    },
    /** The paths of all files below the folder. */
    onDisk: (): readonly string[] =>
      (readdirSync(root, { recursive: true }) as string[]).filter((path) => statSync(join(root, path)).isFile()),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

export type Keeping = Awaited<ReturnType<typeof keeping>>;
