/** Hosts, names and stars in a configuration: what is taken as it stands, what is read as XMPP servers read it, and what needs quotes. */
import { expect, test } from 'vitest';
import { printFault } from '../../../../src/ops/config/config.ts';
import { parseConfig } from '../../../../src/ops/config/parse.ts';
import { schemas } from './schemas.ts';

const file = 'conf/isthmus.yaml';
const entry = 'bridges: [{ use: irc, domain: irc.example.org, secret: s3cret-in-file }]';

test.each(['prosody', 'my_prosody', '10.0.0.1', '::1', 'fe80::1%eth0', '0.0.0.0'])('%s is a host', (host) => {
  const text = `xmpp: { host: '${host}' }\nhttp: { host: '${host}' }\n${entry}`;
  expect(parseConfig(text, file, schemas)).toMatchObject({ config: { xmpp: { host }, http: { host } } });
});

test('case counts for nothing in operators and domains, as on XMPP servers', () => {
  const admins = 'admins: [Romeo@Example.ORG, Jörg@Example.org, ÖZLEM@bücher.example]';
  const text = `${admins}\nbridges: [{ use: irc, domain: IRC.Example.org, secret: x }]`;
  expect(parseConfig(text, file, schemas)).toMatchObject({
    config: {
      admins: ['romeo@example.org', 'jörg@example.org', 'özlem@bücher.example'],
      bridges: [{ domain: 'irc.example.org' }],
    },
  });
});

test.each([
  ['allow: *', '5:12'],
  ['allow: [*]', '5:13'],
  ['allow: [example.org, *.example.org]', '5:26'],
  ['secret: *hunter2', '5:13'],
])('a star without quotes is shown, and what to do about it: %s', (line, at) => {
  const text = `bridges:\n  - use: irc\n    domain: irc.example.org\n    limits: {}\n    ${line}\n`;
  const parsed = parseConfig(text, file, schemas);
  const [only = '', ...more] = 'faults' in parsed ? parsed.faults.map(printFault) : [];
  expect(more).toEqual([]);
  expect(only).toMatch(new RegExp(`:${at}: "\\*" begins an alias, .* put what begins so into quotes, as '\\*'$`));
  expect(only).not.toContain('hunter2');
});

test.each([
  ['*@b.c', 'for all of a domain write it alone: b.c, or "*" alone for anybody'],
  ['*.b.c', 'list each domain exactly, or "*" alone for anybody'],
])('a star that would admit nobody: %s', (name, remedy) => {
  const parsed = parseConfig(`${entry.slice(0, -2)}, allow: ['${name}'] }]`, file, schemas);
  const told = 'faults' in parsed ? parsed.faults.map(({ message }) => message) : [];
  expect(told).toEqual([`an entry of \`allow\`: "${name}" has a wildcard; ${remedy}`]);
});

test('no star makes everybody an operator, and none is offered', () => {
  const parsed = parseConfig(`admins: ['*']\n${entry}`, file, schemas);
  const told = 'faults' in parsed ? parsed.faults.map(({ message }) => message) : [];
  expect(told).toEqual(['an entry of `admins`: "*" has a wildcard; name each person: user@example.org']);
});
