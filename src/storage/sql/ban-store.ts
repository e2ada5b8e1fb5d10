/** Who may not use the gateway, in SQL. */
import type { BanStore } from '../operating-ports.ts';
import type { Database } from './database.ts';

export function createBanStore({ db }: Pick<Database, 'db'>): BanStore {
  return {
    async all() {
      return (await db.selectFrom('bans').select('jid').orderBy('jid').execute()).map(({ jid }) => jid);
    },
    async add(jids) {
      if (jids.length === 0) return;
      await db
        .insertInto('bans')
        .values(jids.map((jid) => ({ jid })))
        .onConflict((c) => c.doNothing())
        .execute();
    },
    async remove(jids) {
      if (jids.length > 0) await db.deleteFrom('bans').where('jid', 'in', jids).execute();
    },
  };
}
