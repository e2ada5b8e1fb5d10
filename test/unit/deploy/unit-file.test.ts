/** The systemd unit, by systemd's own judgement where it is here, and what deploy/README.md makes of it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { tempDir } from '../../harness/temp.ts';

const path = join(import.meta.dirname, '../../../deploy/isthmus.service');
const lines = readFileSync(path, 'utf8').split('\n');
const readme = readFileSync(join(import.meta.dirname, '../../../deploy/README.md'), 'utf8');

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

/** The commands of the README's block that has these words. */
function shown(words: string): string {
  const block = [...readme.matchAll(/^```\n([\s\S]*?)^```$/gm)]
    .map(([, text = '']) => text)
    .find((text) => text.includes(words));
  if (block === undefined) throw new Error(`nothing is shown with ${words}`);
  return block;
}

test('for several processes the README makes units of it, which run their roles', () => {
  const dir = tempDir('units');
  // What it would write into the system's folder is written here; nothing else is done.
  const sudo = `[ "$1" = tee ] && exec tee "${dir.path}/$(basename "$2")"; [ "$1" = systemctl ] || exit 9`;
  mkdirSync(join(dir.path, 'bin'));
  writeFileSync(join(dir.path, 'bin/sudo'), `#!/bin/sh\n${sudo}\n`, { mode: 0o755 });
  const commands = shown('isthmus-worker@.service').replace('cd /opt/isthmus/deploy', `cd ${dirname(path)}`);
  const { status, stderr } = spawnSync('sh', ['-euc', commands], {
    env: { PATH: `${join(dir.path, 'bin')}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  const units = readdirSync(dir.path).filter((name) => name.endsWith('.service'));
  const roles: Record<string, string | undefined> = {};
  for (const name of units) {
    const made = readFileSync(join(dir.path, name), 'utf8').split('\n');
    roles[name] = made.find((line) => line.startsWith('ExecStart='))?.replace(/^.* run /, '');
    expect(made.filter((line) => !line.startsWith('ExecStart='))).toEqual(
      lines.filter((line) => !line.startsWith('ExecStart=')),
    );
  }
  dir.remove();
  expect(roles).toEqual({
    'isthmus-edge.service': '--config /etc/isthmus/isthmus.yaml --role edge',
    'isthmus-worker@.service': '--config /etc/isthmus/isthmus.yaml --role worker --http 127.0.0.1:%i',
  });
});
