/** Accounts, archive and long texts keep their promises on both databases; and what only one of them can break: a plan without its index, a server that goes away. */
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountId, chatId, personId } from '../../src/core/ids.ts';
import type { ArchiveRow } from '../../src/storage/ports.ts';
import { createAccountStore } from '../../src/storage/sql/account-store.ts';
import { createArchive } from '../../src/storage/sql/archive.ts';
import { createAvatarStore } from '../../src/storage/sql/avatar-store.ts';
import { type Database, openDatabase } from '../../src/storage/sql/database.ts';
import { createLoginStore } from '../../src/storage/sql/login-store.ts';
import { createMediaStore } from '../../src/storage/sql/media-store.ts';
import { migrate } from '../../src/storage/sql/migrate.ts';
import { createPlumbingStore } from '../../src/storage/sql/plumbing-store.ts';
import { createSettingsStore } from '../../src/storage/sql/settings-store.ts';
import { createUploadStore } from '../../src/storage/sql/upload-store.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { tempDir } from '../harness/temp.ts';
import { describeAccountStore } from './account-store.ts';
import { describeArchive } from './archive.ts';
import { describeAvatars } from './avatars.ts';
import { describeLoginStore } from './login-store.ts';
import { describeMedia } from './media.ts';
import { describePlumbingStore } from './plumbing-store.ts';
import { describeUploads } from './uploads.ts';

const dir = tempDir('sqlite');
const warnings: string[] = [];
const log = { info: () => undefined, warn: (_: object, message: string) => void warnings.push(message) };
let server: Postgres;
let url: string;
let sqlite: Database;
let postgres: Database;

beforeAll(async () => {
  server = await startPostgres();
  url = server.database('isthmus');
  sqlite = await openDatabase(join(dir.path, 'isthmus.sqlite'));
  postgres = await openDatabase(url, log);
});

afterAll(async () => {
  await sqlite?.close();
  await postgres?.close();
  await server?.[Symbol.asyncDispose]();
  dir.remove();
});

describeAccountStore('sqlite', () => createAccountStore(sqlite));
describeAccountStore('postgres', () => createAccountStore(postgres));
const loginsOf = (database: Database) => ({
  logins: createLoginStore(database),
  settings: createSettingsStore(database),
});
describeLoginStore('sqlite', () => loginsOf(sqlite));
describeLoginStore('postgres', () => loginsOf(postgres));
describeArchive('sqlite', () => createArchive(sqlite));
describeArchive('postgres', () => createArchive(postgres));
describeAvatars('sqlite', () => createAvatarStore(sqlite));
describeAvatars('postgres', () => createAvatarStore(postgres));
describeMedia(
  'sqlite',
  () => createMediaStore(sqlite),
  () => createArchive(sqlite),
);
describeMedia(
  'postgres',
  () => createMediaStore(postgres),
  () => createArchive(postgres),
);
describePlumbingStore('sqlite', () => createPlumbingStore(sqlite));
describePlumbingStore('postgres', () => createPlumbingStore(postgres));
describeUploads('sqlite', () => createUploadStore(sqlite));
describeUploads('postgres', () => createUploadStore(postgres));

const account = accountId('the talkative one');
const chat = chatId('#long');
const many = 100_000;
const row = (n: number): ArchiveRow => ({
  account,
  chat,
  id: `long-${String(n).padStart(7, '0')}`,
  at: n,
  nick: 'juliet',
  body: `<body>line ${n}, which says as much as people do in a line of a chat</body>`,
});

/** The statements that a call makes, each with the plan that the database has for it. */
async function plans(database: Database, work: () => Promise<unknown>): Promise<readonly string[]> {
  const executor = database.db.getExecutor();
  const seen: { readonly sql: string; readonly parameters: readonly unknown[] }[] = [];
  const original = executor.executeQuery.bind(executor);
  executor.executeQuery = (query) => {
    seen.push(query);
    return original(query);
  };
  try {
    await work();
  } finally {
    executor.executeQuery = original;
  }
  return Promise.all(
    seen.map(async ({ sql: text, parameters }) => {
      const explain = database.kind === 'sqlite' ? 'explain query plan' : 'explain';
      const raw = {
        sql: `${explain} ${text}`,
        parameters,
        query: sql`x`.toOperationNode(),
        queryId: { queryId: 'plan' },
      };
      const { rows } = await original(raw as Parameters<typeof original>[0]);
      return JSON.stringify(rows);
    }),
  );
}

