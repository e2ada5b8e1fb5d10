/** PostgreSQL's own programs, as `backup` and `restore` call them: to the server that is written to, and with what they complain of. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dumpPostgres, restorePostgres } from '../../src/cli/postgres-tools.ts';
import { Secret } from '../../src/ops/secret.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { fillDisk, hasSmallDisks, mountSmallDisk, unmountSmallDisk } from '../harness/small-disk.ts';
import { tempDir } from '../harness/temp.ts';

let server: Postgres;
const dir = tempDir('postgres-tools');
const file = join(dir.path, 'postgres.dump');
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  dir.remove();
});

const asked = (url: string, sql: string): string =>
  execFileSync('psql', [url, '-qAtc', sql], { encoding: 'utf8', stdio: 'pipe' }).trim();

async function dumped(name: string): Promise<string> {
  const url = server.database(name);
  asked(url, "create table said (body text); insert into said values ('O brave new world')");
  await dumpPostgres(new Secret(url), file);
  return url;
}

test('of several servers the one that is written to gets what is restored, and is the one that is backed up', async () => {
  await dumped('primary');
  const empty = server.database('empty');
  await using replica = await server.replica();
  const all = new Secret(`postgres://postgres@127.0.0.1:${replica.port},127.0.0.1:${server.port}/empty`);
  await restorePostgres(all, file);
  expect(asked(empty, 'select body from said')).toBe('O brave new world');
  // A replica may lag behind.
  await server.kill('SIGKILL');
  await expect(dumpPostgres(all, file)).rejects.toThrow(/pg_dump failed: .*connection/);
  await server.restart();
});

test('what they complain of is told, not what they were at', async () => {
  const full = await dumped('full');
  await expect(restorePostgres(new Secret(full), file)).rejects.toThrow(
    'pg_restore failed: could not execute query: ERROR: relation "said" already exists',
  );
});

test.skipIf(!hasSmallDisks())('a dump whose end does not fit is no dump: its disk is full', async () => {
  const url = await dumped('roomless');
  const disk = join(dir.path, 'disk');
  mkdirSync(disk);
  expect(mountSmallDisk(disk, 1)).toBe(true);
  try {
    fillDisk(disk);
    const short = join(disk, 'postgres.dump');
    await expect(dumpPostgres(new Secret(url), short)).rejects.toMatchObject({
      message: `${short} can't be used (ENOSPC)`,
      remedy: expect.stringContaining('Make room on its disk'),
    });
  } finally {
    unmountSmallDisk(disk);
  }
});
