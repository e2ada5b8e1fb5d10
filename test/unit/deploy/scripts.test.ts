/** The scripts behind npm start, npm test and npm run build. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'isthmus-scripts-'));
});
afterAll(() => rm(dir, { recursive: true }));

function sh(script: string, argv: readonly string[], path = process.env.PATH) {
  const { status, stdout, stderr } = spawnSync('/bin/sh', [join(root, 'deploy', script), ...argv], {
    env: { PATH: path },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('setup.sh', () => {
  test('has nothing to say or do where nothing is missing', () => {
    expect(sh('setup.sh', [])).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('without apt-get it names what is missing and how to install it on each system', async () => {
    for (const tool of ['dirname', 'find', 'tr', 'sort', 'sed', 'id'])
      await symlink(`/usr/bin/${tool}`, join(dir, tool));
    const { status, stdout, stderr } = sh('setup.sh', [], dir);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/not installed here: .*prosody.*redis-server/);
    for (const system of ['Debian, Ubuntu: ', 'Fedora: ', 'Arch: ', 'macOS: ', 'FreeBSD: '])
      expect(stderr).toContain(system);
  });
});

describe('the start of the program', () => {
  const pretend =
    "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.1.0'}})";

  test('on an old Node says what to do, before anything else is imported', () => {
    const started = spawnSync(process.execPath, ['--import', pretend, join(root, 'src/main.ts'), 'run'], {
      encoding: 'utf8',
    });
    expect([started.status, started.stdout]).toEqual([1, '']);
    expect(started.stderr).toMatch(/^Isthmus needs Node\.js 24 or newer.*node_modules\/\.bin\/node.*nodesource/s);
  });

  test('is a file of its own that a Node of 16 can read', async () => {
    const { outputFiles } = await build({
      entryPoints: [join(root, 'src/main.ts')],
      outdir: dir,
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      packages: 'external',
      alias: { '#bridge': join(root, 'src/bridge/index.ts') },
      loader: { '.lua': 'text', '.html': 'text' },
      write: false,
      logLevel: 'silent',
    });
    const main = outputFiles.find(({ path }) => path.endsWith('main.js'))?.text ?? '';
    expect(main.startsWith('#!/usr/bin/env node\n')).toBe(true);
    expect(main).not.toMatch(/^import\b/m);
    expect(main.length).toBeLessThan(4_000);
    await build({
      stdin: { contents: main, loader: 'js' },
      format: 'esm',
      target: 'node16',
      write: false,
      logLevel: 'silent',
      supported: { using: false },
    });
  });
});

describe('the closing line of npm test', () => {
  const count = (report: string) =>
    spawnSync(process.execPath, [join(root, 'deploy/count-tests.mjs'), report], { encoding: 'utf8' });
  const write = async (report: unknown) => {
    const file = join(dir, 'report.json');
    await writeFile(file, JSON.stringify(report));
    return file;
  };

  test.each([
    ['all passed', { numPassedTests: 3, numFailedTests: 0, testResults: [] }, 0, '3 passed, 0 failed\n'],
    ['one failed', { numPassedTests: 3, numFailedTests: 1, testResults: [] }, 1, '3 passed, 1 failed\n'],
    [
      'a file that could not be run',
      { numPassedTests: 3, numFailedTests: 0, testResults: [{ status: 'failed', assertionResults: [] }] },
      1,
      '3 passed, 1 failed\n',
    ],
    ['no test at all', { numPassedTests: 0, numFailedTests: 0, testResults: [] }, 1, '0 passed, 0 failed\n'],
  ])('%s', async (_, report, status, line) => {
    const counted = count(await write(report));
    expect([counted.status, counted.stdout]).toEqual([status, line]);
  });

  test('no report is a failure', () => {
    expect(count(join(dir, 'nowhere.json'))).toMatchObject({ status: 1, stdout: '0 passed, 1 failed\n' });
  });
});

test('the systemd unit stops with the signal that keeps the rooms, and waits for it', async () => {
  const unit = await readFile(join(root, 'deploy/isthmus.service'), 'utf8');
  for (const line of ['KillSignal=SIGTERM', 'KillMode=mixed', 'UMask=0077', 'Restart=on-failure'])
    expect(unit).toContain(`\n${line}\n`);
});