describe.each(['sqlite', 'postgres'] as const)('%s: a chat of 100,000 rows', (kind) => {
  const open = (): Database => (kind === 'sqlite' ? sqlite : postgres);
  /** A look at the whole table, or a sort of all that was found. */
  const bad = /SCAN archive(?! USING (COVERING )?INDEX)|TEMP B-TREE|Seq Scan on archive|Sort Key/;

  beforeAll(async () => {
    const archive = createArchive(open());
    for (let n = 0; n < many; n += 2_000) await archive.add(Array.from({ length: 2_000 }, (_, i) => row(n + i)));
    await sql`analyze`.execute(open().db);
  });

  test('every kind of page is a range of an index', async () => {
    const archive = createArchive(open());
    const base = { account, chat, max: 50 } as const;
    const half = row(many / 2).id;
    const asked = [
      { ...base, order: 'newest' },
      { ...base, order: 'oldest', after: half },
      { ...base, order: 'newest', before: half },
      { ...base, order: 'oldest', start: 90_000, end: 91_000 },
      { ...base, order: 'oldest', afterId: half, beforeId: row(60_000).id },
    ] as const;
    for (const query of asked) {
      const all = await plans(open(), () => archive.page(query));
      expect(all.length).toBeGreaterThan(2);
      expect(all.filter((plan) => bad.test(plan))).toEqual([]);
    }
  });

  test('what one person said is looked for in ranges of so many rows, until there is something or an end', async () => {
    const archive = createArchive(open());
    const base = { account, chat, max: 50, order: 'oldest' } as const;
    const by = personId('tybalt');
    const said = [20_000, 61_000, 61_001].map(
      (n): ArchiveRow => ({ ...row(n), id: `${row(n).id}t`, nick: 'Tybalt', by }),
    );
    await archive.add(said);
    for (const who of [{ by }, { nick: 'Tybalt' }] as const) {
      const asked = { ...base, with: who };
      // The few that are found may be put in order afterwards.
      const all = await plans(open(), () => archive.page(asked));
      expect(all.filter((plan) => /SCAN archive(?! USING)|Seq Scan on archive/.test(plan))).toEqual([]);
      const first = await archive.page(asked);
      expect(first).toEqual({ rows: [said[0]], complete: false });
      const after = { ...asked, after: said[0]?.id ?? '' };
      expect(await archive.page(after)).toEqual({ rows: said.slice(1), complete: false });
      expect(await archive.page({ ...after, max: 1 })).toEqual({ rows: said.slice(1, 2), complete: false });
      expect(await archive.page({ ...asked, after: said[2]?.id ?? '' })).toEqual({ rows: [], complete: true });
      expect(await archive.page({ ...asked, order: 'newest', before: said[1]?.id ?? '' })).toEqual({
        rows: said.slice(0, 1),
        complete: false,
      });
      expect(await archive.page({ ...asked, order: 'newest' })).toEqual({ rows: said.slice(1), complete: false });
      expect(await archive.page({ ...asked, max: 0 })).toMatchObject({ rows: [], count: 3 });
    }
    const nobody = { ...base, with: { by: personId('nobody') } } as const;
    expect((await plans(open(), () => archive.page(nobody))).length).toBeLessThan(50);
    expect(await archive.page(nobody)).toEqual({ rows: [], complete: true });
  });

  test('so is every other look-up', async () => {
    const archive = createArchive(open());
    const looks = [
      () => archive.recent(account, chat, 20),
      () => archive.metadata(account, chat),
      () => archive.find(account, chat, { id: row(7).id }),
      () => archive.find(account, chat, { ref: { id: row(7).id as never, part: 0 } }),
    ];
    for (const look of looks) expect((await plans(open(), look)).filter((plan) => bad.test(plan))).toEqual([]);
    // A handful that is found by an index may be put in order afterwards.
    const some = await plans(open(), () => archive.page({ account, chat, max: 50, order: 'oldest', ids: [row(7).id] }));
    expect(some.filter((plan) => /SCAN archive(?! USING)|Seq Scan on archive/.test(plan))).toEqual([]);
    const about = await plans(open(), () => archive.about(account, chat, row(7).id));
    expect(about.filter((plan) => /archive_about/.test(plan))).toHaveLength(1);
  });
});

describe('postgres only', () => {
  test('four that begin on a new database at once all get it', async () => {
    const fresh = server.database('fresh');
    const opened = await Promise.all([1, 2, 3, 4].map(() => openDatabase(fresh)));
    await migrate((opened[0] ?? postgres).db);
    for (const one of opened) await one.close();
  });

  test('of many pictures those without a name go in time, and those with one stay', async () => {
    const place = server.database('pictures');
    const unhurried = await openDatabase(place);
    const hash = sql`md5(i::text) || '00000000'`;
    await sql`insert into pictures select ${hash}, 'image/png', 96, 96, 100, 'x' from generate_series(1, 25000) as i`.execute(
      unhurried.db,
    );
    // All but every fifth, seven times over.
    await sql`insert into avatar_names select 'net', i || ' ' || n, ${hash}, 1
      from generate_series(1, 7) as n, generate_series(1, 25000) as i where i % 5 <> 0`.execute(unhurried.db);
    await sql`analyze`.execute(unhurried.db);
    const hurried = await openDatabase(place, undefined, { statementMs: 4_000 });
    await createAvatarStore(hurried).expire(0, Number.MAX_SAFE_INTEGER);
    const named = sql`select ${hash} from generate_series(1, 25000) as i where i % 5 <> 0`;
    const { rows } = await sql<{ all: number; named: number }>`
      select count(*) as all, count(*) filter (where hash in (${named})) as named from pictures`.execute(unhurried.db);
    expect(rows).toEqual([{ all: 20_000, named: 20_000 }]);
    for (const one of [hurried, unhurried]) await one.close();
  });

  test('a server that was killed is found again by the next question, and nothing of what was kept is lost', async () => {
    const archive = createArchive(postgres);
    await archive.add([{ ...row(1), chat: chatId('#kill') }]);
    await server.kill('SIGQUIT');
    await expect(archive.recent(account, chatId('#kill'), 10)).rejects.toThrow();
    await server.restart();
    expect(await archive.recent(account, chatId('#kill'), 10)).toHaveLength(1);
    expect(warnings).toContain('a connection to PostgreSQL was lost');
  });
});
