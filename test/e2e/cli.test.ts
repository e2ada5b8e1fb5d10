/** What the command line says when something is wrong: a sentence and an exit code, never a stack. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mainFile } from '../harness/build.ts';
import { cli, configuration, type Said } from '../harness/gateway.ts';
import { freePort } from '../harness/ports.ts';
import { type Exit, start, until } from '../harness/process.ts';
import { type Prosody, startProsody } from '../harness/prosody.ts';
import { tempDir } from '../harness/temp.ts';

const dir = tempDir('cli');
let prosody: Prosody;
let files = 0;

beforeAll(async () => {
  prosody = await startProsody({ components: { 'irc.localhost': 'right' }, users: {} });
});
afterAll(async () => {
  await prosody[Symbol.asyncDispose]();
  dir.remove();
});

/** Writes a configuration to a directory of its own. */
function written(yaml: string): string {
  files += 1;
  const folder = join(dir.path, `${files}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'isthmus.yaml'), yaml);
  return join(folder, 'isthmus.yaml');
}

const yamlFor = (domain: string, secret: string, redis = 'private'): string =>
  configuration({
    componentPort: prosody.componentPort,
    components: { [domain]: secret },
    redis,
    irc: {},
    allow: ['*'],
  });

/** It ended by itself with an error that a person can read. */
function expectSentence(result: Exit & Said, ...words: readonly (string | RegExp)[]): void {
  expect(result.signal, result.said).toBeNull();
  expect(result.code, result.said).toBeGreaterThan(0);
  expect(result.said).not.toMatch(/^\s+at .*[(:]\d+/m);
  expect(result.said).not.toContain('node:internal');
  for (const word of words) expect(result.said).toMatch(word);
}

const runWith = (file: string, ...more: readonly string[]) =>
  cli(['run', '--config', file, '--http', '127.0.0.1:0', ...more]);

describe('run', () => {
  test('114-11 a wrong secret: says which domain, and never the secret', async () => {
    const result = await runWith(written(yamlFor('irc.localhost', 'a-wrong-secret')));
    expectSentence(result, /irc\.localhost/, /secret/i);
    expect(result.said).not.toContain('a-wrong-secret');
  });

  test('114-10 a domain that the server does not know: says how to add it', async () => {
    expectSentence(await runWith(written(yamlFor('unknown.localhost', 'right'))), /unknown\.localhost/);
  });

  test('a taken port: says which', async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const file = written(yamlFor('irc.localhost', 'right'));
    const result = await cli(['run', '--config', file, '--http', `127.0.0.1:${port}`]);
    await new Promise((resolve) => server.close(resolve));
    expectSentence(result, new RegExp(`\\b${port}\\b`));
  });

  test('an unset { env: NAME }: says the name', async () => {
    const yaml = yamlFor('irc.localhost', 'right').replace('secret: right', 'secret: { env: ISTHMUS_NOT_SET }');
    expectSentence(await runWith(written(yaml)), /ISTHMUS_NOT_SET/);
  });

  test('a private Redis and roles that must share one: refused', async () => {
    expectSentence(await runWith(written(yamlFor('irc.localhost', 'right')), '--role', 'edge'), /redis/i, /private/);
  });

  test('no such file', async () => {
    expectSentence(await runWith(join(dir.path, 'nowhere.yaml')), /nowhere\.yaml/);
  });

  test('a Redis that is not there: says where it looked', async () => {
    const port = await freePort();
    const file = written(yamlFor('irc.localhost', 'right', `redis://127.0.0.1:${port}`));
    expectSentence(await runWith(file), new RegExp(`${port}`));
  });
});

describe('check', () => {
  test('a good file: 0, without touching the network', async () => {
    const result = await cli(['check', '--config', written(yamlFor('irc.localhost', 'right'))]);
    expect(result.code, result.said).toBe(0);
  });

  test('all errors at once, each with file, line and column, and a suggestion', async () => {
    const yaml = yamlFor('irc.localhost', 'right').replace('storage:', 'storrage:').replace('domain:', 'domian:');
    const file = written(yaml);
    const result = await cli(['check', '--config', file]);
    expect(result.code).toBe(1);
    const places = result.said.split('\n').filter((line) => line.includes(`${file}:`) && /:\d+:\d+: /.test(line));
    expect(places.length).toBeGreaterThanOrEqual(2);
    expect(result.said).toMatch(/did you mean.*storage/i);
    expect(result.said).toMatch(/did you mean.*domain/i);
  });
});

