/** PostgreSQL's schema is changed while programs of the version before read and write: none of them fails, and none waits for more than one try of the migrator. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountId, chatId } from '../../src/core/ids.ts';
import { StorageProblem } from '../../src/storage/problem.ts';
import { createAccountStore } from '../../src/storage/sql/account-store.ts';
import { createArchive } from '../../src/storage/sql/archive.ts';
import { type Database, openDatabase, openForeign } from '../../src/storage/sql/database.ts';
import { migrate } from '../../src/storage/sql/migrate.ts';
import { migrations } from '../../src/storage/sql/migrations.ts';
import type { AnySchema, SchemaChange, SchemaChanges } from '../../src/storage/sql/schema-change.ts';
import type { Tables } from '../../src/storage/sql/tables.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { doAndJudge } from '../harness/schema-rules.ts';
import { silentLog } from '../harness/silent-log.ts';
import { tempDir } from '../harness/temp.ts';

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.[Symbol.asyncDispose]());

const patience = { timeout: 60_000 };
const names = Object.keys(migrations);
const addMood = (db: AnySchema) => db.schema.alterTable('archive').addColumn('mood', 'text').execute();
const fillMood = async (db: AnySchema): Promise<boolean> => {
  const some = sql`select chat, at, id from archive where mood is null limit 500`;
  const { numAffectedRows = 0n } = await sql`update archive set mood = '' where (chat, at, id) in (${some})`.execute(
    db,
  );
  return numAffectedRows > 0n;
};
const moodIndex = { name: 'archive_mood', on: 'archive', by: '(chat, mood)' };
const wholeIndex = async (db: Kysely<Tables>): Promise<boolean | undefined> => {
  const found = sql<{
    whole: boolean;
  }>`select indisvalid as whole from pg_index where indexrelid = to_regclass('archive_mood')`;
  return (await found.execute(db)).rows[0]?.whole;
};

/** Says something by the stores of today until it is stopped, and counts: how much, what failed, and over how many tries of the migrator one of them went at most. */
function talk(database: Database, name: string, tries: () => number) {
  const [archive, accounts] = [createArchive(database), createAccountStore(database)];
  const [account, chat] = [accountId(name), chatId('#load')];
  const seen = { done: 0, longest: 0, failures: [] as unknown[] };
  let isOn = true;
  const work = async (): Promise<void> => {
    for (let n = 0; isOn; n++) {
      const begun = tries();
      try {
        await archive.add([{ account, chat, id: `${name}-${n}`, at: n, nick: name, body: `<body>${n}</body>` }]);
        await accounts.put({
          id: account,
          domain: 'irc.example.org',
          owner: `${name}@example.org`,
          nick: `${name}${n}`,
        });
        await archive.recent(account, chat, 10);
        seen.done++;
      } catch (error) {
        seen.failures.push(error);
      }
      seen.longest = Math.max(seen.longest, tries() - begun);
    }
  };
  const over = work();
  return {
    seen,
    stop(): Promise<void> {
      isOn = false;
      return over;
    },
  };
}

/** A transaction that does one thing and is left open. */
async function holding(database: Database, what: string): Promise<() => Promise<void>> {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  const over = database.db.transaction().execute(async (transaction) => {
    await sql.raw(what).execute(transaction);
    begun.resolve();
    await end.promise;
  });
  await begun.promise;
  return () => {
    end.resolve();
    return over;
  };
}

