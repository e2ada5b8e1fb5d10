/** What becomes of work where PostgreSQL has too few connections, can only be read, or is another server now: it waits or its sender is told, and nothing is written where it would be lost. */
import { once } from 'node:events';
import { chownSync, copyFileSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { cli } from '../../src/cli/cli.ts';
import { accountId, chatId } from '../../src/core/ids.ts';
import { describeFailure } from '../../src/ops/fatal.ts';
import { loadSealingKeys } from '../../src/ops/sealing-key.ts';
import { Secret } from '../../src/ops/secret.ts';
import { openSql } from '../../src/process/sql.ts';
import type { ArchiveRow } from '../../src/storage/ports.ts';
import { createArchive } from '../../src/storage/sql/archive.ts';
import { type Database, openDatabase, openForeign } from '../../src/storage/sql/database.ts';
import type { Tables } from '../../src/storage/sql/tables.ts';
import { makeAuthority } from '../harness/certificate.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { tempDir } from '../harness/temp.ts';
import { testWorld } from '../unit/cli/world.ts';

let server: Postgres;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server?.[Symbol.asyncDispose]());

const patience = { timeout: 30_000 };
const [account, chat] = [accountId('a'), chatId('#c')];
const row = (n: number): ArchiveRow => ({ account, chat, id: `${n}`, at: n, nick: 'n', body: '<body/>' });
const away = { code: 'storage-away' };
const idsIn = async (database: Pick<Database, 'db'>): Promise<readonly string[]> =>
  (await database.db.selectFrom('archive').select('id').orderBy('at').execute()).map(({ id }) => id);

/** So many connections are in use until the returned function is called. */
async function useUp(database: Database, many: number): Promise<() => Promise<void>> {
  const end = Promise.withResolvers<void>();
  const begun = Array.from({ length: many }, () => Promise.withResolvers<void>());
  const over = begun.map((one) =>
    database.db.connection().execute(async (connection) => {
      await sql`select 1`.execute(connection);
      one.resolve();
      await end.promise;
    }),
  );
  await Promise.all(begun.map(({ promise }) => promise));
  return async () => {
    end.resolve();
    await Promise.all(over);
  };
}

/** What PgBouncer takes of a greeting; it refuses whoever says more. */
const greeted = /^(user|database|application_name|client_encoding|datestyle|timezone|standard_conforming_strings)$/i;

/** Stands before the server as PgBouncer does. */
async function pooler(): Promise<{ readonly port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('data', (greeting) => {
      const names = greeting
        .toString('utf8', 8)
        .split('\0')
        .filter((_, i) => i % 2 === 0);
      const strange = names.find((name) => name !== '' && !greeted.test(name));
      if (strange !== undefined) {
        const said = Buffer.from(`SFATAL\0C08P01\0Munsupported startup parameter: ${strange}\0\0`);
        const head = Buffer.from([0x45, 0, 0, 0, said.length + 4]);
        socket.end(Buffer.concat([head, said]));
        return;
      }
      const behind = connect(server.port, '127.0.0.1').on('error', () => undefined);
      sockets.add(behind);
      behind.write(greeting);
      socket.pipe(behind).pipe(socket);
    });
  });
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const address = listener.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}

test('PgBouncer lets us in, and statements have their end behind it too', async () => {
  await using between = await pooler();
  const url = server.database('pooled').replace(`:${server.port}/`, `:${between.port}/`);
  const database = await openDatabase(url, undefined, { statementMs: 300 });
  await createArchive(database).add([row(1)]);
  expect(await idsIn(database)).toEqual(['1']);
  await expect(sql`select pg_sleep(5)`.execute(database.db)).rejects.toMatchObject(away);
  await database.close();
});

