/** From what people write to values, and back to what they may see. */
import { describe, expect, test } from 'vitest';
import type { FormField } from '../../../../src/bridge/commands.ts';
import { textsFor } from '../../../../src/gateway/commands/texts.ts';
import { readValue, shown } from '../../../../src/gateway/commands/values.ts';

const texts = textsFor('en');
const field = (type: FormField['type'], more: Partial<FormField> = {}): FormField => ({
  name: 'x',
  label: 'X',
  type,
  ...more,
});
const choices = [
  { value: '', label: 'The strongest' },
  { value: 'PLAIN', label: 'Plain' },
];

describe('reading', () => {
  test.each<[FormField, readonly string[], unknown]>([
    [field('text'), ['  a b '], 'a b'],
    [field('text'), [''], null],
    [field('text'), [], null],
    [field('secret'), [' a '], ' a '],
    [field('number'), ['-1'], -1],
    [field('number'), [' 12 '], 12],
    [field('flag'), ['Yes'], true],
    [field('flag'), ['off'], false],
    [field('flag'), [''], null],
    [field('lines'), ['a', '', 'b\nc'], ['a', 'b', 'c']],
    [field('lines'), [' '], null],
    [field('choice', { choices }), ['PLAIN'], 'PLAIN'],
    [field('choice', { choices }), [''], null],
    [field('choices', { choices }), ['PLAIN', 'PLAIN'], ['PLAIN']],
    [field('secret', { objection: () => undefined }), ['-----BEGIN', 'x', '-----END'], '-----BEGIN\nx\n-----END'],
  ])('%j from %j', (of, given, value) => expect(readValue(of, given, texts)).toEqual({ value }));

  test.each<[FormField, readonly string[], RegExp]>([
    [field('text'), ['a\nQUIT'], /One line/],
    [field('text'), ['a\u0000'], /One line/],
    [field('secret'), ['a\r\nQUIT'], /One line/],
    [field('secret'), ['x'.repeat(16_385)], /At most 16384/],
    [field('text'), ['x'.repeat(2_001)], /At most 2000/],
    [field('number'), ['1.5'], /whole number/],
    [field('number'), ['1e3'], /whole number/],
    [field('number'), ['9'.repeat(16)], /whole number/],
    [field('flag'), ['maybe'], /Yes or no/],
    [field('lines'), ['a\u0001'], /One line/],
    [field('lines'), ['x'.repeat(2_001)], /At most 2000/],
    [field('choice', { choices }), ['EXTERNAL'], /One of: /],
    [field('text', { objection: () => 'Not that.' }), ['a'], /Not that/],
  ])('%j not from %j', (of, given, fault) => {
    expect(readValue(of, given, texts)).toEqual({ fault: expect.stringMatching(fault) });
  });

  test('an objection is not asked about nothing', () => {
    const objection = (): string => 'never';
    expect(readValue(field('text', { objection }), [''], texts)).toEqual({ value: null });
  });
});

describe('showing', () => {
  test.each<[FormField, Parameters<typeof shown>[1], string]>([
    [field('secret', { isSet: true }), undefined, '(set, not shown)'],
    [field('secret'), 'hunter2', '(set, not shown)'],
    [field('secret'), null, '(not set)'],
    [field('flag'), false, 'no'],
    [field('number'), 0, '0'],
    [field('lines'), ['a', 'b'], 'a, b'],
    [field('lines'), [], '(none)'],
    [field('text'), undefined, '(none)'],
    [field('choice', { choices }), '', 'The strongest'],
    [field('choice', { choices }), 'PLAIN', 'Plain'],
  ])('%j of %j: %s', (of, value, text) => expect(shown(of, value, texts)).toBe(text));
});

describe('languages', () => {
  test.each([
    ['de', 'ja'],
    ['DE-at', 'ja'],
    ['en-GB', 'yes'],
    ['fr', 'yes'],
    [undefined, 'yes'],
    ['constructor', 'yes'],
  ])('%s says %s', (lang, yes) => expect(textsFor(lang).yes).toBe(yes));
});
