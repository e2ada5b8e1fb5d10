/** What is older than the operator keeps is deleted by the gateway's own background work, not by anybody's question. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { type Database, openDatabase } from '../../src/storage/sql/database.ts';
import { until } from '../harness/process.ts';
import { useWorld } from '../harness/scenario.ts';
import { Stage } from '../harness/stage.ts';
import { past } from './scenarios/archive.ts';

const dayMs = 24 * 3_600_000;
const world = useWorld({ ircd: 'ngircd' });

test('313-09 retention: the sweep deletes what is too old, too much, and uploads too, and leaves the rest', async () => {
  await using stage = new Stage(world());
  const { gateway } = world();
  const { romeo, juliet } = await stage.pair();
  const said = ['long ago', 'too much', 'kept', 'kept too'];
  for (const text of said) juliet.says(text);
  await romeo.hears(juliet, 'kept too');
  expect((await past(romeo, stage.room)).bodies).toEqual(said);

  await gateway.member('all').stop();
  const config = parse(readFileSync(gateway.config, 'utf8')) as { storage: object; http: object };
  Object.assign(config.storage, { retention: { days: 2, perRoom: 2 }, uploads: { days: 2 } });
  Object.assign(config.http, { publicUrl: 'https://gateway.example.org/' });
  writeFileSync(gateway.config, stringify(config));
  const rows = async <T>(work: (database: Database) => Promise<T>): Promise<T> => {
    const database = await openDatabase(join(gateway.data, 'isthmus.sqlite'));
    return work(database).finally(() => database.close());
  };
  const names = ['o'.repeat(24), 'y'.repeat(24)];
  await rows(async ({ db }) => {
    const old = Date.now() - 3 * dayMs;
    await db.updateTable('archive').set({ at: old }).where('body', 'like', '%long ago%').execute();
    const upload = { owner: 'romeo@localhost', bytes: 1, body: 'x' };
    const at = [old, Date.now()];
    await db
      .insertInto('uploads')
      .values(names.map((id, n) => ({ ...upload, id, at: at[n] ?? 0 })))
      .execute();
  });
  // A sweep is due every hour, by a schedule that outlives the gateway; where there is none yet, at once.
  rmSync(join(gateway.data, 'redis'), { recursive: true });
  await gateway.member('all').start();

  const left = () =>
    rows(async ({ db }) => ({
      bodies: (await db.selectFrom('archive').select('body').orderBy('at').orderBy('id').execute()).map(({ body }) =>
        said.find((text) => body.includes(`<body>${text}</body>`)),
      ),
      uploads: (await db.selectFrom('uploads').select('id').execute()).map(({ id }) => id),
    }));
  await expect
    .poll(left, { timeout: 30_000, interval: 200 })
    .toEqual({ bodies: ['kept', 'kept too'], uploads: [names[1]] });
  const { running } = gateway.member('all');
  await until('it says so', () => running.output().includes('old messages were deleted'));
  expect((await past(romeo, stage.room)).bodies).toEqual(['kept', 'kept too']);
});
