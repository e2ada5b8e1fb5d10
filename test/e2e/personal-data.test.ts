/** A user's own data, over all processes: exported by a link, and deleted to the last trace, as the stores themselves show. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { systemClock } from '../../src/ops/clock.ts';
import { connectRedis } from '../../src/storage/redis/connect.ts';
import { openDatabase } from '../../src/storage/sql/database.ts';
import { bodyOf, child } from '../harness/markup.ts';
import { useWorld } from '../harness/scenario.ts';
import { silentLog } from '../harness/silent-log.ts';
import { type JabberPerson, Stage } from '../harness/stage.ts';
import { gatewayDomain, ircName, type RealWorld } from '../harness/world.ts';

const world = useWorld({ ircd: 'ngircd', roles: ['edge', 'worker', 'worker'] });
const publicUrl = 'https://gateway.example.org/';

async function withUploads({ gateway }: RealWorld): Promise<void> {
  const config = parse(readFileSync(gateway.config, 'utf8')) as { storage: object; http: object };
  Object.assign(config.storage, { uploads: {} });
  Object.assign(config.http, { publicUrl });
  await gateway.stop();
  writeFileSync(gateway.config, stringify(config));
  await gateway.start();
}

/** Says it to the gateway and waits for the answer. */
async function asks({ client }: JabberPerson, text: string): Promise<string> {
  client.send(`<message type='chat' id='m' to='${gatewayDomain}'><body>${text}</body></message>`);
  const isAnswer = client.inbox.take(
    ({ name, attrs, children }) => name === 'message' && attrs.from === gatewayDomain && children.length > 0,
    `an answer to ${text}`,
  );
  return bodyOf(await isAnswer) ?? '';
}

async function inSql({ gateway }: RealWorld): Promise<string> {
  const { db, close } = await openDatabase(join(gateway.data, 'isthmus.sqlite'));
  try {
    const { rows } = await sql<{ name: string }>`select name from sqlite_master where type = 'table'`.execute(db);
    const all = rows.map(async ({ name }) => [name, (await sql`select * from ${sql.table(name)}`.execute(db)).rows]);
    return JSON.stringify(await Promise.all(all));
  } finally {
    await close();
  }
}

async function inRedis({ redis: server }: RealWorld): Promise<string> {
  const link = await connectRedis({ url: server?.url ?? '', name: 'test', clock: systemClock, log: silentLog });
  const { redis } = link;
  const read: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    string: (key) => redis.get(key),
    hash: (key) => redis.hgetall(key),
    list: (key) => redis.lrange(key, 0, -1),
    set: (key) => redis.smembers(key),
    zset: (key) => redis.zrange(key, '0', '-1'),
    stream: (key) => redis.xrange(key, '-', '+'),
  };
  try {
    const all = (await redis.keys('*')).map(async (key) => [key, await read[await redis.type(key)]?.(key)]);
    return JSON.stringify(await Promise.all(all));
  } finally {
    await link.close();
  }
}

test('100-40 100-41 exported by a link, then deleted: gone from the room, from the contact list, from SQL and from Redis', async () => {
  await using stage = new Stage(world());
  await withUploads(world());
  const { romeo, juliet } = await stage.pair();
  const contact = `${juliet.nick}%${ircName}@${gatewayDomain}`;
  await romeo.client.ask("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
  const roster = (subscription: RegExp) =>
    romeo.client.receive((one) => {
      const item = child(child(one, 'query', 'jabber:iq:roster'), 'item');
      return item?.attrs.jid === contact && subscription.test(item.attrs.subscription ?? '');
    });
  romeo.client.send(`<presence type='subscribe' id='please' to='${contact}'/>`);
  await roster(/^(to|both)$/);
  expect(await asks(romeo, `configure ${ircName} pass hunter2`)).toMatch(/^Saved/);
  romeo.says('wherefore art thou');
  await juliet.hears(romeo, 'wherefore art thou');
  const owner = romeo.client.jid.split('/')[0] ?? '';
  expect(await inSql(world())).toContain(owner);
  expect(await inRedis(world())).toContain(owner);

  const { http } = world().gateway.member('edge');
  const exports = async (): Promise<string> => {
    const link = /https:\S+$/m.exec(await asks(romeo, 'export-my-data'))?.[0] ?? '';
    return (await fetch(`http://127.0.0.1:${http}/${link.slice(publicUrl.length)}`)).text();
  };
  // What was said a moment ago may be on its way into the archive from another process.
  await expect.poll(exports).toContain('wherefore art thou');
  const exported = await exports();
  const records = exported
    .trimEnd()
    .split('\n')
    .map((line): Readonly<Record<string, unknown>> => JSON.parse(line));
  expect(records).toContainEqual({ is: 'contact', on: ircName, person: juliet.nick });
  expect(records).toContainEqual({ is: 'setting', on: ircName, chat: '', name: 'pass', value: '(set)' });
  expect(exported).toContain('wherefore art thou');

  expect(await asks(romeo, 'delete-my-data')).toContain('Delete all of it?');
  expect(await asks(romeo, 'yes')).toContain('everything was deleted');
  await juliet.sees(romeo, 'QUIT');
  await romeo.sees(romeo, 'unavailable');
  await roster(/^none$/);
  await expect.poll(() => inSql(world())).not.toContain(owner);
  await expect.poll(() => inRedis(world())).not.toContain(owner);
});
