/** The systemd unit, by systemd's own judgement where it is here. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../../harness/temp.ts';

const path = join(import.meta.dirname, '../../../deploy/isthmus.service');
const lines = readFileSync(path, 'utf8').split('\n');

test('it is ready when it says so, is watched, all its processes may say so, and its threads share a heap', () => {
  for (const line of [
    'Environment=MALLOC_ARENA_MAX=1',
    'Type=notify',
    'NotifyAccess=all',
    'WatchdogSec=60',
    'KillMode=mixed',
  ])
    expect(lines).toContain(line);
  const [stop = ''] = lines.filter((line) => line.startsWith('TimeoutStopSec='));
  // The program gives up by itself after ten.
  expect(Number(stop.split('=')[1])).toBeGreaterThan(10);
});

test.skipIf(!existsSync('/usr/bin/systemd-analyze'))('systemd knows every directive, and finds little exposed', () => {
  const security = spawnSync('systemd-analyze', ['security', '--offline=yes', '--no-pager', path], {
    encoding: 'utf8',
  });
  expect(security.stderr).not.toMatch(/Unknown (key|lvalue)|Failed to parse|Invalid/i);
  const [, level = '10'] = /Overall exposure level for \S+: ([\d.]+)/.exec(security.stdout) ?? [];
  expect(Number(level)).toBeLessThan(2);
});

test.skipIf(!existsSync('/usr/bin/systemd-analyze'))(
  'what the identd needs is given by what deploy/README.md says',
  () => {
    const readme = readFileSync(join(import.meta.dirname, '../../../deploy/README.md'), 'utf8');
    const [, added = ''] = /```\n\[Service\]\n([^`]*)```/.exec(readme) ?? [];
    const dir = tempDir('unit');
    const file = join(dir.path, 'isthmus.service');
    writeFileSync(file, lines.join('\n').replace('[Install]', `${added}\n[Install]`));
    const { stdout, stderr } = spawnSync('systemd-analyze', ['security', '--offline=yes', '--no-pager', file], {
      encoding: 'utf8',
    });
    dir.remove();
    expect(stderr).not.toMatch(/Unknown (key|lvalue)|Failed to parse|Invalid/i);
    expect(stdout).toMatch(/✗ AmbientCapabilities= .*ambient/);
  },
);