describe('connections', () => {
  test('who finds all in use waits; beyond the bound one is told at once, and nothing of who waits is lost', async () => {
    const warnings: string[] = [];
    const log = {
      info: (_: object, text: string) => void warnings.push(text),
      warn: (_: object, text: string) => void warnings.push(text),
    };
    const database = await openDatabase(server.database('few'), log, { connections: 2, waitingAtMost: 3 });
    const archive = createArchive(database);
    await archive.add([row(0)]);
    warnings.length = 0;
    const free = await useUp(database, 2);
    const waiting = [1, 2, 3].map((n) => archive.add([row(n)]));
    await expect(archive.add([row(4)])).rejects.toMatchObject(away);
    await free();
    await Promise.all(waiting);
    expect(await idsIn(database)).toEqual(['0', '1', '2', '3']);
    expect(warnings).toEqual(['PostgreSQL has no connection for us; what waits is tried again', 'PostgreSQL is back']);
    await database.close();
  });

  test('where the server has no further connection for us, those we have do; where it has none, one is told', async () => {
    const url = server.database('crowded');
    const admin = await openForeign<Tables>(url);
    await sql.raw('create role small login connection limit 1').execute(admin);
    await sql.raw('alter database crowded owner to small').execute(admin);
    const small = url.replace('postgres@', 'small@');
    const refused = openSql({ data: '', sql: { is: 'postgres', url: new Secret(small) } });
    // It needs a second one while the schema is made.
    const told = describeFailure(await refused.catch((error: unknown) => error));
    expect(told).toMatch(/^PostgreSQL has no connection left \(too many connections\)\.\nRaise its max_connections/);
    await sql.raw('alter role small connection limit 5').execute(admin);
    await vi.waitFor(async () => (await openDatabase(small)).close(), patience);
    // A connection that was closed is counted until its server process has ended.
    const count = sql<{ n: number }>`select count(*) as n from pg_stat_activity where usename = 'small'`;
    await expect.poll(async () => (await count.execute(admin)).rows[0]?.n, patience).toBe(0);
    await sql.raw('alter role small connection limit 3').execute(admin);
    const database = await openDatabase(small);
    const archive = createArchive(database);
    const free = await useUp(database, 3);
    const many = [1, 2, 3, 4, 5].map((n) => archive.add([row(n)]));
    await expect(openDatabase(small)).rejects.toMatchObject(away);
    await free();
    await Promise.all(many);
    expect(await idsIn(database)).toEqual(['1', '2', '3', '4', '5']);
    await database.close();
    await admin.destroy();
  });

  test('where those are lost too, everybody who waits for one is told', async () => {
    const url = server.database('lost');
    const admin = await openForeign<Tables>(url);
    await sql.raw('create role few login connection limit 5').execute(admin);
    await sql.raw('alter database lost owner to few').execute(admin);
    const few = url.replace('postgres@', 'few@');
    await (await openDatabase(few)).close();
    const count = sql<{ n: number }>`select count(*) as n from pg_stat_activity where usename = 'few'`;
    await expect.poll(async () => (await count.execute(admin)).rows[0]?.n, patience).toBe(0);
    await sql.raw('alter role few connection limit 1').execute(admin);
    await admin.destroy();
    const database = await openDatabase(few);
    const archive = createArchive(database);
    await archive.add([row(0)]);
    const free = await useUp(database, 1);
    const many = [1, 2, 3].map((n) => archive.add([row(n)]));
    const told = Promise.allSettled(many);
    // Once it has refused each of them.
    await expect
      .poll(() => server.running.output().match(/too many connections for role "few"/g)?.length, patience)
      .toBe(3);
    await server.kill('SIGQUIT');
    await free();
    expect((await told).map((one) => one.status)).toEqual(['rejected', 'rejected', 'rejected']);
    await server.restart();
    await archive.add([row(4)]);
    expect(await idsIn(database)).toEqual(['0', '4']);
    await database.close();
  });
});

