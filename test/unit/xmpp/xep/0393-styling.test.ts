/** CHECKLIST 393-01: the examples of XEP-0393 §6 one by one, and texts made to take long. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readStyling } from '../../../../src/xmpp/xep/0393-styling.ts';
import { cpuMs } from '../../../harness/cpu.ts';

/** "is: text" of every range. */
const shown = (text: string): readonly string[] =>
  readStyling(text).map(({ from, to, is }) => `${is}: ${text.slice(from, to)}`);

describe('393-01 spans', () => {
  test.each([
    ['plain span', []],
    ['*strong span*', ['strong: *strong span*']],
    ['plain *_emphasis_* plain', ['strong: *_emphasis_*', 'emphasis: _emphasis_']],
    ['`pre` plain *strong*', ['code: `pre`', 'strong: *strong*']],
    ['*strong*plain*', ['strong: *strong*']],
    ['* plain *strong*', ['strong: *strong*']],
    ['Everyone ~dis~likes cake.', ['deleted: ~dis~']],
    ['This is `*monospace*`', ['code: `*monospace*`']],
    ['This is *`monospace and bold`*', ['strong: *`monospace and bold`*', 'code: `monospace and bold`']],
    ['*a* _b_ ~c~', ['strong: *a*', 'emphasis: _b_', 'deleted: ~c~']],
    ['*_a*_', ['strong: *_a*']],
    ['snake_case_name and 2*3*4', []],
    ['https://example.org/_a_/~b~/*c*', []],
  ])('%j', (text, wanted) => expect(shown(text)).toEqual(wanted));

  test.each(['not strong*', '*not strong', '*not \n strong*', '*not *strong', '**', '***', '****', '* no *', '**no**'])(
    'nothing in %j',
    (text) => expect(shown(text)).toEqual([]),
  );
});

describe('393-01 blocks', () => {
  test('preformatted text holds nothing and needs no end', () => {
    expect(shown('```ignored\n(*x*)\n```\nafter *it*')).toEqual(['block: ```ignored\n(*x*)\n```', 'strong: *it*']);
    expect(shown('```\n*x*\n````')).toEqual(['block: ```\n*x*\n````']);
  });

  test('quotations hold blocks, one within the other', () => {
    expect(shown('> ```\n> (println)\n\nplain')).toEqual(['quote: > ```\n> (println)', 'block: ```\n> (println)']);
    expect(shown('>> *That* is.\n> Said he.\n\nWho?')).toEqual([
      'quote: >> *That* is.\n> Said he.',
      'quote: > *That* is.',
      'strong: *That*',
    ]);
    expect(shown('a > b')).toEqual([]);
  });
});

test('393-01 any text: ranges lie within it, those of a line do not cross', () => {
  const nasty = fc.string({ unit: fc.constantFrom('*', '_', '~', '`', '>', ' ', '\n', 'a', '😀', '```') });
  fc.assert(
    fc.property(nasty, (text) => {
      const found = readStyling(text);
      for (const { from, to } of found) expect(from >= 0 && from < to && to <= text.length).toBe(true);
      const spans = found.filter(({ is }) => is !== 'quote' && is !== 'block');
      for (const one of spans) {
        expect(text.slice(one.from, one.to)).not.toContain('\n');
        for (const other of spans) {
          expect(one.from < other.from && other.from < one.to && one.to < other.to).toBe(false);
        }
      }
    }),
    { numRuns: 10_000 },
  );
});

test.each(['*a ', '*a\n', ' *', '_*~`a', '>', '> ', '```\n', '*a_', '`a ', '*'])(
  '393-01 64 KiB of %j take no longer than they must',
  (unit) => {
    const once = unit.repeat(Math.floor(65_536 / unit.length));
    const began = cpuMs();
    readStyling(once);
    expect(cpuMs() - began).toBeLessThan(1_000);
  },
);
