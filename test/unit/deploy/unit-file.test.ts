/** The systemd unit, by systemd's own judgement where it is here. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

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
