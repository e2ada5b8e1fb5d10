/** The folder that a backup is: what lies in it, and what it says of itself. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { z } from 'zod';
import { Remedy } from '../ops/fatal.ts';
import { makeFolders } from '../ops/folders.ts';
import { notOurs } from '../ops/remedies.ts';
import type { SealingKeys } from '../ops/sealing-key.ts';
import { isNotOurs } from '../ops/system-trouble.ts';
import type { DumpedKey } from '../storage/redis/dump.ts';

/** Names in it; what it says of itself is written last, so that a backup that was cut short is none. */
export const inFolder = {
  about: 'backup.json',
  redis: 'redis.jsonl',
  sqlite: 'isthmus.sqlite',
  postgres: 'postgres.dump',
  key: 'sealing.key',
} as const;

const aboutSchema = z.object({
  format: z.literal(1),
  version: z.string(),
  at: z.string(),
  sql: z.enum(['sqlite', 'postgres']),
  redisKeys: z.int(),
  /** Of each sealing key, in their order. */
  sealedWith: z.array(z.string()),
});
export type AboutBackup = z.infer<typeof aboutSchema>;

/** Tells one key from another, and nothing of either. */
export const fingerprints = (keys: SealingKeys): readonly string[] =>
  keys.map((key) => createHash('sha256').update('isthmus sealing key\n').update(key).digest('hex').slice(0, 24));

/** Makes it, unless it is there and empty; throws a Remedy where something is in it. Resolves with what takes away all that was begun in it, and it where it was made. */
export async function makeFolder(folder: string): Promise<() => Promise<void>> {
  const made = await makeFolders(folder, 0o700).catch((error: NodeJS.ErrnoException) => {
    throw new Remedy(
      `The folder ${folder} can't be made (${error.code ?? 'unknown'})`,
      'Give --to a place that the gateway’s user may write to',
    );
  });
  if ((await readdir(folder)).length > 0)
    throw new Remedy(
      `The folder ${folder} is not empty`,
      'Give each backup a folder of its own: --to /var/backups/isthmus/$(date +%F)',
    );
  return async () => {
    for (const name of Object.values(inFolder))
      if (name !== inFolder.key) await rm(join(folder, name), { force: true });
    // Whatever else was put there meanwhile is somebody's.
    if (made) await rmdir(folder);
  };
}

/** An empty file in it, which nobody else may read whoever made the folder, for what another program writes. Resolves with its path. */
export async function privateFile(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, '', { mode: 0o600 });
  return path;
}

/** The last thing that is written. */
export async function writeAbout(folder: string, about: AboutBackup): Promise<void> {
  await writeFile(join(folder, inFolder.about), `${JSON.stringify(about, undefined, 2)}\n`, {
    mode: 0o600,
    flush: true,
  });
}

/** Throws a Remedy where it is no backup, or not a whole one. */
export async function readAbout(folder: string): Promise<AboutBackup> {
  const file = join(folder, inFolder.about);
  const text = await readFile(file, 'utf8').catch(({ code }: NodeJS.ErrnoException) => {
    if (isNotOurs(code)) throw notOurs(file, code);
    return '';
  });
  try {
    return aboutSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new Remedy(
      `There is no whole backup in ${folder}`,
      `Give --from the folder that \`isthmus backup\` has written; ${inFolder.about} in it is written last`,
      error,
    );
  }
}

/** Resolves with how many. */
export async function writeKeys(folder: string, keys: AsyncIterable<DumpedKey>): Promise<number> {
  const out = createWriteStream(join(folder, inFolder.redis), { mode: 0o600, flush: true });
  const end = finished(out);
  end.catch(() => undefined);
  let count = 0;
  for await (const { key, ttlMs, value } of keys) {
    count++;
    const line = `${JSON.stringify([key, ttlMs, value.toString('base64')])}\n`;
    if (!out.write(line)) await Promise.race([end, new Promise<void>((resolve) => out.once('drain', resolve))]);
  }
  out.end();
  await end;
  return count;
}

const lineSchema = z.tuple([z.string(), z.number(), z.string()]);

/** As they were written, one at a time. Throws a Remedy where one is damaged. */
export async function* readKeys(folder: string): AsyncIterable<DumpedKey> {
  const input = createReadStream(join(folder, inFolder.redis));
  let number = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    yield readKey(line, `line ${number} of ${inFolder.redis}`, folder);
  }
}

function readKey(line: string, what: string, folder: string): DumpedKey {
  try {
    const [key, ttlMs, value] = lineSchema.parse(JSON.parse(line));
    return { key, ttlMs, value: Buffer.from(value, 'base64') };
  } catch (error) {
    throw damaged(folder, what, error);
  }
}

/** Looks at all that can be looked at without writing. Throws a Remedy. */
export async function checkFolder(folder: string, { sql }: AboutBackup): Promise<void> {
  for (const name of [sql === 'sqlite' ? inFolder.sqlite : inFolder.postgres, inFolder.redis])
    await access(join(folder, name)).catch((error: unknown) => {
      throw damaged(folder, name, error);
    });
  for await (const _ of readKeys(folder));
}

/** A copy of it was cut short, or its disk has lost something. */
export const damaged = (folder: string, what: string, cause?: unknown): Remedy =>
  new Remedy(
    `The backup in ${folder} is not whole: ${what} is missing or damaged`,
    'Copy it anew from where it was made, or take the one before it',
    cause,
  );
