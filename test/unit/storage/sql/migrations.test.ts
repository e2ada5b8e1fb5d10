/** The schema comes up to date, whoever else begins at the same moment. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../../src/storage/sql/database.ts';
import { migrate } from '../../../../src/storage/sql/migrations.ts';
import { tempDir } from '../../../harness/temp.ts';

test('four processes that begin on a new file at once all get it', async () => {
  const dir = tempDir('migrations');
  const file = join(dir.path, 'isthmus.sqlite');
  const script = join(dir.path, 'open.mjs');
  const module = join(import.meta.dirname, '../../../../src/storage/sql/database.ts');
  writeFileSync(
    script,
    `const { openDatabase } = await import(${JSON.stringify(module)});
     process.send('ready');
     process.once('message', async () => { await (await openDatabase(${JSON.stringify(file)})).close(); process.disconnect(); });`,
  );
  const children = Array.from({ length: 4 }, () => fork(script, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] }));
  await Promise.all(children.map((child) => once(child, 'message')));
  const ends = children.map((child) => once(child, 'exit'));
  for (const child of children) child.send('go');
  expect((await Promise.all(ends)).map(([code]) => code)).toEqual([0, 0, 0, 0]);
  const database = await openDatabase(file);
  expect(await database.db.selectFrom('accounts').selectAll().execute()).toEqual([]);
  await database.close();
  dir.remove();
});

test('migrating twice, also at once, changes nothing', async () => {
  const database = await openDatabase(':memory:');
  await Promise.all([migrate(database.db), migrate(database.db)]);
  expect(await database.db.selectFrom('archive').selectAll().execute()).toEqual([]);
  await database.close();
});
