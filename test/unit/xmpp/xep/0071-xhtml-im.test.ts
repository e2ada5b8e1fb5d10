/** CHECKLIST 071-01: what XHTML-IM says, and what of it is never looked at. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readXhtml, writeXhtml } from '../../../../src/xmpp/xep/0071-xhtml-im.ts';
import { parse } from '../../../harness/markup.ts';

const read = (inside: string) =>
  readXhtml(
    parse(
      `<message xmlns='jabber:client'><html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>${inside}</body></html></message>`,
    ),
  );
const shown = (inside: string) => {
  const found = read(inside);
  return found?.marks.map(({ from, to, is }) => `${is}: ${found.plain.slice(from, to)}`);
};

describe('071-01', () => {
  test('elements and styles that are known', () => {
    expect(shown('<p>a <b>b</b> <em>c</em> <u>d</u> <del>e</del> <code>f</code></p>')).toEqual([
      'strong: b',
      'emphasis: c',
      'underline: d',
      'deleted: e',
      'code: f',
    ]);
    expect(shown("<span style='font-weight: bold; font-style: italic; text-decoration: underline'>x</span>")).toEqual([
      'strong: x',
      'emphasis: x',
      'underline: x',
    ]);
    expect(read("<span style='color: #f00; background-color: #0000FF'>x</span>")?.marks).toEqual([
      { from: 0, to: 1, is: 'colour', fore: 0xff0000, back: 0x0000ff },
    ]);
  });

  test('blocks and breaks are line ends, white space is one space', () => {
    expect(read('<p>one\n  two</p><p>three<br/>four</p>')?.plain).toBe('one two\nthree\nfour');
    expect(read('<pre>a  b\nc</pre>')?.plain).toBe('a  b\nc');
    expect(shown('<blockquote>said</blockquote>then')).toEqual(['quote: said\n'.trimEnd()]);
  });

  test('scripts, images, foreign elements and wrong styles are nothing', () => {
    expect(read("<img src='http://x/'/>a<svg xmlns='urn:other'>evil</svg>")).toEqual({ plain: 'a', marks: [] });
    expect(shown("<span style='color: url(x); font-weight: expression(1)'>x</span>")).toEqual([]);
    expect(shown(`<span style='color:#fff;${' '.repeat(600)}'>x</span>`)).toEqual([]);
  });

  test('no XHTML-IM, or one without a body, is none', () => {
    expect(readXhtml(parse("<message xmlns='jabber:client'><body>x</body></message>"))).toBeUndefined();
    expect(
      readXhtml(parse("<message xmlns='jabber:client'><html xmlns='http://jabber.org/protocol/xhtml-im'/></message>")),
    ).toBeUndefined();
  });

  test('deep and wide input is bounded', () => {
    const deep = `${'<b>'.repeat(100)}x${'</b>'.repeat(100)}`;
    expect(read(deep)?.marks.length ?? 0).toBeLessThanOrEqual(33);
    expect(read('<b>x</b>'.repeat(2_000))?.marks.length).toBe(500);
  });

  test('marks lie within the text, whatever the nesting', () => {
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('a', ' ', 'b\nc', '<br/>', '😀'),
        fc
          .tuple(fc.constantFrom('b', 'p', 'pre', 'u', 'div', 'x'), fc.array(tie('tree'), { maxLength: 3 }))
          .map(([name, inside]) => `<${name}>${inside.join('')}</${name}>`),
      ),
    }));
    fc.assert(
      fc.property(tree, (inside) => {
        const found = read(String(inside));
        for (const { from, to } of found?.marks ?? []) {
          expect(from < to && to <= (found?.plain.length ?? 0) + 1).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('071-01 what is written', () => {
  const inside = (plain: string, ...marks: Parameters<typeof writeXhtml>[0]['marks']) =>
    /<p>(.*)<\/p>/su.exec(writeXhtml({ plain, marks }).text)?.[1];

  test('elements where there are some, else styles; every piece says all that holds for it', () => {
    expect(inside('a < b', { is: 'strong', from: 0, to: 1 })).toBe('<strong>a</strong> &lt; b');
    expect(
      inside(
        'red bold',
        { is: 'colour', from: 0, to: 8, fore: 0xff0000, back: 0x000010 },
        { is: 'strong', from: 4, to: 8 },
      ),
    ).toBe(
      "<span style='color: #ff0000; background-color: #000010'>red </span><span style='color: #ff0000; background-color: #000010'><strong>bold</strong></span>",
    );
    expect(inside('x', { is: 'underline', from: 0, to: 1 }, { is: 'deleted', from: 0, to: 1 })).toBe(
      "<span style='text-decoration: underline line-through'>x</span>",
    );
  });

  test('lines stay lines, and spaces do not fall together', () => {
    expect(inside(' a  b\nc ', { is: 'code', from: 1, to: 2 })).toBe('\u00a0<code>a</code>\u00a0 b<br/>c\u00a0');
  });

  test('it is read again as it was written', () => {
    const kind = fc.constantFrom('strong', 'emphasis', 'code', 'underline', 'deleted');
    const mark = fc.record({ is: kind, from: fc.nat(9), length: fc.integer({ min: 1, max: 5 }) });
    const texts = fc.stringMatching(/^[a-z<&'"é]{15}$/);
    const units = (marks: readonly { is: string; from: number; to: number }[]) =>
      [
        ...new Set(
          marks.flatMap(({ is, from, to }) => Array.from({ length: to - from }, (_, at) => `${is} ${from + at}`)),
        ),
      ].sort();
    fc.assert(
      fc.property(texts, fc.array(mark, { maxLength: 4 }), (plain, some) => {
        const marks = some.map(({ is, from, length }) => ({ is, from, to: from + length }));
        const again = readXhtml(parse(`<message xmlns='jabber:client'>${writeXhtml({ plain, marks }).text}</message>`));
        expect(again?.plain).toBe(plain);
        expect(units(again?.marks ?? [])).toEqual(units(marks));
      }),
    );
  });
});
