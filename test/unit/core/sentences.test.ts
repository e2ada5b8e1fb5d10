/** Sentences found by their English, with what was put in (GEN-10). */
import { expect, test } from 'vitest';
import { createTranslate } from '../../../src/core/sentences.ts';

const translate = createTranslate({
  de: {
    'You are not here': 'Du bist nicht hier',
    'At most {} bytes': 'Höchstens {} Bytes',
    'The nick {} is in use on {}.': 'Der Nick {} wird auf {} schon benutzt.',
    '{}? (really)': '{}? (wirklich)',
  },
});

test.each([
  ['You are not here', 'de', 'Du bist nicht hier'],
  ['You are not here', 'de-AT', 'Du bist nicht hier'],
  ['You are not here', 'DE', 'Du bist nicht hier'],
  ['At most 12 bytes', 'de', 'Höchstens 12 Bytes'],
  ['The nick {} is in use on $&\\1.', 'de', 'Der Nick {} wird auf $&\\1 schon benutzt.'],
  ['a\nb? (really)', 'de', 'a\nb? (wirklich)'],
])('GEN-10 %j in %s', (english, lang, other) => expect(translate(english, lang)).toBe(other));

test.each([
  ['You are not here', 'en'],
  ['You are not here', 'fr'],
  ['You are not here', undefined],
  ['You are not here, are you', 'de'],
  ['At most bytes', 'de'],
  [`At most ${'1'.repeat(2000)} bytes`, 'de'],
  ['constructor', 'de'],
])('GEN-10 %j in %s is not known', (english, lang) => expect(translate(english, lang)).toBeUndefined());
