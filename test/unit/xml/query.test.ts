/** The readers over an element. */
import { describe, expect, test } from 'vitest';
import { parse } from '../../../src/xml/document.ts';
import { child, childOf, children, childText, firstChild, isElement, textOf } from '../../../src/xml/query.ts';

const message = parse(
  "<message xmlns='jabber:client' id='1'>a<body>one<b/>two</body><x xmlns='urn:x'/><body xmlns='urn:y'>three</body>b<x xmlns='urn:z'/></message>",
);

describe('query', () => {
  test('a child by name, in its parent’s namespace or a named one', () => {
    expect(child(message, 'body')?.children).toHaveLength(3);
    expect(child(message, 'body', 'urn:y')?.children).toEqual(['three']);
    expect(child(message, 'x')).toBeUndefined();
    expect(childOf(message, 'urn:z')?.name).toBe('x');
    expect(childOf(message, 'urn:none')).toBeUndefined();
  });

  test('children, all or by name and namespace', () => {
    expect(children(message).map(({ name }) => name)).toEqual(['body', 'x', 'body', 'x']);
    expect(children(message, 'x')).toHaveLength(2);
    expect(children(message, 'x', 'urn:z')).toHaveLength(1);
    expect(children(message, undefined, 'jabber:client')).toHaveLength(1);
    expect(firstChild(message)?.name).toBe('body');
    expect(message.children.filter(isElement)).toHaveLength(4);
  });

  test('text is what stands directly within', () => {
    expect(textOf(message)).toBe('ab');
    expect(childText(message, 'body')).toBe('onetwo');
    expect(childText(message, 'subject')).toBeUndefined();
    expect(firstChild(parse('<a>only text</a>'))).toBeUndefined();
  });

  test('attributes have no ancestors', () => {
    expect(message.attrs.id).toBe('1');
    for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty'])
      expect(message.attrs[name]).toBeUndefined();
  });
});
