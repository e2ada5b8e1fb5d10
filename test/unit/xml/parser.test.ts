/** The stream parser's own rules: limits, restrictions, errors, and that input can't cost more than its length. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createParser, defaultLimits } from '../../../src/xml/parser.ts';
import { characters, cut, read, strict } from './reading.ts';

const open = "<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' id='1'>";

describe('stream', () => {
  test('header, children, end', () => {
    const reading = read([
      `<?xml version='1.0'?>${open} <message id='1'><body>x</body></message>308<presence/></stream:stream>junk<`,
    ]);
    expect(reading.root).toMatchObject({ name: 'stream', ns: 'http://etherx.jabber.org/streams', attrs: { id: '1' } });
    expect(reading.content).toBe('jabber:component:accept');
    expect(reading.elements).toEqual([
      {
        name: 'message',
        ns: 'jabber:component:accept',
        attrs: { id: '1' },
        children: [{ name: 'body', ns: 'jabber:component:accept', attrs: {}, children: ['x'] }],
      },
      { name: 'presence', ns: 'jabber:component:accept', attrs: {}, children: [] },
    ]);
    expect([reading.ended, reading.error]).toEqual([true, undefined]);
  });

  test('namespaces: default, prefixed, redeclared, undeclared', () => {
    const [element] = read([
      `${open}<a xmlns:p='urn:p'><p:b p:c='1' xml:lang='en'/><b xmlns='urn:b'><c/><c xmlns=''/></b><d/></a>`,
    ]).elements;
    expect(element?.children).toMatchObject([
      { name: 'b', ns: 'urn:p', attrs: { 'p:c': '1', 'xml:lang': 'en' } },
      { name: 'b', ns: 'urn:b', children: [{ ns: 'urn:b' }, { ns: '' }] },
      { name: 'd', ns: 'jabber:component:accept' },
    ]);
  });

  test('114-43 what servers make of a client’s prefixes: undeclared ones (ejabberd) are of no namespace, other names for xml: (Prosody) are its', () => {
    const text = `${open}<a p:b='1' q:b='2'><p:c/><body>x</body></a><a xmlns:n='http://www.w3.org/XML/1998/namespace' n:b='1'><c xmlns='http://www.w3.org/XML/1998/namespace'/></a>`;
    for (const pieces of [[text], characters(text)]) {
      expect(read(pieces).error).toBeUndefined();
      expect(read(pieces).elements).toMatchObject([
        {
          attrs: { 'p:b': '1', 'q:b': '2' },
          children: [
            { name: 'c', ns: '' },
            { name: 'body', children: ['x'] },
          ],
        },
        { attrs: { 'n:b': '1' }, children: [{ name: 'c', ns: 'http://www.w3.org/XML/1998/namespace' }] },
      ]);
    }
    for (const markup of ['<p:a/>', "<a p:b='1'/>"])
      expect(read([open, markup], strict).error?.condition).toBe('bad-namespace-prefix');
  });

  test('attributes have no prototype to reach', () => {
    const [element] = read([`${open}<a __proto__='x' constructor='y'/>`]).elements;
    expect(Object.keys(element?.attrs ?? {})).toEqual(['__proto__', 'constructor']);
    const [bare] = read([`${open}<a/>`]).elements;
    expect(bare?.attrs.toString).toBeUndefined();
    expect('hasOwnProperty' in (bare?.attrs ?? {})).toBe(false);
  });

  test('nothing comes after close, even within a piece', () => {
    let seen = 0;
    const parser = createParser({
      start: () => undefined,
      element: () => {
        seen++;
        parser.close();
      },
      oversized: () => undefined,
      end: () => undefined,
      error: () => undefined,
    });
    parser.feed(`${open}<a/><b/>`);
    parser.feed('<c/>');
    expect(seen).toBe(1);
  });
});

describe('refused', () => {
  test.each([
    ['restricted-xml', '<!-- c -->'],
    ['restricted-xml', '<!DOCTYPE a>'],
    ['restricted-xml', '<!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'],
    ['restricted-xml', '<?php ?>'],
    ['restricted-xml', "<?xml version='1.0'?>"],
    ['restricted-xml', '<a><!-- c --></a>'],
    ['bad-namespace-prefix', "<a xmlns:p=''/>"],
    ['bad-namespace-prefix', "<a xmlns:xml='urn:x'/>"],
    ['bad-namespace-prefix', "<a xmlns:xmlns='urn:x'/>"],
    ['bad-namespace-prefix', "<a xmlns='http://www.w3.org/2000/xmlns/'/>"],
    ['not-well-formed', '<a>&nbsp;</a>'],
    ['not-well-formed', '<a>&constructor;</a>'],
    ['not-well-formed', '<a>&#2;</a>'],
    ['not-well-formed', '<a>&#xD800;</a>'],
    ['not-well-formed', '<a>&#x110000;</a>'],
    ['not-well-formed', '<a>&#;</a>'],
    ['not-well-formed', '<a>& </a>'],
    ['not-well-formed', '<a>]]></a>'],
    ['not-well-formed', '<a>\u0000</a>'],
    ['not-well-formed', "<a b='\u0002'/>"],
    ['not-well-formed', '<a>\ufffe</a>'],
    ['not-well-formed', '<a>\ud800 </a>'],
    ['not-well-formed', '<a><![CDATA[\u0007]]></a>'],
    ['not-well-formed', "<a b='1' b='2'/>"],
    ['not-well-formed', "<a xmlns='x' xmlns='y'/>"],
    ['not-well-formed', "<a xmlns:p='x' xmlns:p='y'/>"],
    ['not-well-formed', "<a xmlns:p='x' xmlns:q='x' p:b='1' q:b='2'/>"],
    ['not-well-formed', "<a b='<'/>"],
    ['not-well-formed', '<a b=1/>'],
    ['not-well-formed', '<a b/>'],
    ['not-well-formed', "<a b='1'c='2'/>"],
    ['not-well-formed', '<a></b>'],
    ['not-well-formed', '<a><b></a></b>'],
    ['not-well-formed', '<a:b:c/>'],
    ['not-well-formed', '<:a/>'],
    ['not-well-formed', '<1a/>'],
    ['not-well-formed', '<a / >'],
    ['not-well-formed', '<>'],
  ])('%s: %s, in one piece and in characters', (condition, text) => {
    for (const pieces of [[`${open}<ok/>${text}<late/>`], characters(`${open}<ok/>${text}<late/>`)]) {
      const reading = read(pieces);
      expect(reading.error?.condition).toBe(condition);
      expect(reading.elements.map(({ name }) => name)).toEqual(['ok']);
    }
  });

  test.each([
    ['not-well-formed', 'text'],
    ['not-well-formed', '<![CDATA[x]]>'],
    ['not-well-formed', '</a>'],
    ['not-well-formed', "<?xml version='1.1'?><a>"],
    ['unsupported-encoding', "<?xml version='1.0' encoding='ISO-8859-1'?><a>"],
    ['policy-violation', `<a b='${'x'.repeat(300_000)}'>`],
  ])('%s before the header', (condition, text) => {
    expect(read([text]).error?.condition).toBe(condition);
  });

  test('an error never quotes the input', () => {
    expect(read([`${open}<secret-name b='secret-value' b='2'/>`]).error?.message).not.toContain('secret');
  });
});

describe('114-43 limits', () => {
  const limits = {
    ...defaultLimits,
    maxLength: 1000,
    maxDepth: 4,
    maxElements: 10,
    maxAttributes: 4,
    maxNameLength: 20,
    maxValueLength: 100,
  };
  const over = [
    `<message id='x' from='f'><body>${'x'.repeat(1000)}</body></message>`,
    `<message id='x' from='f'>${'x&amp;'.repeat(300)}</message>`,
    `<message id='x' from='f'><![CDATA[${'</message>'.repeat(200)}]]></message>`,
    `<message id='x' from='f'>${'<a>'.repeat(4)}${'</a>'.repeat(4)}</message>`,
    `<message id='x' from='f'>${'<a/>'.repeat(10)}</message>`,
    `<message id='x' from='f'><a b='1' c='2' d='3' e='4' f='5'/></message>`,
    `<message id='x' from='f'><${'n'.repeat(21)} b='>'/></message>`,
    `<message id='x' from='f'><a ${'n'.repeat(21)}='>"'/></message>`,
    `<message id='x' from='f'><a b='${'/>'.repeat(51)}'/></message>`,
    `<message id='x' from='f' big='${'>'.repeat(2000)}'><a/></message>`,
    `<message id='x' from='f' c='1' d='2' e='3'/>`,
  ];

  test.each(over)('%.60s… is passed over, however it is cut', (text) => {
    const stream = `${open}<before/>${text}<after/></stream:stream>`;
    const check = (pieces: readonly string[]): void => {
      const reading = read(pieces, limits);
      expect(reading.error).toBeUndefined();
      expect(reading.oversized).toMatchObject([
        { name: 'message', ns: 'jabber:component:accept', attrs: { id: 'x', from: 'f' }, children: [] },
      ]);
      expect(reading.elements.map(({ name }) => name)).toEqual(['before', 'after']);
      expect(reading.ended).toBe(true);
    };
    check([stream]);
    check(characters(stream));
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 10 }), (cuts) => check(cut(stream, cuts))),
      { numRuns: 50 },
    );
  });

  test('what is just within passes', () => {
    const text = `<message a='1' b='2' c='3' d='4'><a><b><c>${'x'.repeat(900)}</c></b></a></message>`;
    expect(read([open, text], limits).elements).toHaveLength(1);
  });

  test.each(['<!-- -->', '<?x?>', '<a <b>', '<!DOCTYPE a>'])(
    '%s within what is passed over still ends the stream',
    (text) => {
      expect(read([`${open}<message>${'x'.repeat(1001)}`, `${text}</message>`], limits).error).toBeDefined();
    },
  );
});

test('10,000 pieces of anything: no exception, at most one error, nothing after it', () => {
  const unit = fc.oneof(
    fc.constantFrom(
      '<',
      '</',
      '>',
      '/>',
      '&',
      ';',
      "'",
      '=',
      ' ',
      'a',
      'xmlns',
      ':',
      '<![CDATA[',
      ']]>',
      '<!',
      '<?',
      '\r',
      '😀',
      '\ud83d',
      '\u0000',
    ),
    fc.string({ maxLength: 3, unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 40 }), fc.boolean(), (pieces, header) => {
      const reading = read(header ? [open, ...pieces] : pieces);
      expect(reading.ended && reading.error !== undefined).toBe(false);
    }),
    { numRuns: 10_000 },
  );
});

test('a tag, a text and a reference in single characters cost no square', () => {
  const long = 'x'.repeat(60_000);
  const reading = read(characters(`${open}<a b='${long}'>${long}${']'.repeat(20_000)}<c/></a>`));
  expect(reading.elements[0]?.children).toHaveLength(2);
});
