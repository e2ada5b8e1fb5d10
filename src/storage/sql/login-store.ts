/** What users have registered, in SQL. */
import { accountId } from '../../core/ids.ts';
import type { LoginRow, LoginStore } from '../login-ports.ts';
import type { Database } from './database.ts';
import { changeSettings } from './settings-store.ts';
import type { Tables } from './tables.ts';

export function createLoginStore({ db }: Database): LoginStore {
  return {
    async all(domain) {
      return (await db.selectFrom('logins').selectAll().where('domain', '=', domain).execute()).map(read);
    },
    async owned({ domain, owner }) {
      const own = db.selectFrom('logins').selectAll().where('domain', '=', domain).where('owner', '=', owner);
      return (await own.orderBy('at').orderBy('id').execute()).map(read);
    },
    async get(id) {
      const row = await db.selectFrom('logins').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : read(row);
    },
    async put(row, puts, removes) {
      const values = write(row);
      await db.transaction().execute(async (tx) => {
        await tx
          .insertInto('logins')
          .values(values)
          .onConflict((c) => c.column('id').doUpdateSet(values))
          .execute();
        await changeSettings(tx, row, puts, removes);
      });
    },
    async setOut(id, isOut) {
      await db
        .updateTable('logins')
        .set({ state: stateOf(isOut) })
        .where('id', '=', id)
        .execute();
    },
    async shared() {
      return (await db.selectFrom('logins').selectAll().where('admits', 'is not', null).execute()).map(read);
    },
    async setAdmits(id, admits) {
      const shared = db
        .updateTable('logins')
        .set({ admits: JSON.stringify(admits) })
        .where('admits', 'is not', null);
      await shared.where('id', '=', id).execute();
    },
    async remove(id) {
      await db.deleteFrom('logins').where('id', '=', id).execute();
    },
  };
}

const stateOf = (isOut: boolean): string => (isOut ? 'out' : 'in');

function read({ id, on_server, state, admits, ...row }: Tables['logins']): LoginRow {
  return {
    ...row,
    id: accountId(id),
    ...(on_server !== null && { on: on_server }),
    isOut: state === 'out',
    ...(admits !== null && { admits: JSON.parse(admits) as readonly string[] }),
  };
}

function write({ isOut, on, admits, ...row }: LoginRow): Tables['logins'] {
  return {
    ...row,
    on_server: on ?? null,
    state: stateOf(isOut),
    admits: admits === undefined ? null : JSON.stringify(admits),
  };
}
