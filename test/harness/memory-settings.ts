/** What users have set, in memory: the same promises as SQL's (one conformance suite runs against both). */
import type { SettingRow, SettingsOwner, SettingsStore } from '../../src/storage/ports.ts';

const keyOf = ({ on, chat, name }: Omit<SettingRow, 'value'>): string => JSON.stringify([on, chat, name]);

export function createMemorySettings(): SettingsStore {
  const all = new Map<string, Map<string, SettingRow>>();
  const rowsOf = ({ domain, owner }: SettingsOwner): Map<string, SettingRow> => {
    const key = JSON.stringify([domain, owner]);
    const rows = all.get(key) ?? new Map<string, SettingRow>();
    all.set(key, rows);
    return rows;
  };
  return {
    of: async (whose) => [...rowsOf(whose).values()],
    async change(whose, puts, removes) {
      const rows = rowsOf(whose);
      for (const one of removes) rows.delete(keyOf(one));
      for (const one of puts) rows.set(keyOf(one), structuredClone(one));
    },
    async erase({ domain, owner }) {
      all.delete(JSON.stringify([domain, owner]));
    },
  };
}
