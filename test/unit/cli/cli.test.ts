/** The command line as a person uses it: the real program, started. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import about from '../../../package.json' with { type: 'json' };

const main = join(import.meta.dirname, '../../../src/main.ts');
let dir = '';

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'isthmus-cli-'));
  await writeFile(
    join(dir, 'good.yaml'),
    'bridges: [{ use: fake, domain: fake.example.org, secret: { env: FAKE_SECRET }, allow: [example.org] }]\n',
  );
  await writeFile(
    join(dir, 'bad.yaml'),
    'xmpp: { prot: 1 }\nbridges:\n  - use: fake\n    domain: x y\n    secret: { env: NOWHERE }\n',
  );
});
afterAll(() => rm(dir, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function isthmus(...argv: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...argv], {
      cwd: dir,
      env: { PATH: process.env.PATH, FAKE_SECRET: 's3cret-value' },
    });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      err += text;
    });
    child.once('error', reject).once('close', (code) => resolve({ code, out, err }));
  });
}

describe('check', () => {
  test('a right configuration: 0, nothing on standard error, no secret shown', async () => {
    const { code, out, err } = await isthmus('check', '--config', 'good.yaml');
    expect([code, out, err]).toEqual([0, 'good.yaml is right: fake.example.org (fake)\n', '']);
  });

  test('one that lets nobody in is right, and says so', async () => {
    await writeFile(join(dir, 'closed.yaml'), 'bridges: [{ use: fake, domain: fake.example.org, secret: x }]\n');
    const { code, out, err } = await isthmus('check', '--config', 'closed.yaml');
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(
      'closed.yaml is right: fake.example.org (fake)\n' +
        'But nobody except `admins` may use fake.example.org; name who may, for example allow: [example.org]\n',
    );
  });

  test('one that lets in the gateway itself in the place of a server is right, and says so', async () => {
    const bridge = 'use: fake, domain: fake.example.org, secret: x, allow: [fake.example.org]';
    await writeFile(join(dir, 'own.yaml'), `bridges: [{ ${bridge} }]\n`);
    const { code, out, err } = await isthmus('check', '--config', 'own.yaml');
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(
      'own.yaml is right: fake.example.org (fake)\n' +
        "But fake.example.org, which `allow` of fake.example.org names, is the gateway's own, where no users are; name your server\n",
    );
  });

  test('a wrong one: 1, every fault on standard error with its place', async () => {
    const { code, out, err } = await isthmus('check', '--config=bad.yaml');
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe(
      'bad.yaml:1:9: there is no `prot` in `xmpp`; did you mean `port`?\n' +
        'bad.yaml:4:13: `domain` must be a domain of its own below your server, as irc.example.org, not "x y"\n' +
        'bad.yaml:5:5: `secret`: the environment variable NOWHERE is not set; set it where Isthmus is started\n',
    );
  });

  test('a file in another encoding: where, and no secret that is another one than was meant', async () => {
    await writeFile(
      join(dir, 'latin.yaml'),
      Buffer.from('bridges:\n  - use: fake\n    secret: h\u00fcbsch\n', 'latin1'),
    );
    const { code, err } = await isthmus('check', '--config', 'latin.yaml');
    expect([code, err]).toEqual([1, 'latin.yaml:3:14: this is not UTF-8; save the file in that encoding\n']);
  });

  test('a file that is not there, or none named', async () => {
    const missing = await isthmus('check', '--config', 'nowhere.yaml');
    expect([missing.code, missing.err]).toEqual([
      1,
      expect.stringMatching(/^The configuration nowhere\.yaml can't be read \(there is no such file\)\.\n/),
    ]);
    const folder = await isthmus('check', '--config', '.');
    expect([folder.code, folder.err]).toEqual([1, expect.stringContaining("can't be read (it is a folder)")]);
    const unnamed = await isthmus('check');
    expect([unnamed.code, unnamed.err]).toEqual([2, expect.stringMatching(/--config FILE/)]);
  });
});

test.each([
  [['--version'], 0, `${about.version}\n`],
  [['--help'], 0, expect.stringContaining('isthmus check --config isthmus.yaml')],
  [['help', 'run'], 0, expect.stringContaining('--role all|edge|worker')],
  [['run', '--help'], 0, expect.stringContaining('SIGTERM stops it for a restart')],
  [['check', '-h'], 0, expect.stringContaining('FILE:LINE:COL')],
  [['setup', 'prosody', '--help'], 0, expect.stringContaining('isthmus setup prosody --config isthmus.yaml')],
  [['demo', '--help'], 0, expect.stringContaining('--xmpp-port N')],
])('isthmus %j', async (argv, code, out) => {
  expect(await isthmus(...argv)).toEqual({ code, out, err: '' });
});

test.each([
  [[], 2, /isthmus demo/],
  [['help', 'chekc'], 2, /no command "chekc"\.\nDid you mean `isthmus check`\?/],
  [['chekc'], 2, /no command "chekc"\.\nDid you mean `isthmus check`\?/],
  [['paint'], 2, /no command "paint"\.\n`isthmus --help` lists them\./],
  [['run', '--confg', 'x'], 2, /no option --confg\.\nDid you mean --config\?/],
  [['run', '--config'], 2, /--config needs a value\.\nWrite --config FILE/],
  [['run', 'x.yaml'], 2, /"x\.yaml" is one word too many\.\nDid you mean --config x\.yaml\?/],
  [['setup', 'prosody', 'x.yml'], 2, /Did you mean --config x\.yml\?/],
  [['check', '--config', 'good.yaml', 'x.yaml'], 2, /too many\.\n`isthmus check --help` shows/],
  [
    ['run', '--config', 'good.yaml', '--role', 'egde'],
    2,
    /--role must be all, edge or worker, not "egde"\.\nDid you mean --role edge\?/,
  ],
  [['run', '--config', 'good.yaml', '--http', 'x:y:z'], 2, /--http must be HOST:PORT/],
  [['run', '--config', 'good.yaml', '--role', 'edge'], 1, /--role edge needs a Redis.*redis:\/\/HOST:PORT/s],
  [['run', '--config', 'bad.yaml'], 1, /^bad\.yaml:1:9: .*\nbad\.yaml:4:13: /],
  [['import', '--config', 'good.yaml', 'biboumi'], 2, /^Import from what\?\nWrite isthmus import biboumi/],
  [['setup'], 2, /setup prosody/],
  [['setup', 'openfire', '--config', 'good.yaml'], 2, /no setup for "openfire".*XEP-0114/s],
  [['demo', '--http-port', '99999'], 2, /--http-port must be a port from 0 to 65535/],
])('isthmus %j is answered with a sentence, and no stack trace', async (argv, code, sentence) => {
  const ended = await isthmus(...argv);
  expect([ended.code, ended.out]).toEqual([code, '']);
  expect(ended.err).toMatch(sentence);
  expect(ended.err).not.toMatch(/\n\s+at .*:\d+:\d+/);
});

/** In a shell: `$0 main.ts` is the program, and its exit code comes last. */
const inShell = (line: string): string =>
  spawnSync('sh', ['-c', `{ ${line}; echo "code $?" >&2; }`, process.execPath, main], {
    cwd: dir,
    env: { PATH: process.env.PATH, FAKE_SECRET: 's3cret-value' },
    encoding: 'utf8',
  }).stderr;

test('whoever has stopped reading keeps nothing from being done', () => {
  expect(inShell(`{ "$0" "$1" check --config good.yaml; echo "code $?" >&2; } | true`)).toBe('code 0\ncode 0\n');
});

test.skipIf(process.platform !== 'linux')('what a full disk does not take is told, with no stack trace', () => {
  expect(inShell('"$0" "$1" setup prosody --config good.yaml >/dev/full')).toBe(
    "Standard output can't be written to (ENOSPC).\nWhat is there is not whole; make room and start again.\ncode 1\n",
  );
});
