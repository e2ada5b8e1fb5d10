/** What users may set of IRC: the forms, what is refused, and what of it holds. */
import { describe, expect, test } from 'vitest';
import { forServer, ircConfig } from '../../../../bridges/irc/config.ts';
import { accepted, profileOf, settingsForms } from '../../../../bridges/irc/settings.ts';
import { targets } from '../../../../bridges/irc/targets.ts';
import type { SettingField, SettingValue } from '../../../../src/core/settings.ts';

const config = (options: object = {}) => ircConfig.parse(options);
const profile = (settings: Record<string, SettingValue>, options: object = {}, on = 'irc.example') => {
  const parsed = config(options);
  return profileOf(parsed, forServer(parsed, on), { owner: 'juliet.c@example.org', nick: 'Juliet' }, settings);
};
const server = (settings: Record<string, SettingValue>, options: object = {}) => profile(settings, options).server;

describe('the forms', () => {
  const names = (options: object = {}) => {
    const { all, server, room } = settingsForms(config(options));
    const of = (fields: readonly SettingField[]) => fields.map(({ name }) => name);
    return { all: of(all), server: of(server), room: of(room) };
  };

  test("have biboumi's names", () => {
    const { all, server, room } = names();
    expect(all).toEqual([
      'nick',
      'max_history_length',
      'record_history',
      'persistent',
      'ctcp',
      'netjoins',
      'bookmark_rooms',
    ]);
    expect(server).toEqual(
      expect.arrayContaining(
        'address ports tls_ports verify_cert fingerprint nick pass after_connect_commands username realname throttle_limit max_history_length encoding_in encoding_out'.split(
          ' ',
        ),
      ),
    );
    expect(room).toEqual(expect.arrayContaining(['record_history', 'persistent', 'encoding_in', 'encoding_out']));
    // What most people come for stands in front.
    expect(server.slice(0, 3)).toEqual(['nick', 'sasl_username', 'sasl_password']);
  });

  test('no address where the operator says which servers there are; no names where they are not for users', () => {
    expect(names({ fixedServer: 'irc.example' }).server).not.toContain('address');
    expect(names({ onlyListed: true }).server).not.toContain('address');
    const without = names({ realnameCustomization: false }).server;
    expect(without).not.toContain('username');
    expect(without).not.toContain('realname');
  });

  test('every name stands once a level, every label is there, secrets are marked as such', () => {
    const forms = settingsForms(config());
    for (const fields of [forms.all, forms.server, forms.room]) {
      expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
      for (const { name, label, type } of fields) {
        expect(label).not.toBe('');
        if (/pass/.test(name)) expect(type).toBe('secret');
      }
    }
  });
});

describe('objections', () => {
  const forms = settingsForms(config());
  const fields = [...forms.all, ...forms.server, ...forms.room];
  const objection = (name: string, value: SettingValue) => fields.find((one) => one.name === name)?.objection?.(value);

  test.each<[string, SettingValue]>([
    ['nick', 'juliet'],
    ['fingerprint', `${'AB:'.repeat(19)}ab`],
    ['verify_cert', false],
    ['proxy', 'socks5://127.0.0.1:9050'],
    ['encoding_in', 'latin1'],
    ['sasl_mechanism', 'SCRAM-SHA-256'],
    ['client_certificate', ''],
    ['nick', ''],
    ['address', 'irc.example.org'],
    ['address', '[2001:db8::1]:6697'],
    ['ports', ['6667', '7000']],
    ['ports', []],
    ['throttle_limit', -1],
    ['pass', 'user/network:secret'],
    ['after_connect_commands', ['MODE juliet +x', 'PRIVMSG NickServ :IDENTIFY x']],
    ['username', 'juliet'],
    ['realname', 'Juliet Capulet'],
    ['max_history_length', 0],
    ['record_history', false],
  ])('none: %s %j', (name, value) => expect(objection(name, value)).toBeUndefined());

  test.each<[string, SettingValue]>([
    ['nick', 'a b'],
    ['fingerprint', 'abc'],
    ['proxy', 'socks5://a:b@127.0.0.1:9050'],
    ['proxy', 'http://a'],
    ['encoding_out', 'utf-16'],
    ['sasl_mechanism', 'CRAM-MD5'],
    ['client_certificate', 'no'],
    ['client_certificate', 5],
    ['sasl_username', 'a\x07'],
    ['nick', '#a'],
    ['nick', 5],
    ['nick', 'x'.repeat(65)],
    ['address', 'a b'],
    ['address', 'host:70000'],
    ['address', 'http://host'],
    ['ports', ['0']],
    ['ports', ['65536']],
    ['ports', ['many']],
    ['ports', '6667'],
    ['tls_ports', Array.from({ length: 17 }, () => '1')],
    ['throttle_limit', 1.5],
    ['throttle_limit', 5000],
    ['pass', 'two words'],
    ['pass', 'a\r\nQUIT'],
    ['after_connect_commands', ['a\nb']],
    ['after_connect_commands', ['x'.repeat(511)]],
    ['after_connect_commands', [':evil QUIT']],
    ['after_connect_commands', Array.from({ length: 21 }, () => 'PING a')],
    ['username', 'a@b'],
    ['realname', 'a\nb'],
    ['max_history_length', 1001],
    ['record_history', 'yes'],
  ])('a sentence: %s %j', (name, value) => expect(objection(name, value)).toMatch(/^[A-Z0-9].*\.$|@ ! :$/));

  test('what is not right counts as unset, whoever stored it', () => {
    const found = accepted(fields, { nick: 'a b', realname: 'R', strange: 'x', ports: [], pass: '' });
    expect(found).toEqual({ realname: 'R' });
  });
});

