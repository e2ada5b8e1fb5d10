/** Backup and restore: what comes back, and what is refused before anything is written. That a whole gateway comes back is in e2e/backup.test.ts. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cli } from '../../../src/cli/cli.ts';
import { accountId } from '../../../src/core/ids.ts';
import { systemClock } from '../../../src/ops/clock.ts';
import { loadSealingKeys, newSealingKey, writeSealingKeys } from '../../../src/ops/sealing-key.ts';
import { connectRedis, type RedisLink } from '../../../src/storage/redis/connect.ts';
import { watchContinuity } from '../../../src/storage/redis/continuity.ts';
import { createJournalStore } from '../../../src/storage/redis/journal.ts';
import { createLeases } from '../../../src/storage/redis/leases.ts';
import { createOutboxStore } from '../../../src/storage/redis/outbox.ts';
import { startPrivateServer } from '../../../src/storage/redis/private-server.ts';
import { createWorkers } from '../../../src/storage/redis/workers.ts';
import { createAccountStore } from '../../../src/storage/sql/account-store.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';
import { createRedisNames } from '../../../src/storage/sql/redis-names.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { hasSmallDisks, mountSmallDisk, unmountSmallDisk } from '../../harness/small-disk.ts';
import { type TempDir, tempDir } from '../../harness/temp.ts';
import { origin, send } from '../delivery/entries.ts';
import { testWorld } from './world.ts';

const account = accountId('romeo@example.org/irc.net/irc.example.org');
const caps = { account: 10 };
let dir: TempDir;
const at = (...path: readonly string[]): string => join(dir.path, ...path);

beforeEach(() => {
  dir = tempDir('backup');
  configure();
});
afterEach(() => dir.remove());

function configure(sql = 'sqlite'): void {
  const storage = `storage: { data: ${at('data')}, sql: '${sql}', redis: private }\n`;
  writeFileSync(at('isthmus.yaml'), `${storage}bridges: [{ use: irc, domain: irc.example.org, secret: x }]\n`);
}

async function isthmus(command: string, ...more: readonly string[]) {
  const world = testWorld([command, '--config', at('isthmus.yaml'), ...more]);
  const code = await cli(world);
  return { code, said: world.printed.out + world.printed.err };
}

/** Its Redis, as a gateway that runs has it. */
async function running<T>(work: (link: RedisLink) => Promise<T>): Promise<T> {
  const server = await startPrivateServer({ dir: at('data', 'redis'), clock: systemClock, log: silentLog });
  const link = await connectRedis({ url: server.url, name: 'test', clock: systemClock, log: silentLog });
  try {
    return await work(link);
  } finally {
    await link.close();
    await server.close();
  }
}

/** A gateway with a room, two messages that wait, one that could not be delivered, and what only processes that run have. */
async function live(): Promise<void> {
  mkdirSync(at('data'), { recursive: true });
  await loadSealingKeys(at('data', 'sealing.key'));
  const database = await openDatabase(at('data', 'isthmus.sqlite'));
  await createAccountStore(database).put({ id: account, domain: 'irc.example.org', owner: 'romeo@example.org' });
  await running(async (link) => {
    await watchContinuity({ link, names: createRedisNames(database), log: silentLog });
    const workers = await createWorkers(link, { clock: systemClock, log: silentLog });
    const lease = await createLeases(link, workers, silentLog).acquire(account);
    const outbox = createOutboxStore(link, systemClock);
    for (const text of ['one', 'two', 'dead']) {
      const appended = await outbox.append(account, { intent: send('#a', text), origin: origin(text) }, text, caps);
      if (text === 'dead' && appended.is === 'new')
        await outbox.settle(account, lease?.fence ?? 0, [{ key: appended.key, dead: 'timed-out' }]);
    }
    await createJournalStore(link).append('irc.example.org/all', () => '<message/>');
    await workers.close();
  });
  await database.close();
}

/** The machine is gone, but for the key that somebody kept. */
function lose(): void {
  renameSync(at('data', 'sealing.key'), at('kept.key'));
  rmSync(at('data'), { recursive: true });
}

