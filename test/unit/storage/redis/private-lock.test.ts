/** One gateway a data directory: the lock lives as long as its holder, and no longer. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
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

test('held once; given back, it can be had again', async () => {
  const unlock = await lock(path);
  expect(unlock).toBeDefined();
  expect(await lock(path)).toBeUndefined();
  await unlock?.();
  const again = await lock(path);
  expect(again).toBeDefined();
  await again?.();
});

test('of many that ask at once one has it', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => lock(path)));
  const held = all.filter((unlock) => unlock !== undefined);
  expect(held).toHaveLength(1);
  await held[0]?.();
});

test('a holder that was killed holds nothing', async () => {
  const script = `require('node:net').createServer().listen(${JSON.stringify(path)})`;
  const holder = run(process.execPath, ['-e', script], { name: 'holder' });
  await until('it holds the lock', () => answers(path));
  expect(await lock(path)).toBeUndefined();
  await holder.kill();
  const unlock = await lock(path);
  expect(unlock).toBeDefined();
  await unlock?.();
});

test('a file in its place that nobody listens on is no holder', async () => {
  writeFileSync(path, '');
  expect(await answers(path)).toBe(false);
  const unlock = await lock(path);
  expect(unlock).toBeDefined();
  await unlock?.();
});

test('a directory that is not there is told, not waited for', async () => {
  await expect(lock(join(dir.path, 'no', 'lock.sock'))).rejects.toThrow(/ENOENT|EACCES/);
});
