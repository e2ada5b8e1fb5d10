/** Whose word counts, and for whom (CHECKLIST 356-01 to 356-04). */
import { expect, test } from 'vitest';
import { createAllowsHost } from '../../../src/gateway/decode/scope.ts';
import { createPrivileges, privilegeWords } from '../../../src/gateway/privileges.ts';
import { stanza } from './rooms/world.ts';

const said = (roster: string, from = 'example.org', to = 'irc.test') =>
  stanza(
    `<message from='${from}' to='${to}'><privilege xmlns='urn:xmpp:privilege:2'><perm access='roster' type='${roster}'/></privilege></message>`,
  );

const quiet = { counts: () => true, onChange: () => {} };

test('356-01 the newest replaces the old, a host each; when the stream ends all is forgotten', () => {
  const heard: string[] = [];
  const privileges = createPrivileges({
    counts: (host) => host !== 'evil.org',
    onChange: (host, { roster }) => heard.push(`${host} ${roster}`),
  });
  expect(privileges.of('romeo@example.org')).toBeUndefined();
  expect(privileges.hear(said('both'))).toBe(true);
  expect(privileges.hear(said('get'))).toBe(true);
  expect(privileges.hear(said('get'))).toBe(true);
  expect(privileges.hear(said('set', 'other.org'))).toBe(true);
  expect(privileges.hear(said('set', 'evil.org'))).toBe(true);
  expect(heard).toEqual(['example.org both', 'example.org get', 'other.org set']);
  expect(privileges.of('romeo@example.org')?.roster).toBe('get');
  expect([...privileges.all().keys()]).toEqual(['example.org', 'other.org']);
  privileges.forget();
  expect(privileges.of('romeo@example.org')).toBeUndefined();
});

test('356-24 what was said last counts for what waits for the stream, and until that is back', () => {
  const privileges = createPrivileges(quiet);
  const both = () => [privileges.of('romeo@example.org')?.roster, privileges.lately('romeo@example.org')?.roster];
  privileges.begun();
  privileges.hear(said('get'));
  expect(both()).toEqual(['get', 'get']);
  for (const _ of ['the stream', 'an attempt at another']) privileges.forget();
  expect(both()).toEqual([undefined, 'get']);
  privileges.begun();
  expect(both()).toEqual([undefined, undefined]);
  privileges.hear(said('both'));
  expect(both()).toEqual(['both', 'both']);
});

test('356-04 nobody but a bare domain announces anything, and only for its own users', () => {
  const privileges = createPrivileges(quiet);
  for (const from of ['romeo@example.org', 'example.org/x', 'romeo@example.org/x'])
    expect(privileges.hear(said('both', from))).toBe(false);
  expect(privileges.hear(said('both', 'example.org', '#verona%net@irc.test'))).toBe(false);
  expect(privileges.hear(said('both', 'evil.org'))).toBe(true);
  for (const owner of ['romeo@example.org', 'romeo@sub.evil.org']) expect(privileges.of(owner)).toBeUndefined();
  expect(privileges.hear(stanza("<message from='example.org' to='irc.test'><body>hello</body></message>"))).toBe(false);
});

test('356-05 what is allowed is told in the words of the XEP', () => {
  const privileges = createPrivileges(quiet);
  privileges.hear(said('get'));
  const privilege = privileges.of('romeo@example.org');
  expect(privilege && privilegeWords(privilege)).toEqual({ roster: 'get', message: 'none', presence: 'none' });
});

test('356-01 strangers who may not use the domain leave room for those who may', () => {
  const heard: string[] = [];
  const privileges = createPrivileges({
    counts: (host) => host === 'example.org',
    onChange: (host) => heard.push(host),
  });
  for (let i = 0; i < 2_000; i++) privileges.hear(said('both', `${i}.evil.org`));
  expect(privileges.hear(said('both'))).toBe(true);
  expect(heard).toEqual(['example.org']);
  expect([...privileges.all().keys()]).toEqual(['example.org']);
  expect(privileges.of('romeo@example.org')?.roster).toBe('both');
});

test('356-01 a host counts where any of its users may use the domain, as the list says now', () => {
  const banned = new Set(['verona.org', 'mantua.org']);
  const options = { allow: ['capulet.org', 'romeo@montague.org'], banned, admins: ['friar@mantua.org'] };
  const counts = createAllowsHost(options);
  const hosts = ['capulet.org', 'montague.org', 'mantua.org', 'verona.org', 'x.capulet.org', 'org'];
  expect(hosts.filter(counts)).toEqual(['capulet.org', 'montague.org', 'mantua.org']);
  options.allow = ['*'];
  expect(hosts.filter(counts)).toEqual(['capulet.org', 'montague.org', 'mantua.org', 'x.capulet.org', 'org']);
});
