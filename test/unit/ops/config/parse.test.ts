/** Configuration files: what is right comes out complete, what is wrong is told with its place and the fix. */
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fault, printFault } from '../../../../src/ops/config/config.ts';
import { namedBridges, parseConfig } from '../../../../src/ops/config/parse.ts';
import { schemas } from './schemas.ts';

const file = 'conf/isthmus.yaml';
const entry = 'bridges: [{ use: irc, domain: irc.example.org, secret: s3cret-in-file }]';

function faultsOf(text: string): readonly Fault[] {
  const parsed = parseConfig(text, file, schemas);
  return 'faults' in parsed ? parsed.faults : [];
}
const printed = (text: string) => faultsOf(text).map(printFault);

function optionsOf(yaml: string): unknown {
  const parsed = parseConfig(`bridges: [{ use: irc, domain: a.b, secret: x, options: ${yaml} }]`, file, schemas);
  if ('faults' in parsed) throw new Error(parsed.faults.map(printFault).join('\n'));
  return parsed.config.bridges[0]?.options;
}

describe('a file that is right', () => {
  test('needs bridges only; all else has a default, and paths are relative to the file', () => {
    const parsed = parseConfig(entry, file, schemas);
    expect(parsed).toMatchObject({
      config: {
        file,
        xmpp: { host: '127.0.0.1', port: 5347, tls: false },
        admins: [],
        storage: {
          data: resolve('conf/data'),
          sql: 'sqlite',
          redis: 'private',
          archive: true,
          retention: { days: 30, perRoom: 20_000 },
        },
        http: { host: '127.0.0.1', port: 9090 },
        bridges: [
          {
            use: 'irc',
            domain: 'irc.example.org',
            secret: 's3cret-in-file',
            allow: [],
            options: { tls: 'required', linger: 300 },
          },
        ],
      },
    });
  });

  test('an absolute path stays, an empty section is as if it were not there', () => {
    expect(parseConfig(`xmpp:\nstorage: { data: /var/lib/isthmus, sql: }\n${entry}`, file, schemas)).toMatchObject({
      config: { xmpp: { port: 5347 }, storage: { data: '/var/lib/isthmus', sql: 'sqlite' } },
    });
  });

  test.each([
    ['off', false],
    ['false', false],
    ['on', true],
    ['true', true],
  ])('storage.archive: %s', (yaml, archive) => {
    expect(parseConfig(`storage: { archive: ${yaml} }\n${entry}`, file, schemas)).toMatchObject({
      config: { storage: { archive } },
    });
  });

  test.each([
    ['{ days: 7, perRoom: 500 }', { days: 7, perRoom: 500 }],
    ['{ days: 7 }', { days: 7 }],
    ['off', {}],
    ['false', {}],
  ])('storage.retention: %s', (yaml, retention) => {
    const parsed = parseConfig(`storage: { retention: ${yaml} }\n${entry}`, file, schemas);
    expect('config' in parsed && parsed.config.storage.retention).toEqual(retention);
  });

  test.each([
    ['off', undefined],
    ['false', undefined],
    ['{}', { days: 30, perUser: 100, megabytes: 256 }],
    ['{ days: 7, perUser: 3, megabytes: 1 }', { days: 7, perUser: 3, megabytes: 1 }],
  ])('storage.uploads: %s', (yaml, uploads) => {
    const text = `http: { publicUrl: https://a.example/ }\nstorage: { uploads: ${yaml} }\n${entry}`;
    const parsed = parseConfig(text, file, schemas);
    expect('config' in parsed && parsed.config.storage.uploads).toEqual(uploads);
  });

  test.each(['30', 'on', '{ days: 0 }', '{ perRoom: 3 }'])('storage.uploads: %s is refused', (yaml) => {
    const text = `http: { publicUrl: https://a.example/ }\nstorage: { uploads: ${yaml} }\n${entry}`;
    expect(parseConfig(text, file, schemas)).toHaveProperty('faults');
  });

  test.each(['30', '{ days: 0 }', '{ rooms: 3 }'])('storage.retention: %s is refused', (yaml) => {
    expect(parseConfig(`storage: { retention: ${yaml} }\n${entry}`, file, schemas)).toHaveProperty('faults');
  });

  test.each([
    ['true', {}],
    ['on', {}],
    ['{}', {}],
    ['{ ca: ./ca.pem }', { ca: resolve('conf/ca.pem') }],
    ['off', false],
    ['false', false],
  ])('114-22 xmpp.tls: %s', (yaml, tls) => {
    expect(parseConfig(`xmpp: { tls: ${yaml} }\n${entry}`, file, schemas)).toMatchObject({ config: { xmpp: { tls } } });
  });

  test.each(["'*'", "['*']"])('allow: %s is anybody', (yaml) => {
    expect(
      parseConfig(`bridges: [{ use: fake, domain: a.b, secret: x, allow: ${yaml} }]`, file, schemas),
    ).toMatchObject({
      config: { bridges: [{ allow: ['*'] }] },
    });
  });

  test.each(['postgres://u:p@h/d', 'postgresql://h/d', '{ env: DATABASE_URL }', '{ file: ./url }'])(
    'storage.sql: %s',
    (sql) => {
      expect(faultsOf(`storage: { sql: '${sql}' }\n${entry}`.replace(/'(\{.*\})'/, '$1'))).toEqual([]);
    },
  );

  test('aliases stand for what they name', () => {
    const text = 'admins: &me [a@b.c]\nbridges: [{ use: fake, domain: a.b, secret: x, allow: *me }]';
    expect(parseConfig(text, file, schemas)).toMatchObject({ config: { bridges: [{ allow: ['a@b.c'] }] } });
  });
});

