/** A new key for all credentials: on a database as the gateway leaves it, and cut short between any two steps. */
import { chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settingsSealedFor } from '../../../src/accounts/preferences.ts';
import { createVault } from '../../../src/accounts/vault.ts';
import { cli } from '../../../src/cli/cli.ts';
import { accountId, chatId } from '../../../src/core/ids.ts';
import { systemClock } from '../../../src/ops/clock.ts';
import { loadSealingKeys, newSealingKey, type SealingKeys, writeSealingKeys } from '../../../src/ops/sealing-key.ts';
import { sealPost } from '../../../src/process/sealed-post.ts';
import { plumbingSecret } from '../../../src/storage/plumbing-ports.ts';
import { connectRedis } from '../../../src/storage/redis/connect.ts';
import { createPost } from '../../../src/storage/redis/post.ts';
import { startPrivateServer } from '../../../src/storage/redis/private-server.ts';
import { createWorkers } from '../../../src/storage/redis/workers.ts';
import { createAccountStore } from '../../../src/storage/sql/account-store.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';
import { createPlumbingStore } from '../../../src/storage/sql/plumbing-store.ts';
import { createSettingsStore } from '../../../src/storage/sql/settings-store.ts';
import { startRedis } from '../../harness/redis.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { type TempDir, tempDir } from '../../harness/temp.ts';
import { testWorld } from './world.ts';

const romeo = { domain: 'irc.example.org', owner: 'romeo@example.org' };
const account = accountId('romeo@example.org/irc.net/irc.example.org');
const verona = chatId('#verona');

let dir: TempDir;
let path: string;
beforeEach(() => {
  dir = tempDir('rotate');
  path = join(dir.path, 'sealing.key');
  configure('private');
});
afterEach(() => dir.remove());

function configure(redis: string): void {
  const bridge = '  - { use: irc, domain: irc.example.org, secret: x }\n';
  const storage = `storage: { data: ${dir.path}, redis: '${redis}' }\n`;
  writeFileSync(join(dir.path, 'isthmus.yaml'), `${storage}bridges:\n${bridge}`);
}

async function rotates() {
  const world = testWorld(['rotate-key', '--config', join(dir.path, 'isthmus.yaml')]);
  return { code: await cli(world), ...world.printed };
}

/** A password of a server, one of a room, and one of a MUC, as the gateway keeps them. */
async function keep(keys: SealingKeys): Promise<void> {
  const database = await openDatabase(join(dir.path, 'isthmus.sqlite'));
  const vault = createVault(keys);
  const place = { on: 'irc.net', chat: '' };
  const sealed = vault.seal(JSON.stringify('sesame'), settingsSealedFor(romeo.owner, romeo.domain));
  await createSettingsStore(database).change(
    romeo,
    [
      { ...place, name: 'nick', value: 'montague' },
      { ...place, name: 'sasl_password', value: { sealed } },
    ],
    [],
  );
  const membership = { account, chat: verona, local: '#verona%irc.net', nick: 'romeo', clients: [], away: {} };
  const password = vault.seal('rose', account);
  await createAccountStore(database).putMembership({ ...membership, occupants: [], password });
  const plumbing = { id: 'p1', domain: romeo.domain, account, chat: verona, muc: 'piazza@muc.example.org', at: 1 };
  const ofMuc = vault.seal('balcony', plumbingSecret('p1'));
  await createPlumbingStore(database).put({ ...plumbing, nick: 'x', suffix: '', by: romeo.owner, password: ofMuc });
  await database.close();
}

/** What opens with those keys. */
async function opened(keys: SealingKeys): Promise<readonly (string | undefined)[]> {
  const database = await openDatabase(join(dir.path, 'isthmus.sqlite'));
  const vault = createVault(keys);
  const secret = (await createSettingsStore(database).of(romeo)).find(({ name }) => name === 'sasl_password');
  const sealed = typeof secret?.value === 'object' && 'sealed' in secret.value ? secret.value.sealed : '';
  const [room] = await createAccountStore(database).memberships(account);
  const [plumbing] = await createPlumbingStore(database).all();
  await database.close();
  return [
    vault.open(sealed, settingsSealedFor(romeo.owner, romeo.domain)),
    vault.open(room?.password ?? '', account),
    vault.open(plumbing?.password ?? '', plumbingSecret('p1')),
  ];
}

test('all is sealed anew; the old key opens nothing, and neither stands in what is said', async () => {
  const old = await loadSealingKeys(path);
  await keep(old);
  const done = await rotates();
  expect(done).toEqual({ code: 0, out: 'sealed anew: 3 credentials; the old key is forgotten\n', err: '' });
  const keys = await loadSealingKeys(path);
  expect(keys).toHaveLength(2);
  expect(Buffer.from(keys[0])).toEqual(Buffer.from(old[0]));
  expect(await opened(keys)).toEqual(['"sesame"', 'rose', 'balcony']);
  expect(await opened(old)).toEqual([undefined, undefined, undefined]);
  for (const line of readFileSync(path, 'utf8').trim().split('\n')) expect(done.out).not.toContain(line);
});

