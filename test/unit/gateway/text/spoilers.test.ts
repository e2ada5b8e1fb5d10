/** CHECKLIST 382-01, 428-01, 428-02: what is shown to those only who ask for it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Content, Mark } from '../../../../src/core/content.ts';
import { contentOf } from '../../../../src/gateway/decode/said.ts';
import { bodyOf, textOfContent } from '../../../../src/gateway/text/body.ts';
import { signedIn } from '../../../../src/gateway/text/spoilers.ts';
import { parse } from '../../../harness/markup.ts';

const message = (inside: string) => parse(`<message xmlns='jabber:client'>${inside}</message>`);
/** What is hidden of what was said, and the whole. */
function read(inside: string): readonly string[] {
  const { text } = contentOf(message(inside)) ?? {};
  const hidden = text?.marks.filter(({ is }) => is === 'spoiler') ?? [];
  return [text?.plain ?? '', ...hidden.map(({ from, to }) => text?.plain.slice(from, to) ?? '')];
}
const hint = (words = '') => `<spoiler xmlns='urn:xmpp:spoiler:0'>${words}</spoiler>`;

const spoiler = (from: number, to: number): Mark => ({ is: 'spoiler', from, to });
const hypertext = /<html.*<\/html>/su;
const written = (plain: string, marks: readonly Mark[], more: Content = {}): string =>
  bodyOf({ text: { plain, marks }, ...more })?.text.replace(hypertext, '') ?? '';
/** The element, and which signs are there for clients that do not know it. */
const hides = (...ranges: readonly (readonly [start: number, end: number])[]): string =>
  `<spoiler xmlns='urn:xmpp:spoiler:0'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:spoiler:0'>${ranges
    .map(([start, end]) => `<body start='${start}' end='${end}'/>`)
    .join('')}</fallback>`;

describe('from XMPP', () => {
  test('382-01 the element hides the whole text, and its hint is shown in front', () => {
    expect(read(`<body>both die</body>${hint()}`)).toEqual(['both die', 'both die']);
    expect(read(`<body>both die</body>${hint(' Love\n story ')}`)).toEqual(['Love story: both die', 'both die']);
    expect(read(`<body>/me dies</body>${hint('Love story')}`)).toEqual(['dies', 'dies']);
    expect(read(`<body>both die</body>${hint('x'.repeat(10_000))}`)[0]).toHaveLength('both die'.length + 202);
    expect(read('<body>both die</body>')).toEqual(['both die']);
    expect(contentOf(message(hint('nothing is said')))).toBeUndefined();
  });

  test('382-01 marks are where they were behind a hint', () => {
    const { text } = contentOf(message(`<body>*both* die</body>${hint('End')}`)) ?? {};
    const strong = text?.marks.find(({ is }) => is === 'strong');
    expect(text?.plain.slice(strong?.from, strong?.to)).toBe('*both*');
  });

  test('382-01 428-02 signs that stand there for other clients are taken out; what we write is read as it was', () => {
    const plain = '😀 both die';
    expect(read(written(plain, [spoiler(0, plain.length)]))).toEqual([plain, plain]);
    expect(read(written('both die', [spoiler(5, 8)]))).toEqual(['both ||die||', '||die||']);
  });

  test.each([
    ['a ||b|| c', ['||b||']],
    ['(||a||), ||b\nc||!', ['||a||', '||b\nc||']],
    ['||a| |b||', ['||a| |b||']],
    ['a || b || c', []],
    ['x||y||z', []],
    ['||||', []],
    ['|||a|||', []],
    ['||a', []],
    ['`||a||`', []],
    ['||`a`||', ['||`a`||']],
  ])('382-01 typed: %j', (text, hidden) => expect(read(`<body>${text}</body>`)).toEqual([text, ...hidden]));

  test('393-01 a text that is said to have no styling has no signs either', () => {
    expect(read("<body>||a||</body><unstyled xmlns='urn:xmpp:styling:0'/>")).toEqual(['||a||']);
  });

  test('382-01 signs that nothing closes hide nothing, however many they are', () => {
    expect(signedIn('||a '.repeat(16_000))).toEqual([]);
  });
});

describe('to XMPP', () => {
  test('382-01 a text that is all hidden says so, and other clients see signs', () => {
    expect(written('both die', [spoiler(0, 8)])).toBe(`<body>||both die||</body>${hides([0, 2], [10, 12])}`);
    expect(written(' 😀 \n', [spoiler(0, 4)])).toBe(`<body> ||😀|| \n</body>${hides([1, 3], [4, 6])}`);
  });

  test('382-01 428-01 behind a quotation the signs are counted from the body’s beginning', () => {
    const answer = { text: { plain: 'both die', marks: [spoiler(0, 8)] } };
    expect(bodyOf(answer, { id: 'q', quote: '> 😀?\n' })?.text).toContain(hides([5, 7], [15, 17]));
  });

  test('382-01 a part that is hidden stands between signs, and nothing is said of the whole', () => {
    expect(written('both die', [spoiler(5, 8)])).toBe('<body>both ||die||</body>');
    expect(written('a b', [spoiler(0, 1), spoiler(2, 3)])).toBe('<body>||a|| ||b||</body>');
    expect(written('abc', [spoiler(0, 2), spoiler(1, 3)])).toContain('<body>||abc||</body>');
    expect(written('a  b', [spoiler(1, 3)])).toBe('<body>a  b</body>');
    expect(written('> die\nso', [spoiler(0, 5)])).toContain('<body>&gt; ||die||\nso</body>');
    expect(written('dies', [spoiler(0, 4)], { action: true })).toBe('<body>/me ||dies||</body>');
    const files = [{ url: 'https://a.example/b', name: 'b' }];
    expect(written('die', [spoiler(0, 3)], { files })).toMatch(/^<body>\|\|die\|\|\nhttps:[^<]*<\/body><x /);
  });

  test('382-01 signs that were typed are enough', () => {
    expect(written('both ||die||', [spoiler(5, 12)])).toBe('<body>both ||die||</body>');
    expect(written('||die||', [spoiler(0, 7)])).toBe(`<body>||die||</body>${hides([0, 2], [5, 7])}`);
  });

  test('394-01 382-01 other marks are within the signs, where they were', () => {
    expect(written('both die', [spoiler(5, 8), { is: 'strong', from: 5, to: 8 }])).toBe(
      "<body>both ||die||</body><markup xmlns='urn:xmpp:markup:0'><span start='7' end='10'><strong/></span></markup>",
    );
  });

  test('382-01 signs are all that is added, and marks hold what they held', () => {
    const at = fc.nat(8);
    const ranges = fc.array(fc.tuple(at, at), { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '\n', '>', '😀'), maxLength: 8 }),
        ranges,
        (plain, all) => {
          const marks = all.map(([one, other]) => spoiler(Math.min(one, other), Math.max(one, other)));
          expect(textOfContent({ text: { plain, marks } }).replaceAll('||', '')).toBe(plain);
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
