/** The vault: what is sealed opens for its owner alone. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createVault } from '../../../src/accounts/vault.ts';

const key = new Uint8Array(32).fill(7);
const vault = createVault([key]);

test('what is sealed opens again, for any secret and owner', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (secret, owner) => {
      expect(vault.open(vault.seal(secret, owner), owner)).toBe(secret.toWellFormed());
    }),
  );
});

test('it opens for nobody else, under no other key, and not when a character was changed', () => {
  const sealed = vault.seal('sesame', 'romeo@montague.lit');
  expect(sealed).not.toContain('sesame');
  expect(vault.open(sealed, 'paris@verona.lit')).toBeUndefined();
  expect(createVault([new Uint8Array(32).fill(8)]).open(sealed, 'romeo@montague.lit')).toBeUndefined();
  const middle = Math.floor(sealed.length / 2);
  const changed = sealed.slice(0, middle) + (sealed[middle] === 'A' ? 'B' : 'A') + sealed.slice(middle + 1);
  expect(vault.open(changed, 'romeo@montague.lit')).toBeUndefined();
});

test('the last key seals, all open, and who has lost one opens what the others sealed', () => {
  const [one, two, three] = [1, 2, 3].map((n) => new Uint8Array(32).fill(n)) as [Uint8Array, Uint8Array, Uint8Array];
  const old = createVault([one]).seal('sesame', 'x');
  const newer = createVault([one, two]).seal('sesame', 'x');
  const all = createVault([one, two, three]);
  expect([old, newer].map((sealed) => all.open(sealed, 'x'))).toEqual(['sesame', 'sesame']);
  expect([old, newer, all.seal('sesame', 'x')].map(all.isCurrent)).toEqual([false, false, true]);
  expect(createVault([one, three]).open(newer, 'x')).toBeUndefined();
  expect(createVault([two]).open(old, 'x')).toBeUndefined();
});

test('garbage does not open and does not throw', () => {
  fc.assert(
    fc.property(fc.string(), (garbage) => {
      expect(vault.open(garbage, 'x')).toBeUndefined();
      expect(vault.open(`v1:${garbage}`, 'x')).toBeUndefined();
    }),
  );
});

test('the same secret is never sealed to the same text', () => {
  expect(vault.seal('sesame', 'x')).not.toBe(vault.seal('sesame', 'x'));
});

test('a short key is refused', () => {
  expect(() => createVault([new Uint8Array(16)])).toThrow(RangeError);
});
