/** biboumi's addresses and their laws; which servers may be used. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAddresses } from '../../../../bridges/irc/addresses.ts';
import { ircConfig } from '../../../../bridges/irc/config.ts';
import { isChannelName, isNick, isServerName } from '../../../../bridges/irc/names.ts';
import { type Address, chatId, GatewayError, personId } from '../../../../src/bridge/index.ts';
import { isPrivateAddress, publicLookup } from '../../../../src/bridge/private-address.ts';
import { usePuppets } from '../../../harness/puppet-room.ts';

const { meet } = usePuppets();
const open = createAddresses(ircConfig.parse({}));
const fixed = createAddresses(ircConfig.parse({ fixedServer: 'irc.example.net' }));
/** JID-05's alphabet, with the backslash of XEP-0106. */
const alphabet = /^[a-z0-9._\-+~!#$%*=?^()[\]{}|,;\\]*$/;

const texts = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }).filter((text) => text.isWellFormed());
const channels = fc
  .tuple(fc.constantFrom('#', '&', '+', '!'), texts)
  .map(([prefix, text]) => prefix + text)
  .filter(isChannelName);
const nicks = texts.filter(isNick);
const servers = fc.constantFrom(
  'irc.libera.chat',
  'localhost',
  'my_net',
  '127.0.0.1',
  '2001:db8::1',
  'irc.bücher.example',
);

const addresses: fc.Arbitrary<Address> = fc.oneof(
  fc.record({ on: servers, is: fc.constant('room' as const), id: channels.map(chatId) }),
  fc.record({ on: servers, is: fc.constant('person' as const), id: nicks.map(personId) }),
  fc.record({ on: servers, is: fc.constant('service' as const) }),
);

