/** One gateway a data directory: the lock lives as long as its holder, and no longer. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../../src/ops/clock.ts';
import { answers, lock } from '../../../../src/storage/redis/private-lock.ts';
import { run, until } from '../../../harness/process.ts';
import { type TempDir, tempDir } from '../../../harness/temp.ts';

let dir: TempDir;
let path = '';
beforeEach(() => {
  dir = tempDir('lock');
  path = join(dir.path, 'lock.sock');
});
afterEach(() => dir.remove());

const take = (place: string) => lock(place, systemClock);

test('held once; given back, it can be had again', async () => {
  const unlock = await take(path);
  expect(unlock).toBeDefined();
  expect(await take(path)).toBeUndefined();
  await unlock?.();
  const again = await take(path);
  expect(again).toBeDefined();
  await again?.();
});

test('of many that ask at once one has it', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => take(path)));
  const held = all.filter((unlock) => unlock !== undefined);
  expect(held).toHaveLength(1);
  await held[0]?.();
});

test('a holder that was killed holds nothing', async () => {
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)})`;
  const holder = run(process.execPath, ['-e', script], { name: 'holder' });
  await until('it holds the lock', () => answers(path));
  expect(await take(path)).toBeUndefined();
  await holder.kill();
  const unlock = await take(path);
  expect(unlock).toBeDefined();
  await unlock?.();
});

test('of several that find the lock of one that was killed, one has it', async () => {
  const script = join(dir.path, 'take.mjs');
  const source = (name: string): string => JSON.stringify(join(import.meta.dirname, '../../../../src', name));
  writeFileSync(
    script,
    `const { lock } = await import(${source('storage/redis/private-lock.ts')});
     const { systemClock } = await import(${source('ops/clock.ts')});
     process.on('message', async (path) => process.send((await lock(path, systemClock)) === undefined ? 'not' : 'has it'));
     process.send('is there');`,
  );
  const takers = Array.from({ length: 4 }, () => fork(script, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
  await Promise.all(takers.map((taker) => once(taker, 'message')));
  for (let round = 0; round < 8; round++) {
    const place = join(dir.path, `${round}.sock`);
    const killed = `require('node:net').createServer().listen(${JSON.stringify(place)}, () => process.kill(process.pid, 'SIGKILL'))`;
    await once(spawn(process.execPath, ['-e', killed]), 'exit');
    const said = takers.map((taker) => once(taker, 'message'));
    for (const taker of takers) taker.send(place);
    expect((await Promise.all(said)).map(([what]) => what).sort()).toEqual(['has it', 'not', 'not', 'not']);
  }
  const ends = takers.map((taker) => once(taker, 'exit'));
  for (const taker of takers) taker.kill('SIGKILL');
  await Promise.all(ends);
});

test('who was killed while they took it keeps nobody from it for long', async () => {
  writeFileSync(`${path}~`, '');
  expect(await take(path)).toBeUndefined();
  const unlock = await lock(path, { now: () => systemClock.now() + 60_000 });
  expect(unlock).toBeDefined();
  await unlock?.();
  expect(readdirSync(dir.path)).toEqual([]);
});

test('a file in its place that nobody listens on is no holder', async () => {
  writeFileSync(path, '');
  expect(await answers(path)).toBe(false);
  const unlock = await take(path);
  expect(unlock).toBeDefined();
  await unlock?.();
});

test('a directory that is not there is told, not waited for', async () => {
  await expect(take(join(dir.path, 'no', 'lock.sock'))).rejects.toThrow(/ENOENT|EACCES/);
});
