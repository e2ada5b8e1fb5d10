/** CHECKLIST 372-01: whom a client names beside its text, and who that is on the network. */
import { expect, test } from 'vitest';
import type { Addresses } from '../../../../src/bridge/contract.ts';
import type { Mark } from '../../../../src/core/content.ts';
import { chatId, personId } from '../../../../src/core/ids.ts';
import { contentOf } from '../../../../src/gateway/decode/said.ts';
import { asMeant } from '../../../../src/gateway/named.ts';
import { parse } from '../../../harness/markup.ts';

const room = '#verona@irc.test';
const read = (body: string, inside: string): readonly Mark[] =>
  contentOf(parse(`<message xmlns='jabber:client'><body>${body}</body>${inside}</message>`), room)?.text?.marks ?? [];
const reference = (begin: number | string, end: number, uri: string, type = 'mention'): string =>
  `<reference xmlns='urn:xmpp:reference:0' type='${type}' begin='${begin}' end='${end}' uri='${uri}'/>`;

test('372-01 an occupant by nick, others by address, counted in code points', () => {
  expect(read('😀 Tybalt!', reference(2, 8, 'xmpp:%23verona@irc.test/Tybalt'))).toEqual([
    { from: 3, to: 9, is: 'named', nick: 'Tybalt' },
  ]);
  // As Converse.js writes it, with the "#" as it is.
  expect(read('Tybalt!', reference(0, 6, 'xmpp:#verona@irc.test/Tybalt'))).toEqual([
    { from: 0, to: 6, is: 'named', nick: 'Tybalt' },
  ]);
  expect(read('you', reference(0, 3, 'xmpp:nurse@irc.test'))).toEqual([
    { from: 0, to: 3, is: 'named', jid: 'nurse@irc.test' },
  ]);
  expect(read('/me hits Tybalt', reference(9, 15, 'xmpp:%23verona@irc.test/Tybalt?x'))).toEqual([
    { from: 5, to: 11, is: 'named', nick: 'Tybalt' },
  ]);
  expect(read('*you*', reference(1, 4, 'xmpp:nurse@irc.test')).map(({ is }) => is)).toEqual(['named', 'strong']);
});

test.each([
  ['data', reference(0, 3, 'xmpp:nurse@irc.test', 'data')],
  ['another kind of address', reference(0, 3, 'https://irc.test')],
  ['broken escapes', reference(0, 3, 'xmpp:%ff@irc.test')],
  ['no address', reference(0, 3, 'xmpp:')],
  ['no place', reference('x', 3, 'xmpp:nurse@irc.test')],
  ['nothing', reference(2, 2, 'xmpp:nurse@irc.test')],
  ['what comes before it began', reference(3, 1, 'xmpp:nurse@irc.test')],
  ['more than a line', reference(0, 7, 'xmpp:nurse@irc.test')],
  ['more than a name', reference(8, 200, 'xmpp:nurse@irc.test')],
])('372-01 %s names nobody', (_, inside) => {
  expect(read(`you\nyou\n${'x'.repeat(200)}`, inside)).toEqual([]);
});

test('372-01 hostile numbers of marks are bounded', () => {
  expect(read('you', reference(0, 3, 'xmpp:nurse@irc.test').repeat(500))).toHaveLength(50);
});

const addresses: Addresses = {
  format: ({ id }: { id?: string }) => id ?? '',
  parse: (local) => (local.startsWith('#') ? { is: 'room', id: chatId(local) } : { is: 'person', id: personId(local) }),
  title: () => '',
} as Addresses;
const naming = {
  context: { account: { owner: 'romeo@test', domain: 'irc.test' }, addresses, domain: 'irc.test' } as never,
  whois: (chat: string, nick: string) => (chat === '#verona' && nick === 'Tybalt' ? personId('t') : undefined),
};

test('372-01 who is there is meant, whoever is not is text', () => {
  const meant = (mark: object) =>
    asMeant(naming, chatId('#verona'), {
      text: { plain: 'Tybalt', marks: [{ from: 0, to: 6, is: 'named', ...mark } as Mark] },
    }).text?.marks;
  const at = { from: 0, to: 6 };
  expect(meant({ nick: 'Tybalt' })).toEqual([{ ...at, is: 'mention', person: 't' }]);
  expect(meant({ nick: 'Mallory' })).toEqual([]);
  expect(meant({ jid: 'nurse@irc.test' })).toEqual([{ ...at, is: 'mention', person: 'nurse' }]);
  expect(meant({ jid: '#verona@irc.test/Tybalt' })).toEqual([{ ...at, is: 'mention', person: 't' }]);
  expect(meant({ jid: '#piazza@irc.test' })).toEqual([{ ...at, is: 'room', chat: '#piazza' }]);
  expect(meant({ jid: 'nurse@elsewhere.test' })).toEqual([]);
  const plain = { text: { plain: 'x', marks: [] } };
  expect(asMeant(naming, chatId('#verona'), plain)).toBe(plain);
});
