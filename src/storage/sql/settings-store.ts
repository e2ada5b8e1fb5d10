/** What users have set, in SQL. */
import type { Transaction } from 'kysely';
import type { SettingRow, SettingsOwner, SettingsStore } from '../ports.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

export function createSettingsStore({ db }: Database): SettingsStore {
  return {
    async of({ domain, owner }) {
      const rows = await db
        .selectFrom('settings')
        .select(['on_server', 'chat', 'name', 'value'])
        .where('domain', '=', domain)
        .where('owner', '=', owner)
        .execute();
      return rows.map(({ on_server, chat, name, value }) => ({
        on: on_server,
        chat,
        name,
        value: JSON.parse(value) as SettingRow['value'],
      }));
    },
    async change(whose, puts, removes) {
      await db.transaction().execute((tx) => changeSettings(tx, whose, puts, removes));
    },
    async erase({ domain, owner }) {
      await db.deleteFrom('settings').where('domain', '=', domain).where('owner', '=', owner).execute();
    },
  };
}

/** Within a transaction. */
export async function changeSettings(
  tx: Transaction<Tables>,
  { domain, owner }: SettingsOwner,
  puts: readonly SettingRow[],
  removes: readonly Omit<SettingRow, 'value'>[],
): Promise<void> {
  for (const { on, chat, name } of removes) {
    await tx
      .deleteFrom('settings')
      .where('domain', '=', domain)
      .where('owner', '=', owner)
      .where('on_server', '=', on)
      .where('chat', '=', chat)
      .where('name', '=', name)
      .execute();
  }
  for (const { on, chat, name, value } of puts) {
    const text = JSON.stringify(value);
    await tx
      .insertInto('settings')
      .values({ domain, owner, on_server: on, chat, name, value: text })
      .onConflict((c) => c.columns(['domain', 'owner', 'on_server', 'chat', 'name']).doUpdateSet({ value: text }))
      .execute();
  }
}
