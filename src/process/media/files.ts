/** The files themselves: below one folder, in two levels of others, each under its id; written beside their place and moved there whole. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaFile } from '../../storage/media-ports.ts';
import { headBytes, typeOf } from './types.ts';

export interface MediaFiles {
  /** Where that file lies, if it does. */
  pathOf(id: string): string;
  has(id: string, bytes: number): Promise<boolean>;
  /** Writes it as it comes. Rejects with whatever the body fails with, and leaves nothing of it. */
  put(id: string, body: AsyncIterable<Uint8Array>): Promise<MediaFile>;
  remove(id: string): Promise<void>;
  /** The ids of all that are there. */
  all(): AsyncIterable<string>;
  /** Removes what was begun before then (epoch milliseconds) and never ended: its process was killed. */
  tidy(before: number): Promise<void>;
}

const isId = (name: string): boolean => /^[A-Za-z0-9_-]{24}$/.test(name);
/** Other people of the machine have no business there. */
const modes = { folder: 0o700, file: 0o600 };

/** @param root may not be there yet */
export function createMediaFiles(root: string): MediaFiles {
  const folderOf = (id: string): string => join(root, id.slice(0, 2), id.slice(2, 4));
  const pathOf = (id: string): string => join(folderOf(id), id);
  const begun = join(root, 'begun');

  return {
    pathOf,
    async has(id, bytes) {
      const info = await stat(pathOf(id)).catch(() => undefined);
      return info?.isFile() === true && info.size === bytes;
    },
    async put(id, body) {
      await mkdir(begun, { recursive: true, mode: modes.folder });
      const part = join(begun, randomBytes(12).toString('hex'));
      try {
        const file = await write(part, body);
        await mkdir(folderOf(id), { recursive: true, mode: modes.folder });
        await rename(part, pathOf(id));
        return file;
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    },
    remove: (id) => rm(pathOf(id), { force: true }),
    async *all() {
      for await (const first of entries(root)) {
        if (first === 'begun') continue;
        for await (const second of entries(join(root, first)))
          for await (const name of entries(join(root, first, second))) if (isId(name)) yield name;
      }
    },
    async tidy(before) {
      for await (const name of entries(begun)) {
        const info = await stat(join(begun, name)).catch(() => undefined);
        if (info !== undefined && info.mtimeMs < before) await rm(join(begun, name), { force: true });
      }
    },
  };
}

async function* entries(folder: string): AsyncIterable<string> {
  const opened = await opendir(folder).catch(() => undefined);
  if (opened === undefined) return;
  for await (const { name } of opened) yield name;
}

/** On the disk, not only on its way there, when it resolves. */
async function write(path: string, body: AsyncIterable<Uint8Array>): Promise<MediaFile> {
  const hash = createHash('sha256');
  let head = new Uint8Array();
  let bytes = 0;
  const handle = await open(path, 'wx', modes.file);
  try {
    for await (const piece of body) {
      if (head.length < headBytes) head = Buffer.concat([head, piece.subarray(0, headBytes)]);
      hash.update(piece);
      bytes += piece.length;
      await handle.writeFile(piece);
    }
    await handle.datasync();
  } finally {
    await handle.close();
  }
  return { bytes, type: typeOf(head), tag: hash.digest('base64url').slice(0, 22) };
}
