/** One runner for every kind of test; each kind is a project of its own, so that `--project unit` runs it alone. */
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './slowest-first.ts';

/** Lua scripts are imported as text, as the build does. */
const textFiles = {
  name: 'text-files',
  load(id: string) {
    return /\.(lua|html|css)$/.test(id) ? `export default ${JSON.stringify(readFileSync(id, 'utf8'))}` : undefined;
  },
};

const project = (name: string, timeout: number, more: object = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: timeout, hookTimeout: 120_000, ...more },
});

/**
 * The files of a worker share their modules: reading them anew for each took more than half of the time of the unit tests. Nothing in `src` has state of
 * its own between calls (architecture.test.ts), so nothing can be left behind.
 */
const shared = { isolate: false };

export default defineConfig({
  plugins: [textFiles],
  test: {
    setupFiles: ['test/harness/seed.ts'],
    // A second, which is the usual, is how long a disk can keep Redis waiting where sixteen servers run on two cores.
    expect: { poll: { timeout: 30_000 } },
    sequence: { sequencer: SlowestFirst },
    // One more than cores: many wait for a server for a second or so.
    maxWorkers: 3,
    projects: [
      project('unit', 90_000, shared),
      project('golden', 60_000, shared),
      project('conformance', 90_000, shared),
      project('scenario', 90_000, { maxConcurrency: 16, ...shared }),
      // Four files at a time, beside the others (deploy/test.sh): each starts servers of its own, and waits for them most of the time.
      project('e2e', 120_000, {
        globalSetup: ['test/harness/build.ts'],
        maxConcurrency: 16,
        maxWorkers: 4,
        ...shared,
        sequence: { groupOrder: 1 },
      }),
      {
        extends: true,
        test: { name: 'architecture', include: ['test/architecture.test.ts'], testTimeout: 120_000 },
      },
    ],
  },
});
