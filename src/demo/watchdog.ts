/**
 * Ends the demo's children when the demo itself is killed: a shell in a session of its own that reads a pipe from us. Each line is the whole list of
 * process groups; the pipe's end without a "bye" means that we are dead.
 */
import { spawn } from 'node:child_process';

export interface Watchdog {
  /** From now on these process groups, and no others. */
  watch(groups: readonly number[]): void;
  /** All is stopped: end without killing anything. */
  dismiss(): void;
}

const script = `
trap '' HUP INT TERM
while read -r word rest; do
  [ "$word" = bye ] && exit 0
  groups=$rest
done
for group in $groups; do kill -s TERM -- "-$group" 2>/dev/null; done
[ -s "$1" ] && kill -s TERM "$(cat "$1")" 2>/dev/null
sleep 3
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
exit 0
`;

/** @param pidFile of a child that the gateway has of its own (its private Redis) */
export function startWatchdog(pidFile: string): Watchdog {
  const dog = spawn('sh', ['-c', script, 'isthmus-watchdog', pidFile], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const pipe = dog.stdin;
  // Without a shell there is no watchdog; everything else works, and the next start cleans up.
  dog.on('error', () => undefined);
  pipe.on('error', () => undefined);
  dog.unref();
  return {
    watch: (groups) => {
      pipe.write(`groups ${groups.join(' ')}\n`);
    },
    dismiss: () => {
      pipe.end('bye\n');
    },
  };
}
