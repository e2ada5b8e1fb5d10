/** SQLite's log and the thread that carries it into the file. */
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test, vi } from 'vitest';
import { accountId, chatId } from '../../../../src/core/ids.ts';
import type { ArchiveRow } from '../../../../src/storage/ports.ts';
import { createArchive } from '../../../../src/storage/sql/archive.ts';
import { openDatabase } from '../../../../src/storage/sql/database.ts';
import { silentLog } from '../../../harness/silent-log.ts';
import { tempDir } from '../../../harness/temp.ts';

const account = accountId('romeo on net');
const chat = chatId('#verona');
const rows = (from: number, to: number): readonly ArchiveRow[] =>
  Array.from({ length: to - from }, (_, n) => ({
    ...{ account, chat, at: from + n, nick: 'juliet', body: '<body>but soft</body>' },
    id: `id${String(from + n).padStart(6, '0')}`,
  }));

async function opened(dir: string) {
  const path = join(dir, 'a.sqlite');
  const warn = vi.fn();
  const database = await openDatabase(path, { ...silentLog, warn });
  const { file } = database;
  if (file === undefined) throw new Error('it is a file');
  const longest = (): unknown => file.pragma('wal_autocheckpoint', { simple: true });
  return { path, database, archive: createArchive(database), longest, warn };
}

test('with the first thousands of rows a thread begins, and what was in the log is in the file', async () => {
  const dir = tempDir('checkpoints');
  const { path, database, archive, longest, warn } = await opened(dir.path);
  await archive.add(rows(0, 1_000));
  expect(longest()).toBe(1_000);
  const before = statSync(path).size;
  await archive.add(rows(1_000, 3_000));
  await expect.poll(longest).toBe(8_000);
  expect(statSync(path).size).toBeGreaterThan(before + 100_000);
  await archive.add(rows(3_000, 20_000));
  expect(await archive.recent(account, chat, 30_000)).toEqual(rows(0, 20_000));
  await database.close();
  expect([existsSync(`${path}-wal`), warn.mock.calls]).toEqual([false, []]);
  const again = await opened(dir.path);
  expect(await again.archive.recent(account, chat, 30_000)).toEqual(rows(0, 20_000));
  await again.database.close();
  dir.remove();
});

test('a database that is closed while its thread begins waits until that ends by itself: stopped while it loads SQLite it would take the process along', async () => {
  const stop = vi.spyOn(Worker.prototype, 'terminate');
  for (let n = 0; n < 20; n++) {
    const dir = tempDir('checkpoints');
    const { path, database, archive, warn } = await opened(dir.path);
    await archive.add(rows(0, 2_000));
    await new Promise((resolve) => setTimeout(resolve, 2 * n));
    await database.close();
    expect([existsSync(`${path}-wal`), warn.mock.calls]).toEqual([false, []]);
    dir.remove();
  }
  expect(stop).not.toHaveBeenCalled();
  stop.mockRestore();
});

test('where the thread can’t open the file it is told once, and SQLite does it by itself', async () => {
  const dir = tempDir('checkpoints');
  const { path, database, archive, longest, warn } = await opened(dir.path);
  rmSync(path);
  await archive.add(rows(0, 2_000));
  await expect.poll(() => warn.mock.calls.length).toBe(1);
  await archive.add(rows(2_000, 10_000));
  expect([longest(), warn.mock.calls.length]).toEqual([1_000, 1]);
  expect(await archive.recent(account, chat, 30_000)).toEqual(rows(0, 10_000));
  await database.close();
  dir.remove();
});
