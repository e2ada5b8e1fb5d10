/** A gateway that has outgrown its SQLite file goes on with PostgreSQL: by a backup there, which is restored here. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cli } from '../../src/cli/cli.ts';
import { accountId, chatId } from '../../src/core/ids.ts';
import { loadSealingKeys } from '../../src/ops/sealing-key.ts';
import { createArchive } from '../../src/storage/sql/archive.ts';
import { type Database, openDatabase } from '../../src/storage/sql/database.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { tempDir } from '../harness/temp.ts';
import { testWorld } from '../unit/cli/world.ts';

const dir = tempDir('outgrown');
const at = (...path: readonly string[]): string => join(dir.path, ...path);
/** More than one statement brings. */
const perTable = 603;
let server: Postgres;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  dir.remove();
});

async function isthmus(command: string, data: string, where: string, ...more: readonly string[]) {
  mkdirSync(at(data), { recursive: true });
  const storage = `storage: { data: ${at(data)}, sql: '${where}', redis: private }\n`;
  writeFileSync(at('isthmus.yaml'), `${storage}bridges: [{ use: irc, domain: irc.example.org, secret: x }]\n`);
  const world = testWorld([command, '--config', at('isthmus.yaml'), ...more]);
  return { code: await cli(world), said: world.printed.out + world.printed.err };
}

const tablesOf = async ({ db }: Database) =>
  (await db.introspection.getTables()).filter(({ name }) => name !== 'schema_needs');

/** Rows in every table, with what is odd in texts and as large as numbers are. */
async function fill(database: Database): Promise<void> {
  for (const { name, columns } of await tablesOf(database)) {
    const values = (n: number) =>
      columns.map(({ name: column, dataType }) => {
        if (/^(author|lang|ref|token)$/.test(column) && n % 3 === 0) return null;
        if (dataType === 'text') return `${column} ${n} 'é\u{1f600}" \0\\`;
        return /^(at|until|seen_at)$/.test(column) ? 1_800_000_000_000 + n : n;
      });
    const names = sql.join(columns.map((column) => sql.ref(column.name)));
    for (let n = 1; n <= perTable; n++)
      await sql`insert into ${sql.table(name)} (${names}) values (${sql.join(values(n))})`.execute(database.db);
  }
}

/** All that is there, each table in one order, as PostgreSQL takes it. */
async function everything(database: Database): Promise<Record<string, readonly string[]>> {
  const all: Record<string, readonly string[]> = {};
  for (const { name } of await tablesOf(database)) {
    const { rows } = await sql<object>`select * from ${sql.table(name)}`.execute(database.db);
    all[name] = rows.map((row) => JSON.stringify(Object.entries(row).sort()).replaceAll('\\u0000', '\ufffd')).sort();
  }
  return all;
}

async function using<T>(where: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase(where);
  return work(database).finally(() => database.close());
}

test('all that a file has is in PostgreSQL then, and it goes on there; what is there already stays alone', async () => {
  const file = at('small', 'isthmus.sqlite');
  mkdirSync(at('small'));
  await loadSealingKeys(at('small', 'sealing.key'));
  const before = await using(file, async (database) => {
    await database.db.transaction().execute((db) => fill({ ...database, db }));
    return everything(database);
  });
  expect(Object.values(before).every((rows) => rows.length === perTable)).toBe(true);
  expect(await isthmus('backup', 'small', 'sqlite', '--to', at('backup'), '--key', at('key'))).toMatchObject({
    code: 0,
  });

  const url = server.database('large');
  const restore = (data: string) => isthmus('restore', data, url, '--from', at('backup'), '--key', at('key'));
  expect(await restore('large')).toMatchObject({ code: 0, said: expect.stringContaining('restored from') });
  expect(readdirSync(at('large')).sort()).toEqual(['redis', 'sealing.key']);
  const row = { account: accountId('new'), chat: chatId('#new'), id: 'new', at: 1, nick: 'juliet', body: '<body/>' };
  await using(url, async (database) => {
    expect(await everything(database)).toEqual(before);
    await createArchive(database).add([row]);
    expect(await createArchive(database).find(row.account, row.chat, { id: 'new' })).toMatchObject(row);
  });

  expect(await restore('again')).toMatchObject({ code: 1, said: expect.stringMatching(/has something in .* already/) });
  expect(readdirSync(at('again'))).toEqual(['redis']);
  expect(await isthmus('backup', 'large', url, '--to', at('large-backup'))).toMatchObject({ code: 0 });
  const back = await isthmus('restore', 'back', 'sqlite', '--from', at('large-backup'), '--key', at('key'));
  expect(back).toMatchObject({ code: 1, said: expect.stringContaining('but not back') });
}, 60_000);