describe('rules', () => {
  /** No release has less than these. */
  const beforeAnyRelease = ['0001-first', '0002-archive'];

  test('no migration does what the version before would notice', async () => {
    const db = await openForeign<Tables>(server.database('history'));
    const faults: string[] = [];
    for (const [name, change] of Object.entries(migrations)) {
      const found = await db.transaction().execute((transaction) => doAndJudge(transaction, name, change, names));
      if (!beforeAnyRelease.includes(name)) faults.push(...found.map((fault) => `${name} ${fault}`));
    }
    expect(faults).toEqual([]);
    expect(names).toEqual([...names].sort());
    await db.destroy();
  });

  const up = (text: string): SchemaChange => ({ up: async (db) => void (await sql.raw(text).execute(db)) });
  const bad: readonly (readonly [string, SchemaChange, RegExp])[] = [
    ['drops a column', up('alter table accounts drop column nick'), /^accounts.nick: gone/],
    ['renames a column', up('alter table accounts rename column nick to name'), /^accounts.nick: gone/],
    ['drops a table', up('drop table bans'), /^bans.jid: gone/],
    ['renames a table', up('alter table bans rename to banned'), /^bans.jid: gone/],
    [
      'changes a type',
      up('alter table uploads alter column bytes type bigint'),
      /^uploads: every row|^uploads.bytes: of another/,
    ],
    [
      'refuses null',
      up('alter table accounts alter column nick set not null'),
      /^accounts.nick: .*null|^accounts.nick: has to be there/,
    ],
    ['wants a new column filled', up('alter table accounts add column x text not null'), /^accounts.x: new/],
    [
      'takes a default away',
      up('alter table uploads alter column domain drop default'),
      /^uploads.domain: has to be there/,
    ],
    [
      'fills a new column in place',
      up('alter table archive add column r double precision default random()'),
      /^archive: every row/,
    ],
    ['builds an index in place', up('create index x on archive (nick)'), /^archive: keeps writers off/],
    ['adds a constraint', up('alter table bans add constraint x check (jid <> $$$$)'), /^bans: x refuses/],
    ['writes rows', up('update accounts set nick = null'), /^accounts: holds rows/],
    [
      'needs what is not there',
      { ...up('alter table accounts drop column nick'), needs: '0950-x' } as SchemaChange,
      /^needs 0950-x/,
    ],
  ];
  test('each kind of what it would notice is refused', async () => {
    const { db, close } = await openDatabase(server.database('rules'));
    for (const [what, change, fault] of bad) {
      const undone = new Error('undone');
      let faults: readonly string[] = [];
      const judged = db.transaction().execute(async (transaction) => {
        faults = await doAndJudge(transaction, '0900-bad', change, names);
        throw undone;
      });
      await expect(judged).rejects.toBe(undone);
      expect(faults, what).toContainEqual(expect.stringMatching(fault));
    }
    await close();
  });

  test('a column that no program uses any more may go', async () => {
    const { db, close } = await openDatabase(server.database('contract'));
    const change = { ...up('alter table accounts drop column nick'), needs: '0021-schema-needs' };
    expect(
      await db.transaction().execute((transaction) => doAndJudge(transaction, '0900-less', change, names)),
    ).toEqual([]);
    await close();
  });
});

describe('under load', () => {
  test('writers have their turns while the table is held, while rows are filled and while an index waits', async () => {
    const url = server.database('load');
    const [old, fresh] = [await openDatabase(url), await openDatabase(url)];
    await createArchive(old).add(
      Array.from({ length: 2_000 }, (_, n) => ({
        account: accountId('past'),
        chat: chatId('#load'),
        id: `p${n}`,
        at: n,
        nick: 'past',
        body: '',
      })),
    );
    let tries = 0;
    const log = { info: () => undefined, warn: () => void tries++ };
    const talkers = ['ann', 'bob', 'cid'].map((name) => talk(old, name, () => tries));
    const goesOn = async (by: number): Promise<void> => {
      const least = talkers.map(({ seen }) => seen.done + by);
      await expect.poll(() => talkers.every(({ seen }, i) => seen.done >= (least[i] ?? 0)), patience).toBe(true);
    };
    await goesOn(5);
    const readerEnds = await holding(old, 'select count(*) from archive');
    let writerEnds = async (): Promise<void> => {};
    const fill = async (db: AnySchema): Promise<boolean> => {
      if (await fillMood(db)) return true;
      writerEnds = await holding(old, "insert into archive (chat, at, id, nick, body) values (0, 0, 'open', '', '')");
      return false;
    };
    const changes = {
      ...migrations,
      '0900-mood': { up: addMood },
      '0901-moods': { fill },
      '0902-mood-index': { index: moodIndex },
    };
    const migrated = migrate(fresh.db, log, changes);
    await expect.poll(() => tries, patience).toBe(1);
    await goesOn(10);
    await expect.poll(() => tries, patience).toBe(2);
    await goesOn(10);
    await readerEnds();
    await expect.poll(() => wholeIndex(fresh.db), patience).toBe(false);
    await goesOn(20);
    await writerEnds();
    await migrated;
    expect(await wholeIndex(fresh.db)).toBe(true);
    await goesOn(5);
    for (const { stop } of talkers) await stop();
    expect(talkers.map(({ seen }) => seen.failures)).toEqual([[], [], []]);
    for (const { seen } of talkers) expect(seen.longest).toBeLessThanOrEqual(1);
    const unfilled = await sql<{
      n: number;
    }>`select count(*) as n from archive where mood is null and nick = 'past'`.execute(fresh.db);
    expect(unfilled.rows).toEqual([{ n: 0 }]);
    await old.close();
    await fresh.close();
  });

  test('of two that begin at once one does all of it, and the other waits without being waited for', async () => {
    const url = server.database('two');
    const both = [await openDatabase(url), await openDatabase(url)];
    const done: string[] = [];
    const changes = {
      ...migrations,
      '0900-mood': { up: async (db: AnySchema) => void done.push(`${await addMood(db)}`) },
      '0901-mood-index': { index: moodIndex },
    };
    await Promise.all(both.map(({ db }) => migrate(db, silentLog, changes)));
    expect(done).toHaveLength(1);
    for (const { db, close } of both) {
      expect(await wholeIndex(db)).toBe(true);
      await close();
    }
  });
});

