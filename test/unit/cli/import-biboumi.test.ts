/** The import's odd cases, on databases as biboumi makes them (test/e2e/import.test.ts runs a real one). */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Driver from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importArchive } from '../../../src/cli/biboumi-archive.ts';
import { cli } from '../../../src/cli/cli.ts';
import type { ArchiveRow } from '../../../src/storage/ports.ts';
import { openBiboumi } from '../../../src/storage/sql/biboumi.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';
import { type TempDir, tempDir } from '../../harness/temp.ts';
import { testWorld } from './world.ts';

const schema = `
  CREATE TABLE muclogline_ (id_ INTEGER PRIMARY KEY AUTOINCREMENT,uuid_ TEXT,owner_ TEXT,ircchanname_ TEXT,ircservername_ TEXT,date_ INTEGER,body_ TEXT,nick_ TEXT);
  CREATE TABLE globaloptions_ (id_ INTEGER PRIMARY KEY AUTOINCREMENT,owner_ TEXT,maxhistorylength_ INTEGER,recordhistory_ INTEGER,persistent_ INTEGER);
  CREATE TABLE ircserveroptions_ (id_ INTEGER PRIMARY KEY AUTOINCREMENT,owner_ TEXT,server_ TEXT,pass_ TEXT,tlsports_ TEXT,ports_ TEXT,username_ TEXT,realname_ TEXT,verifycert_ INTEGER,trustedfingerprint_ TEXT,encodingout_ TEXT,encodingin_ TEXT,maxhistorylength_ INTEGER,address_ TEXT,nick_ TEXT,saslpassword_ TEXT,throttlelimit_ INTEGER);
  CREATE TABLE ircchanneloptions_ (id_ INTEGER PRIMARY KEY AUTOINCREMENT,owner_ TEXT,server_ TEXT,channel_ TEXT,encodingout_ TEXT,encodingin_ TEXT,maxhistorylength_ INTEGER,persistent_ INTEGER,recordhistory_ INTEGER);
  CREATE TABLE after_connection_commands_ (id_ INTEGER PRIMARY KEY AUTOINCREMENT,fk_ INTEGER,afterconnectioncommand_ TEXT);`;

let dir: TempDir;
let db: string;
let config: string;
beforeEach(() => {
  dir = tempDir('import');
  db = join(dir.path, 'biboumi.sqlite');
  config = join(dir.path, 'isthmus.yaml');
  configure('{}');
});
afterEach(() => dir.remove());

function configure(options: string, domains: readonly string[] = ['irc.example.org']): void {
  const bridges = domains.map((domain) => `  - { use: irc, domain: ${domain}, secret: x, options: ${options} }\n`);
  writeFileSync(config, `storage: { data: ${dir.path} }\nbridges:\n${bridges.join('')}`);
}

function make(statements: string): void {
  const driver = new Driver(db);
  driver.exec(schema + statements);
  driver.close();
}

async function run(...more: readonly string[]) {
  const world = testWorld(['import', 'biboumi', '--db', db, '--config', config, ...more]);
  return { code: await cli(world), ...world.printed };
}

async function settings() {
  const { db: sql, close } = await openDatabase(join(dir.path, 'isthmus.sqlite'));
  const rows = await sql.selectFrom('settings').selectAll().orderBy('name').execute();
  await close();
  return rows.map((row) => [row.owner, row.on_server, row.chat, row.name, row.value]);
}

