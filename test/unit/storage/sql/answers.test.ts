/** Whether the database answers, asked of a real PostgreSQL and of a file. */
import { expect, test } from 'vitest';
import { createMetrics } from '../../../../src/ops/metrics.ts';
import { databaseAnswers } from '../../../../src/storage/sql/answers.ts';
import { openDatabase } from '../../../../src/storage/sql/database.ts';
import { startPostgres } from '../../../harness/postgres.ts';

/** What a scrape says of it. */
function watching(database: Parameters<typeof databaseAnswers>[0]): () => Promise<string | undefined> {
  const metrics = createMetrics();
  metrics.database(databaseAnswers(database));
  return async () => /^isthmus_database_up (\d)$/m.exec(await metrics.text())?.[1];
}

test('a PostgreSQL that is away is not up; one that is back is', { timeout: 30_000 }, async () => {
  await using postgres = await startPostgres();
  const database = await openDatabase(postgres.database('answers'));
  try {
    const up = watching(database);
    expect(await up()).toBe('1');
    await postgres.kill();
    expect(await up()).toBe('0');
    await postgres.restart();
    await expect.poll(up, { timeout: 10_000 }).toBe('1');
  } finally {
    await database.close();
  }
});

test('a database that says nothing is not up after two seconds; a file answers', async () => {
  const database = await openDatabase(':memory:');
  try {
    expect(await watching(database)()).toBe('1');
    const metrics = createMetrics({ sleep: async () => undefined });
    metrics.database(() => new Promise(() => undefined));
    expect(await metrics.text()).toContain('isthmus_database_up 0');
  } finally {
    await database.close();
  }
});
