/** Every text of the commands is there in every language, and is that language's. */
import { describe, expect, test } from 'vitest';
import { addresses } from '../../../../bridges/fake/addresses.ts';
import { createCatalogue } from '../../../../src/gateway/commands/catalogue.ts';
import { languages, textsFor } from '../../../../src/gateway/commands/texts.ts';

const english = textsFor('en');
/** As what is asked for stands in it: names for the texts, numbers where they count. */
const spoken = (text: unknown, count: number): string =>
  typeof text === 'function' ? String(text(...Array.from({ length: text.length }, () => count))) : String(text);

/** Words and signs that are the same everywhere. */
const alike: ReadonlySet<string> = new Set([
  'disconnectWhich',
  'joinInvitation',
  'infoServer',
  'webLink',
  'whoisNick',
  'undeliveredLine',
  'helpLine',
  'helpField',
  'ask',
  'noted',
]);

describe.each(Object.entries(languages).filter(([language]) => language !== 'en'))('%s', (_, texts) => {
  test('GEN-10 has a text for each that there is in English, none of them in English', () => {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(english).sort());
    const same = Object.entries(english)
      .filter(([name]) => !alike.has(name))
      .filter(([name, text]) => spoken(text, 2) === spoken(texts[name as keyof typeof texts], 2));
    expect(same).toEqual([]);
  });

  test.each(Object.entries(english))('%s takes what the English one takes', (name, text) => {
    const other: unknown = texts[name as keyof typeof texts];
    expect(typeof other).toBe(typeof text);
    for (const count of [1, 2]) expect(spoken(other, count)).not.toMatch(/undefined|NaN|^\s*$/);
  });
});

test.each(Object.entries(languages))('050-01 no two commands of the gateway have the same name (%s)', (_, texts) => {
  const all = { takesLogins: true, knowsPeople: true, findsPeople: true, reloads: true };
  const catalogue = createCatalogue({ domain: 'net.test', addresses, about: { type: 'fake' }, ...all });
  const titles = catalogue.at('gateway', true).map(({ command }) => command.title(texts));
  expect(titles.filter((title, at) => titles.indexOf(title) !== at)).toEqual([]);
});

test('who speaks a language that we do not know is spoken to in English', () => {
  expect([textsFor(undefined), textsFor('fr'), textsFor('de-AT')]).toEqual([english, english, languages.de]);
});

test('of one thing German says what it does as of one', () => {
  const german = textsFor('de');
  expect([german.undeliveredRequeued(1), german.undeliveredRequeued(2)]).toEqual([
    '1 wird neu versucht.',
    '2 werden neu versucht.',
  ]);
  expect(german.undeliveredText(0, 1)).toBe('0 unterwegs, 1 konnte nicht zugestellt werden.');
});
