/** Ids of accounts: the same for the same, different for different, and readable. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountId } from '../../../../src/core/ids.ts';
import { accountKey, parseAccountId } from '../../../../src/gateway/decode/account-key.ts';

const jid = fc.constantFrom('a@b', 'example.org', 'ü@ß.test', 'a%b@c');
const on = fc.option(
  fc.string({ unit: fc.constantFrom('a', '/', '%', '.', ':', '[', '2', 'f', '😀') }).filter((text) => text !== ''),
  { nil: undefined },
);
const domain = fc.constantFrom('irc.test', 'x');

test('what goes in comes out', () => {
  fc.assert(
    fc.property(domain, jid, on, (where, owner, server) => {
      const key = accountKey(where, owner, server);
      const parts = { domain: where, owner, ...(server !== undefined && { on: server }) };
      expect(parseAccountId(key.id)).toEqual(parts);
      expect(key).toEqual({ id: key.id, owner, ...(server !== undefined && { on: server }) });
    }),
  );
});

test('no two accounts share an id', () => {
  const triple = fc.tuple(domain, jid, on);
  fc.assert(
    fc.property(triple, triple, (a, b) => {
      const same = a.every((part, i) => part === b[i]);
      expect(accountKey(...a).id === accountKey(...b).id).toBe(same);
    }),
  );
});

test.each(['', 'a', 'a/b', '/b/c', 'a/b/', 'a/b/c/d', 'a/%/c', 'a/%ff/c'])('%j is none', (id) => {
  expect(parseAccountId(accountId(id))).toBeUndefined();
});
