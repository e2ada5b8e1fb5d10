/** The scripts behind npm start, npm test and npm run build. */
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
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

/** The script in a folder of its own, whose packages are as new as its lock file says unless a test makes them older: it must never touch ours. */
async function setup(argv: readonly string[], path = process.env.PATH ?? '', lockedAt = 1_000) {
  const place = await mkdtemp(join(dir, 'place-'));
  const installed = join(place, 'node_modules', '.package-lock.json');
  await mkdir(join(place, 'deploy'));
  await mkdir(join(place, 'node_modules'));
  await copyFile(join(root, 'deploy', 'setup.sh'), join(place, 'deploy', 'setup.sh'));
  for (const file of [join(place, 'package-lock.json'), installed]) await writeFile(file, '{}');
  await utimes(join(place, 'package-lock.json'), lockedAt, lockedAt);
  await utimes(installed, 2_000, 2_000);
  const { status, stdout, stderr } = spawnSync('/bin/sh', [join(place, 'deploy', 'setup.sh'), ...argv], {
    env: { PATH: path },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr, touched: (await stat(installed)).mtimeMs > 2_000_000 };
}

/** A folder with these programs for a PATH: links to the system's, or scripts. */
async function programs(links: readonly string[], scripts: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(dir, 'bin-'));
  for (const name of links) await symlink(`/usr/bin/${name}`, join(folder, name));
  for (const [name, text] of Object.entries(scripts))
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return folder;
}

describe('setup.sh', () => {
  const plain = ['dirname', 'find', 'tr', 'sort', 'sed'];
  const tools = [...plain, 'id', 'touch', 'rm', 'mktemp'];

  test('has nothing to say or do where nothing is missing', async () => {
    expect(await setup([])).toEqual({ status: 0, stdout: '', stderr: '', touched: false });
  });

  test('a lock file that is newer than what is installed: npm ci, once', async () => {
    const npm = await programs([], { npm: 'echo "npm $1"' });
    const { status, stdout, touched } = await setup([], `${npm}:${process.env.PATH}`, 3_000);
    expect([status, touched]).toEqual([0, true]);
    expect(stdout.match(/^npm ci$/gm)).toHaveLength(1);
  });

  test("an npm that is too old for our packages (Debian 12's) fetches a newer one for it", async () => {
    const npm = await programs([], { npm: '[ "$1" = --version ] && echo 9.2.0 || echo "npm $*"' });
    const { status, stdout } = await setup([], `${npm}:${process.env.PATH}`, 3_000);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^npm exec --yes -- npm@10 ci /m);
  });

  test('npm that fails ends it', async () => {
    const npm = await programs([], { npm: 'exit 7' });
    const { status, touched } = await setup([], `${npm}:${process.env.PATH}`, 3_000);
    expect(status).not.toBe(0);
    expect(touched).toBe(false);
  });

  test('without apt-get it names what is missing and how to install it on each system', async () => {
    const { status, stdout, stderr } = await setup([], await programs(tools));
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/not installed here: .*prosody.*redis-server/);
    for (const system of ['Debian, Ubuntu: ', 'Fedora: ', 'Arch: ', 'macOS: ', 'FreeBSD: '])
      expect(stderr).toContain(system);
  });

  test('who may not install gets the command to copy, before anything is downloaded', async () => {
    const path = await programs(plain, { 'apt-get': 'exit 99', id: 'echo 1000', sudo: 'exit 1' });
    const { status, stdout, stderr } = await setup(['--with-tests'], path);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /sudo apt-get update && sudo apt-get install .*chromium .*profanity prosody .*redis-server tmux/,
    );
    expect(stderr).toContain('Other systems: ');
  });

  describe('with apt-get', () => {
    const more = ['grep', 'mktemp', 'tail', 'cut', 'sleep', 'rm', 'tee'];
    /** A sudo that writes down what it is to do, and does nothing. @param answers what apt-get says to its n-th call */
    const pretend = async (name: string, answers: string) => {
      const calls = join(dir, `${name}.calls`);
      const sudo = `[ "$2" = true ] || echo "sudo $*" >>${calls}
case $* in *apt-get*) ;; *) exit 0 ;; esac
read -r done <${calls}.count || done=0
echo $((done + 1)) >${calls}.count
case $done in ${answers} *) exit 0 ;; esac`;
      await writeFile(`${calls}.count`, '0\n');
      const none = 'exit 0';
      const path = await programs([...plain, ...more], { sudo, 'apt-get': none, systemctl: none, id: 'echo 1000' });
      const run = await setup([], path);
      return { ...run, calls: (await readFile(calls, 'utf8')).trim().split('\n') };
    };
    const verbs = (calls: readonly string[]) =>
      calls
        .filter((call) => !call.includes('policy-rc.d'))
        .map((call) => /\b(install|update|disable)\b/.exec(call)?.[1]);

    test('it installs, without recommendations and without questions, and leaves the services off', async () => {
      const { status, stderr, calls } = await pretend('works', '');
      expect([status, stderr]).toEqual([0, '']);
      expect(new Set(verbs(calls))).toEqual(new Set(['install', 'disable']));
      const install = calls.find((call) => call.includes('apt-get'));
      expect(install).toMatch(/DEBIAN_FRONTEND=noninteractive .* -y --no-install-recommends .*prosody redis-server/);
      const about = calls.filter((call) => call.includes('policy-rc.d')).map((call) => call.split(' ')[2]);
      // A policy of the machine's own stays as it is.
      expect([['tee', 'chmod', 'rm'], []]).toContainEqual(about);
    });

    test('package lists that are missing or old are fetched', async () => {
      const { status, calls } = await pretend('old', '0) exit 100 ;;');
      expect([status, verbs(calls).slice(0, 3)]).toEqual([0, ['install', 'update', 'install']]);
    });

    test('where it can not, its last words are told and what to do', async () => {
      const { status, stderr, calls } = await pretend('offline', '*) echo "E: no network"; exit 100 ;;');
      expect([status, verbs(calls)]).toEqual([1, ['install', 'update']]);
      expect(stderr).toMatch(/Its last words:\n(?: {2}E: no network\n)+Isthmus needs programs/);
    });
  });
});

