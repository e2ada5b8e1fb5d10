/** CHECKLIST 393, 394, 071, 428-01: formatting from XMPP into marks and from marks into XMPP. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Mark, plainText } from '../../../../src/core/content.ts';
import { personId } from '../../../../src/core/ids.ts';
import { contentOf } from '../../../../src/gateway/decode/said.ts';
import { bodyOf } from '../../../../src/gateway/text/body.ts';
import { childText } from '../../../../src/xml/query.ts';
import { reference } from '../../../../src/xmpp/xep/0372-references.ts';
import { readStyling } from '../../../../src/xmpp/xep/0393-styling.ts';
import { fallback } from '../../../../src/xmpp/xep/0428-fallback.ts';
import { parse } from '../../../harness/markup.ts';

const message = (inside: string) => parse(`<message xmlns='jabber:client'>${inside}</message>`);
/** "is: text" of every mark of what was said. */
function read(inside: string): readonly string[] {
  const { text } = contentOf(message(inside)) ?? {};
  return text?.marks.map(({ from, to, is }) => `${is}: ${text.plain.slice(from, to)}`) ?? [];
}
const markup = (inside: string) => `<markup xmlns='urn:xmpp:markup:0'>${inside}</markup>`;
const whole = (plain: string, marks: readonly Mark[], action = false): string =>
  bodyOf({ text: { plain, marks }, ...(action && { action }) })?.text ?? '';
const hypertext = /<html.*<\/html>/su;
/** Without its hypertext. */
const written = (...what: Parameters<typeof whole>): string => whole(...what).replace(hypertext, '');
/** The hypertext alone. */
const coloured = (...what: Parameters<typeof whole>) => /<p>(.*)<\/p>/su.exec(whole(...what))?.[1];

describe('reading', () => {
  test('393-01 styling, unless the sender says that it is none', () => {
    expect(read('<body>a *b* c</body>')).toEqual(['strong: *b*']);
    expect(read("<body>a *b* c</body><unstyled xmlns='urn:xmpp:styling:0'/>")).toEqual([]);
    expect(read('<body>/me *waves*</body>')).toEqual(['strong: *waves*']);
  });

  test('394-01 428-01 markup counts code points, and its word is above that of the text', () => {
    expect(read(`<body>😀 *b* 👩‍🚀 c</body>${markup("<span start='2' end='5'><emphasis/></span>")}`)).toEqual([
      'emphasis: *b*',
    ]);
    expect(
      read(`<body>x</body>${markup("<span start='0' end='99'><code/></span><span start='5' end='2'><code/></span>")}`),
    ).toEqual(['code: x']);
    expect(
      read(`<body>a\n$ b</body>${markup("<bcode start='2' end='5'/><bquote start='0' end='1'/><list start='0'/>")}`),
    ).toEqual(['quote: a', 'block: $ b']);
  });

  test('428-02 offsets move with what is taken out of the body', () => {
    const gone = `<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reactions:0'><body start='0' end='2'/></fallback>`;
    expect(read(`<body>👍 well done</body>${gone}${markup("<span start='2' end='6'><strong/></span>")}`)).toEqual([
      'strong: well',
    ]);
  });

  test('071-01 XHTML-IM counts where it says what the body says; else the body wins', () => {
    const html = (inside: string) =>
      `<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>${inside}</body></html>`;
    expect(read(`<body>a b</body>${html('a <b>b</b>')}`)).toEqual(['strong: b']);
    expect(read(`<body>a b</body>${html('a <b>evil</b>')}`)).toEqual([]);
  });
});

