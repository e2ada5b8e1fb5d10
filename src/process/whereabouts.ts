/** Where a process is, in its name: one on the same machine need not wait for another's sign of life to expire to see that it is gone. */
import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';

/** This boot of this machine and its numbers of processes (a container has its own); undefined where that can't be known. */
function here(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    return createHash('sha256')
      .update(`${boot} ${readlinkSync('/proc/self/ns/pid')}`)
      .digest('hex')
      .slice(0, 12);
  } catch {
    return undefined;
  }
}

/** To be put into a name that is otherwise unique: `<here>.<pid>`; '' where it can't be known. */
export function whereabouts(): string {
  const place = here();
  return place === undefined ? '' : `${place}.${process.pid}-`;
}

/**
 * Did another process, of that name, run here, and is there no such process any more? False also where that can't be known. Whoever had our own number has ended
 * (a container that is started again).
 */
export function isGone(name: string): boolean {
  const [, place, pid] = /-([0-9a-f]{12})\.(\d+)-/.exec(name) ?? [];
  if (place === undefined || place !== here()) return false;
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
