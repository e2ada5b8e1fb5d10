/** Reads a whole piece of markup at once, by the stream parser: templates are checked by it, what was rendered is read again, and tests compare by it. */
import type { Element } from './element.ts';
import { createParser, defaultLimits } from './parser.ts';

const limits = { ...defaultLimits, maxLength: 4 * 1024 * 1024, undeclaredPrefixes: false };

/** The one element that `text` is. Throws XmlError where it is none, or has anything but white space around it. */
export function parse(text: string): Element {
  const only = parseFragment(text).filter((node) => typeof node !== 'string' || node.trim() !== '');
  const [first] = only;
  if (only.length !== 1 || first === undefined || typeof first === 'string') throw new TypeError('not one element');
  return first;
}

/** Stanzas as a stream has them, one after the other: each has the limits to itself. Throws XmlError where they are not well-formed, or one is too large. */
export function parseStanzas(text: string): readonly Element[] {
  const found: Element[] = [];
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    failure ??= error;
  };
  const parser = createParser(
    {
      start: () => undefined,
      element: (element) => found.push(element),
      oversized: () => fail(new TypeError('a stanza that is too large')),
      end: () => undefined,
      error: fail,
    },
    limits,
  );
  parser.feed('<document>');
  parser.feed(text);
  parser.feed('</document>');
  if (failure !== undefined) throw failure;
  return found;
}

/** Elements and text as they stand in content. Throws XmlError where they are not well-formed. */
export function parseFragment(text: string): Element['children'] {
  const found: Element[] = [];
  let failure: Error | undefined;
  const parser = createParser(
    {
      start: () => undefined,
      element: (element) => found.push(element),
      oversized: () => undefined,
      end: () => undefined,
      error: (error) => {
        failure = error;
      },
    },
    limits,
  );
  parser.feed('<document><fragment>');
  parser.feed(text);
  if (found.length > 0) failure = new TypeError('end tag without a start tag');
  parser.feed('</fragment></document>');
  const [fragment] = found;
  if (failure !== undefined || fragment === undefined) throw failure ?? new TypeError('not closed, or too large');
  return fragment.children;
}
