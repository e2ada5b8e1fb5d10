/** `isthmus setup`: what to write into the XMPP server's configuration for this gateway. */
import { printFault } from '../ops/config/config.ts';
import { choiceOption, readArguments, UsageFault } from './arguments.ts';
import { loadConfig } from './configuration.ts';
import { helpFor } from './help.ts';
import { ejabberdSetup } from './setup-ejabberd.ts';
import { prosodySetup } from './setup-prosody.ts';
import type { CliWorld, ExitCode } from './world.ts';

const servers = ['prosody', 'ejabberd'] as const;

export async function setup(argv: readonly string[], world: CliWorld): Promise<ExitCode> {
  const { values, words, help } = readArguments('setup', argv, { config: 'FILE' }, 1);
  if (help) {
    world.out(helpFor('setup'));
    return 0;
  }
  const [word] = words;
  if (word === undefined)
    throw new UsageFault('Which XMPP server?', 'Write isthmus setup prosody, or isthmus setup ejabberd, --config FILE');
  if (!servers.some((server) => server === word)) {
    throw new UsageFault(
      `There is no setup for "${word}"`,
      'There is one for prosody and one for ejabberd; any other server that knows XEP-0114 needs a component per domain, with its secret',
    );
  }
  const server = choiceOption('setup', word, servers);
  const loaded = await loadConfig(values.config, world.env);
  if ('faults' in loaded) {
    world.err(loaded.faults.map(printFault).join('\n'));
    return 1;
  }
  world.out((server === 'prosody' ? prosodySetup : ejabberdSetup)(loaded.config).trimEnd());
  return 0;
}
