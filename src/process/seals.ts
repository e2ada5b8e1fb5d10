/** Whether the sealing key is the one that the database was sealed with: with another, people would be connected without their passwords, and nobody would know why. */
import { settingsSealedFor } from '../accounts/preferences.ts';
import type { Vault } from '../accounts/vault.ts';
import type { Log } from '../bridge/contract.ts';
import type { Database } from '../storage/sql/database.ts';
import { type SealedRow, someSealed } from '../storage/sql/sealed-rows.ts';

/** As many as are looked at of each kind: one that opens is enough. */
const looked = 100;

/** Whose the secret is, for the vault. */
export const sealedFor = ({ is, owner, domain }: SealedRow): string =>
  is === 'setting' ? settingsSealedFor(owner, domain) : owner;

/** Logs where nothing that is sealed can be opened. @param path of the sealing key */
export async function checkSeals(database: Database, vault: Vault, path: string, log: Log): Promise<void> {
  const rows = await someSealed(database, looked);
  if (rows.length === 0 || rows.some((row) => vault.open(row.sealed, sealedFor(row)) !== undefined)) return;
  log.error(
    { key: path, help: '"What to keep, and the backup" in deploy/README.md' },
    'this sealing key opens none of the passwords in the database, so people are connected without them: stop, put the right key there, and start again; is it lost for good, they have to type them in again',
  );
}
