/** What is kept is opened as a gateway does it: a key that opens nothing is told of. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsSealedFor } from '../../../src/accounts/preferences.ts';
import { systemClock } from '../../../src/ops/clock.ts';
import { openStores, type Stores } from '../../../src/process/stores.ts';
import { createSettingsStore } from '../../../src/storage/sql/settings-store.ts';
import { bareConfig } from '../../harness/bare-config.ts';
import { createErrorLog } from '../../harness/error-log.ts';
import { tempDir } from '../../harness/temp.ts';

test('a start with another sealing key than that of the database says so, until something can be opened again', async () => {
  const dir = tempDir('stores');
  const { storage } = bareConfig();
  const config = bareConfig({ storage: { ...storage, data: dir.path } });
  /** What a start says, after which somebody sets a password. */
  async function started(setsAs: string): Promise<readonly string[]> {
    const lines: string[] = [];
    const stores = await openStores(
      config,
      'all',
      systemClock,
      createErrorLog([], lines),
      new AbortController().signal,
    );
    await setPassword(stores, setsAs).finally(stores.close);
    return lines.filter((line) => line.includes('sealing key'));
  }
  try {
    expect(await started('juliet@example.org')).toEqual([]);
    expect(await started('juliet@example.org')).toEqual([]);
    rmSync(join(dir.path, 'sealing.key'));
    expect(await started('romeo@example.org')).toEqual([expect.stringContaining('opens none of the passwords')]);
    expect(await started('romeo@example.org')).toEqual([]);
  } finally {
    dir.remove();
  }
});

async function setPassword({ database, vault }: Stores, owner: string): Promise<void> {
  const domain = 'irc.example.org';
  const value = { sealed: vault.seal('"secret"', settingsSealedFor(owner, domain)) };
  await createSettingsStore(database).change(
    { domain, owner },
    [{ on: '', chat: '', name: 'sasl_password', value }],
    [],
  );
}
