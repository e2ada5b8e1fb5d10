/** `isthmus check`: every fault of a configuration at once. */
import { printFault } from '../ops/config/config.ts';
import { readArguments } from './arguments.ts';
import { loadConfig } from './configuration.ts';
import { helpFor } from './help.ts';
import type { CliWorld, ExitCode } from './world.ts';

export async function check(argv: readonly string[], world: CliWorld): Promise<ExitCode> {
  const { values, help } = readArguments('check', argv, { config: 'FILE' });
  if (help) {
    world.out(helpFor('check'));
    return 0;
  }
  const loaded = await loadConfig(values.config, world.env);
  if ('faults' in loaded) {
    world.err(loaded.faults.map(printFault).join('\n'));
    return 1;
  }
  const domains = loaded.config.bridges.map(({ domain, use }) => `${domain} (${use})`);
  world.out(`${loaded.config.file} is right: ${domains.join(', ')}`);
  const own = new Set(loaded.config.bridges.map(({ domain }) => domain));
  for (const { domain, allow } of loaded.config.bridges) {
    for (const host of allow.filter((one) => own.has(one)))
      world.out(
        `But ${host}, which \`allow\` of ${domain} names, is the gateway's own, where no users are; name your server`,
      );
    if (allow.length === 0)
      world.out(`But nobody except \`admins\` may use ${domain}; name who may, for example allow: [example.org]`);
  }
  return 0;
}