test('our own statements have their end, those that read somebody else’s database take their time', async () => {
  const url = server.database('timed');
  const own = await openDatabase(url);
  const foreign = await openForeign<Tables>(url);
  const limitOf = async ({ db }: Pick<Database, 'db'>) =>
    (await sql<{ statement_timeout: string }>`show statement_timeout`.execute(db)).rows[0]?.statement_timeout;
  expect([await limitOf(own), await limitOf({ db: foreign })]).toEqual(['1min', '0']);
  await foreign.destroy();
  await own.close();
});

test('a command that loses the server says so, with what has to be done about it, and no word of a bug', async () => {
  const url = server.database('commanded');
  await (await openDatabase(url)).close();
  const dir = tempDir('commanded');
  const config = join(dir.path, 'isthmus.yaml');
  const bridge = '  - { use: irc, domain: irc.example.org, secret: x }\n';
  writeFileSync(config, `storage: { data: ${dir.path}, redis: private, sql: '${url}' }\nbridges:\n${bridge}`);
  await loadSealingKeys(join(dir.path, 'sealing.key'));
  const admin = await openForeign<Tables>(url);
  const held = Promise.withResolvers<void>();
  const holding = admin.transaction().execute(async (transaction) => {
    await sql`lock table settings`.execute(transaction);
    await held.promise;
  });
  const world = testWorld(['rotate-key', '--config', config]);
  const ended = cli(world);
  const end = sql<{ n: number }>`select count(pg_terminate_backend(pid)) as n from pg_stat_activity
    where datname = 'commanded' and wait_event_type = 'Lock'`;
  await expect.poll(async () => (await end.execute(admin)).rows[0]?.n, patience).toBe(1);
  expect(await ended).toBe(1);
  expect(world.printed.err).toMatch(/^PostgreSQL can't be used: .*terminat.*\.\nStart it, and compare/);
  held.resolve();
  await holding;
  await admin.destroy();
  dir.remove();
});

describe('servers that can only be read', () => {
  test('one that an operator has made so is refused at the start, in a sentence with the remedy', async () => {
    const url = server.database('locked');
    const admin = await openForeign<Tables>(url);
    await sql.raw('alter database locked set default_transaction_read_only = on').execute(admin);
    const refused = openSql({ data: '', sql: { is: 'postgres', url: new Secret(url) } });
    const told = describeFailure(await refused.catch((error: unknown) => error));
    expect(told).toMatch(/^PostgreSQL can only be read there .*\.\nGive the address of the server that is written to/);
    await admin.destroy();
  });

  test('one that becomes so while it is used is left, and used again when it is not any more', async () => {
    const database = await openDatabase(server.database('turning'));
    const archive = createArchive(database);
    await archive.add([row(1)]);
    const admin = await openForeign<Tables>(server.database('turned'));
    const setTo = async (value: string): Promise<void> => {
      await sql.raw(`alter system set default_transaction_read_only = ${value}`).execute(admin);
      await sql`select pg_reload_conf()`.execute(admin);
    };
    await setTo('on');
    await expect
      .poll(
        () =>
          archive.add([row(2)]).then(
            () => 'written',
            (error: unknown) => error,
          ),
        patience,
      )
      .toMatchObject(away);
    await expect(archive.add([row(2)])).rejects.toMatchObject({
      ...away,
      cause: { message: expect.stringContaining('only be read') },
    });
    // Its own transactions are read-only as well.
    await sql`set default_transaction_read_only = off`.execute(admin);
    await setTo('off');
    await expect
      .poll(
        () =>
          archive.add([row(3)]).then(
            () => 'written',
            () => 'away',
          ),
        patience,
      )
      .toBe('written');
    expect(await idsIn(database)).toContain('3');
    await database.close();
    await admin.destroy();
  });

  test('of a primary and its replica the primary is written to, wherever it stands; the one that is promoted follows it', async () => {
    await using primary = await startPostgres();
    const first = primary.database('isthmus');
    await (await openDatabase(first)).close();
    await using replica = await primary.replica();
    const second = first.replace(`${primary.port}`, `${replica.port}`);
    const both = first.replace('127.0.0.1', `127.0.0.1:${replica.port},127.0.0.1`);
    await expect(openDatabase(second)).rejects.toMatchObject({
      ...away,
      cause: { message: expect.stringContaining('replica') },
    });
    const database = await openDatabase(both);
    const archive = createArchive(database);
    await archive.add([row(1)]);
    const far = await openForeign<Tables>(second);
    await expect.poll(() => idsIn({ db: far }), patience).toEqual(['1']);
    await primary.kill('SIGQUIT');
    await expect(archive.add([row(2)])).rejects.toMatchObject(away);
    await sql`select pg_promote()`.execute(far);
    await expect
      .poll(
        () =>
          archive.add([row(2)]).then(
            () => 'written',
            () => 'away',
          ),
        patience,
      )
      .toBe('written');
    expect(await idsIn(database)).toEqual(['1', '2']);
    await far.destroy();
    await database.close();
  });
});

describe('one that does not let us in', () => {
  const told = (url: string) =>
    openSql({ data: '', sql: { is: 'postgres', url: new Secret(url) } }).then(
      () => undefined,
      (error: unknown) => describeFailure(error),
    );

  test('is told with what has to be done about it', async () => {
    const own = server.database('somebody_elses');
    const db = await openForeign(own);
    await sql`create user isthmus`.execute(db);
    await sql`revoke create on schema public from public`.execute(db);
    await db.destroy();
    const theirs = own.replace('postgres@', 'isthmus@');
    expect(await told(theirs)).toMatch(/permission denied for schema public\.\n.*createdb -O USER/);
    expect(await told(own.replace('somebody_elses', 'nobodys'))).toMatch(/"nobodys" does not exist\.\n.*createdb -O/);
    expect(await told(own.replace('postgres@', 'nobody@'))).toMatch(/"nobody" does not exist\.\n.*user, password/);
  });

  test('nor holds what people write: it is refused, where the archive would lose what was said beside one strange letter', async () => {
    const utf8 = server.database('utf8');
    const db = await openForeign(utf8);
    const as = "locale_provider libc locale 'C' template template0";
    await sql.raw(`create database latin encoding 'LATIN1' ${as}`).execute(db);
    await sql.raw(`create database octets encoding 'SQL_ASCII' ${as}`).execute(db);
    await db.destroy();
    expect(await told(utf8.replace('utf8', 'latin'))).toMatch(/ LATIN1, .*\.\nMake one in UTF-8 \(createdb /);
    expect(await told(utf8.replace('utf8', 'octets'))).toBe(undefined);
  });

  test('nor can be trusted: the authority of its certificate is asked for', async () => {
    await using own = await startPostgres();
    const url = own.database('isthmus');
    const dir = tempDir('postgres-tls');
    const { ca, issue } = makeAuthority(dir.path);
    const { cert, key } = issue(['127.0.0.1']);
    const db = await openForeign(url);
    const { rows } = await sql<{ data_directory: string }>`show data_directory`.execute(db);
    const { data_directory: data = '' } = rows[0] ?? {};
    const { uid, gid } = statSync(data);
    for (const [from, name] of [
      [cert, 'server.crt'],
      [key, 'server.key'],
    ] as const) {
      copyFileSync(from, join(data, name));
      chownSync(join(data, name), uid, gid);
    }
    await sql`alter system set ssl = on`.execute(db);
    await sql`select pg_reload_conf()`.execute(db);
    await db.destroy();
    const tls = `${url}?sslmode=verify-full`;
    await vi.waitFor(async () => expect(await told(tls)).toMatch(/certificate.*\.\n.*sslrootcert=/), patience);
    expect(await told(`${tls}&sslrootcert=${ca}`)).toBe(undefined);
    const elsewhere = tls.replace('127.0.0.1', 'localhost');
    expect(await told(`${elsewhere}&sslrootcert=${ca}`)).toMatch(/localhost.*\.\n.*sslrootcert=/s);
    dir.remove();
  });
});
