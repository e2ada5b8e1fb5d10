/** The command line: finds the command, runs it, and says what went wrong in sentences. Each command is loaded when it is called. */
import { nearest } from '../ops/config/names.ts';
import { describeFailure } from '../ops/fatal.ts';
import { failureOf } from '../process/failure.ts';
import { UsageFault } from './arguments.ts';
import { commands, helpFor } from './help.ts';
import type { CliWorld, ExitCode } from './world.ts';

/** Resolves with the exit code, everything stopped; never rejects. */
export async function cli(world: CliWorld): Promise<ExitCode> {
  try {
    return await dispatch(world);
  } catch (error) {
    world.err(describeFailure(failureOf(error)));
    return error instanceof UsageFault ? 2 : 1;
  }
}

async function dispatch(world: CliWorld): Promise<ExitCode> {
  const [command, ...rest] = world.argv;
  const loadGateway = async () => (await import('../gateway-process.ts')).runGateway;
  switch (command) {
    case 'run':
      return (await import('./run.ts')).run(rest, world, loadGateway);
    case 'check':
      return (await import('./check.ts')).check(rest, world);
    case 'setup':
      return (await import('./setup.ts')).setup(rest, world);
    case 'import':
      return (await import('./import.ts')).importFrom(rest, world);
    case 'backup':
      return (await import('./backup.ts')).backup(rest, world);
    case 'restore':
      return (await import('./restore.ts')).restore(rest, world);
    case 'rotate-key':
      return (await import('./rotate-key.ts')).rotateKey(rest, world);
    case 'demo':
      return (await import('../demo/demo.ts')).demo(rest, world, loadGateway);
    case '--version':
    case '-V':
    case 'version':
      world.out(await version());
      return 0;
    case '--help':
    case '-h':
    case 'help': {
      const about = commands.find((name) => name === rest[0]);
      if (command === 'help' && rest[0]?.startsWith('-') === false && about === undefined) throw unknown(rest[0]);
      world.out(helpFor(about));
      return 0;
    }
    case undefined:
      world.err(helpFor(undefined));
      return 2;
    default:
      throw unknown(command);
  }
}

function unknown(command: string): UsageFault {
  const meant = nearest(command, commands);
  return new UsageFault(
    `There is no command "${command}"`,
    meant === undefined
      ? '`isthmus --help` lists them'
      : `Did you mean \`isthmus ${meant}\`? \`isthmus --help\` lists all`,
  );
}

async function version(): Promise<string> {
  const { default: about } = await import('../../package.json', { with: { type: 'json' } });
  return about.version;
}
