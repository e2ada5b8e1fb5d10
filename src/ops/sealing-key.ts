/** The key that seals credentials in the database: made at the first run, refused where others can read it. */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { dataUnwritable, sealingKeyBroken, sealingKeyOpen } from './remedies.ts';

const keyBytes = 32;
/** Any right of the group's or of others'. */
const foreignRights = 0o077;

/** Reads the key at `path`; makes directory and key where there is none, whole or not at all. Throws a Remedy. */
export async function loadSealingKey(path: string): Promise<Uint8Array> {
  return (await readKey(path)) ?? (await makeKey(path)) ?? (await loadSealingKey(path));
}

/** undefined: there is none. */
async function readKey(path: string): Promise<Uint8Array | undefined> {
  const file = await open(path, 'r').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw dataUnwritable(path, codeOf(error));
  });
  if (file === undefined) return undefined;
  try {
    if (((await file.stat()).mode & foreignRights) !== 0) throw sealingKeyOpen(path);
    const key = Buffer.from((await file.readFile('utf8')).trim(), 'base64url');
    if (key.length !== keyBytes) throw sealingKeyBroken(path);
    return key;
  } finally {
    await file.close();
  }
}

/** undefined: another process made one in the same moment. */
async function makeKey(path: string): Promise<Uint8Array | undefined> {
  const key = randomBytes(keyBytes);
  const draft = `${path}.${key.readUInt32BE().toString(36)}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${key.toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
    await link(draft, path).finally(() => unlink(draft));
    return key;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined;
    throw dataUnwritable(path, codeOf(error));
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