test('what waits, what could not be delivered, what was accepted and fences come back; leases and journals do not', async () => {
  await live();
  expect(await isthmus('backup', '--to', at('b'))).toMatchObject({
    code: 0,
    said: expect.stringContaining('sealing.key, without which'),
  });
  expect(readdirSync(at('b')).sort()).toEqual(['backup.json', 'isthmus.sqlite', 'redis.jsonl']);
  for (const name of readdirSync(at('b'))) expect(statSync(at('b', name)).mode & 0o077).toBe(0);
  lose();
  expect(await isthmus('restore', '--from', at('b'), '--key', at('kept.key'))).toMatchObject({ code: 0 });
  expect(readFileSync(at('data', 'sealing.key'))).toEqual(readFileSync(at('kept.key')));
  const database = await openDatabase(at('data', 'isthmus.sqlite'));
  expect(await createAccountStore(database).get(account)).toMatchObject({ owner: 'romeo@example.org' });
  await database.close();
  await running(async (link) => {
    const outbox = createOutboxStore(link, systemClock);
    expect((await outbox.after(account, undefined, 10)).map(({ intent }) => intent)).toEqual([
      send('#a', 'one'),
      send('#a', 'two'),
    ]);
    expect(await outbox.waiting()).toEqual([account]);
    expect((await outbox.deadLetters(account, 10)).map(({ reason }) => reason)).toEqual(['timed-out']);
    const again = await outbox.append(account, { intent: send('#a', 'one'), origin: origin('one') }, 'one', caps);
    expect(again.is).toBe('again');
    expect(await createJournalStore(link).streams('irc.example.org')).toEqual([]);
    const workers = await createWorkers(link, { clock: systemClock, log: silentLog });
    expect((await createLeases(link, workers, silentLog).acquire(account))?.fence).toBeGreaterThan(1);
    await workers.close();
  });
});

test('what is restored is whole: the next start takes its Redis for the one that was left', async () => {
  await live();
  expect(await isthmus('backup', '--to', at('b'))).toMatchObject({ code: 0 });
  lose();
  expect(await isthmus('restore', '--from', at('b'), '--key', at('kept.key'))).toMatchObject({ code: 0 });
  const told: string[] = [];
  const log = { ...silentLog, error: (_: object, text: string) => void told.push(text) };
  const database = await openDatabase(at('data', 'isthmus.sqlite'));
  await running((link) => watchContinuity({ link, names: createRedisNames(database), log }));
  await database.close();
  expect(told).toEqual([]);
});

test('while the gateway runs it can be backed up, and nothing can be put into it', async () => {
  await live();
  await running(async () => {
    expect(await isthmus('backup', '--to', at('b'), '--key', at('copy.key'))).toMatchObject({ code: 0 });
    expect(statSync(at('copy.key')).mode & 0o777).toBe(0o600);
    expect(await isthmus('restore', '--from', at('b'))).toMatchObject({
      code: 1,
      said: expect.stringContaining('The gateway is running'),
    });
  });
});

test('a backup is written into nothing that is there, and there has to be something', async () => {
  expect(await isthmus('backup', '--to', at('b'))).toMatchObject({
    code: 1,
    said: expect.stringContaining('There is no gateway in'),
  });
  expect(await isthmus('backup')).toMatchObject({ code: 2, said: expect.stringContaining('--to FOLDER') });
  await live();
  expect(await isthmus('backup', '--to', at('data'))).toMatchObject({
    code: 1,
    said: expect.stringContaining('is not empty'),
  });
  expect(await isthmus('backup', '--to', '/proc/isthmus/backup')).toMatchObject({
    code: 1,
    said: expect.stringContaining("The folder /proc/isthmus/backup can't be made (ENOENT)"),
  });
});

test('the key is copied over no file that is there: another key may be lost by it, or others may read it', async () => {
  await live();
  writeFileSync(at('copy.key'), 'the key of older backups', { mode: 0o644 });
  expect(await isthmus('backup', '--to', at('b'), '--key', at('copy.key'))).toEqual({
    code: 1,
    said: expect.stringMatching(/^There is a file .*copy\.key already.*\nGive --key another name/),
  });
  expect(readFileSync(at('copy.key'), 'utf8')).toBe('the key of older backups');
  expect(existsSync(at('b'))).toBe(false);
  chmodSync(at('data', 'sealing.key'), 0o400);
  expect(await isthmus('backup', '--to', at('b'), '--key', at('b', 'sealing.key'))).toMatchObject({ code: 0 });
  expect(statSync(at('b', 'sealing.key')).mode & 0o777).toBe(0o600);
});

