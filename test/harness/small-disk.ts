/** A directory on a disk of its own that a test can fill; for root on Linux only, where else nobody may mount one. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Mounts a file system in memory over that directory. False: nobody may here. */
export function mountSmallDisk(directory: string, megabytes: number): boolean {
  if (process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'isthmus-test', directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export function unmountSmallDisk(directory: string): void {
  execFileSync('umount', ['--lazy', directory], { stdio: 'ignore' });
}

/** May one be mounted here? */
export function hasSmallDisks(): boolean {
  const directory = mkdtempSync('/tmp/isthmus-disk-');
  const may = mountSmallDisk(directory, 1);
  if (may) unmountSmallDisk(directory);
  rmSync(directory, { recursive: true, force: true });
  return may;
}

/** Fills what is left of it; the call that comes back makes room again. */
export function fillDisk(directory: string): () => void {
  const file = join(directory, 'filler');
  for (let size = 1 << 20; size >= 1; size >>= 1) {
    for (;;) {
      try {
        writeFileSync(file, Buffer.alloc(size), { flag: 'a' });
      } catch {
        break;
      }
    }
  }
  return () => rmSync(file, { force: true });
}
