/** A gateway is lost with all its data; its backup brings back rooms, accounts, the past, and what had not been delivered. With SQLite and a Redis of its own, and with PostgreSQL and another one. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { settingsSealedFor } from '../../src/accounts/preferences.ts';
import { createVault } from '../../src/accounts/vault.ts';
import { loadSealingKeys } from '../../src/ops/sealing-key.ts';
import { openDatabase } from '../../src/storage/sql/database.ts';
import { createSettingsStore } from '../../src/storage/sql/settings-store.ts';
import { cli } from '../harness/gateway.ts';
import { bodyOf } from '../harness/markup.ts';
import { until } from '../harness/process.ts';
import { useWorld } from '../harness/scenario.ts';
import { type JabberPerson, Stage } from '../harness/stage.ts';
import { gatewayDomain, ircName, type RealWorld } from '../harness/world.ts';
import { past } from './scenarios/archive.ts';

const password = 'a-password-that-is-sealed';

/** Everything that a gateway has for somebody: a room with a past, a sealed setting, and a message that waits for a server that is away. */
async function fill(stage: Stage): Promise<JabberPerson> {
  const { romeo, juliet } = await stage.pair();
  juliet.says('before the backup');
  await romeo.hears(juliet, 'before the backup');
  await configure(romeo, password);
  return romeo;
}

async function configure({ client }: JabberPerson, secret: string): Promise<void> {
  client.send(
    `<message type='chat' to='${gatewayDomain}'><body>configure ${ircName} nickserv_password ${secret}</body></message>`,
  );
  await client.inbox.take((one) => one.name === 'message' && /^Saved/.test(bodyOf(one) ?? ''), 'what was saved');
}

/** What the restored database and key have of their sealed setting. */
async function sealedSetting({ gateway }: RealWorld, owner: string): Promise<string | undefined> {
  const { storage } = parse(readFileSync(gateway.config, 'utf8')) as { storage: { sql: string } };
  const where = storage.sql === 'sqlite' ? join(gateway.data, 'isthmus.sqlite') : storage.sql;
  const database = await openDatabase(where);
  try {
    const rows = await createSettingsStore(database).of({ domain: gatewayDomain, owner });
    const vault = createVault(await loadSealingKeys(join(gateway.data, 'sealing.key')));
    const sealed = rows.map(({ value }) => value).find((value) => typeof value === 'object' && 'sealed' in value);
    return typeof sealed === 'object' && 'sealed' in sealed
      ? vault.open(sealed.sealed, settingsSealedFor(owner, gatewayDomain))
      : undefined;
  } finally {
    await database.close();
  }
}

/** The machine is gone: its data, what Redis had, and the database. */
async function lose(world: RealWorld): Promise<void> {
  const { gateway, redis, postgres } = world;
  await gateway.kill();
  for (const name of readdirSync(gateway.data)) rmSync(join(gateway.data, name), { recursive: true });
  redis?.empty();
  postgres?.drop('isthmus');
  postgres?.database('isthmus');
}

describe.each([
  ['SQLite and a Redis of its own', {}],
  ['PostgreSQL and a Redis that several processes share', { sql: 'postgres', roles: ['edge', 'worker'] }],
] as const)('with %s', (_name, more) => {
  const world = useWorld({ ircd: 'ngircd', ...more });

  test('backup while it runs, everything lost, restore: rooms, the past, what is sealed and what had not been delivered are back', async () => {
    await using stage = new Stage(world());
    const { gateway, ircd } = world();
    const romeo = await fill(stage);
    await ircd.kill();
    romeo.says('not delivered yet');
    const waiting = async (): Promise<boolean> => {
      const all = await Promise.all(gateway.members.map((member) => member.get('/metrics')));
      return all.some(({ body }) => /queue="outbox"\} 1$/m.test(body));
    };
    await until('it waits', waiting);
    const to = `${gateway.data}-backup`;
    const key = `${gateway.data}-key`;
    // Somebody else's, which everybody may look into.
    mkdirSync(to, { mode: 0o755 });
    const backedUp = await cli(['backup', '--config', gateway.config, '--to', to, '--key', key]);
    expect(backedUp).toMatchObject({ code: 0 });
    expect(readdirSync(to)).toContain('backup.json');
    for (const name of readdirSync(to)) expect([name, statSync(join(to, name)).mode & 0o077]).toEqual([name, 0]);
    await lose(world());
    const restored = await cli(['restore', '--config', gateway.config, '--from', to, '--key', key]);
    expect([restored.code, restored.said]).toEqual([0, expect.stringContaining('restored from')]);
    await ircd.restart();
    const nurse = await stage.irc('nurse');
    await nurse.enters();
    await gateway.start();
    await nurse.hears(romeo, 'not delivered yet');
    expect((await past(romeo, stage.room)).bodies).toContain('before the backup');
    expect(await sealedSetting(world(), `${romeo.user}@localhost`)).toBe(JSON.stringify(password));
    for (const { running: process } of gateway.members) expect(process.output()).not.toContain(password);
  }, 90_000);
});
