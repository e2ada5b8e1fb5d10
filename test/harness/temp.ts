/** A directory of its own for each server that a test starts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TempDir {
  readonly path: string;
  remove(): void;
}

/** Made at once; removed with all that is in it, unless KEEP_TEMP is set. */
export function tempDir(name: string): TempDir {
  const path = mkdtempSync(join(tmpdir(), `isthmus-${name}-`));
  return {
    path,
    remove() {
      if (process.env.KEEP_TEMP === undefined) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
