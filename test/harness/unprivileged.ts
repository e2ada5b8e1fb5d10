/** Programs that refuse to run as root, as ircd-hybrid and atheme do (ZNC only after half a minute): where the tests are root, these are started as nobody. */
import { chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const nobody = 65_534;

/** The command to start, with its directory handed over to whoever will run it. */
export function unprivileged(
  dir: string,
  command: string,
  args: readonly string[],
): readonly [string, readonly string[]] {
  if (process.getuid?.() !== 0) return [command, args];
  chownSync(dir, nobody, nobody);
  for (const name of readdirSync(dir, { recursive: true })) chownSync(join(dir, String(name)), nobody, nobody);
  const to = [`--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--pdeathsig', 'KILL', '--'];
  return ['setpriv', [...to, command, ...args]];
}