describe('what holds for a server', () => {
  test('nothing set: as configured, and nothing of the JID', () => {
    expect(profile({}).server).toEqual(forServer(config(), 'irc.example'));
    expect(profile({}).identity).toMatchObject({
      nick: 'Juliet',
      username: 'juliet',
      realname: 'Juliet',
      afterConnect: [],
    });
  });

  test('ports are those that were set, TLS still comes first and plain text only where it is allowed', () => {
    const set = { ports: ['7001'], tls_ports: ['7000', '7002'] };
    expect(targets(server(set, { tls: 'preferred' })).map(({ port, tls }) => `${port} ${tls}`)).toEqual([
      '7000 true',
      '7002 true',
      '7001 false',
    ]);
    expect(targets(server(set)).map(({ port }) => port)).toEqual([7000, 7002]);
  });

  test('an address of their own is no listed one: it must be public', () => {
    const options = { servers: { 'irc.example': { address: ['10.0.0.5:6667'] } } };
    expect(server({}, options)).toMatchObject({ trusted: true, places: [{ host: '10.0.0.5', port: 6667 }] });
    expect(server({ address: '10.0.0.9:22' }, options)).toMatchObject({
      trusted: false,
      places: [{ host: '10.0.0.9', port: 22 }],
    });
    expect(server({ address: '10.0.0.9' }, { ...options, privateAddresses: true }).trusted).toBe(true);
  });

  test('nor is another port of a listed one; a port that the operator named is', () => {
    const options = { servers: { 'irc.example': { address: ['10.0.0.5:7000'] } } };
    expect(server({ ports: ['22'] }, options)).toMatchObject({ trusted: false, places: [{ host: '10.0.0.5' }] });
    expect(server({ tls_ports: ['7000', '6697'] }, options).trusted).toBe(true);
  });

  test('where servers are the operator’s choice an address that was set before is passed over', () => {
    expect(server({ address: 'evil.example' }, { onlyListed: true }).places).toEqual([{ host: 'irc.example' }]);
    expect(server({ address: 'evil.example' }, { fixedServer: 'irc.example' }).places).toEqual([
      { host: 'irc.example' },
    ]);
  });

  test.each([
    [5, { burst: 5, perSecond: 1 }],
    [0, { burst: 1, perSecond: 1 }],
    [-1, { burst: 100, perSecond: 1 }],
    [1000, { burst: 100, perSecond: 1 }],
  ])('throttle_limit %i is a burst, and never more than is safe for all of us', (limit, throttle) => {
    expect(server({ throttle_limit: limit }).throttle).toEqual(throttle);
  });

  test('a server without a throttle keeps none', () => {
    expect(server({ throttle_limit: 1 }, { throttle: 'off' }).throttle).toBe('off');
  });
});

describe('who they are', () => {
  test('names and secrets as set', () => {
    const set = {
      nick: 'jules',
      username: 'capulet',
      realname: 'Juliet C',
      pass: 'sesame',
      after_connect_commands: ['MODE jules +x'],
    };
    expect(profile(set).identity).toEqual({
      nick: 'jules',
      username: 'capulet',
      realname: 'Juliet C',
      pass: 'sesame',
      afterConnect: ['MODE jules +x'],
    });
  });

  test('of the JID where the operator wants it, set names still count more, if users may set them', () => {
    expect(profile({}, { realnameFromJid: true }).identity).toMatchObject({
      username: 'julietc',
      realname: 'juliet.c@example.org',
    });
    expect(profile({ realname: 'R' }, { realnameFromJid: true }).identity.realname).toBe('R');
    const closed = { realnameFromJid: true, realnameCustomization: false };
    expect(profile({ realname: 'R', username: 'u' }, closed).identity).toMatchObject({
      username: 'julietc',
      realname: 'juliet.c@example.org',
    });
  });
});
