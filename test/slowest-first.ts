/** In which order files are played: those that take longest are begun first, or whoever comes last is waited for alone. */
import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By the seconds that they take where nothing else runs; of the others vitest takes the large ones first. */
const slowest = [
  ...['faults', 'plumbing', 'restart', 'faults-of-one', 'inspircd', 'registering', 'shared-accounts', 'plumbing-both'],
  ...['discord-scenarios', 'registering-killed', 'modern', 'kill', 'crowds', 'roles', 'cli', 'discord-media'],
  ...['discord-faults', 'servers', 'ownership', 'bridges', 'life', 'irc', 'import-discord', 'demo', 'identd', 'laws'],
];

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = slowest.indexOf(basename(moduleId, '.test.ts'));
      return at < 0 ? slowest.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other));
  }
}
