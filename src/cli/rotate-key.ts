/** `isthmus rotate-key`: all credentials are sealed anew with a new key, and the old one is forgotten. Cut short between any two steps, the old or the new keys open everything. */
import { join } from 'node:path';
import { createVault, type Vault } from '../accounts/vault.ts';
import { type Config, printFault } from '../ops/config/config.ts';
import { Remedy } from '../ops/fatal.ts';
import { knownSealingKeys, newSealingKey, type SealingKeys, writeSealingKeys } from '../ops/sealing-key.ts';
import { postCap } from '../process/mailbox.ts';
import { sealPost } from '../process/sealed-post.ts';
import { sealedFor } from '../process/seals.ts';
import { openSql } from '../process/sql.ts';
import { createPost } from '../storage/redis/post.ts';
import { workersOf } from '../storage/redis/workers.ts';
import { type Resealed, resealAll } from '../storage/sql/sealed-rows.ts';
import { readArguments } from './arguments.ts';
import { loadConfig } from './configuration.ts';
import { mustBeItsUser, mustNotRun, withRedis } from './gateway-stores.ts';
import { helpFor } from './help.ts';
import type { CliWorld, ExitCode } from './world.ts';

/** Throws a Remedy where a gateway runs, or something can't be read or written. */
export async function rotateKey(argv: readonly string[], world: CliWorld): Promise<ExitCode> {
  const { values, help } = readArguments('rotate-key', argv, { config: 'FILE' });
  if (help) {
    world.out(helpFor('rotate-key'));
    return 0;
  }
  const loaded = await loadConfig(values.config, world.env);
  if ('faults' in loaded) {
    world.err(loaded.faults.map(printFault).join('\n'));
    return 1;
  }
  await mustBeItsUser(loaded.config);
  await mustNotRun(loaded.config, 'it would go on sealing with the old key');
  const path = join(loaded.config.storage.data, 'sealing.key');
  const old = await knownSealingKeys(path);
  if (old === undefined)
    throw new Remedy(
      `There is no sealing key in ${loaded.config.storage.data}, so nothing was sealed anew`,
      'Compare `storage.data` in the configuration with where the gateway has its key; before its first start it has none',
    );
  const { written, left } = await rotate(loaded.config, path, old);
  world.out(`sealed anew: ${written} credentials; the old key is forgotten`);
  if (left > 0) world.out(`not to be opened with any key there is, and left as they were: ${left}`);
  return 0;
}

/** The new key is in the file before anything is sealed with it, and the old ones until nothing is sealed with them. */
async function rotate(config: Config, path: string, old: SealingKeys): Promise<Resealed> {
  const fresh = newSealingKey();
  const [own, ...more] = old;
  const all: SealingKeys = [own, ...more, fresh];
  const vault = createVault(all);
  const database = await openSql(config.storage);
  try {
    await writeSealingKeys(path, all);
    const done = await resealAll(database, (row) => {
      const { sealed } = row;
      const whose = sealedFor(row);
      const secret = vault.isCurrent(sealed) ? undefined : vault.open(sealed, whose);
      return vault.isCurrent(sealed) ? sealed : secret === undefined ? undefined : vault.seal(secret, whose);
    });
    await resealMail(config, vault);
    await writeSealingKeys(path, [own, fresh]);
    return done;
  } finally {
    await database.close();
  }
}

/** What waits in mailboxes for whoever starts, in its order; a private Redis has none. What no key opens stays as it is. */
async function resealMail(config: Config, vault: Vault): Promise<void> {
  if (config.storage.redis.is === 'private') return;
  await withRedis(config, async (link) => {
    const post = sealPost(createPost(link, { cap: postCap }), vault, { error: () => undefined });
    for (const worker of await workersOf(link, false)) {
      const { entries } = await post.held(worker);
      if (entries === 0) continue;
      const letters = (await post.oldest(worker, entries)).filter(({ text }) => text !== undefined);
      await post.move(
        worker,
        letters.map((letter) => ({ ...letter, to: worker })),
      );
    }
  });
}