describe('the rest', () => {
  test('what the help of setup has typed writes Prosody’s file, and leaves it alone where the configuration has a fault', async () => {
    const file = written(yamlFor('irc.localhost', 'right'));
    const bin = join(dirname(file), 'bin');
    const installed = join(dirname(file), 'isthmus.cfg.lua');
    mkdirSync(bin);
    writeFileSync(join(bin, 'isthmus'), `#!/bin/sh\nexec "${process.execPath}" "${mainFile}" "$@"\n`, { mode: 0o755 });
    writeFileSync(join(bin, 'sudo'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
    const [typed = ''] =
      /^ {2}isthmus check .*&&\n.*\| sudo install .*$/m.exec((await cli(['setup', '--help'])).said) ?? [];
    const command = typed
      .replaceAll('isthmus.yaml', file)
      .replace('-g prosody ', '')
      .replace('/etc/prosody/conf.d/isthmus.cfg.lua', installed);
    const typing = () =>
      spawnSync('sh', ['-c', command], { env: { PATH: `${bin}:${process.env.PATH}` }, encoding: 'utf8' });
    expect(typing().status).toBe(0);
    const before = readFileSync(installed, 'utf8');
    expect(before).toContain('Component "irc.localhost"');
    writeFileSync(file, yamlFor('irc.localhost', 'right').replace('domain:', 'domian:'));
    expect(typing()).toMatchObject({ status: 1, stderr: expect.stringContaining('domian') });
    expect(readFileSync(installed, 'utf8')).toBe(before);
  });

  test('--help and --version', async () => {
    const help = await cli(['--help']);
    expect(help.code).toBe(0);
    expect(help.said).toMatch(/run.*--config/s);
    const version = await cli(['--version']);
    expect(version).toMatchObject({ code: 0 });
    expect(version.said).toMatch(/\d+\.\d+\.\d+/);
  });

  test.each([[['frobnicate']], [['run', '--confg', 'x']], [['run']]])(
    '%j: says what it does not understand',
    async (args) => {
      expectSentence(await cli(args), /./);
    },
  );

  test.each([['prosody'], ['ejabberd']])('setup %s prints the server’s configuration', async (server) => {
    const result = await cli(['setup', server, '--config', written(yamlFor('irc.localhost', 'right'))]);
    expect(result.code, result.said).toBe(0);
    expect(result.said).toContain('irc.localhost');
  });
});

test('114-10 what `setup prosody` prints, and what it says to do then, brings the gateway up in a Prosody that runs', async () => {
  const include = join(dir.path, 'isthmus.cfg.lua');
  writeFileSync(include, '');
  const components = { 'other.localhost': 'x' };
  await using own = await startProsody({ components, users: {}, extra: `Include "${include}"` });
  const yaml = yamlFor('irc.localhost', 'right').replace(`${prosody.componentPort}`, `${own.componentPort}`);
  const file = written(yaml);
  const { said } = await cli(['setup', 'prosody', '--config', file]);
  writeFileSync(include, said);
  // What one would think is enough.
  process.kill(own.running.pid, 'SIGHUP');
  await until('it has read it', () => own.running.output().includes('Reloading configuration file'));
  expectSentence(await runWith(file), /host-unknown/, /restart the server/);
  expect(said).toContain('then: systemctl restart prosody');
  await own.restart('SIGTERM');
  const gateway = await start(process.execPath, [mainFile, 'run', '--config', file], {
    name: 'gateway',
    ready: (one) => one.output().includes('component stream is up'),
  });
  expect((await gateway.stop()).code).toBe(0);
});

test('what only the gateway’s own user may read is told with who that is', () => {
  const file = written(yamlFor('irc.localhost', 'right'));
  const folder = dirname(file);
  const at = (...names: string[]): string => join(folder, ...names);
  for (const name of ['data', 'kept']) mkdirSync(at(name));
  const theirs = [
    at('theirs.yaml'),
    at('data', 'sealing.key'),
    at('kept', 'backup.json'),
    at('biboumi.sqlite'),
  ] as const;
  for (const one of theirs) {
    writeFileSync(one, '');
    chmodSync(one, 0);
  }
  // Where the tests are root, who comes is nobody.
  for (const one of [dir.path, folder]) chmodSync(one, 0o755);
  const stranger = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const asked = (config: string, ...command: string[]): string =>
    spawnSync(process.execPath, [mainFile, ...command, '--config', config], { encoding: 'utf8', ...stranger }).stderr;
  const [config, key, about, biboumi] = theirs;
  const told = (what: string) => expect.stringContaining(`${what} can't be read (EACCES).\nRun this as the user that`);
  expect(asked(config, 'setup', 'prosody')).toEqual(told(config));
  expect(asked(file, 'backup', '--to', at('to'))).toEqual(told(key));
  expect(asked(file, 'run')).toEqual(told(key));
  expect(asked(file, 'restore', '--from', at('kept'))).toEqual(told(about));
  expect(asked(file, 'import', 'biboumi', '--db', biboumi)).toEqual(told(biboumi));
});

test('no file of the program has a character for which V8 would keep all of it at two bytes each', () => {
  const parts = join(dirname(mainFile), 'parts');
  const files = readdirSync(parts).filter((name) => name.endsWith('.js'));
  expect(files.length).toBeGreaterThan(10);
  const wide = files.filter((name) => /[^\0-\xff]/.test(readFileSync(join(parts, name), 'utf8')));
  expect(wide).toEqual([]);
});
