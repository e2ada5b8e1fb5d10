/** The schema comes up to date, whoever else begins at the same moment. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../../src/storage/sql/database.ts';
import { migrate } from '../../../../src/storage/sql/migrate.ts';
import { migrations } from '../../../../src/storage/sql/migrations.ts';
import type { AnySchema } from '../../../../src/storage/sql/schema-change.ts';
import { silentLog } from '../../../harness/silent-log.ts';
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

test('who writes to the file beside a migration has a turn after each batch of it', async () => {
  const dir = tempDir('migrations');
  const file = join(dir.path, 'isthmus.sqlite');
  const database = await openDatabase(file);
  const script = join(dir.path, 'write.mjs');
  const module = join(import.meta.dirname, '../../../../src/storage/sql/database.ts');
  writeFileSync(
    script,
    `const { openDatabase } = await import(${JSON.stringify(module)});
     const { db } = await openDatabase(${JSON.stringify(file)});
     let isOn = true;
     process.once('message', () => { isOn = false; });
     for (let n = 0; isOn; n++) {
       await db.insertInto('bans').values({ jid: 'spam' + n + '.example' }).execute();
       process.send('wrote');
       await new Promise((resolve) => setImmediate(resolve));
     }
     process.disconnect();`,
  );
  const writer = fork(script, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(writer, 'message');
  let batches = 0;
  let between = 0;
  let wrote = false;
  writer.on('message', () => {
    wrote = true;
  });
  const changes = {
    ...migrations,
    '0900-mood': { up: (db: AnySchema) => db.schema.alterTable('bans').addColumn('mood', 'text').execute() },
    // Until the other one was between two of them five times.
    '0901-moods': {
      async fill(db: AnySchema): Promise<boolean> {
        await new Promise((resolve) => setImmediate(resolve));
        if (wrote) between++;
        wrote = false;
        batches++;
        await sql`update bans set mood = '' where mood is null`.execute(db);
        return between < 5;
      },
    },
    '0902-mood-index': { index: { name: 'bans_mood', on: 'bans', by: '(mood)' } },
  };
  await migrate(database.db, silentLog, changes);
  const ended = once(writer, 'exit');
  writer.send('stop');
  expect((await ended)[0]).toBe(0);
  expect(batches).toBeGreaterThanOrEqual(5);
  expect(await sql`select name from sqlite_master where name = 'bans_mood'`.execute(database.db)).toMatchObject({
    rows: [{ name: 'bans_mood' }],
  });
  await database.close();
  dir.remove();
});

test('a long change is told, and the process has turns meanwhile: systemd would end it, and SIGTERM would not be heard', async () => {
  const database = await openDatabase(':memory:');
  let [batches, turns] = [0, 0];
  let isOver = false;
  const count = (): void => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const told: string[] = [];
  const log = { ...silentLog, info: (about: object) => void told.push(JSON.stringify(about)) };
  await migrate(database.db, log, { ...migrations, '0900-moods': { fill: async () => ++batches < 5 } });
  isOver = true;
  expect(turns).toBeGreaterThanOrEqual(4);
  expect(told).toEqual(['{"migration":"0900-moods"}']);
  await database.close();
});
