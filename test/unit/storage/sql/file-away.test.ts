/** What becomes of work where SQLite's file can't be written to: another process has it, its disk is full, it may only be read. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accountId, chatId } from '../../../../src/core/ids.ts';
import { openDatabase } from '../../../../src/storage/sql/database.ts';
import { createPlumbingStore } from '../../../../src/storage/sql/plumbing-store.ts';
import { createSettingsStore } from '../../../../src/storage/sql/settings-store.ts';
import { tempDir } from '../../../harness/temp.ts';

test('whoever finds its disk full, or no writing allowed, is told that the storage is away, and nothing of what they began is there', async () => {
  const dir = tempDir('full-file');
  const database = await openDatabase(join(dir.path, 'isthmus.sqlite'));
  const { file } = database;
  const settings = createSettingsStore(database);
  const whose = { domain: 'irc.test', owner: 'juliet@test' };
  const rows = Array.from({ length: 40 }, (_, n) => ({
    ...{ on: '*', chat: '', name: `words${n}`, value: 'x'.repeat(20_000) },
  }));
  const full = Number(file?.pragma('page_count', { simple: true })) + 20;
  file?.pragma(`max_page_count = ${full}`);
  await expect(settings.change(whose, rows, [])).rejects.toMatchObject({
    code: 'storage-away',
    cause: { code: 'SQLITE_FULL' },
  });
  file?.pragma(`max_page_count = ${1_000_000}`);
  file?.pragma('query_only = on');
  await expect(settings.change(whose, rows, [])).rejects.toMatchObject({
    code: 'storage-away',
    cause: { code: 'SQLITE_READONLY' },
  });
  file?.pragma('query_only = off');
  expect(await settings.of(whose)).toEqual([]);
  await settings.change(whose, rows, []);
  expect(await settings.of(whose)).toHaveLength(40);
  await database.close();
  dir.remove();
});

test('how far a plumbing has come is written down when the other one has written', async () => {
  const dir = tempDir('busy-file');
  const file = join(dir.path, 'isthmus.sqlite');
  const database = await openDatabase(file);
  const store = createPlumbingStore(database);
  const account = accountId('prince@test/irc.test');
  const about = { domain: 'irc.test', chat: chatId('#verona'), muc: 'piazza@conference.test', suffix: '', by: '' };
  await store.put({ id: 'p', account, nick: 'piazza', at: 1, ...about });
  const script = join(dir.path, 'write.mjs');
  const module = join(import.meta.dirname, '../../../../src/storage/sql/database.ts');
  writeFileSync(
    script,
    `const { openDatabase } = await import(${JSON.stringify(module)});
     const { file } = await openDatabase(${JSON.stringify(file)});
     file.exec("begin immediate; insert into bans values ('spam.example')");
     // Whoever waits for the file says nothing meanwhile: it is let go a moment after they were about to.
     process.once('message', () => setTimeout(() => { file.exec('commit'); process.disconnect(); }, 300));
     process.send('has it');`,
  );
  const writer = fork(script, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [end] = [once(writer, 'exit'), await once(writer, 'message')];
  writer.send('go');
  await store.move('p', { told: 'r1' }, [{ muc: 'm1', room: 'r1' }]);
  expect([await store.marks('p'), await store.names('p', 10)]).toEqual([{ told: 'r1' }, [{ muc: 'm1', room: 'r1' }]]);
  await end;
  await database.close();
  dir.remove();
});
