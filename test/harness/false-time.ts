/**
 * A clock of the wall that a test can set, for the programs in Node that are started with it (libfaketime); what they measure time with is not touched.
 * Redis, whose allocator asks for the time before the library is up, keeps the true time.
 */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from './temp.ts';

/** Where Debian has it, whatever the machine. */
function library(): string | undefined {
  const place = '/usr/lib';
  return readdirSync(place)
    .map((name) => join(place, name, 'faketime', 'libfaketimeMT.so.1'))
    .find((path) => existsSync(path));
}

export const hasFalseTime = (): boolean => library() !== undefined;

export interface FalseTime {
  /** Of the processes that are to have it. */
  readonly env: Readonly<Record<string, string>>;
  /** From now on that many seconds ahead of the true time. */
  set(aheadSeconds: number): void;
  remove(): void;
}

/**
 * The library keeps a piece of shared memory for each process, by its number, and refuses to start with one that is there: killed processes leave theirs, and the kernel
 * begins their numbers anew.
 */
function clearAfterTheDead(): void {
  const place = '/dev/shm';
  for (const name of existsSync(place) ? readdirSync(place) : []) {
    const [, pid] = /^(?:sem\.)?faketime_(?:shm|sem)_(\d+)$/.exec(name) ?? [];
    if (pid !== undefined && !existsSync(join('/proc', pid))) rmSync(join(place, name), { force: true });
  }
}

/** At first the true time. */
export function createFalseTime(): FalseTime {
  clearAfterTheDead();
  const dir = tempDir('time');
  const file = join(dir.path, 'time');
  const set = (aheadSeconds: number): void => writeFileSync(file, `${aheadSeconds < 0 ? '' : '+'}${aheadSeconds}\n`);
  set(0);
  const path = `${process.env.PATH}:/usr/sbin:/usr/local/sbin`;
  const unset = `#!/bin/sh\nunset LD_PRELOAD\nPATH='${path}' exec redis-server "$@"\n`;
  writeFileSync(join(dir.path, 'redis-server'), unset, { mode: 0o755 });
  return {
    env: {
      LD_PRELOAD: library() ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      PATH: `${dir.path}:${path}`,
    },
    set,
    remove() {
      dir.remove();
      clearAfterTheDead();
    },
  };
}