describe('a switch takes both spellings', () => {
  test.each([
    ['{ tls: off }', { tls: 'off' }],
    ['{ tls: false }', { tls: 'off' }],
    ['{ persistent: off }', { persistent: false }],
    ['{ persistent: on }', { persistent: true }],
    ['{ persistent: true }', { persistent: true }],
    ['{ throttle: off }', { throttle: 'off' }],
    ['{ throttle: false }', { throttle: 'off' }],
    ['{ servers: { a: { address: [b], tls: false } } }', { servers: { a: { tls: 'off' } } }],
  ])('%s', (yaml, options) => {
    expect(optionsOf(yaml)).toMatchObject(options);
  });

  test('but a text that looks like one stays a text, and a number none', () => {
    expect(optionsOf("{ password: 'false' }")).toMatchObject({ password: 'false' });
    expect(printed('bridges: [{ use: irc, domain: a.b, secret: x, options: { linger: off } }]')).toEqual([
      `${file}:1:66: \`options.linger\` must be a whole number, 0 or more, not "off"`,
    ]);
  });
});

/** YAML → exactly these lines, without the file's name. */
const table: readonly (readonly [string, string, readonly string[]])[] = [
  ['an empty file', '', ['1:1: `bridges` is missing; add it, a list']],
  ['a list', '- a', ['1:1: this must be a map with xmpp, admins, storage, http, bridges, not a list']],
  ['no bridge', 'bridges: []', ['1:1: `bridges` is empty; add a bridge']],
  ['bridges that are none', 'bridges: 3', ['1:10: `bridges` must be a list, not 3']],
  ['an unknown key', `admin: [a@b.c]\n${entry}`, ['1:1: there is no `admin`; did you mean `admins`?']],
  [
    'a key like no other',
    `colour: red\n${entry}`,
    ['1:1: there is no `colour`; remove it, or use one of xmpp, admins, storage, http, bridges'],
  ],
  ['an unknown key inside', `xmpp:\n  hots: a\n${entry}`, ['2:3: there is no `hots` in `xmpp`; did you mean `host`?']],
  [
    'a key given twice',
    `http: { port: 1 }\nhttp: { port: 2 }\n${entry}`,
    ['2:1: `http` is given twice; keep one of them'],
  ],
  ['a tab', `xmpp:\n\tport: 1\n${entry}`, ['2:1: YAML is indented with spaces; replace the tab']],
  ['two documents', `${entry}\n---\na: 1`, ['2:1: the file holds several documents; remove the "---" and make it one']],
  [
    'a port out of range',
    `http: { port: 70000 }\n${entry}`,
    ['1:15: `http.port` must be a whole number from 0 to 65535, not 70000'],
  ],
  [
    'a port of 0 where it means nothing',
    `xmpp: { port: 0 }\n${entry}`,
    ['1:15: `xmpp.port` must be a whole number from 1 to 65535, not 0'],
  ],
  [
    'a port in quotes',
    `xmpp: { port: "5347" }\n${entry}`,
    ['1:15: `xmpp.port` must be a whole number from 1 to 65535, not the text "5347"; write it without quotes'],
  ],
  [
    'a host with a port',
    `xmpp: { host: '10.0.0.1:5347' }\n${entry}`,
    ['1:15: `xmpp.host` must be a host name or an address, without a port, not "10.0.0.1:5347"'],
  ],
  [
    'an address of ours with a port',
    `http: { host: 'localhost:9090' }\n${entry}`,
    ['1:15: `http.host` must be an address of this machine, without a port, not "localhost:9090"'],
  ],
  [
    'a host with a blank',
    `xmpp: { host: 'a b' }\n${entry}`,
    ['1:15: `xmpp.host` must be a host name or an address, without a port, not "a b"'],
  ],
  [
    'a public address that is none',
    `http: { publicUrl: ftp://x }\n${entry}`,
    ['1:20: `http.publicUrl` must be an address as https://gateway.example.org/, not "ftp://x"'],
  ],
  [
    'uploads whose links nobody could follow',
    `storage:\n  uploads: {}\n${entry}`,
    [
      '2:3: `storage.uploads` needs `http.publicUrl`, which is missing; give the address by which others reach `http.port`, as https://gateway.example.org/',
    ],
  ],
  [
    'uploads whose links no line would hold',
    `storage: { uploads: {} }\nhttp: { publicUrl: 'https://a.example/${'x'.repeat(200)}' }\n${entry}`,
    [
      '2:20: `storage.uploads` needs `http.publicUrl`, which is too long; give the address by which others reach `http.port`, as https://gateway.example.org/',
    ],
  ],
  [
    'an admin with a resource',
    `admins: [a@b.c/d]\n${entry}`,
    ['1:10: an entry of `admins`: "a@b.c/d" has a resource; leave out the "/" and all behind it'],
  ],
  [
    'an admin that is a domain',
    `admins: [b.c]\n${entry}`,
    ['1:10: an entry of `admins`: "b.c" is a domain; name a person: user@b.c'],
  ],
  [
    'a wildcard',
    "bridges: [{ use: fake, domain: a.b, secret: x, allow: ['*.b.c'] }]",
    ['1:56: an entry of `allow`: "*.b.c" has a wildcard; list each domain exactly, or "*" alone for anybody'],
  ],
  [
    'a bad domain in allow',
    "bridges: [{ use: fake, domain: a.b, secret: x, allow: ['a..b'] }]",
    ['1:56: an entry of `allow`: "a..b" has no valid domain; write a domain as in example.org'],
  ],
  [
    'an unknown bridge',
    'bridges: [{ use: ircc, domain: a.b, secret: x }]',
    ['1:18: there is no bridge "ircc"; did you mean irc?'],
  ],
  [
    'a bridge like no other',
    'bridges: [{ use: telex, domain: a.b, secret: x }]',
    ['1:18: there is no bridge "telex"; use one of irc, fake'],
  ],
  [
    'no use, no secret',
    'bridges: [{ domain: a.b }]',
    [
      '1:11: `secret` is missing; add it, for example secret: change-me',
      '1:11: `use` is missing; add it: the name of a bridge, one of irc, fake',
    ],
  ],
  [
    'no domain',
    'bridges: [{ use: fake, secret: x }]',
    ['1:11: `domain` is missing; add it, for example domain: fake.example.org'],
  ],
  [
    'a domain given twice, also where another fault is',
    'bridges:\n  - { use: fake, domain: a.b, secret: x }\n  - { use: irc, domain: A.B }',
    [
      '3:5: `secret` is missing; add it, for example secret: change-me',
      '3:25: a.b is the domain of bridges[0] already; give each bridge a domain of its own',
    ],
  ],
  [
    'an entry that is a word',
    'bridges: [irc]',
    ['1:11: this must be a map with use, domain, secret, allow, limits, options, not "irc"'],
  ],
  [
    'a choice misspelt',
    'bridges: [{ use: irc, domain: a.b, secret: x, options: { tls: requird } }]',
    ['1:63: `options.tls` must be required, preferred or off, not "requird"; did you mean required?'],
  ],
  [
    'a switch that is neither',
    'bridges: [{ use: irc, domain: a.b, secret: x, options: { persistent: maybe } }]',
    ['1:70: `options.persistent` must be on or off, not "maybe"'],
  ],
  [
    'a map in a union',
    'bridges: [{ use: irc, domain: a.b, secret: x, options: { throttle: { burts: 2, perSecond: 1 } } }]',
    [
      '1:58: `options.throttle.burst` is missing; add it, a whole number, 1 or more',
      '1:70: there is no `burts` in `options.throttle`; did you mean `burst`?',
    ],
  ],
  [
    'nothing of a union',
    'bridges: [{ use: irc, domain: a.b, secret: x, options: { throttle: 3 } }]',
    ['1:68: `options.throttle` must be a map with burst, perSecond or off, not 3'],
  ],
];