describe('writing', () => {
  test('428-01 offsets are those of the body that is told: what no XML can hold has left it before they are counted', () => {
    const plain = '\u001b[1m\uffff\r\n*x* you';
    const marks: readonly Mark[] = [
      { is: 'strong', from: 7, to: 10 },
      { is: 'mention', person: personId('juliet'), from: 11, to: 14 },
    ];
    const answered = { id: 'm', quote: '> nurse\u0007: \u001bo\n' };
    const told = message(bodyOf({ text: { plain, marks } }, answered, () => 'juliet@irc.test')?.text ?? '');
    const body = childText(told, 'body') ?? '';
    expect(body).toBe('> nurse: o\n[1m\n*x* you');
    const [quoted] = fallback.in(told)?.bodies ?? [];
    expect(body.slice(quoted?.start, quoted?.end)).toBe('> nurse: o\n');
    const named = reference.in(told);
    expect(body.slice(named?.begin, named?.end)).toBe('you');
    expect(bodyOf({ text: plainText('\u0007') })).toBeUndefined();
  });

  test('394-01 428-01 spans too', () => {
    const markup = '<span start="3" end="4"><strong/></span>';
    expect(written('\u001bab\u0007 c', [{ is: 'strong', from: 5, to: 6 }])).toContain(markup.replaceAll('"', "'"));
  });

  test('394-01 formatting stands beside the body, in code points', () => {
    expect(written('😀 bold', [{ from: 3, to: 7, is: 'strong' }])).toBe(
      "<body>😀 bold</body><markup xmlns='urn:xmpp:markup:0'><span start='2' end='6'><strong/></span></markup>",
    );
    expect(written('waves', [{ from: 0, to: 5, is: 'emphasis' }], true)).toBe(
      "<body>/me waves</body><markup xmlns='urn:xmpp:markup:0'><span start='4' end='9'><emphasis/></span></markup>",
    );
  });

  test('394-01 no two spans overlap', () => {
    expect(
      written('abcdef', [
        { from: 0, to: 4, is: 'strong' },
        { from: 2, to: 6, is: 'emphasis' },
      ]),
    ).toBe(
      "<body>abcdef</body><markup xmlns='urn:xmpp:markup:0'><span start='0' end='2'><strong/></span><span start='2' end='4'><strong/><emphasis/></span><span start='4' end='6'><emphasis/></span></markup>",
    );
  });

  test('393-02 text that is not styled says so where it would be taken for it', () => {
    expect(written('rm *.c *.h', [])).toBe('<body>rm *.c *.h</body>');
    expect(written('> _ <', [])).toBe("<body>&gt; _ &lt;</body><unstyled xmlns='urn:xmpp:styling:0'/>");
    expect(written('*a*', [{ from: 1, to: 2, is: 'code' }])).toBe(
      "<body>*a*</body><unstyled xmlns='urn:xmpp:styling:0'/><markup xmlns='urn:xmpp:markup:0'><span start='1' end='2'><code/></span></markup>",
    );
  });

  test('071-01 colours and underlining have a form in hypertext alone, whose text is the body; noise of many spans goes without', () => {
    expect(
      coloured('x', [
        { from: 0, to: 1, is: 'colour', fore: 1 },
        { from: 0, to: 1, is: 'underline' },
      ]),
    ).toBe("<span style='color: #000001; text-decoration: underline'>x</span>");
    expect(coloured('waves *', [{ from: 0, to: 5, is: 'strong' }], true)).toBe('/me <strong>waves</strong> *');
    expect(whole('*a*', [{ from: 0, to: 3, is: 'strong' }])).toBe('<body>*a*</body>');
    const answering = { text: { plain: 'yes', marks: [{ from: 0, to: 3, is: 'strong' as const }] } };
    expect(bodyOf(answering, { id: 'q', quote: '> eh?\n' })?.text).toContain(
      '<p>&gt; eh?<br/><strong>yes</strong></p>',
    );
    const noise = Array.from({ length: 300 }, (_, at): Mark => ({ from: at * 2, to: at * 2 + 1, is: 'strong' }));
    expect(whole('a '.repeat(300), noise)).toBe(`<body>${'a '.repeat(300)}</body>`);
  });

  test('393-01 393-02 what an XMPP user wrote comes back as it was written', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('*', '_', '`', '>', ' ', '\n', 'a', '😀'), minLength: 1 }),
        (plain) => {
          expect(written(plain, readStyling(plain))).not.toMatch(/unstyled|markup/);
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