describe('settings', () => {
  test('what is as biboumi does anyway is not taken over', async () => {
    make(`
      insert into globaloptions_ values (1, 'romeo@example.org', 20, 1, 0);
      insert into ircserveroptions_ values (1, 'romeo@example.org', 'irc.net', '', '6697;6670;', '6667;', '', '', 1, '', '', '', 20, 'irc.net', '', '', 10);
      insert into ircchanneloptions_ values (1, 'romeo@example.org', 'irc.net', '#verona', '', '', 0, 0, 0);`);
    expect(await run()).toMatchObject({ code: 0, out: expect.stringContaining('settings: 0 taken over') });
    expect(await settings()).toEqual([]);
  });

  test('what Isthmus has already stays, and what it would not take is told without its value', async () => {
    make(`
      insert into ircserveroptions_ values (1, 'Romeo@example.org', 'IRC.net', NULL, '7000;', '', NULL, NULL, 1, NULL, NULL, NULL, 20, NULL, 'a b', NULL, 3);`);
    const first = await run();
    expect(first.out).toContain('left out: nick of romeo@example.org for irc.net (');
    expect(first.out).not.toContain('a b');
    expect(await settings()).toEqual([
      ['romeo@example.org', 'irc.net', '', 'throttle_limit', '3'],
      ['romeo@example.org', 'irc.net', '', 'tls_ports', '["7000"]'],
    ]);
    const { db: sql, close } = await openDatabase(join(dir.path, 'isthmus.sqlite'));
    await sql.updateTable('settings').set({ value: '5' }).where('name', '=', 'throttle_limit').execute();
    await close();
    expect((await run()).out).toContain('settings: 0 taken over');
    expect((await settings())[0]?.[4]).toBe('5');
  });

  test('a domain with one server has them without its name', async () => {
    configure('{ fixedServer: irc.net }');
    make(
      `insert into ircserveroptions_ values (1, 'r@e.org', 'irc.net', '', '', '', '', 'R', 1, '', '', '', 20, '', '', '', 10);`,
    );
    await run();
    expect(await settings()).toEqual([['r@e.org', '', '', 'realname', '"R"']]);
  });

  test('a box that says neither yes nor no says nothing; yes and no are kept', async () => {
    make(`
      insert into ircchanneloptions_ values (1, 'r@e.org', 'irc.net', '#A', '', '', 0, 1, 1);
      insert into ircchanneloptions_ values (2, 'r@e.org', 'irc.net', '#b', '', '', 0, 0, -1);`);
    await run();
    const kept = (await settings()).map(([, , chat, name, value]) => [chat, name, value?.replaceAll('"', '')]);
    expect(kept.sort()).toEqual([
      ['#a', 'persistent', 'true'],
      ['#a', 'record_history', 'true'],
      ['#b', 'record_history', 'false'],
    ]);
  });
});

describe('the archive', () => {
  async function imported(statements: string): Promise<{ rows: ArchiveRow[]; said: string[] }> {
    make(statements);
    const rows: ArchiveRow[] = [];
    const said: string[] = [];
    const from = await openBiboumi(db);
    const add = async (more: readonly ArchiveRow[]): Promise<void> => void rows.push(...more);
    await importArchive(from, { add }, { domain: 'irc.test', fixed: false }, (text) => said.push(text));
    await from.close();
    return { rows, said };
  }
  const line = (id: string, date: number | string, nick: string | null, body: string): string =>
    `insert into muclogline_ (uuid_, owner_, ircchanname_, ircservername_, date_, body_, nick_) values
      ('${id}', 'r@e.org', '#Verona', 'irc.net', ${date}, '${body}', ${nick === null ? 'NULL' : `'${nick}'`});`;

  test('what was said in one second keeps its order; the next begins anew', async () => {
    const { rows } = await imported(line('z', 100, 'r', 'one') + line('a', 100, 'r', 'two') + line('m', 101, 'r', '3'));
    expect(rows.map(({ id, at }) => [id, at])).toEqual([
      ['z', 100_000],
      ['a', 100_001],
      ['m', 101_000],
    ]);
    expect(rows[0]).toMatchObject({ account: 'r@e.org/irc.net/irc.test', chat: '#verona', nick: 'r' });
  });

  test('lines of the room itself and damaged ones are left out, markup and strange characters are text', async () => {
    const { rows, said } = await imported(
      line('1', 1, '', 'Mode +o') +
        line('2', 1, null, 'x') +
        line('3', "'never'", 'r', 'x') +
        line('4', 2, 'r', '</body>&\u0001'),
    );
    expect(rows.map(({ id, body }) => [id, body])).toEqual([
      ['4', expect.stringMatching(/^<body>&lt;\/body&gt;&amp;.?<\/body>$/)],
    ]);
    expect(said).toEqual(['archive: 1 messages of 4 lines are there now']);
  });

  test('much of it is taken in handfuls, and it is said how far it is', async () => {
    const { rows, said } = await imported(
      `with recursive n(i) as (select 1 union all select i + 1 from n where i < 100001)
       insert into muclogline_ (uuid_, owner_, ircchanname_, ircservername_, date_, body_, nick_) select 'u' || i, 'r@e.org', '#v', 'irc.net', i, 'b', 'n' from n;`,
    );
    expect(rows).toHaveLength(100_001);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(100_001);
    expect(said).toEqual([
      'archive: 50000 of 100001 lines',
      'archive: 100000 of 100001 lines',
      'archive: 100001 messages of 100001 lines are there now',
    ]);
  });
});

