/** The private Redis: started, refused to a second gateway, started again after a kill, taken over from a killed gateway, ended without a trace. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../../src/ops/clock.ts';
import { StorageProblem } from '../../../../src/storage/problem.ts';
import { connectRedis } from '../../../../src/storage/redis/connect.ts';
import { type PrivateServer, privateSocket, startPrivateServer } from '../../../../src/storage/redis/private-server.ts';
import { talk } from '../../../../src/storage/redis/private-talk.ts';
import { run, until } from '../../../harness/process.ts';
import { silentLog } from '../../../harness/silent-log.ts';
import { fillDisk, hasSmallDisks, mountSmallDisk, unmountSmallDisk } from '../../../harness/small-disk.ts';
import { type TempDir, tempDir } from '../../../harness/temp.ts';

let dir: TempDir;
const servers: PrivateServer[] = [];

const begin = async (path = dir.path, binary?: string): Promise<PrivateServer> => {
  const server = await startPrivateServer({
    dir: path,
    clock: systemClock,
    log: silentLog,
    ...(binary !== undefined && { binary }),
  });
  servers.push(server);
  return server;
};
const alive = (pid: number): boolean => existsSync(`/proc/${pid}`);

beforeEach(() => {
  dir = tempDir('private');
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  dir.remove();
});

describe('private redis', () => {
  test('answers on its socket, keeps what it was told over a polite end, and leaves no process', async () => {
    const first = await begin();
    expect(await talk(first.url, 'SET greeting hello', 1_000, systemClock)).toBe('+OK');
    await first.close();
    expect(alive(first.pid)).toBe(false);
    const second = await begin();
    expect(await talk(second.url, 'STRLEN greeting', 1_000, systemClock)).toBe(':5');
  });

  test('comes back by itself after kill -9, with what it had acknowledged', async () => {
    const server = await begin();
    const { pid } = server;
    expect(await talk(server.url, 'SET greeting hello', 1_000, systemClock)).toBe('+OK');
    process.kill(pid, 'SIGKILL');
    await until('it is back', async () => (await talk(server.url, 'STRLEN greeting', 1_000, systemClock)) === ':5');
    expect([alive(pid), alive(server.pid)]).toEqual([false, true]);
  });

  test('114-20 a second gateway on the same directory is refused with a sentence', async () => {
    await begin();
    await expect(begin()).rejects.toThrow(/Another gateway uses .*storage\.data of its own/);
  });

  test('a directory that was given back can be used again, stale files or not', async () => {
    const first = await begin();
    await first.close();
    writeFileSync(join(dir.path, 'redis.sock'), 'stale');
    writeFileSync(join(dir.path, 'redis.pid'), '999999999');
    expect((await begin()).pid).toBeGreaterThan(1);
  });

  test('a server that a killed gateway left behind ends before ours starts; its data stays', async () => {
    const socket = join(dir.path, 'redis.sock');
    const args = ['--port', '0', '--unixsocket', socket, '--dir', dir.path, '--pidfile', join(dir.path, 'redis.pid')];
    args.push('--appendonly', 'yes', '--save', '', '--daemonize', 'no', '--proc-title-template', `{title} ${socket}`);
    const orphan = run('redis-server', args, { name: 'orphan' });
    await until('the orphan answers', async () => (await talk(socket, 'SET left behind', 500, systemClock)) === '+OK');
    const server = await begin();
    await orphan.exited;
    expect(server.pid).not.toBe(orphan.pid);
    expect(await talk(server.url, 'STRLEN left', 1_000, systemClock)).toBe(':6');
  });

  test('a missing program is a sentence that names the package', async () => {
    const missing = begin(dir.path, 'redis-server-that-is-not-there');
    await expect(missing).rejects.toThrow(/apt-get install redis-server/);
    await expect(missing).rejects.toBeInstanceOf(StorageProblem);
    expect((await begin()).pid).toBeGreaterThan(1);
  });

  test('a damaged file is told with what Redis says of it alone, and where it is', async () => {
    const server = await begin();
    await talk(server.url, 'SET greeting hello', 1_000, systemClock);
    await server.close();
    appendFileSync(join(dir.path, 'appendonlydir', 'appendonly.aof.1.incr.aof'), 'garbage');
    await expect(begin()).rejects.toThrow(
      new RegExp(
        `^The private Redis in ${dir.path} did not start \\(exit code 1\\): Bad file format [^\n]*redis-check-aof`,
      ),
    );
  });

  test.skipIf(!hasSmallDisks())('a full disk is told as such, at the start and while it runs', async () => {
    const disk = join(dir.path, 'disk');
    mkdirSync(disk);
    expect(mountSmallDisk(disk, 2)).toBe(true);
    const told: object[] = [];
    const log = { ...silentLog, warn: (about: object) => void told.push(about) };
    try {
      const server = await startPrivateServer({ dir: disk, clock: systemClock, log });
      fillDisk(disk);
      await talk(server.url, `SET greeting ${'x'.repeat(50_000)}`, 1_000, systemClock);
      await until('it is told', () => told.length > 0);
      expect(told[0]).toEqual({ why: 'exit code 1', said: expect.stringMatching(/^(Short write|Error) [^\n]*AOF/) });
      await server.close();
      const another = join(disk, 'another');
      await expect(begin(another)).rejects.toThrow(
        `The private Redis in ${another} did not start (no space left on device): make room on its disk, and start again`,
      );
    } finally {
      unmountSmallDisk(disk);
    }
  });

  test('a path too long for a socket is no obstacle', async () => {
    const deep = join(dir.path, 'd'.repeat(60), 'e'.repeat(60));
    mkdirSync(deep, { recursive: true });
    const server = await begin(deep);
    expect(await talk(server.url, 'PING', 1_000, systemClock)).toBe('+PONG');
  });

  test('where its socket has to lie elsewhere, what others may write to, and a link, are refused with a sentence', async () => {
    const deep = join(dir.path, 'f'.repeat(60), 'g'.repeat(60));
    mkdirSync(deep, { recursive: true });
    const elsewhere = dirname(await privateSocket(deep));
    const refusal = /isthmus-[0-9a-f]{16} is not the gateway's user's alone, .*: remove it, or give/;
    chmodSync(elsewhere, 0o777);
    await expect(begin(deep)).rejects.toThrow(refusal);
    rmdirSync(elsewhere);
    symlinkSync(dir.path, elsewhere);
    await expect(begin(deep)).rejects.toThrow(refusal);
    rmSync(elsewhere);
  });

  test('data of another layout is refused with a sentence', async () => {
    const server = await begin();
    await talk(server.url, 'SET isthmus:layout 99', 1_000, systemClock);
    const connecting = connectRedis({ url: server.url, name: 'test', clock: systemClock, log: silentLog });
    await expect(connecting).rejects.toThrow(/has layout 99, this version of Isthmus reads layout/);
  });
});