test('npm ci needs no compiler: the lock file keeps what the SQLite driver says of itself', async () => {
  // npm builds a package with a binding.gyp although it brings its binaries, unless the lock file says this; `npm install` drops the line.
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'));
  expect(lock.packages['node_modules/better-sqlite3']).toHaveProperty('gypfile', false);
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
  const count = (...reports: readonly string[]) =>
    spawnSync(process.execPath, [join(root, 'deploy/count-tests.mjs'), ...reports], { encoding: 'utf8' });

  /** What a run of vitest over one file of these tests leaves. */
  const report = async (name: string, tests: string) => {
    const folder = join(dir, `run-${name}`);
    await mkdir(folder);
    await writeFile(join(folder, 'some.test.js'), tests);
    const file = join(folder, 'report.json');
    const args = ['run', '--globals', '--root', folder, `--reporter=${join(root, 'deploy/test-report.mjs')}`];
    spawnSync(join(root, 'node_modules/.bin/vitest'), args, { env: { ...process.env, ISTHMUS_TEST_REPORT: file } });
    return file;
  };

  test.each([
    ['all passed', "test('holds', () => {}); test.runIf(false)('waits', () => {});", 0, /^1 passed, 0 failed\n$/],
    ['no test at all', "test.runIf(false)('waits', () => {});", 1, /^0 passed, 0 failed\n$/],
    [
      'a test',
      "test('holds', () => {}); describe('a', () => { test('b', () => expect(1).toBe(2)) });",
      1,
      /^FAILED some\.test\.js > a > b\n {2}.*expected 1 to be 2.*\n1 passed, 1 failed\n$/s,
    ],
    [
      'what goes before tests',
      "describe('a world', () => { beforeAll(() => { throw new Error('no server here') }); test('b', () => {}) });",
      1,
      /^FAILED some\.test\.js > a world\n {2}Error: no server here.*\n0 passed, 1 failed\n$/s,
    ],
    [
      'a file that could not be run',
      "import './nowhere.js';",
      1,
      /^FAILED some\.test\.js\n {2}.*nowhere\.js.*\n0 passed, 1 failed\n$/s,
    ],
    [
      'what nobody waited for',
      "test('a', () => new Promise((r) => setTimeout(r, 50))); Promise.reject(new Error('alone'));",
      1,
      /^FAILED beside the tests\n {2}Error: alone.*\n1 passed, 1 failed\n$/s,
    ],
  ])('%s', async (name, tests, status, said) => {
    const counted = count(await report(name.replaceAll(' ', '-'), tests));
    expect(counted.stdout).toMatch(said);
    expect(counted.status).toBe(status);
  });

  test('a long reason is cut, several reports are counted together', async () => {
    const long = await report('long', `test('a', () => { throw new Error('line\\n'.repeat(90)) });`);
    const { stdout } = count(long, await report('short', "test('b', () => {});"));
    expect(stdout.split('\n').length).toBeLessThan(30);
    expect(stdout).toMatch(/\n1 passed, 1 failed\n$/);
  });

  test('no report is a failure', () => {
    const { status, stdout } = count(join(dir, 'nowhere.json'));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^FAILED .*nowhere\.json\n {2}ENOENT.*\n0 passed, 1 failed\n$/);
  });
});

test('the systemd unit stops with the signal that keeps the rooms, and waits for it', async () => {
  const unit = await readFile(join(root, 'deploy/isthmus.service'), 'utf8');
  for (const line of ['KillSignal=SIGTERM', 'KillMode=mixed', 'UMask=0077', 'Restart=on-failure'])
    expect(unit).toContain(`\n${line}\n`);
});
