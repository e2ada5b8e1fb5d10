/** The sealing key's file. */
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Remedy } from '../../../src/ops/fatal.ts';
import { loadSealingKeys, newSealingKey, writeSealingKeys } from '../../../src/ops/sealing-key.ts';
import { fillDisk, hasSmallDisks, mountSmallDisk, unmountSmallDisk } from '../../harness/small-disk.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'isthmus-key-'));
});
afterEach(() => rm(dir, { recursive: true }));

test('the first run makes it, for its owner alone; later runs read the same', async () => {
  const path = join(dir, 'data', 'sealing.key');
  const keys = await loadSealingKeys(path);
  expect(keys.map((key) => key.length)).toEqual([32]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await loadSealingKeys(path)).toEqual(keys);
  expect(await readdir(join(dir, 'data'))).toEqual(['sealing.key']);
});

test('processes that start in one moment have one key', async () => {
  const keys = await Promise.all(Array.from({ length: 20 }, () => loadSealingKeys(join(dir, 'sealing.key'))));
  expect(new Set(keys.map(([key]) => Buffer.from(key).toString('hex'))).size).toBe(1);
  expect(await readdir(dir)).toEqual(['sealing.key']);
});

test.each([0o640, 0o604, 0o620, 0o777])('rights %o are refused with the remedy', async (mode) => {
  const path = join(dir, 'sealing.key');
  await loadSealingKeys(path);
  await chmod(path, mode);
  const refused = loadSealingKeys(path);
  await expect(refused).rejects.toBeInstanceOf(Remedy);
  await expect(refused).rejects.toThrow(/can be read by others/);
});

test('a damaged key is refused, never replaced', async () => {
  const path = join(dir, 'sealing.key');
  await writeFile(path, 'short\n', { mode: 0o600 });
  await expect(loadSealingKeys(path)).rejects.toThrow(/not what Isthmus wrote/);
  expect(await readFile(path, 'utf8')).toBe('short\n');
});

test('several are read in their order, written whole, and one that is damaged makes all useless', async () => {
  const path = join(dir, 'sealing.key');
  const [own] = await loadSealingKeys(path);
  const fresh = newSealingKey();
  await writeSealingKeys(path, [own, fresh]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect((await loadSealingKeys(path)).map((key) => Buffer.from(key))).toEqual(
    [own, fresh].map((key) => Buffer.from(key)),
  );
  expect(await readdir(dir)).toEqual(['sealing.key']);
  await writeFile(path, `${await readFile(path, 'utf8')}short\n`);
  await expect(loadSealingKeys(path)).rejects.toThrow(/not what Isthmus wrote/);
});

test('a place that can not be written is named', async () => {
  await writeFile(join(dir, 'file'), '');
  await expect(loadSealingKeys(join(dir, 'file', 'sealing.key'))).rejects.toThrow(
    /file\/sealing\.key can't be written \(ENOTDIR\)/,
  );
  // There no folder can be made, and Node's own way of making all that are missing never ends.
  await expect(loadSealingKeys('/proc/isthmus/data/sealing.key')).rejects.toThrow(/can't be written \(ENOENT\)/);
});

test.skipIf(!hasSmallDisks())('on a full disk nothing is left of what could not be written', async () => {
  const path = join(dir, 'disk', 'sealing.key');
  await mkdir(dirname(path));
  expect(mountSmallDisk(dirname(path), 1)).toBe(true);
  try {
    fillDisk(dirname(path));
    await expect(loadSealingKeys(path)).rejects.toThrow(/sealing\.key can't be written \(ENOSPC\)/);
    await expect(writeSealingKeys(path, [newSealingKey()])).rejects.toThrow(/sealing\.key can't be written \(ENOSPC\)/);
    expect(await readdir(dirname(path))).toEqual(['filler']);
  } finally {
    unmountSmallDisk(dirname(path));
  }
});
