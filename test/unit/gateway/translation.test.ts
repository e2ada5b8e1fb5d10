/** What somebody is told for what they typed is in their language line by line, with a server's own words among it as they are (GEN-10). */
import { expect, test } from 'vitest';
import { germanSentences } from '../../../bridges/irc/sentences-german.ts';
import { cardText } from '../../../bridges/irc/whois-text.ts';
import { createTranslate } from '../../../src/core/sentences.ts';
import { answerIn } from '../../../src/gateway/translation.ts';

const translate = createTranslate({ de: germanSentences });
const card = cardText({
  nick: 'juliet',
  realName: 'Juliet Capulet',
  address: 'juliet@verona.test',
  account: 'capulet',
  away: 'on the balcony',
  facts: [
    { label: 'Channels', value: '#verona' },
    { label: 'Idle', value: '2 min' },
    { label: 'has whois', value: 'is a Capulet' },
  ],
});

test('GEN-10 /whois has its labels in German, and values as the network has them', () => {
  const { text, lang } = answerIn(card, 'de-AT', translate);
  expect(lang).toBe('de');
  expect(text.split('\n')).toEqual([
    'juliet',
    'Wirklicher Name: Juliet Capulet',
    'Adresse: juliet@verona.test',
    'Konto: capulet',
    'Abwesend: on the balcony',
    'Kanäle: #verona',
    'Untätig: 2 min',
    'has whois: is a Capulet',
  ]);
});

test('GEN-10 what is a sentence as a whole is that', () => {
  const list = '#one\n#two\n… and more. /list WORD finds those with that word in their name.';
  expect(answerIn(list, 'de', translate).text).toBe(
    '#one\n#two\n… und weitere. /list WORT findet die mit diesem Wort im Namen.',
  );
});

test.each([
  ['English for whoever speaks no other', card, 'en'],
  ['and for whoever does not say what they speak', card, undefined],
  ['a server’s lines as they are', 'Welcome\nto Verona', 'de'],
  ['more lines than any answer of ours', Array<string>(101).fill('Address: a').join('\n'), 'de'],
])('GEN-10 %s', (_, text, lang) => {
  expect(answerIn(text, lang, translate)).toEqual({ text });
});
