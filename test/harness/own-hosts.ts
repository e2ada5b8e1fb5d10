/** Names that only one program of a test knows: a hosts file of its own, which takes root. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const bind = ['--mount', 'sh', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"'];

/** Can it be done here? */
export const hasOwnHosts = (): boolean => spawnSync('unshare', [...bind, '/dev/null', 'true']).status === 0;

/** The command to start so that it finds these at loopback. @param dir where the file lies */
export function withHosts(
  dir: string,
  names: readonly string[],
  command: string,
  args: readonly string[],
): readonly [string, readonly string[]] {
  const file = join(dir, 'hosts');
  writeFileSync(file, `127.0.0.1 ${['localhost', ...names].join(' ')}\n`);
  return ['unshare', [...bind, file, command, ...args]];
}
