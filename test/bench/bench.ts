/** Which cases run, how often, in which order: runs are interleaved over the gateways so that a busy moment of the machine hits all alike. */
import { memory, type Note, quick, storm, traffic, whole } from './cases.ts';
import { discordIn, discordMemory, discordOut } from './discord.ts';
import { table } from './report.ts';
import { scale, scaleHelp } from './scale.ts';
import { type Target, targets } from './targets.ts';

/** For `--help`. */
export const help = `usage: node dist/bench.js [--quick] [--runs N] [--only CASE[,CASE]] [--gateway NAME[,NAME]]
  cases: traffic-1 traffic-10 traffic-100 storm memory discord-in discord-out discord-memory
  gateways: isthmus isthmus-db bare bare-redis floor biboumi biboumi-db
    -db: with its archive; bare: what Node itself needs, nothing parsed or checked, and with each message in Redis until its receipt; floor: all that we
    promise, and nothing else;
    biboumi only where /usr/bin/biboumi is there
  Discord is for isthmus and isthmus-db: 1,000 messages a second of one guild in a room of ten users of a shared account, what one of them can send,
    and what a bot takes that is in 50 guilds of 100 channels (10 of 20 with --quick)
  node's own flags go to the gateway: node --cpu-prof dist/bench.js …
  µs are CPU microseconds of the gateway's process; its Redis is counted apart. Medians of the runs; × is the ratio to biboumi.
${scaleHelp}`;

interface Options {
  readonly quick: boolean;
  readonly runs: number;
  readonly only: readonly string[];
  readonly gateways: readonly string[];
}

/** Measures and prints; resolves with the exit code. */
export async function bench(args: readonly string[]): Promise<number> {
  if (args[0] === '--scale') return scale(args.slice(1));
  const options = read(args);
  if (options === undefined) {
    process.stderr.write(help);
    return 2;
  }
  const size = options.quick ? quick : whole;
  const chosen = targets(options.gateways);
  const numbers = new Map<string, Map<string, number[]>>();
  const cases: readonly (readonly [string, (target: Target, note: Note) => Promise<void>])[] = [
    ['memory', (target, note) => memory(target, size, note)],
    ['storm', (target, note) => storm(target, note)],
    ['traffic-1', (target, note) => traffic(target, 1, size, note)],
    ['traffic-10', (target, note) => traffic(target, 10, size, note)],
    ['traffic-100', (target, note) => traffic(target, 100, size, note)],
    ['discord-in', (target, note) => discordIn(target, size, note)],
    ['discord-out', (target, note) => discordOut(target, size, note)],
    ['discord-memory', (target, note) => discordMemory(target, size, note)],
  ];
  let failures = 0;
  for (let run = 1; run <= options.runs; run++) {
    for (const [name, measureCase] of cases) {
      if (options.only.length > 0 && !options.only.includes(name)) continue;
      for (const target of chosen) {
        if (target.slow && !name.startsWith('traffic')) continue;
        if (target.oneRoom === true && name === 'storm') continue;
        if (target.onDiscord === undefined && name.startsWith('discord')) continue;
        process.stderr.write(`run ${run}/${options.runs}: ${name}, ${target.name}\n`);
        await measureCase(target, collector(numbers, target.name)).catch((error: unknown) => {
          failures += 1;
          process.stderr.write(
            `  ${target.name} failed in ${name}: ${error instanceof Error ? error.message : error}\n`,
          );
        });
      }
    }
  }
  process.stdout.write(
    table(
      numbers,
      chosen.map(({ name }) => name),
      options.runs,
    ),
  );
  return failures === 0 ? 0 : 1;
}

function collector(numbers: Map<string, Map<string, number[]>>, target: string): Note {
  return (metric, value) => {
    const row = numbers.get(metric) ?? new Map<string, number[]>();
    numbers.set(metric, row);
    row.set(target, [...(row.get(target) ?? []), value]);
  };
}

function read(args: readonly string[]): Options | undefined {
  const options = { quick: false, runs: 0, only: [] as string[], gateways: [] as string[] };
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--quick') options.quick = true;
    else if (arg === '--runs') options.runs = Number(rest.shift());
    else if (arg === '--only') options.only = (rest.shift() ?? '').split(',');
    else if (arg === '--gateway') options.gateways = (rest.shift() ?? '').split(',');
    else return undefined;
  }
  if (!Number.isInteger(options.runs)) return undefined;
  return { ...options, runs: options.runs || (options.quick ? 1 : 5) };
}