describe('called wrongly', () => {
  const call = async (...argv: readonly string[]) => {
    const world = testWorld(argv);
    return { code: await cli(world), err: world.printed.err };
  };

  test.each([
    [['import'], 2, /Import from what/],
    [['import', 'mutt'], 2, /isthmus import biboumi --db FILE/],
    [['import', 'biboumi'], 2, /Add --db FILE/],
  ])('%j', async (argv, code, err) => expect(await call(...argv)).toEqual({ code, err: expect.stringMatching(err) }));

  test('a database that is not there, or not biboumi’s, is told; nothing is made', async () => {
    expect(await run()).toMatchObject({ code: 1, err: expect.stringMatching(/can't be read.*\n?.*Check --db/s) });
    new Driver(db).exec('create table other (x)').close();
    expect(await run()).toMatchObject({ code: 1, err: expect.stringMatching(/no database of biboumi/) });
    expect(existsSync(join(dir.path, 'isthmus.sqlite'))).toBe(false);
  });

  test('of a PostgreSQL that is not there the reason is told', async () => {
    db = 'postgresql://biboumi@127.0.0.1:1/biboumi';
    expect(await run()).toMatchObject({
      code: 1,
      err: expect.stringMatching(/can't be read \(connect ECONNREFUSED 127\.0\.0\.1:1\).*\n.*Check --db/),
    });
    // Of several addresses Node's error has a code alone.
    db = 'postgresql://biboumi@localhost:1/biboumi';
    expect(await run()).toMatchObject({ code: 1, err: expect.stringMatching(/can't be read \(.*ECONNREFUSED/) });
    db = 'postgresql://biboumi:a#b@127.0.0.1/biboumi';
    expect(await run()).toMatchObject({ code: 1, err: expect.stringMatching(/can't be read \(Invalid URL\)/) });
  });

  test('of several domains one has to be named', async () => {
    make('');
    configure('{}', ['a.example.org', 'b.example.org']);
    expect(await run()).toMatchObject({
      code: 2,
      err: expect.stringMatching(/--domain, one of: a\.example\.org, b\.example\.org/),
    });
    expect(await run('--domain', 'c.example.org')).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no IRC domain c/),
    });
    expect((await run('--domain', 'b.example.org')).code).toBe(0);
  });

  test('an older biboumi without some of the tables is read as far as it goes', async () => {
    new Driver(db)
      .exec(
        'create table muclogline_ (id_ integer primary key, uuid_, owner_, ircchanname_, ircservername_, date_, body_, nick_)',
      )
      .close();
    expect((await run()).out).toBe(
      'settings: 0 taken over, of 0 users\ncontacts: 0 servers in contact lists\narchive: 0 messages of 0 lines are there now\n',
    );
  });
});
