/** The settings' store in memory, in SQLite and in PostgreSQL. */
import { afterAll, beforeAll, describe } from 'vitest';
import type { SettingsStore } from '../../src/storage/ports.ts';
import { type Database, openDatabase } from '../../src/storage/sql/database.ts';
import { createSettingsStore } from '../../src/storage/sql/settings-store.ts';
import { createMemorySettings } from '../harness/memory-settings.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { describeSettings } from './settings.ts';

const memory = createMemorySettings();
describeIn('memory', async () => ({ store: memory, close: async () => {} }));
describeIn('SQLite', async () => opened(await openDatabase(':memory:')));
describeIn('PostgreSQL', async () => {
  const server: Postgres = await startPostgres();
  const { store, close } = opened(await openDatabase(server.database('settings')));
  return {
    store,
    async close() {
      await close();
      await server[Symbol.asyncDispose]();
    },
  };
});

interface Open {
  readonly store: SettingsStore;
  close(): Promise<void>;
}

function opened(database: Database): Open {
  return { store: createSettingsStore(database), close: () => database.close() };
}

function describeIn(name: string, open: () => Promise<Open>): void {
  describe(name, () => {
    let one: Open | undefined;
    beforeAll(async () => {
      one = await open();
    });
    afterAll(() => one?.close());
    describeSettings(name, () => {
      if (one === undefined) throw new Error('the store was not opened');
      return one.store;
    });
  });
}
