/** A copy of a SQLite file that others write to: it comes to its end, and is of one moment. */
import Driver from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copySqlite } from '../../../../src/storage/sql/sqlite-copy.ts';
import { type TempDir, tempDir } from '../../../harness/temp.ts';

let dir: TempDir;
beforeEach(() => {
  dir = tempDir('copy');
});
afterEach(() => dir.remove());

test('a file that is written to all the time is copied, as it was at the beginning', async () => {
  const [from, to] = [`${dir.path}/from.sqlite`, `${dir.path}/to.sqlite`];
  const gateway = new Driver(from);
  gateway.pragma('journal_mode = WAL');
  gateway.exec('create table said (number integer primary key, body text)');
  const say = gateway.prepare('insert into said (body) values (?)');
  // Some two thousand pages, of which a hundred go in a turn of the loop.
  gateway.transaction(() => {
    for (let i = 0; i < 2_000; i++) say.run('x'.repeat(3_500));
  })();
  let isTalking = true;
  const talk = (): void => {
    if (!isTalking) return;
    say.run('meanwhile');
    setImmediate(talk);
  };
  const copied = copySqlite(from, to);
  talk();
  await copied.finally(() => {
    isTalking = false;
    gateway.close();
  });
  const copy = new Driver(to);
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(copy.prepare(`select count(*) from said where body <> 'meanwhile'`).pluck().get()).toBe(2_000);
  expect(copy.prepare(`select count(*) from said where body = 'meanwhile'`).pluck().get()).toBeLessThanOrEqual(1);
  copy.close();
}, 20_000);
