/** What a power cut takes is what the system was not told to write down: a rotation of the key tells it in the order in which nothing is lost. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { settingsSealedFor } from '../../src/accounts/preferences.ts';
import { createVault } from '../../src/accounts/vault.ts';
import { loadSealingKeys } from '../../src/ops/sealing-key.ts';
import { openDatabase } from '../../src/storage/sql/database.ts';
import { createSettingsStore } from '../../src/storage/sql/settings-store.ts';
import { mainFile } from '../harness/build.ts';
import { tempDir } from '../harness/temp.ts';

const romeo = { domain: 'irc.example.org', owner: 'romeo@example.org' };

/** May what a program asks of the system be seen here? */
const isTraced = spawnSync('strace', ['-f', 'true']).status === 0;

/** A gateway's data with one credential. */
async function sealedIn(data: string): Promise<void> {
  const vault = createVault(await loadSealingKeys(join(data, 'sealing.key')));
  const database = await openDatabase(join(data, 'isthmus.sqlite'));
  const sealed = vault.seal(JSON.stringify('sesame'), settingsSealedFor(romeo.owner, romeo.domain));
  const value = { on: 'irc.net', chat: '', name: 'sasl_password', value: { sealed } };
  await createSettingsStore(database).change(romeo, [value], []);
  await database.close();
}

test.skipIf(!isTraced)(
  'rotate-key: the new key is on the disk before what it seals, and that before the old key goes',
  async () => {
    const dir = tempDir('power');
    const data = join(dir.path, 'data');
    const config = join(dir.path, 'isthmus.yaml');
    const trace = join(dir.path, 'trace');
    mkdirSync(data);
    writeFileSync(
      config,
      `storage: { data: ${data}, redis: private }\nbridges: [{ use: irc, domain: irc.example.org, secret: x }]\n`,
    );
    await sealedIn(data);
    const calls = 'trace=fsync,fdatasync,rename,pwrite64';
    const asked = ['-f', '-y', '-e', calls, '-o', trace, process.execPath, mainFile, 'rotate-key', '--config', config];
    const { status, stdout } = spawnSync('strace', asked, { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, expect.stringContaining('sealed anew: 1 credentials')]);
    const steps = readFileSync(trace, 'utf8')
      .split('\n')
      .flatMap((line) => {
        if (/ rename\(".*\/sealing\.key\.\w+"/.test(line)) return ['key'];
        if (/ f(data)?sync\(\d+<.*\/data>/.test(line)) return ['folder synced'];
        if (/ pwrite64\(\d+<.*isthmus\.sqlite-wal>/.test(line)) return ['database'];
        return / f(data)?sync\(\d+<.*isthmus\.sqlite-wal>/.test(line) ? ['database synced'] : [];
      });
    const [first, second] = [steps.indexOf('key'), steps.lastIndexOf('key')];
    expect(first).toBeLessThan(second);
    expect(steps.slice(first, steps.indexOf('database', first))).toContain('folder synced');
    expect(steps.slice(steps.lastIndexOf('database', second), second)).toContain('database synced');
    expect(steps.slice(second)).toContain('folder synced');
    dir.remove();
  },
);
