/** The sealing key's file. */
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Remedy } from '../../../src/ops/fatal.ts';
import { loadSealingKey } from '../../../src/ops/sealing-key.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'isthmus-key-'));
});
afterEach(() => rm(dir, { recursive: true }));

test('the first run makes it, for its owner alone; later runs read the same', async () => {
  const path = join(dir, 'data', 'sealing.key');
  const key = await loadSealingKey(path);
  expect(key).toHaveLength(32);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(Buffer.from(await loadSealingKey(path))).toEqual(Buffer.from(key));
  expect(await readdir(join(dir, 'data'))).toEqual(['sealing.key']);
});

test('processes that start in one moment have one key', async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, () => loadSealingKey(join(dir, 'sealing.key'))));
  expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
  expect(await readdir(dir)).toEqual(['sealing.key']);
});

test.each([0o640, 0o604, 0o620, 0o777])('rights %o are refused with the remedy', async (mode) => {
  const path = join(dir, 'sealing.key');
  await loadSealingKey(path);
  await chmod(path, mode);
  const refused = loadSealingKey(path);
  await expect(refused).rejects.toBeInstanceOf(Remedy);
  await expect(refused).rejects.toThrow(/can be read by others/);
});

test('a damaged key is refused, never replaced', async () => {
  const path = join(dir, 'sealing.key');
  await writeFile(path, 'short\n', { mode: 0o600 });
  await expect(loadSealingKey(path)).rejects.toThrow(/not what Isthmus wrote/);
  expect(await readFile(path, 'utf8')).toBe('short\n');
});

test('a place that can not be written is named', async () => {
  await writeFile(join(dir, 'file'), '');
  await expect(loadSealingKey(join(dir, 'file', 'sealing.key'))).rejects.toThrow(
    /file\/sealing\.key can't be written \(ENOTDIR\)/,
  );
});
