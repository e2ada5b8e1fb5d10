/** `isthmus import`: from what people used before. */
import { UsageFault } from './arguments.ts';
import { helpFor } from './help.ts';
import type { CliWorld, ExitCode } from './world.ts';

/** By its first word; the rest is for whoever reads that. */
export async function importFrom(argv: readonly string[], world: CliWorld): Promise<ExitCode> {
  switch (argv[0]) {
    case 'biboumi':
      return (await import('./import-biboumi.ts')).importBiboumi(argv, world);
    case 'discord':
      return (await import('./import-discord.ts')).importDiscord(argv, world);
    default: {
      if (argv[0] === '--help' || argv[0] === '-h') {
        world.out(helpFor('import'));
        return 0;
      }
      throw new UsageFault(
        'Import from what?',
        'Write isthmus import biboumi --db FILE --config FILE, or isthmus import discord --archive FILE --config FILE',
      );
    }
  }
}