describe('faults', () => {
  test.each(table)('%s', (_, yaml, lines) => {
    expect(printed(yaml)).toEqual(lines.map((line) => `${file}:${line}`));
  });

  test('all are told at once, in the order of the file', () => {
    const text = `xmpp: { port: x }
admins: [nobody]
storage: { sql: mysql://h, redis: memcached }
bridges:
  - { use: irc, domian: a.b, secret: 5 }
  - { use: fake, domain: 'a b', secret: x, options: { depth: 1 } }
`;
    expect(faultsOf(text).map(({ line, col }) => `${line}:${col}`)).toEqual([
      '1:15',
      '2:10',
      '3:17',
      '3:35',
      '5:5',
      '5:17',
      '5:38',
      '6:26',
      '6:55',
    ]);
  });

  test('never show what may be a secret', () => {
    const text = `storage: { sql: mysql://u:hunter2@h, redis: hunter2 }
bridges:
  - { use: irc, domain: a.b, secret: [hunter2], options: { password: hu2 } }
  - { use: irc, domain: c.d, secret: { fil: hunter2 } }
`;
    expect(faultsOf(text)).toHaveLength(5);
    expect(printed(text).join('\n')).not.toMatch(/hunter2|hu2/);
  });

  test('a bomb of aliases is refused', () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) =>
        `l${n}: &l${n} [${Array(12)
          .fill(n === 0 ? 'x' : `*l${n - 1}`)
          .join(', ')}]`,
    );
    expect(printed(`${levels.join('\n')}\n${entry}`)[0]).toContain("the aliases (*name) can't be resolved");
  });

  test('any text gives a configuration or faults, never an exception', () => {
    const bits = fc.constantFrom(
      'bridges:',
      ' - ',
      'use: irc',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      ': ',
      ',',
      '"',
      '*a',
      '&a ',
      '!!x ',
      '---',
      '#',
      '\t',
      'xmpp',
      '1',
      '\u0000',
      'ü',
      '__proto__: ',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(bits, { maxLength: 40 }).map((all) => all.join('')),
        ),
        (text) => {
          const parsed = parseConfig(text, file, schemas);
          if (!('faults' in parsed)) return;
          expect(parsed.faults.length).toBeGreaterThan(0);
          for (const { line, col, message } of parsed.faults) {
            expect([line >= 1, col >= 1, message.length > 10]).toEqual([true, true, true]);
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

test('the bridges that a file names are known before it is checked', () => {
  expect(namedBridges('bridges: [{ use: irc }, { use: irc }, { use: 3 }, x]')).toEqual(['irc']);
  expect(namedBridges('a: [')).toEqual([]);
});
