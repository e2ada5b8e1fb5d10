/** Which Redis belongs to this database, in SQL. */
import type { RedisNames } from '../operating-ports.ts';
import type { Database } from './database.ts';

export function createRedisNames({ db }: Pick<Database, 'db'>): RedisNames {
  return {
    get: async () => (await db.selectFrom('redis_names').select('name').executeTakeFirst())?.name,
    async set(name) {
      await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('redis_names').execute();
        await transaction.insertInto('redis_names').values({ name }).execute();
      });
    },
  };
}
