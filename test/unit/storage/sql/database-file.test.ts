/** Who may read the file of a gateway with SQLite. */
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from '../../../../src/storage/sql/database.ts';
import { type TempDir, tempDir } from '../../../harness/temp.ts';

let dir: TempDir;
beforeEach(() => {
  dir = tempDir('database');
});
afterEach(() => dir.remove());

const rights = (path: string): number => statSync(path).mode & 0o777;

test('one that is made, and what SQLite puts beside it, is its owner’s alone, also in a folder that everybody may look into', async () => {
  chmodSync(dir.path, 0o755);
  const database = await openDatabase(join(dir.path, 'isthmus.sqlite'));
  expect(readdirSync(dir.path)).toContain('isthmus.sqlite-wal');
  for (const name of readdirSync(dir.path)) expect([name, rights(join(dir.path, name))]).toEqual([name, 0o600]);
  await database.close();
});

test('one that is there keeps the rights that somebody gave it', async () => {
  const file = join(dir.path, 'isthmus.sqlite');
  await (await openDatabase(file)).close();
  chmodSync(file, 0o640);
  await (await openDatabase(file)).close();
  expect(rights(file)).toBe(0o640);
});
