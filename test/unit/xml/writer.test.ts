/** The writer: values escaped by their place, templates checked at first use, and what is written reads back the same. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, parseFragment } from '../../../src/xml/document.ts';
import type { Element, Node } from '../../../src/xml/element.ts';
import { escapeAttribute, escapeText, legal } from '../../../src/xml/escape.ts';
import { empty, join, write, Xml, xml } from '../../../src/xml/writer.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  fc.string({
    unit: fc.constantFrom(
      '&',
      '<',
      '>',
      '"',
      "'",
      ']',
      '\r',
      '\n',
      '\t',
      '\u0000',
      '\u0002',
      '\ud800',
      '\udc00',
      '\uffff',
      'a',
    ),
  }),
);

describe('escape', () => {
  test('114-32 any string comes back through writing and reading, but for what XML can not hold', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const element = parse(`<a b='${escapeAttribute(text)}' c="${escapeAttribute(text)}">${escapeText(text)}</a>`);
        expect(element.attrs).toEqual({ b: legal(text), c: legal(text) });
        expect(element.children.join('')).toBe(legal(text));
      }),
      { numRuns: 10_000 },
    );
  });

  test('114-32 every C0 control but tab and line feed is dropped, a carriage return is a line feed', () => {
    for (let code = 0; code < 32; code++) {
      const text = `a${String.fromCharCode(code)}b`;
      const kept = code === 13 ? 'a\nb' : code === 9 || code === 10 ? text : 'ab';
      expect(parse(xml`<x y=${text}>${text}</x>`.text)).toMatchObject({ attrs: { y: kept }, children: [kept] });
    }
  });

  test('114-32 half a pair becomes U+FFFD, noncharacters go', () => {
    expect(legal('a\ud83db\ude00c😀\ufffe\uffff')).toBe('a\ufffdb\ufffdc😀');
  });
});

describe('xml', () => {
  test('holes by their place', () => {
    expect(
      xml`<a b=${"<&'"} c=${undefined} d=${1}>${'<x>'}${xml`<y/>`}${['p', undefined, xml`<q/>`]}${undefined}${2}</a>`
        .text,
    ).toBe("<a b='&lt;&amp;&apos;' d='1'>&lt;x&gt;<y/>p<q/>2</a>");
  });

  test('white space around line breaks is layout, within a tag it separates', () => {
    const made = xml`
      <a x=${1}
         y='2'
         z=${3}>
        <b>two words</b>
        ${xml`<c/>`}
      </a>
    `;
    expect(made.text).toBe("<a x='1' y='2' z='3'><b>two words</b><c/></a>");
  });

  test.each([
    ['a hole in quotes', () => xml`<a b='${1}'/>`],
    ['a hole for a name', () => xml`<${'a'}/>`],
    ['a hole among attributes', () => xml`<a ${'b'}/>`],
    ['a hole in an end tag', () => xml`<a></${'a'}>`],
    ['an open element', () => xml`<a>`],
    ['a stray end', () => xml`</a>`],
    ['crossed elements', () => xml`<a><b></a></b>`],
    ['an escape from the fragment', () => xml`</fragment><fragment>`],
    ['an attribute twice', () => xml`<a b=${1} b=${2}/>`],
    ['no quotes', () => xml`<a b=1/>`],
    ['a bare ampersand', () => xml`<a>x & ${1}</a>`],
    ['an unknown prefix', () => xml`<p:a/>`],
    ['a comment', () => xml`<!--${1}-->`],
    ['a CDATA section', () => xml`<a><![CDATA[${1}]]></a>`],
    ['a processing instruction', () => xml`<?php ${1}?>`],
  ])('%s is a TypeError', (_, make) => {
    expect(make).toThrow(TypeError);
    expect(make).toThrow(TypeError);
  });

  test('only this makes markup', () => {
    expect(() => Reflect.construct(Xml, ['<evil>', Symbol('xml')])).toThrow(TypeError);
    expect(join([xml`<a/>`, empty, xml`<b/>`]).text).toBe('<a/><b/>');
  });
});

const names = fc.constantFrom('a', 'b', 'body', 'x-y', 'é');
const { element } = fc.letrec<{ element: Element }>((tie) => ({
  element: fc.record({
    name: names,
    ns: fc.constantFrom('', 'urn:a', "urn:b?c='d'&e"),
    attrs: fc.dictionary(fc.constantFrom('id', 'xml:lang', 'to', '__proto__', 'constructor'), anyText.map(legal), {
      maxKeys: 3,
      noNullPrototype: false,
    }),
    children: fc.array(fc.oneof(anyText.map(legal), tie('element')), { maxLength: 4 }).map(merged),
  }),
}));
/** As a parser gives them: no empty text, no two texts beside one another. */
function merged(nodes: readonly Node[]): readonly Node[] {
  const result: Node[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (node === '') continue;
    if (typeof node === 'string' && typeof last === 'string') result[result.length - 1] = last + node;
    else result.push(node);
  }
  return result;
}

describe('write', () => {
  test('what is written reads back as it was', () => {
    fc.assert(
      fc.property(element, fc.constantFrom('', 'urn:a'), (of, within) => {
        const text = write(of, within).text;
        const [read] = parseFragment(`<w xmlns='${within}'>${text}</w>`);
        expect(typeof read === 'object' ? read.children[0] : undefined).toEqual(of);
      }),
      { numRuns: 3_000 },
    );
  });

  test('what is of the namespace of xml: has that prefix, for no server takes another name for it', () => {
    const ns = 'http://www.w3.org/XML/1998/namespace';
    const of = parse(`<a xmlns='urn:a'><b xmlns='${ns}' c='1'><d xmlns='urn:a'/><e/></b></a>`);
    expect(write(of).text).toBe("<a xmlns='urn:a'><xml:b c='1'><d/><xml:e/></xml:b></a>");
    expect(parse(write(of).text)).toEqual(of);
  });

  test('an attribute whose prefix is not declared here is left out', () => {
    const foreign = parse("<a xmlns='urn:a' xmlns:q='urn:q' q:b='1' xml:lang='en' c='2'/>");
    expect(write(foreign).text).toBe("<a xmlns='urn:a' xml:lang='en' c='2'/>");
  });
});