describe('cut short', () => {
  const dir = tempDir('migrator');
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    dir.remove();
  });

  /** A process that migrates, to be killed. */
  function migrator(url: string): ChildProcess {
    const script = join(dir.path, 'migrate.mjs');
    const from = (name: string): string => JSON.stringify(join(import.meta.dirname, '../../src/storage/sql', name));
    writeFileSync(
      script,
      `const [{ openForeign }, { migrate }, { migrations }] = await Promise.all([import(${from('database.ts')}), import(${from('migrate.ts')}), import(${from('migrations.ts')})]);
       const up = (db) => db.schema.alterTable('archive').addColumn('mood', 'text').execute();
       await migrate(await openForeign(${JSON.stringify(url)}), undefined, { ...migrations, '0900-mood': { up }, '0901-mood-index': { index: ${JSON.stringify(moodIndex)} } });`,
    );
    const child = fork(script, { stdio: 'ignore' });
    children.push(child);
    return child;
  }

  test('a migrator that is killed while it builds an index leaves nobody locked out, and the next one builds it anew', async () => {
    const url = server.database('killed');
    const database = await openDatabase(url);
    await migrate(database.db, silentLog, { ...migrations, '0900-mood': { up: addMood } });
    // The index waits for whoever may not have seen it yet.
    const writerEnds = await holding(
      database,
      "insert into archive (chat, at, id, nick, body) values (0, 0, 'open', '', '')",
    );
    const first = migrator(url);
    await expect.poll(() => wholeIndex(database.db), patience).toBe(false);
    const ended = once(first, 'exit');
    first.kill('SIGKILL');
    await ended;
    let columns = 0;
    const up = async (): Promise<void> => void columns++;
    const changes: SchemaChanges = { ...migrations, '0900-mood': { up }, '0901-mood-index': { index: moodIndex } };
    const second = migrate(database.db, silentLog, changes);
    await writerEnds();
    await second;
    expect(columns).toBe(0);
    expect(await wholeIndex(database.db)).toBe(true);
    await database.close();
  });
});

describe('two versions', () => {
  test('an older program starts beside what a newer one has added, and refuses what it has taken away', async () => {
    const url = server.database('versions');
    const newer = await openDatabase(url);
    const added = { ...migrations, '0900-mood': { up: addMood } };
    await migrate(newer.db, silentLog, added);
    await (await openDatabase(url)).close();
    const drop = (db: AnySchema) => db.schema.alterTable('accounts').dropColumn('resume').execute();
    await migrate(newer.db, silentLog, { ...added, '0901-no-resume': { up: drop, needs: '0900-mood' } });
    await migrate(newer.db, silentLog, added);
    const older = openDatabase(url);
    await expect(older).rejects.toBeInstanceOf(StorageProblem);
    await expect(older).rejects.toThrow(/newer Isthmus.*: install the newer one/);
    await newer.close();
  });
});