describe('laws', () => {
  test('JID-12 parse(format(a)) equals a', () => {
    fc.assert(
      fc.property(addresses, (address) => {
        expect(open.parse(open.format(address))).toEqual(address);
      }),
      { numRuns: 10_000 },
    );
  });

  test('JID-12 with a fixed server too', () => {
    fc.assert(
      fc.property(addresses, ({ on: _, ...address }) => {
        expect(fixed.parse(fixed.format(address))).toEqual(address);
      }),
      { numRuns: 3000 },
    );
  });

  test('JID-05 what is formatted is in the alphabet that no server changes', () => {
    fc.assert(
      fc.property(addresses, (address) => {
        expect(open.format(address)).toMatch(alphabet);
        expect(fixed.format(address)).toMatch(alphabet);
      }),
      { numRuns: 10_000 },
    );
  });

  test('JID-12 two addresses never share a localpart', () => {
    fc.assert(
      fc.property(addresses, addresses, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(open.format(one) === open.format(other)).toBe(same);
      }),
      { numRuns: 3000 },
    );
  });

  test('any localpart is parsed or refused, never thrown at', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        for (const one of [open, fixed]) {
          const address = one.parse(text);
          if (address !== undefined) expect(one.title(address).length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});

describe("biboumi's bookmarks", () => {
  test.each<readonly [string, Address | undefined]>([
    ['#chan%irc.libera.chat', { is: 'room', on: 'irc.libera.chat', id: chatId('#chan') }],
    ['\\26local%irc.example.org', { is: 'room', on: 'irc.example.org', id: chatId('&local') }],
    ['&local%irc.example.org', { is: 'room', on: 'irc.example.org', id: chatId('&local') }],
    ['#a\\2fb%irc.example.org', { is: 'room', on: 'irc.example.org', id: chatId('#a/b') }],
    ['#50%off%irc.example.org', { is: 'room', on: 'irc.example.org', id: chatId('#50%off') }],
    ['#c++%irc.example.org', { is: 'room', on: 'irc.example.org', id: chatId('#c++') }],
    ['nick%irc.libera.chat', { is: 'person', on: 'irc.libera.chat', id: personId('nick') }],
    ['[x]`%irc.libera.chat', { is: 'person', on: 'irc.libera.chat', id: personId('[x]`') }],
    ['irc.libera.chat', { is: 'service', on: 'irc.libera.chat' }],
    ['alias', { is: 'service', on: 'alias' }],
    ['', { is: 'service' }],
    ['#chan', undefined],
    ['#chan%', undefined],
    ['%irc.libera.chat', undefined],
    ['#a,#b%irc.libera.chat', undefined],
    ['#a\\20b%irc.libera.chat', undefined],
    ['#a=07%irc.libera.chat', undefined],
    ['#a%irc libera', undefined],
    ['nick!user%irc.libera.chat', undefined],
  ])('%s', (localpart, address) => {
    expect(open.parse(localpart)).toEqual(address);
  });

  test.each<readonly [string, Address | undefined]>([
    ['#chan', { is: 'room', id: chatId('#chan') }],
    ['#chan%x', { is: 'room', id: chatId('#chan%x') }],
    ['nick', { is: 'person', id: personId('nick') }],
    ['', { is: 'service' }],
    ['#a,b', undefined],
  ])('with a fixed server: %s', (localpart, address) => {
    expect(fixed.parse(localpart)).toEqual(address);
  });

  test('JID-16 people read names', () => {
    expect(open.title({ is: 'room', on: 'irc.libera.chat', id: chatId('#isthmus') })).toBe(
      '#isthmus on irc.libera.chat',
    );
    expect(fixed.title({ is: 'service' })).toBe('irc.example.net');
  });
});

describe('names', () => {
  test.each(['#', '&x', '+x', '!ABCDEx', '#a%b', '#ü'])('%s is a channel', (text) =>
    expect(isChannelName(text)).toBe(true),
  );
  test.each(['', 'x', '#a b', '#a,b', '#a\x07', '#a\r', `#${'x'.repeat(200)}`])('%j is none', (text) =>
    expect(isChannelName(text)).toBe(false),
  );
  test.each(['a', '[x]', 'a-b', 'Ü', '9', '*status'])('%s can be sent as a nick', (text) =>
    expect(isNick(text)).toBe(true),
  );
  test.each(['', 'a b', ':a', '#a', 'a!b', 'a@b', 'a\n', 'a,b', '$a', '*', '*a*', 'a*'])('%j can not', (text) =>
    expect(isNick(text)).toBe(false),
  );
  test.each(['irc.libera.chat', 'a', '::1', '10.0.0.1', 'x_y'])('%s names a server', (text) =>
    expect(isServerName(text)).toBe(true),
  );
  test.each(['', '.a', '-a', 'a..b', 'A', 'a b', 'a:b', 'a/b', 'a@b', 'a%b'])('%j does not', (text) =>
    expect(isServerName(text)).toBe(false),
  );
});

describe('which servers', () => {
  const room = (on: string): Address => ({ is: 'room', on, id: chatId('#a') });
  const code = (options: object, on: string) => createAddresses(ircConfig.parse(options)).refuse?.(room(on))?.code;

  test('private and loopback addresses only where the operator allows or lists them', () => {
    for (const on of ['127.0.0.1', '10.1.2.3', '192.168.1.1', '::1', '169.254.169.254', '::ffff:10.0.0.1', '0.0.0.0']) {
      expect(code({}, on), on).toBe('network-refused');
      expect(code({ privateAddresses: true }, on), on).toBeUndefined();
      expect(code({ servers: { [on]: {} } }, on), on).toBeUndefined();
    }
    for (const on of ['93.184.215.14', '2606:2800:21f::1', 'irc.libera.chat']) expect(code({}, on), on).toBeUndefined();
  });

  test('onlyListed', () => {
    const options = { onlyListed: true, servers: { 'irc.oftc.net': {} }, fixedServer: undefined };
    expect(code(options, 'irc.oftc.net')).toBeUndefined();
    expect(code(options, 'irc.libera.chat')).toBe('no-such-server');
  });

  test('a room without a server is told what is missing', () => {
    expect(open.refuse?.({ is: 'room', id: chatId('#a') })?.code).toBe('bad-address');
    expect(fixed.refuse?.({ is: 'room', id: chatId('#a') })).toBeUndefined();
  });

  test('a name that leads into the private network is refused when it is resolved, whatever it is called', async () => {
    const look = (host: string, all: boolean) =>
      new Promise((resolve) => {
        publicLookup('evil.example')(host, { all }, (error, found) => resolve(error ?? found));
      });
    for (const host of ['localhost', '127.1', '2130706433']) {
      const result = await look(host, true);
      expect(result, host).toBeInstanceOf(GatewayError);
      expect(result, host).toMatchObject({ code: 'network-refused' });
    }
    expect(await look('93.184.215.14', false)).toBe('93.184.215.14');
    expect(isPrivateAddress('localhost')).toBe(false);
  });
});

test('030-07 a room is called the same before somebody is in it and after, in the letters of the server', async () => {
  const { us, server } = await meet();
  await using _ = us;
  const joining = us.join('#room');
  await server.admit('#Room', 'juliet');
  await joining;
  const name = open.title({ is: 'room', id: chatId('#Room'), on: 'irc.test' });
  expect(await us.event('room')).toMatchObject({ change: { name } });
  expect(name).toBe('#Room on irc.test');
});
