/** CHECKLIST 513: which of the names that people type are taken for somebody. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { folded, type Names, noNames } from '../../../../../bridges/discord/text/index.ts';
import { typedNames } from '../../../../../bridges/discord/text/markdown/typed.ts';

/** Everybody in it has a number of their own, from 100 on. */
function guild(people: readonly string[]): Names & { readonly asked: () => number } {
  let asked = 0;
  return {
    ...noNames,
    person: (id) => people[Number(id) - 100],
    peopleCalled: (name) => {
      asked++;
      return people.flatMap((one, at) => (folded(one) === name ? [String(at + 100)] : []));
    },
    asked: () => asked,
  };
}
const found = (text: string, people: readonly string[]): readonly string[] =>
  typedNames(text, guild(people)).map(({ from, to, written }) => `${text.slice(from, to)} → ${written}`);

describe('513-01 names', () => {
  test('end where a word does', () => {
    expect(found('@Ann @Anne @Ann-Marie @Ann, @Ann.', ['Ann'])).toEqual([
      '@Ann → <@100>',
      '@Ann → <@100>',
      '@Ann → <@100>',
      '@Ann → <@100>',
    ]);
  });

  test('the longest counts, and where two have it nobody is meant, not even whoever has a part of it', () => {
    const people = ['Ann', 'Ann Lee', 'Bo Li', 'Bo Li', 'Bo'];
    expect(found('@Ann Lee @Ann Leeds', people)).toEqual(['@Ann Lee → <@101>', '@Ann → <@100>']);
    expect(found('@Bo Li', people)).toEqual([]);
    expect(found('@Bo Lit', people)).toEqual(['@Bo → <@104>']);
  });

  test('may hold signs and spaces, in any case and any form of their letters', () => {
    expect(found('hi @[x] Ü!', ['[X] U\u0308'])).toEqual(['@[x] Ü → <@100>']);
    expect(found('@~~zoë~~', ['~~Zoë~~'])).toEqual(['@~~zoë~~ → <@100>']);
  });

  test('in front of a line with a colon or a comma', () => {
    expect(found('Ann Lee: yes', ['Ann Lee'])).toEqual(['Ann Lee → <@100>']);
    expect(found('Ann,yes', ['Ann'])).toEqual([]);
    expect(found('Ann yes', ['Ann'])).toEqual([]);
    expect(found('Bo: yes', ['Bo', 'bo'])).toEqual([]);
    expect(found('Ann:', ['Ann'])).toEqual(['Ann → <@100>']);
  });

  test('not within a word, nor in Discord’s own form', () => {
    expect(found('a@Ann <@Ann> é@Ann', ['Ann'])).toEqual([]);
  });

  test('few are asked for, however many signs there are', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('@', '#', ':', ' ', 'a', '@Ann'), { maxLength: 500 }), (all) => {
        const names = guild(['Ann']);
        const text = all.join('');
        typedNames(text, names);
        expect(names.asked()).toBeLessThanOrEqual(101 * (text.split('@').length + 1));
      }),
      { numRuns: 200 },
    );
  });
});