test('a key that can not be copied, and a database that can not be read, are told in a sentence', async () => {
  await live();
  expect(await isthmus('backup', '--to', at('b'), '--key', at('no', 'where'))).toEqual({
    code: 1,
    said: expect.stringMatching(/^The sealing key can't be copied to .*where \(ENOENT\)\.\nGive --key /),
  });
  writeFileSync(at('data', 'isthmus.sqlite'), 'the diary of a friar, which is long enough to be taken for a header');
  expect(await isthmus('backup', '--to', at('c'))).toEqual({
    code: 1,
    said: expect.stringMatching(/isthmus\.sqlite, or its copy in .*c, can't be used \(SQLITE_NOTADB\)/),
  });
});

test('a backup that fails leaves nothing behind: the next one finds its place', async () => {
  await live();
  const sqlite = readFileSync(at('data', 'isthmus.sqlite'));
  writeFileSync(at('data', 'isthmus.sqlite'), 'the diary of a friar, which is long enough to be taken for a header');
  mkdirSync(at('empty'));
  for (const folder of ['new', 'empty']) expect(await isthmus('backup', '--to', at(folder))).toMatchObject({ code: 1 });
  expect(existsSync(at('new'))).toBe(false);
  expect(readdirSync(at('empty'))).toEqual([]);
  writeFileSync(at('data', 'isthmus.sqlite'), sqlite);
  expect(await isthmus('backup', '--to', at('new'))).toMatchObject({ code: 0 });
});

test('a restore looks at everything before it writes anything', async () => {
  await live();
  expect(await isthmus('backup', '--to', at('b'))).toMatchObject({ code: 0 });
  const restore = async (...more: readonly string[]) => (await isthmus('restore', '--from', at('b'), ...more)).said;
  expect(await restore()).toContain('There is a database in');
  rmSync(at('data', 'isthmus.sqlite'));
  expect(await restore()).toContain('Redis has messages of a gateway already');
  lose();
  expect(await restore()).toContain('The sealing key is missing');
  expect(await restore('--key', at('kept.kye'))).toContain(`There is no file ${at('kept.kye')}, and without`);
  writeFileSync(at('letter.txt'), 'Parting is such sweet sorrow');
  for (const none of [at('letter.txt'), at('b')]) {
    const said = await restore('--key', none);
    expect(said).toContain(`${none} is no sealing key.\nName the copy of sealing.key`);
    expect(said).not.toContain('delete');
  }
  await writeSealingKeys(at('wrong.key'), [newSealingKey()]);
  expect(await restore('--key', at('wrong.key'))).toContain('is not the one that the backup was sealed with');
  configure('postgres://u:sesame@127.0.0.1:1/x');
  expect(await restore('--key', at('kept.key'))).toContain('PostgreSQL');
  expect(existsSync(at('data', 'sealing.key'))).toBe(false);
  configure();
  copyFileSync(at('b', 'backup.json'), at('kept.json'));
  writeFileSync(at('b', 'backup.json'), '{ "format": 1');
  expect(await restore('--key', at('kept.key'))).toContain('There is no whole backup in');
  expect(existsSync(at('data', 'isthmus.sqlite'))).toBe(false);
  copyFileSync(at('kept.json'), at('b', 'backup.json'));
  expect(await restore('--key', at('kept.key'))).toContain('restored from');
});

test('a backup that is damaged is refused before anything is written; a key on a stick that knows no rights is taken', async () => {
  await live();
  expect(await isthmus('backup', '--to', at('b'))).toMatchObject({ code: 0 });
  lose();
  chmodSync(at('kept.key'), 0o755);
  const restore = () => isthmus('restore', '--from', at('b'), '--key', at('kept.key'));
  const refused = (what: string) => ({
    code: 1,
    said: expect.stringMatching(`is not whole: ${what} is missing or damaged`),
  });
  const keep = (name: string) => readFileSync(at('b', name));
  const [keys, database] = [keep('redis.jsonl'), keep('isthmus.sqlite')];

  writeFileSync(at('b', 'redis.jsonl'), keys.subarray(0, -20));
  expect(await restore()).toEqual(refused('line \\d+ of redis.jsonl'));
  rmSync(at('b', 'redis.jsonl'));
  expect(await restore()).toEqual(refused('redis.jsonl'));
  writeFileSync(at('b', 'redis.jsonl'), keys);
  rmSync(at('b', 'isthmus.sqlite'));
  expect(await restore()).toEqual(refused('isthmus.sqlite'));
  expect(existsSync(at('data', 'sealing.key'))).toBe(false);
  writeFileSync(at('b', 'isthmus.sqlite'), database.subarray(0, database.length / 2));
  expect(await restore()).toEqual(refused('isthmus.sqlite'));
  expect(readdirSync(at('data')).sort()).toEqual(['redis', 'sealing.key']);

  writeFileSync(at('b', 'isthmus.sqlite'), database);
  writeFileSync(at('b', 'redis.jsonl'), '["{isthmus}:x",0,"AAAA"]\n');
  expect(await restore()).toEqual({
    code: 1,
    said: expect.stringMatching(/^Redis does not take .*\.\nHave one that /),
  });
  rmSync(at('data'), { recursive: true });
  writeFileSync(at('b', 'redis.jsonl'), keys);
  expect(await restore()).toMatchObject({ code: 0 });
  expect(statSync(at('data', 'sealing.key')).mode & 0o777).toBe(0o600);
  expect(readdirSync(at('data')).sort()).toEqual(['isthmus.sqlite', 'redis', 'sealing.key']);
});

test.skipIf(!hasSmallDisks())(
  'no room for a backup, or for what is restored: it is said where, and nothing stays of it',
  async () => {
    await live();
    expect(await isthmus('backup', '--to', at('b'))).toMatchObject({ code: 0 });
    const fullAt = async (folder: string, run: () => Promise<{ code: number; said: string }>) => {
      mkdirSync(folder);
      expect(mountSmallDisk(folder, 1)).toBe(true);
      try {
        writeFileSync(join(folder, 'filler'), Buffer.alloc(900 * 1_024));
        return { ...(await run()), left: readdirSync(folder) };
      } finally {
        unmountSmallDisk(folder);
      }
    };
    const backup = await fullAt(at('full'), async () => {
      writeFileSync(at('full', 'filler'), Buffer.alloc(124 * 1_024), { flag: 'a' });
      return isthmus('backup', '--to', at('full', 'b'));
    });
    const room = 'Make room on its disk, and start again.\n';
    expect(backup).toEqual({ code: 1, said: `${at('full', 'b')} can't be used (ENOSPC).\n${room}`, left: ['filler'] });
    lose();
    const restore = await fullAt(at('data'), () => isthmus('restore', '--from', at('b'), '--key', at('kept.key')));
    const copy = at('data', 'isthmus.sqlite.restored');
    expect(restore).toMatchObject({ code: 1, said: `${copy} can't be used (ENOSPC).\n${room}` });
    expect(restore.left.sort()).toEqual(['filler', 'redis', 'sealing.key']);
  },
);

/** A backup, and what was lost behind it but for a log (`kept.wal`) in which the account is removed. */
async function leavesLog(): Promise<void> {
  await live();
  expect(await isthmus('backup', '--to', at('b'))).toMatchObject({ code: 0 });
  const database = await openDatabase(at('data', 'isthmus.sqlite'));
  await createAccountStore(database).remove(account);
  copyFileSync(at('data', 'isthmus.sqlite-wal'), at('kept.wal'));
  await database.close();
  lose();
}

async function hasAccount(): Promise<void> {
  const restored = await openDatabase(at('data', 'isthmus.sqlite'));
  expect(await createAccountStore(restored).get(account)).toMatchObject({ owner: 'romeo@example.org' });
  await restored.close();
}

test('what a killed gateway left beside its database is not taken for a part of the one that is restored', async () => {
  await leavesLog();
  // Its file was moved away, but not its log.
  mkdirSync(at('data'));
  renameSync(at('kept.wal'), at('data', 'isthmus.sqlite-wal'));
  const restore = () => isthmus('restore', '--from', at('b'), '--key', at('kept.key'));
  expect(await restore()).toMatchObject({ code: 1, said: expect.stringContaining('There is a database in') });
  rmSync(at('data', 'isthmus.sqlite-wal'));
  expect(await restore()).toMatchObject({ code: 0 });
  await hasAccount();
});

test('what a killed restore left is not taken for a part of the next one', async () => {
  await leavesLog();
  mkdirSync(at('data'));
  renameSync(at('kept.wal'), at('data', 'isthmus.sqlite.restored-wal'));
  expect(await isthmus('restore', '--from', at('b'), '--key', at('kept.key'))).toMatchObject({ code: 0 });
  await hasAccount();
});

test('PostgreSQL’s programs: what they say is told, the password is not', async () => {
  await live();
  configure('postgres://u:sesame@127.0.0.1:1/x');
  const { code, said } = await isthmus('backup', '--to', at('b'));
  expect([code, said]).toEqual([
    1,
    expect.stringMatching(/pg_dump (failed: .*(refused|connection)|is not installed)/i),
  ]);
  expect(said).not.toContain('sesame');
  expect(existsSync(at('b', 'backup.json'))).toBe(false);
  // The driver takes a "%" that encodes nothing as it stands.
  configure('postgres://u:50%sesame@127.0.0.1:1/x');
  expect((await isthmus('backup', '--to', at('c'))).said).toMatch(/^pg_dump (?:failed|is not installed)/);
});
