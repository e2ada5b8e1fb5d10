/** Declarations of elements: what they demand, what they are blind to, and that writing undoes reading. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse as parseOurs } from '../../../src/xml/document.ts';
import {
  all,
  attr,
  child,
  childText,
  element,
  flag,
  maybe,
  oneOf,
  optionalAttr,
  text,
  texts,
  truth,
  whole,
} from '../../../src/xmpp/codec.ts';
import { parse } from '../../harness/markup.ts';

const NS = 'urn:example';
const leaf = element(NS, 'leaf', {
  colour: attr('colour', oneOf('green', 'red')),
  veins: optionalAttr('veins', whole),
});
const tree = element(NS, 'tree', {
  id: attr('id'),
  evergreen: optionalAttr('evergreen', truth),
  trunk: child(element(NS, 'trunk', { wood: text() })),
  crown: maybe(element(NS, 'crown', { height: attr('height', whole) })),
  leaves: all(leaf),
  nests: texts('nest'),
  note: childText('note'),
  rings: childText('rings', whole),
  felled: flag('felled'),
});
const bare = '<trunk><!-- bark --></trunk>';

const read = (inside: string, attrs = "id='t'") => tree.read(parse(`<tree xmlns='${NS}' ${attrs}>${inside}</tree>`));

describe('reading', () => {
  test('what is absent is absent from the value, lists are empty, flags are false', () => {
    expect(read(bare)).toEqual({ id: 't', trunk: { wood: '' }, leaves: [], nests: [], felled: false });
  });

  test('everything at once, in any order, between text and strangers', () => {
    const inside = `x<felled/><nest>a</nest><other xmlns='urn:other'/><leaf colour='red'/><note/><trunk>oak</trunk>
      <nest>b</nest><crown height='12'/><leaf colour='green' veins='3'/><rings> 80 </rings><unknown/>`;
    expect(read(inside, "evergreen='0' id='t' more='x'")).toEqual({
      id: 't',
      evergreen: false,
      trunk: { wood: 'oak' },
      crown: { height: 12 },
      leaves: [{ colour: 'red' }, { colour: 'green', veins: 3 }],
      nests: ['a', 'b'],
      note: '',
      rings: 80,
      felled: true,
    });
  });

  test.each([
    ['an attribute that must be there', bare, "no='id'"],
    ['a child that must be there', '', "id='t'"],
    ['a child that is there and malformed', `${bare}<crown height='high'/>`, "id='t'"],
    ['one of several children malformed', `${bare}<leaf colour='green'/><leaf colour='blue'/>`, "id='t'"],
  ])('malformed: %s', (_, inside, attrs) => expect(read(inside, attrs)).toBeUndefined());

  test.each([
    ['an optional attribute', bare, "id='t' evergreen='perhaps'"],
    ['an optional text', `${bare}<rings>many</rings>`, "id='t'"],
    ['a negative number', `${bare}<rings>-1</rings>`, "id='t'"],
    ['a number beyond counting', `${bare}<rings>1${'0'.repeat(40)}</rings>`, "id='t'"],
  ])('as if absent where it can not be read: %s', (_, inside, attrs) => {
    expect(read(inside, attrs)).toEqual(read(bare));
  });

  test('another name or namespace is another element', () => {
    expect(leaf.read(parse(`<leaf xmlns='urn:other' colour='red'/>`))).toBeUndefined();
    expect(leaf.read(parse(`<blade xmlns='${NS}' colour='red'/>`))).toBeUndefined();
  });

  test('within a parent: the first one; there though malformed', () => {
    const parent = parse(`<wood xmlns='${NS}'>a<leaf colour='red'/><leaf colour='green'/></wood>`);
    expect(leaf.in(parent)).toEqual({ colour: 'red' });
    const ill = parse(`<wood xmlns='${NS}'><leaf/></wood>`);
    expect([leaf.in(ill), leaf.has(ill), tree.has(ill)]).toEqual([undefined, true, false]);
  });

  test('names of Object.prototype are names like others', () => {
    const odd = element(NS, 'constructor', { toString: optionalAttr('toString'), own: optionalAttr('__proto__') });
    expect(odd.read(parseOurs(`<constructor xmlns='${NS}'/>`))).toEqual({});
  });
});

describe('writing', () => {
  test('in the order of the declaration, without what is absent', () => {
    const value = { id: 't', trunk: { wood: 'oak' }, leaves: [{ colour: 'red' as const }], nests: ['a'], felled: true };
    expect(tree.write(value).text).toBe(
      "<tree xmlns='urn:example' id='t'><trunk>oak</trunk><leaf colour='red'/><nest>a</nest><felled/></tree>",
    );
  });

  test('what is written reads as what was written, whatever the texts', () => {
    const word = fc.string({ unit: fc.constantFrom('a', '<', '&', "'", '"', '\n', '\t', '😀', 'ß', ']]>', ' ') });
    const value = fc.record(
      {
        id: word,
        evergreen: fc.boolean(),
        trunk: fc.record({ wood: word }),
        crown: fc.record({ height: fc.nat() }),
        leaves: fc.array(fc.record({ colour: fc.constantFrom('green', 'red') }), { maxLength: 3 }),
        nests: fc.array(word, { maxLength: 3 }),
        note: word,
        rings: fc.nat(),
        felled: fc.boolean(),
      },
      { requiredKeys: ['id', 'trunk', 'leaves', 'nests', 'felled'], noNullPrototype: true },
    );
    fc.assert(
      fc.property(value, (given) => {
        expect(tree.read(parse(tree.write(given).text))).toEqual(given);
        expect(tree.read(tree.toElement(given))).toEqual(given);
      }),
      { numRuns: 500 },
    );
  });
});
