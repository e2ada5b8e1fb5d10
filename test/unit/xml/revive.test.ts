/** Markup that was stored comes back as it was, and nothing else comes through. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { join, revive, xml } from '../../../src/xml/writer.ts';

test('whatever this module wrote comes back unchanged', () => {
  const piece = fc
    .tuple(fc.string({ unit: 'binary' }), fc.string())
    .map(
      ([text, attribute]) =>
        xml`<body xml:lang=${attribute}>${text}</body><x xmlns='jabber:x:oob'><url>${attribute}</url><y/></x>${text}`,
    );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
      const whole = join(pieces);
      expect(revive(whole.text).text).toBe(whole.text);
    }),
    { numRuns: 500 },
  );
});

test.each([
  '<a>',
  '</a>',
  '<a></b>',
  '<a><b></a></b>',
  'text <',
  'text >',
  '<a b=c/>',
  "<a b='<'/>",
  '<a b="c"/>',
  '&nbsp;',
  'a & b',
  '<!-- c -->',
  '<?pi?>',
  '<![CDATA[x]]>',
  "<a b='c'",
  '<a/ >',
])('refused: %s', (text) => {
  expect(() => revive(text)).toThrow(TypeError);
});

test('a long row takes no time', () => {
  const long = `<body>${'&amp;'.repeat(200_000)}</body>`;
  expect(revive(long).text).toBe(long);
  expect(() => revive(`<a${" b='c'".repeat(50_000)}`)).toThrow(TypeError);
});
