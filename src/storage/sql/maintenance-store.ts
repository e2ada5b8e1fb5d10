/** Whether the gateway is being worked at, and what whoever wants to come in is told, in SQL: so a restart in between does not let them in. */
import type { MaintenanceStore } from '../operating-ports.ts';
import type { Database } from './database.ts';

export function createMaintenanceStore({ db }: Pick<Database, 'db'>): MaintenanceStore {
  return {
    get: async () => (await db.selectFrom('maintenance').select('words').executeTakeFirst())?.words,
    async set(words) {
      await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('maintenance').execute();
        if (words !== undefined) await transaction.insertInto('maintenance').values({ words }).execute();
      });
    },
  };
}
