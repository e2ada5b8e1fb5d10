/** Folders, made with all above them that are missing. */
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * True: it was made. Rejects as `mkdir` does. That one's own `recursive` asks again without end where a folder is there in which none can be made, and says that
 * it is missing: below /proc.
 */
export async function makeFolders(path: string, mode: number): Promise<boolean> {
  try {
    return await makeOne(path, mode);
  } catch (error) {
    const above = dirname(path);
    if (codeOf(error) !== 'ENOENT' || above === path) throw error;
    await makeFolders(above, mode);
    return makeOne(path, mode);
  }
}

/** False: it is there. */
async function makeOne(path: string, mode: number): Promise<boolean> {
  try {
    await mkdir(path, { mode });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && (await stat(path)).isDirectory()) return false;
    throw error;
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
