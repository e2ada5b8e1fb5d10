/**
 * The keys that seal credentials in the database: one is made at the first run, refused where others can read it. What is told apart by it for good (occupants'
 * ids) hangs on the first line of the file; the last line seals; between a rotation and its end there are more.
 */
import { randomBytes } from 'node:crypto';
import { link, open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolders } from './folders.ts';
import { dataUnwritable, noSealingKey, notOurs, sealingKeyBroken, sealingKeyOpen } from './remedies.ts';
import { isNotOurs } from './system-trouble.ts';

const keyBytes = 32;
/** Any right of the group's or of others'. */
const foreignRights = 0o077;

/** The first is the gateway's own, for good; the last one seals. */
export type SealingKeys = readonly [Uint8Array, ...Uint8Array[]];

/** Reads the keys at `path`; makes directory and key where there is none, whole or not at all. Throws a Remedy. */
export async function loadSealingKeys(path: string): Promise<SealingKeys> {
  return (await knownSealingKeys(path)) ?? (await makeKey(path)) ?? (await loadSealingKeys(path));
}

/** Puts these in the place of what is there, whole or not at all. Throws a Remedy. */
export async function writeSealingKeys(path: string, keys: SealingKeys): Promise<void> {
  await put(path, keys, rename).catch((error: unknown) => {
    throw dataUnwritable(path, codeOf(error));
  });
}

/** Resolves when a power cut leaves it there. Where it fails nothing of it is left: neither a key in a file that nobody looks for, nor what takes room. */
async function put(
  path: string,
  keys: SealingKeys,
  place: (draft: string, path: string) => Promise<void>,
): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString('hex')}`;
  try {
    await writeFile(draft, textOf(keys), { mode: 0o600, flag: 'wx', flush: true });
    await place(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
  const folder = await open(dirname(path), 'r');
  // Some file systems know no such thing, and need none.
  await folder
    .sync()
    .catch(() => undefined)
    .finally(() => folder.close());
}

/** A new one. */
export const newSealingKey = (): Uint8Array => randomBytes(keyBytes);

const textOf = (keys: SealingKeys): string => keys.map((key) => `${Buffer.from(key).toString('base64url')}\n`).join('');

/**
 * Reads the keys at `path`; undefined: there are none, and none are made. Throws a Remedy.
 * @param readers who may be able to read them too; anybody: what somebody says is a copy, on a stick that knows no rights say
 */
export async function knownSealingKeys(
  path: string,
  readers: 'owner' | 'anybody' = 'owner',
): Promise<SealingKeys | undefined> {
  const file = await open(path, 'r').catch((error: unknown) => {
    const code = codeOf(error);
    if (code === 'ENOENT') return undefined;
    throw isNotOurs(code) ? notOurs(path, code) : dataUnwritable(path, code);
  });
  if (file === undefined) return undefined;
  try {
    if (readers === 'owner' && ((await file.stat()).mode & foreignRights) !== 0) throw sealingKeyOpen(path);
    const lines = (await file.stat()).isFile() ? (await file.readFile('utf8')).trim().split('\n') : [];
    const [first, ...more] = lines.map((line) => Buffer.from(line, 'base64url'));
    if (first === undefined || [first, ...more].some((key) => key.length !== keyBytes))
      throw readers === 'owner' ? sealingKeyBroken(path) : noSealingKey(path);
    return [first, ...more];
  } finally {
    await file.close();
  }
}

/** undefined: another process made one in the same moment. */
async function makeKey(path: string): Promise<SealingKeys | undefined> {
  const key = randomBytes(keyBytes);
  try {
    await makeFolders(dirname(path), 0o700);
    await put(path, [key], link);
    return [key];
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw dataUnwritable(path, codeOf(error));
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
