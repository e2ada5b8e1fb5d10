/** The parser against saxes: for any text, the same verdict and the same tree, however it is cut. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { characters, cut, oracle, read, strict } from './reading.ts';

const name = fc.constantFrom('a', 'b', 'message', 'x', 'body', 'q:a', 'q:b', 'r:a', 'élan', '_1', 'a-b.c', '𐐀x');
const space = fc.constantFrom(' ', '\n', '\t ', '\r\n', '  ');
const text = fc.oneof(
  fc.constantFrom(
    '',
    'hello',
    '&amp;',
    '&lt;&gt;',
    '&quot;&apos;',
    '&#65;',
    '&#x1F600;',
    '&#13;&#10;',
    '\r\n',
    '\r',
    'a]]b',
    ']',
    '😀é',
    '\u0085',
    '\u007f',
    '308',
  ),
  fc.string({ maxLength: 6 }).map((one) => one.replace(/[<&\]]/g, '').replace(/[^\u0020-\ud7ff]/g, '')),
);
const cdata = fc.constantFrom('<![CDATA[]]>', '<![CDATA[<a>&amp;]]>', '<![CDATA[]]]]>', '<![CDATA[\r\n]\r]]>');
const value = fc.oneof(
  text.map((one) => one.replaceAll("'", '').replaceAll('<', '')),
  fc.constantFrom('urn:one', 'urn:two', '>', '\t', '\n&#10;'),
);
const attribute = fc
  .tuple(
    space,
    fc.constantFrom(
      'id',
      'to',
      'from',
      'xml:lang',
      'q:id',
      'r:id',
      'xmlns',
      'xmlns:q',
      'xmlns:r',
      '__proto__',
      'constructor',
      'é',
    ),
    fc.constantFrom('=', ' = ', '=\n'),
    value,
  )
  .map(([before, key, equals, given]) => `${before}${key}${equals}'${given}'`);

const { element } = fc.letrec<{ element: string }>((tie) => ({
  element: fc
    .tuple(
      name,
      fc.array(attribute, { maxLength: 3 }),
      fc.option(fc.array(fc.oneof(text, cdata, tie('element')), { maxLength: 4 }), { nil: undefined }),
      fc.constantFrom('', ' ', '\n'),
    )
    .map(([tag, attributes, content, gap]) =>
      content === undefined
        ? `<${tag}${attributes.join('')}${gap}/>`
        : `<${tag}${attributes.join('')}${gap}>${content.join('')}</${tag}${gap}>`,
    ),
}));
const document = fc
  .tuple(
    fc.constantFrom('', "<?xml version='1.0'?>", '<?xml version="1.0" encoding="UTF-8"?>\n', ' \n'),
    fc.array(fc.oneof(element, text), { maxLength: 4 }),
  )
  .map(
    ([head, content]) =>
      `${head}<s:s xmlns:s='urn:s' xmlns='urn:d' xmlns:q='urn:q' xmlns:r='urn:q' id='1'>${content.join('')}</s:s>\n`,
  );

/** One spot changed: what makes most documents ill-formed, and some not. */
const mutation = fc.record({
  at: fc.nat(),
  drop: fc.integer({ min: 0, max: 3 }),
  put: fc.oneof(
    fc.constantFrom(
      '<',
      '>',
      '&',
      "'",
      '"',
      '/',
      '=',
      ' ',
      ':',
      ']]>',
      '&#2;',
      '&#xD800;',
      '&nbsp;',
      '\u0000',
      '\u000b',
      '\ufffe',
      '</',
      '<a>',
      '&#;',
      ';',
      'xmlns:q=""',
      '1',
    ),
    fc.constant(''),
  ),
});
const mutate = (of: string, { at, drop, put }: { at: number; drop: number; put: string }): string => {
  const spot = at % (of.length + 1);
  return of.slice(0, spot) + put + of.slice(spot + drop);
};

/** What RFC 6120 §11.1 forbids although XML allows it; and where saxes is more lenient than Namespaces in XML, or trims their names. */
const beyond = (of: string): boolean =>
  /id='1'[ \t\r\n]*\/>/.test(of) ||
  /<\/s:s\s*>[ \t\r\n]*[^ \t\r\n]/.test(of) ||
  /^<\?xml(?! version=('1.0'|"1.0" encoding="UTF-8")\?>)/.test(of) ||
  /<[!?](?!\[CDATA\[|xml\s)/.test(of) ||
  !of.isWellFormed() ||
  /xmlns(:[^=]*)?\s*=\s*('[^']*(\s|&#)[^']*'|"[^"]*(\s|&#)[^"]*")/.test(of) ||
  /:[-.\d]/.test(of) ||
  /<\/?xmlns/.test(of);

function sameAsOracle(of: string, cuts: readonly number[]): void {
  if (beyond(of)) return;
  const tree = oracle(of);
  const reading = read(cut(of, cuts), strict);
  const whole = reading.error === undefined && reading.ended;
  expect(whole, `verdict on ${JSON.stringify(of)}: ${reading.error?.message}`).toBe(tree !== undefined);
  if (tree === undefined) return;
  expect({ ...reading.root, children: [] }).toEqual({ ...tree, children: [] });
  expect(reading.elements).toEqual(tree.children.filter((node) => typeof node !== 'string'));
}

describe('stream parser against the oracle', () => {
  const cuts = fc.array(fc.nat(), { maxLength: 8 });

  test('114-05 the same tree for any well-formed document, however it is cut', () => {
    fc.assert(fc.property(document, cuts, sameAsOracle), { numRuns: 10_000 });
  });

  test('the same verdict for any document with a spot changed', () => {
    fc.assert(
      fc.property(document, mutation, cuts, (of, change, at) => sameAsOracle(mutate(of, change), at)),
      { numRuns: 10_000 },
    );
  });

  test('114-05 the same in single characters as in one piece', () => {
    fc.assert(
      fc.property(document, mutation, fc.boolean(), (of, change, changed) => {
        const given = changed ? mutate(of, change) : of;
        const whole = read([given]);
        const single = read(characters(given));
        expect(single.elements).toEqual(whole.elements);
        expect([single.ended, single.error?.condition]).toEqual([whole.ended, whole.error?.condition]);
      }),
      { numRuns: 5_000 },
    );
  });
});