test('where there is no key it says so and makes none: whoever must change one would take it for done', async () => {
  const { code, out, err } = await rotates();
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain(
    `There is no sealing key in ${dir.path}, so nothing was sealed anew.\nCompare \`storage.data\``,
  );
  expect(readdirSync(dir.path)).toEqual(['isthmus.yaml']);
});

test('once more: the key between is gone from the file', async () => {
  await keep(await loadSealingKeys(path));
  await rotates();
  const between = await loadSealingKeys(path);
  await rotates();
  const keys = await loadSealingKeys(path);
  expect(keys).toHaveLength(2);
  expect(await opened(keys)).toEqual(['"sesame"', 'rose', 'balcony']);
  expect(await opened(between)).toEqual([undefined, undefined, undefined]);
});

test('cut short when the new key was in the file, or when all was sealed: run again it ends well', async () => {
  const [own] = await loadSealingKeys(path);
  const halfway: SealingKeys = [own, newSealingKey()];
  await keep([own]);
  await writeSealingKeys(path, halfway);
  expect(await opened(await loadSealingKeys(path))).toEqual(['"sesame"', 'rose', 'balcony']);
  expect((await rotates()).code).toBe(0);
  expect(await opened(await loadSealingKeys(path))).toEqual(['"sesame"', 'rose', 'balcony']);
});

test('what lies in the mailbox of a worker that has ended can be read behind it, in its order, however often it is done', async () => {
  await using shared = await startRedis();
  configure(shared.url);
  const link = await connectRedis({ url: shared.url, name: 'test', clock: systemClock, log: silentLog });
  const worker = await createWorkers(link, {
    clock: systemClock,
    log: silentLog,
    self: 'worker-1',
    leavesThings: true,
  });
  await worker.close();
  const texts = Array.from(
    { length: 30 },
    (_, n) => `<message type='chat' to='nurse%irc.net'><body>${n}</body></message>`,
  );
  const said = [...texts.slice(0, 20), "<message type='groupchat'><body>to all</body></message>", ...texts.slice(20)];
  const box = (keys: SealingKeys) => sealPost(createPost(link, { cap: 100 }), createVault(keys), silentLog);
  await box([...(await loadSealingKeys(path)), newSealingKey()]).send('worker-1', ['of a key that is lost']);
  await rotates();
  await box(await loadSealingKeys(path)).handOn('worker-1', said, { account });
  for (let time = 0; time < 2; time++) {
    expect(await rotates()).toMatchObject({ code: 0, err: '' });
    const [lost, ...letters] = await box(await loadSealingKeys(path)).oldest('worker-1', 100);
    expect(lost?.text).toBeUndefined();
    expect(letters.map(({ text }) => text)).toEqual(said);
    expect(new Set(letters.map((letter) => letter.account))).toEqual(new Set([account]));
  }
  await link.close();
});

test('what no key opens is told and left alone', async () => {
  await loadSealingKeys(path);
  await keep([newSealingKey()]);
  const { code, out } = await rotates();
  expect(code).toBe(0);
  expect(out).toBe(
    'sealed anew: 0 credentials; the old key is forgotten\nnot to be opened with any key there is, and left as they were: 3\n',
  );
});

test('while a gateway runs nothing is touched: its own Redis, or one that is shared', async () => {
  const before = await loadSealingKeys(path);
  mkdirSync(join(dir.path, 'redis'));
  const server = await startPrivateServer({ dir: join(dir.path, 'redis'), clock: systemClock, log: silentLog });
  expect(await rotates()).toMatchObject({ code: 1, err: expect.stringContaining('Stop it first') });
  await server.close();

  await using shared = await startRedis();
  configure(shared.url);
  const link = await connectRedis({ url: shared.url, name: 'test', clock: systemClock, log: silentLog });
  const worker = await createWorkers(link, { clock: systemClock, log: silentLog, self: 'worker-1' });
  expect(await rotates()).toMatchObject({ code: 1, err: expect.stringContaining('The gateway is running') });
  await worker.close();
  expect(await rotates()).toMatchObject({ code: 0 });
  await link.close();
  expect((await loadSealingKeys(path)).length).toBe(before.length + 1);
});

test.skipIf(process.getuid?.() !== 0)('root is told to leave it to the user whose gateway it is', async () => {
  await loadSealingKeys(path);
  const before = readFileSync(path, 'utf8');
  chownSync(path, 65_534, 65_534);
  const { code, err } = await rotates();
  expect([code, err]).toEqual([1, expect.stringMatching(/another user's \(65534\).*\n.*sudo -u '#65534'/)]);
  expect(readFileSync(path, 'utf8')).toBe(before);
});

test('--help teaches', async () => {
  const world = testWorld(['rotate-key', '--help']);
  expect(await cli(world)).toBe(0);
  expect(world.printed.out).toContain('isthmus rotate-key --config FILE');
});
