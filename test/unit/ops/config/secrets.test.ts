/** Where secrets come from, and what is said when they don't. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ircConfig } from '../../../../bridges/irc/config.ts';
import { type Config, printFault } from '../../../../src/ops/config/config.ts';
import { parseConfig } from '../../../../src/ops/config/parse.ts';
import { readSmallFile, resolveSecrets } from '../../../../src/ops/config/secrets.ts';
import { schemas } from './schemas.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'isthmus-secrets-'));
  await writeFile(join(dir, 'good'), 'from-a-file\n', { mode: 0o600 });
  await writeFile(join(dir, 'open'), 'everybody', { mode: 0o644 });
  await chmod(join(dir, 'open'), 0o644);
  await writeFile(join(dir, 'empty'), '\n', { mode: 0o600 });
  await writeFile(join(dir, 'large'), 'x'.repeat(1_100_000), { mode: 0o600 });
  await writeFile(join(dir, 'ca.pem'), '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n');
});
afterAll(() => rm(dir, { recursive: true }));

const env = {
  SECRET: 'from-the-environment',
  EMPTY: '',
  ECHOED: 'from-the-environment\n',
  URL: 'postgres://u:hunter2@h/d',
  BAD_URL: 'hunter2',
  REDIS: 'redis://h',
};

function resolved(yaml: string, readFile = readSmallFile): Config | readonly string[] {
  const parsed = parseConfig(yaml, join(dir, 'i.yaml'), schemas);
  if ('faults' in parsed) throw new Error(parsed.faults.map(printFault).join('\n'));
  const result = resolveSecrets(parsed.config, env, readFile);
  return 'faults' in result ? result.faults.map((fault) => printFault(fault).replaceAll(dir, 'DIR')) : result.config;
}
const withSecret = (source: string) => `bridges:\n  - use: fake\n    domain: a.b\n    secret: ${source}\n`;

function config(yaml: string): Config {
  const result = resolved(yaml);
  if (!('bridges' in result)) throw new Error(result.join('\n'));
  return result;
}

test.each([
  ['{ env: ECHOED }', 'from-the-environment'],
  ['{ file: marked }', 'from-a-file'],
])('what editors and echo put around it is no part of a secret: %s', async (source, secret) => {
  await writeFile(join(dir, 'marked'), '\ufefffrom-a-file\r\n', { mode: 0o600 });
  expect(config(withSecret(source)).bridges[0]?.secret.reveal()).toBe(secret);
});

describe('the address of a database', () => {
  const withSql = (sql: string) => `storage: { sql: '${sql}' }\n${withSecret('x')}`;

  test.each([
    ['postgres://u:hunter2#x@h/d', /is no address; in a user or a password write "#" as %23/],
    ['postgres://u:1/hunter2@h/d', /is no address; .* "\/" as %2F/],
    ['postgres://u:hunter2@h:99999/d', /names no host and port; write HOST:PORT/],
    ['postgres://u:hunter2@h,g:x/d', /names no host and port; write HOST:PORT/],
  ])('%s could not be connected to', (sql, fault) => {
    const found = resolved(withSql(sql));
    expect(found).toEqual([expect.stringMatching(fault)]);
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  test.each([
    'postgres://u:p%ss@h/d',
    'postgres://u:p@ss@h1:5432,[::1]/d?sslmode=require',
    'postgres:///d?host=/run/postgresql&user=a@b',
    'postgresql://h_1',
  ])('%s can be', (sql) => expect(config(withSql(sql)).storage.sql).toMatchObject({ is: 'postgres' }));
});

describe('a secret', () => {
  test.each([
    ['in-place', 'in-place'],
    ['{ env: SECRET }', 'from-the-environment'],
    ['{ file: good }', 'from-a-file'],
  ])('%s', (source, text) => {
    const [bridge] = config(withSecret(source)).bridges;
    expect(bridge?.secret.reveal()).toBe(text);
    expect(JSON.stringify(bridge)).not.toContain(text);
  });

  test('in the options of a bridge, at any depth; what only looks like one is left alone', () => {
    const yaml = `bridges:
  - use: irc
    domain: a.b
    secret: x
    options:
      proxy: { env: PROXY }
      servers: { file: { webirc: { password: { file: good } } }, env: { webirc: { password: plain } } }
`;
    const parsed = parseConfig(yaml, join(dir, 'i.yaml'), { irc: ircConfig });
    if ('faults' in parsed) throw new Error(parsed.faults.map(printFault).join('\n'));
    const result = resolveSecrets(parsed.config, { PROXY: 'socks5://127.0.0.1:9050' });
    expect(result).toMatchObject({
      config: {
        bridges: [
          {
            options: {
              proxy: 'socks5://127.0.0.1:9050',
              servers: { file: { webirc: { password: 'from-a-file' } }, env: { webirc: { password: 'plain' } } },
            },
          },
        ],
      },
    });
    const missing = resolveSecrets(parsed.config, {});
    expect('faults' in missing && missing.faults.map(({ line, message }) => [line, message])).toEqual([
      [6, '`options.proxy`: the environment variable PROXY is not set; set it where Isthmus is started'],
    ]);
  });

  test.each([
    ['{ env: NOWHERE }', 'the environment variable NOWHERE is not set; set it where Isthmus is started'],
    ['{ env: EMPTY }', 'the environment variable EMPTY is empty; set it where Isthmus is started'],
    [
      '{ file: nowhere }',
      'there is no file DIR/nowhere; write it, or correct the path (it is relative to the configuration)',
    ],
    ['{ file: open }', 'DIR/open can be read by others; close it: chmod 600 DIR/open'],
    ['{ file: empty }', 'DIR/empty is empty; write the secret into it'],
    ['{ file: large }', "DIR/large can't be read (EFBIG); check that it is a small text file"],
    ['{ file: . }', "DIR can't be read (EISDIR); check that it is a small text file"],
  ])('%s is told at its place', (source, sentence) => {
    const said = resolved(withSecret(source));
    expect(said).toEqual([expect.stringMatching(/^DIR\/i\.yaml:4:\d+: `secret`: /)]);
    expect(said).toEqual([expect.stringContaining(source === '{ file: . }' ? 'DIR' : sentence)]);
  });

  test('a file that is not ours to read is told', () => {
    const refuse = () => {
      throw Object.assign(new Error('no'), { code: 'EACCES' });
    };
    expect(resolved(withSecret('{ file: good }'), refuse)).toEqual([
      expect.stringContaining("can't be read; give it to the user that Isthmus runs as"),
    ]);
  });
});

describe('addresses with passwords', () => {
  test('can come from the environment, and do not print', () => {
    const { storage } = config(`storage: { sql: { env: URL }, redis: { env: REDIS } }\n${withSecret('x')}`);
    expect(storage).toMatchObject({ sql: { is: 'postgres' }, redis: { is: 'url' } });
    expect(storage.sql.is === 'postgres' && storage.sql.url.reveal()).toBe('postgres://u:hunter2@h/d');
    expect(JSON.stringify(storage)).not.toContain('hunter2');
  });

  test('are checked when they are known, without being shown', () => {
    const said = resolved(`storage: { sql: { env: BAD_URL }, redis: { env: BAD_URL } }\n${withSecret('x')}`);
    expect(said).toEqual([
      expect.stringMatching(/:1:\d+: `storage\.sql`: must be sqlite/),
      expect.stringMatching(/:1:\d+: `storage\.redis`: must be private/),
    ]);
    expect(JSON.stringify(said)).not.toContain('hunter2');
  });

  test.each(['./r.sock', 'unix:r/../r.sock', 'unix://./r.sock'])(
    'a unix socket is relative to the file: %s',
    (path) => {
      const parse = () => config(`storage: { redis: '${path}' }\n${withSecret('x')}`).storage.redis;
      if (path.startsWith('unix:r')) expect(parse).toThrow(/`storage\.redis` must be private/);
      else expect(parse()).toEqual({ is: 'unix', path: join(dir, 'r.sock') });
    },
  );
});

test('the authority of a TLS listener is read, and must be one', () => {
  expect(config(`xmpp: { tls: { ca: ca.pem } }\n${withSecret('x')}`).xmpp.tls).toEqual({
    ca: expect.stringContaining('BEGIN CERTIFICATE'),
  });
  expect(resolved(`xmpp: { tls: { ca: good } }\n${withSecret('x')}`)).toEqual([
    expect.stringContaining('DIR/good holds no certificate; give a file in PEM form'),
  ]);
  expect(resolved(`xmpp: { tls: { ca: nowhere } }\n${withSecret('x')}`)).toEqual([
    expect.stringMatching(/`xmpp\.tls\.ca`: there is no file/),
  ]);
});

test('all faults are told at once', () => {
  expect(
    resolved(
      `storage: { sql: { env: NOWHERE } }\n${withSecret('{ file: nowhere }')}  - { use: fake, domain: c.d, secret: { env: NOWHERE } }`,
    ),
  ).toHaveLength(3);
});

test('the authorities that a bridge trusts are looked for beside the configuration, and told of where they are not there', async () => {
  const withCa = (ca: string) =>
    `bridges:\n  - use: irc\n    domain: a.b\n    secret: x\n    options: { servers: { irc.a.b: { ca: ${ca} } } }\n`;
  const result = (ca: string) => {
    const parsed = parseConfig(withCa(ca), join(dir, 'i.yaml'), { irc: ircConfig });
    return 'faults' in parsed ? parsed : resolveSecrets(parsed.config, env);
  };
  const there = result('ca.pem');
  expect('config' in there && there.config.bridges[0]?.options).toMatchObject({
    servers: { 'irc.a.b': { ca: join(dir, 'ca.pem') } },
  });
  const text = result('"-----BEGIN CERTIFICATE-----"');
  expect('config' in text && text.config.bridges[0]?.options).toMatchObject({
    servers: { 'irc.a.b': { ca: '-----BEGIN CERTIFICATE-----' } },
  });
  const faults = ['nowhere.pem', 'good'].map((ca) => {
    const wrong = result(ca);
    return 'faults' in wrong ? wrong.faults.map((fault) => printFault(fault).replaceAll(dir, 'DIR')) : [];
  });
  expect(faults).toEqual([
    [
      'DIR/i.yaml:5:42: `options.servers.irc.a.b.ca`: there is no file DIR/nowhere.pem; write it, or correct the path (it is relative to the configuration)',
    ],
    ['DIR/i.yaml:5:42: `options.servers.irc.a.b.ca`: DIR/good holds no certificate; give a file in PEM form'],
  ]);
});
