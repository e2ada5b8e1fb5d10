/** CHECKLIST JID-04: names that every server passes on. What real ones make of them is in `xmpp/stream/resources.test.ts`. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asResource } from '../../../src/core/resource.ts';

describe('asResource', () => {
  test.each([
    ['Juliet', 'Juliet'],
    [' a  b ', 'a b'],
    ['Zoë', 'Zoë'],
    ['e\u0301', 'é'],
    ['日本語', '日本語'],
    ['♥ love ★', '♥ love ★'],
    ['Bob 🎉', 'Bob'],
    ['🏳️‍🌈 pride', 'pride'],
    ['𝓙𝓸𝓱𝓷', 'John'],
    ['ＦＵＬＬ', 'FULL'],
    ['a\u200bb\u202ec', 'abc'],
    ['one\ntwo\u2028three', 'one two three'],
    ['שלום', 'שלום'],
    ['שלום John', 'שלום'],
    ['John שלום', 'John'],
    ['محمد 123', 'محمد'],
    ['(עמית!)', 'עמית'],
    ['مُحَمَّد عَلِي', 'مُحَمَّد عَلِي'],
    ['🎉', ''],
    ['\u200b', ''],
    ['\u3164', ''],
    ['\u2800', ''],
    ['\ud83d', ''],
  ])('JID-04 %j is %j', (name, resource) => {
    expect(asResource(name)).toBe(resource);
  });

  const pieces = fc.constantFrom(...'aZ1 (!é\u0301אع١ָ中🎉\u200b𝓙Ⅳ\u00a0\n'.normalize('NFC'));
  const names = fc.oneof(
    fc.array(pieces).map((all) => all.join('')),
    fc.string({ unit: 'binary' }),
  );

  test('JID-04 what it returns it leaves as it is; it is normal, on one line and of one direction', () => {
    fc.assert(
      fc.property(names, (name) => {
        const resource = asResource(name);
        expect(asResource(resource)).toBe(resource);
        expect(resource).toBe(resource.normalize('NFKC').trim());
        expect(resource).not.toMatch(/[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/u);
        if (/[\u05d0-\u05ea\u0621-\u064a]/.test(resource)) expect(resource).not.toMatch(/[a-z中]/i);
      }),
      { numRuns: 10_000 },
    );
  });
});
