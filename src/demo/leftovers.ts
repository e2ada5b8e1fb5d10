/** Remembers the demo's processes in a file, so that the next start can end those of a demo that was killed, and a second demo keeps away. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../bridge/contract.ts';
import { Remedy } from '../ops/fatal.ts';

/** A process id is used again some day; together with the moment of its birth it is unique. */
interface Process {
  readonly pid: number;
  readonly born: string;
}
interface Remembered extends Process {
  readonly children: readonly Process[];
}

/** Where that is written down. */
export const listIn = (dir: string): string => join(dir, 'processes.json');

/** How long the killed may take to be gone; their ports are free then. */
const goneMs = 2_000;
const pollMs = 20;

/** Ends what a killed demo left. Throws a Remedy where one is alive. */
export async function clearLeftovers(file: string, clock: Clock): Promise<void> {
  const remembered = read(file);
  if (remembered === undefined) return;
  if (isAlive(remembered)) {
    throw new Remedy(
      `A demo runs already on this data (process ${remembered.pid})`,
      'Stop it with Ctrl-C in its terminal, or give this one a place of its own: npm start -- --data DIR',
    );
  }
  for (const child of remembered.children) if (isAlive(child)) killGroup(child.pid, 'SIGKILL');
  const until = clock.now() + goneMs;
  while (remembered.children.some(isAlive) && clock.now() < until) await clock.sleep(pollMs);
  forget(file);
}

/** Writes down who we are and which children we have. */
export function remember(file: string, children: readonly number[]): void {
  const known = children.flatMap((pid) => describe(pid) ?? []);
  writeFileSync(file, JSON.stringify({ ...describe(process.pid), children: known }));
}

export const forget = (file: string): void => rmSync(file, { force: true });

/** To a whole process group; that it is gone already is no fault. */
export function killGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // It has ended.
  }
}

function read(file: string): Remembered | undefined {
  try {
    const value: Partial<Remembered> = JSON.parse(readFileSync(file, 'utf8'));
    const { pid, born, children } = value;
    return typeof pid === 'number' && typeof born === 'string' && Array.isArray(children)
      ? { pid, born, children }
      : undefined;
  } catch {
    return undefined;
  }
}

const isAlive = ({ pid, born }: Process): boolean => Number.isInteger(pid) && pid > 1 && bornAt(pid) === born;

function describe(pid: number): Process | undefined {
  const born = bornAt(pid);
  return born === undefined ? undefined : { pid, born };
}

/** When a process started, in whatever form the system says it; undefined: there is none. */
function bornAt(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // The third field of the manual is the first here: the state, then field 22, the start.
      return fields[0] === 'Z' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  const said = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim();
  return said === '' ? undefined : said;
}
