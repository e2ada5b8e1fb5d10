/** `--scale`: what accounts cost by number, over one, two and four workers, idle and talking; and how long a dead worker's accounts are away. */
import { readFileSync } from 'node:fs';
import { sleep } from './lab.ts';
import { median } from './meter.ts';
import { drawn, figure } from './report.ts';
import { idle, openScaleLab, type ScaleLab, type Use, used } from './scale-lab.ts';

/** For `--help`. */
export const scaleHelp = `usage: node dist/bench.js --scale [--accounts 100,1000,5000,10000] [--workers 1,2,4] [--seconds 20] [--per-minute 1] [--take-over 1000]
  An edge, workers and a Redis of their own between two fakes; each account is a user on IRC in a room of ten. For each number of workers the accounts
  grow, and are measured idle and at one message a minute each (--per-minute), for so many seconds. Then, of twice as many accounts on two workers, one worker is killed;
  --take-over 0 leaves that out. The whole takes a quarter of an hour; --accounts 100,1000 --workers 2 two minutes.
`;

interface Options {
  readonly accounts: readonly number[];
  readonly workers: readonly number[];
  readonly seconds: number;
  /** Messages of each account. */
  readonly perMinute: number;
  readonly takeOver: number;
}

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Measures and prints; resolves with the exit code. */
export async function scale(args: readonly string[]): Promise<number> {
  const options = read(args);
  if (options === undefined) {
    process.stderr.write(scaleHelp);
    return 2;
  }
  const most = filesAtMost() - 500;
  const fits = options.accounts.filter((count) => count <= most);
  if (fits.length < options.accounts.length)
    say(
      `A process may have ${most + 500} files open here, so that ${most} accounts are the most: larger numbers are left out. Raise it before: ulimit -n ${(options.accounts.at(-1) ?? 0) + 500}`,
    );
  const rows: string[][] = [];
  let failures = 0;
  for (const workers of options.workers) {
    await measureAccounts(workers, fits, options, rows).catch((error: unknown) => {
      failures += 1;
      say(`  failed: ${error instanceof Error ? error.message : error}`);
    });
  }
  if (rows.length > 0) process.stdout.write(drawn(head, rows));
  const isTooMany = options.takeOver * 2 > most;
  if (isTooMany) say(`Nobody is taken over: that wants ${options.takeOver * 2} accounts.`);
  if (options.takeOver > 0 && !isTooMany) {
    await takeOver(options.takeOver).catch((error: unknown) => {
      failures += 1;
      say(`  failed: ${error instanceof Error ? error.message : error}`);
    });
  }
  return failures === 0 ? 0 : 1;
}

const parts = ['workers', 'edge', 'redis'] as const;
const head = [
  'workers',
  'accounts',
  'ms a login',
  'worker MiB',
  'KiB an account',
  'edge MiB',
  'Redis MiB',
  'idle µs/account/s',
  'edge',
  'Redis',
  'µs a message',
  'edge',
  'Redis',
];

async function measureAccounts(
  workers: number,
  sizes: readonly number[],
  { seconds, perMinute }: Options,
  rows: string[][],
): Promise<void> {
  say(`${workers} worker${workers === 1 ? '' : 's'}: starting`);
  const lab = await openScaleLab(workers);
  try {
    const empty = lab.resident();
    let before = 0;
    for (const accounts of sizes) {
      const joining = await used(lab, () => lab.grow(accounts, (text) => say(`  ${text}`)));
      say(`  ${accounts} accounts: all in after ${joining.seconds.toFixed(1)} s; idle for ${seconds} s`);
      await sleep(2_000);
      const still = await used(lab, () => idle(seconds));
      const resident = lab.resident();
      say(`  ${accounts} accounts: ${perMinute} a minute each, for ${seconds} s`);
      let said = 0;
      const busy = await used(lab, async () => {
        said = await lab.talk(accounts, perMinute, seconds);
      });
      // What talking costs beyond being there.
      const message = (part: keyof Use): number =>
        Math.max(0, busy[part] - (still[part] / still.seconds) * busy.seconds) / said;
      const waiting = (part: keyof Use): number => still[part] / still.seconds / accounts;
      rows.push([
        String(workers),
        String(accounts),
        ...[
          (joining.workers + joining.edge) / 1000 / (accounts - before),
          resident.workers / workers / 1024,
          (resident.workers - empty.workers) / accounts,
          resident.edge / 1024,
          resident.redis / 1024,
          ...parts.map(waiting),
          ...parts.map(message),
        ].map(figure),
      ]);
      before = accounts;
    }
  } finally {
    await lab.close();
  }
}

/** One of two workers is killed; the other one has to come back into the rooms of all its accounts. */
async function takeOver(accounts: number): Promise<void> {
  say(`taking over about ${accounts} accounts: starting`);
  const lab = await openScaleLab(2);
  try {
    await lab.grow(accounts * 2, (text) => say(`  ${text}`));
    const before = await lab.onIrc();
    const began = performance.now();
    lab.processes.killOne();
    const { lost, times } = await watchReturn(lab, before.joins, before.connections, began);
    const rows = [['accounts taken over', 'first s', 'half s', 'all s']];
    rows.push([String(lost), ...[times[0], median(times), times.at(-1)].map((at = Number.NaN) => at.toFixed(1))]);
    process.stdout.write(`\n${drawn(rows[0] ?? [], rows.slice(1))}`);
  } finally {
    await lab.close();
  }
}

/** When each of those who lost their connection was back in its room, in seconds since then. */
async function watchReturn(
  lab: ScaleLab,
  joins: number,
  connections: number,
  since: number,
): Promise<{ lost: number; times: readonly number[] }> {
  const times: number[] = [];
  let lost = 0;
  let moved = performance.now();
  for (;;) {
    const now = await lab.onIrc();
    lost = Math.max(lost, connections - now.connections);
    for (; times.length < now.joins - joins; moved = performance.now()) times.push((performance.now() - since) / 1000);
    if (lost > 0 && times.length >= lost) return { lost, times };
    if (performance.now() - moved > 60_000) throw new Error(`${times.length} of ${lost} came back, then nobody`);
    await sleep(20);
  }
}

/** How many files a process may have open; Node takes what the hard limit lets. */
function filesAtMost(): number {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const hard = /Max open files\s+\S+\s+(\S+)/.exec(limits)?.[1] ?? '';
  return hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard);
}

function read(args: readonly string[]): Options | undefined {
  let options: Options = {
    accounts: [100, 1000, 5000, 10_000],
    workers: [1, 2, 4],
    seconds: 20,
    perMinute: 1,
    takeOver: 1000,
  };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const values = (rest.shift() ?? '').split(',').map(Number);
    const [value = Number.NaN] = values;
    if (!values.every((one) => Number.isInteger(one) && one >= (arg === '--take-over' ? 0 : 1))) return undefined;
    if (arg === '--accounts') options = { ...options, accounts: values.toSorted((a, b) => a - b) };
    else if (arg === '--workers') options = { ...options, workers: values };
    else if (arg === '--seconds') options = { ...options, seconds: value };
    else if (arg === '--per-minute') options = { ...options, perMinute: value };
    else if (arg === '--take-over') options = { ...options, takeOver: value };
    else return undefined;
  }
  return options;
}
