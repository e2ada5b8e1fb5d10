/** What the system refuses is told as a sentence about the file that was meant; what is a bug stays one. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeFailure, Remedy } from '../../../src/ops/fatal.ts';
import { systemTrouble } from '../../../src/ops/system-trouble.ts';
import { openSql } from '../../../src/process/sql.ts';
import { mountSmallDisk, unmountSmallDisk } from '../../harness/small-disk.ts';
import { type TempDir, tempDir } from '../../harness/temp.ts';

let dir: TempDir;
beforeEach(() => {
  dir = tempDir('trouble');
});
afterEach(() => dir.remove());

const file = (): string => join(dir.path, 'isthmus.sqlite');

/** What is printed where the database can't be opened. */
async function said(): Promise<string> {
  const refused: unknown = await openSql({ data: dir.path, sql: { is: 'sqlite' } }).then(
    () => 'it was opened',
    (error: unknown) => error,
  );
  return describeFailure(refused);
}

test('a database that can not be opened', async () => {
  mkdirSync(file());
  expect(await said()).toMatch(/isthmus\.sqlite can't be used \(EISDIR\)\.\nMove it away, .*\.$/);
});

test.skipIf(process.getuid?.() === 0)('a database that may only be read', async () => {
  writeFileSync(file(), '', { mode: 0o400 });
  expect(await said()).toMatch(/isthmus\.sqlite can't be used \(EACCES\)\.\nGive it, /);
});

test('a file that is no database', async () => {
  writeFileSync(file(), 'the diary of a friar, which is long enough to be taken for a header');
  expect(await said()).toMatch(/isthmus\.sqlite can't be used \(SQLITE_NOTADB\)\.\nMove it away, .*isthmus restore/);
});

test('a full disk', async ({ skip }) => {
  if (!mountSmallDisk(dir.path, 1)) return skip();
  try {
    writeFileSync(join(dir.path, 'filler'), Buffer.alloc(900 * 1024));
    expect(await said()).toMatch(/isthmus\.sqlite can't be used \(SQLITE_FULL\)\.\nMake room on its disk/);
  } finally {
    unmountSmallDisk(dir.path);
  }
});

test('a file, and the socket of a server', async () => {
  const read = await readFile(dir.path).catch((error: unknown) => systemTrouble(error)?.message);
  expect(read).toMatch(/can't be used \(EISDIR\)/);
  expect(systemTrouble(Object.assign(new Error(), { code: 'ENOSPC', syscall: 'write' }))?.message).toContain('ENOSPC');
  expect(systemTrouble(Object.assign(new Error(), { path: '/a/key', code: 'EACCES' }))?.message).toBe(
    "/a/key can't be used (EACCES)",
  );
  expect(systemTrouble(Object.assign(new Error(), { code: 'EACCES', address: '/d/lock.sock' }))?.message).toBe(
    "/d/lock.sock can't be used (EACCES)",
  );
});

test.each([new TypeError('x'), new Remedy('a', 'b'), 'text', Object.assign(new Error('x'), { code: 'ERR_ASSERTION' })])(
  'no trouble of that kind: %s',
  (error) => {
    expect(systemTrouble(error)).toBeUndefined();
  },
);
