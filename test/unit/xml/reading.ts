/** What a stream comes to when it is fed in given pieces: the tests' view of the parser, and the same by saxes, which is the oracle. */
import { SaxesParser } from 'saxes';
import type { Element, Node } from '../../../src/xml/element.ts';
import { createParser, defaultLimits, type Limits, type XmlError } from '../../../src/xml/parser.ts';

export interface Reading {
  readonly root?: Element;
  readonly content?: string;
  readonly elements: readonly Element[];
  readonly oversized: readonly Element[];
  readonly ended: boolean;
  readonly error?: XmlError;
}

/** As XML and its namespaces have it, without what servers are forgiven. */
export const strict: Limits = { ...defaultLimits, undeclaredPrefixes: false };

/** Feeds the pieces to a parser of its own. */
export function read(pieces: readonly string[], limits?: Limits): Reading {
  const reading: { -readonly [key in keyof Reading]: Reading[key] } & { elements: Element[]; oversized: Element[] } = {
    elements: [],
    oversized: [],
    ended: false,
  };
  const parser = createParser(
    {
      start: (root, content) => {
        reading.root = root;
        reading.content = content;
      },
      element: (element) => reading.elements.push(element),
      oversized: (root) => reading.oversized.push(root),
      end: () => {
        reading.ended = true;
      },
      error: (error) => {
        if (reading.error !== undefined) throw new Error('two errors');
        reading.error = error;
      },
    },
    limits,
  );
  for (const piece of pieces) parser.feed(piece);
  return reading;
}

/** The text cut at every position that `cuts` names (each taken modulo its length). */
export function cut(text: string, cuts: readonly number[]): readonly string[] {
  const at = [...new Set(cuts.map((one) => one % (text.length + 1)))].sort((a, b) => a - b);
  return [...at, text.length].map((end, i) => text.slice(at[i - 1] ?? 0, end));
}

/** The text, character by character (UTF-16 units: pairs are cut too). */
export const characters = (text: string): readonly string[] =>
  Array.from({ length: text.length }, (_, i) => text.charAt(i));

/** The whole document's tree by saxes; undefined where it is not well-formed. */
export function oracle(text: string): Element | undefined {
  const parser = new SaxesParser({ xmlns: true });
  const open: { name: string; ns: string; attrs: Record<string, string>; children: Node[] }[] = [];
  let root: Element | undefined;
  let failed = false;
  const addText = (piece: string): void => {
    const children = open.at(-1)?.children;
    if (children === undefined || piece === '') return;
    const last = children.length - 1;
    const before = children[last];
    if (typeof before === 'string') children[last] = before + piece;
    else children.push(piece);
  };
  parser.on('error', () => {
    failed = true;
  });
  parser.on('opentag', (tag) => {
    const attrs: Record<string, string> = Object.create(null);
    for (const one of Object.values(tag.attributes)) {
      if (one.name !== 'xmlns' && one.prefix !== 'xmlns') attrs[one.name] = one.value;
    }
    const element = { name: tag.local, ns: tag.uri, attrs, children: [] };
    open.at(-1)?.children.push(element);
    open.push(element);
    root ??= element;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text).close();
  return failed ? undefined : root;
}
