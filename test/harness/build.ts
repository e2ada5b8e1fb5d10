/** Builds dist/ once before the tests that run the gateway as its users do. ISTHMUS_BUILT says that somebody has done so. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** The repository's root. */
export const root = join(import.meta.dirname, '..', '..');
/** What users start. */
export const mainFile = join(root, 'dist', 'main.js');

/** Vitest's global setup. */
export async function setup(): Promise<void> {
  if (process.env.ISTHMUS_BUILT !== undefined && existsSync(mainFile)) return;
  await promisify(execFile)(process.execPath, [join(root, 'deploy', 'build.mjs')], { cwd: root });
}
