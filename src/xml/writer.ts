/**
 * The only maker of XML text. `xml` is a template literal that escapes every value by its place, so that markup reads as in the specification and
 * can't be broken by what is put in; an `Xml` exists only by it (or by `write`), so what has the type is well-formed.
 */
import { parseFragment } from './document.ts';
import type { Element, Node } from './element.ts';
import { escapeAttribute, escapeText } from './escape.ts';
import { XML_NS } from './scope.ts';

/** A piece of well-formed markup: elements and text, nothing open. */
export class Xml {
  readonly text: string;
  /** For this file only: everything else calls `xml` or `write`. */
  constructor(text: string, proof: typeof seal) {
    if (proof !== seal) throw new TypeError('Xml is made by xml`…` and write()');
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}
const seal: unique symbol = Symbol('xml');
const sealed = (text: string): Xml => new Xml(text, seal);

/** Nothing. */
export const empty: Xml = sealed('');

/** What may stand in a hole: text is escaped, markup stays, lists are put one behind the other, undefined is nothing (an attribute of it vanishes whole). */
export type Hole = string | number | Xml | undefined | readonly (string | Xml | undefined)[];

/** For each hole the static text in front of it, and that behind the last. */
interface Template {
  readonly holes: readonly Place[];
  readonly end: Between;
}

/** Static text between two holes, put together beforehand: each piece that is added to a text costs an object. */
interface Between {
  /** Behind a value: an attribute's closing quote first. */
  readonly given: string;
  /** Behind an attribute that vanished. */
  readonly gone: string;
}

/** Of a hole: what stands in front of its value, an attribute's name and quote last. */
interface Place extends Between {
  readonly isAttribute: boolean;
  /** In front of an attribute that vanishes. */
  readonly without: Between;
}
const templates = new WeakMap<TemplateStringsArray, Template>();

/**
 * xml`<status code=${110}/>`: an attribute's hole stands right behind its `=`, without quotes. White space around line breaks in the template is dropped.
 * Throws TypeError, at the template's first use, where it is no well-formed fragment.
 */
export function xml(strings: TemplateStringsArray, ...values: readonly Hole[]): Xml {
  let template = templates.get(strings);
  if (template === undefined) {
    template = compile(strings);
    templates.set(strings, template);
  }
  const { holes, end } = template;
  let text = '';
  let given = true;
  for (let i = 0; i < holes.length; i++) {
    const hole = holes[i];
    if (hole === undefined) break;
    const value = values[i];
    if (value === undefined && hole.isAttribute) {
      text += between(hole.without, given);
      given = false;
    } else {
      text += between(hole, given);
      text += hole.isAttribute ? escapeAttribute(String(value)) : content(value);
      given = true;
    }
  }
  return sealed(text + between(end, given));
}

const between = (text: Between, given: boolean): string => (given ? text.given : text.gone);

function content(value: Hole): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escapeText(value);
  if (value instanceof Xml) return value.text;
  if (typeof value === 'number') return String(value);
  let text = '';
  for (const one of value) text += content(one);
  return text;
}

/** The same, its text put together once and for all: for what is written many times. */
export function whole(markup: Xml): Xml {
  // Looking at a character makes one piece of a string that was put together of many.
  markup.text.charCodeAt(0);
  return markup;
}

/** Several pieces as one. */
export function join(pieces: readonly Xml[]): Xml {
  if (pieces.length === 1 && pieces[0] !== undefined) return pieces[0];
  let text = '';
  for (const piece of pieces) text += piece.text;
  return sealed(text);
}

function compile(strings: TemplateStringsArray): Template {
  const statics = squeeze(strings);
  const holes: { attribute: string; after: string }[] = [];
  let first = statics[0] ?? '';
  for (let i = 1; i < statics.length; i++) {
    const before = i === 1 ? first : (holes[i - 2]?.after ?? '');
    const attribute = /\s([\w:.-]+)=$/.exec(before);
    if (attribute !== null) {
      const cut = before.slice(0, attribute.index);
      const last = holes[i - 2];
      if (last === undefined) first = cut;
      else last.after = cut;
    }
    holes.push({ attribute: attribute?.[1] ?? '', after: statics[i] ?? '' });
  }
  let end: Between = { given: first, gone: first };
  const places = holes.map(({ attribute, after }): Place => {
    const isAttribute = attribute !== '';
    const opening = isAttribute ? ` ${attribute}='` : '';
    const without = end;
    end = { given: isAttribute ? `'${after}` : after, gone: after };
    return { isAttribute, given: without.given + opening, gone: without.gone + opening, without };
  });
  const template = { holes: places, end };
  assertWellFormed(template);
  return template;
}

/** Drops the white space around line breaks; within a tag, where it separates attributes, one space of it stays. */
function squeeze(strings: readonly string[]): string[] {
  let inTag = false;
  return strings.map((part) =>
    part.replace(/[^\n]*?(?:\s*\n\s*|$)/g, (line) => {
      const words = line.replace(/\s*\n\s*$/, '');
      const mark = Math.max(words.lastIndexOf('<'), words.lastIndexOf('>'));
      if (mark !== -1) inTag = words[mark] === '<';
      return words.length < line.length && inTag ? `${words} ` : words;
    }),
  );
}

/** Every hole filled with what would break markup anywhere but in its proper place: an element in content, a value behind an attribute's name. */
function assertWellFormed({ holes, end }: Template): void {
  let text = '';
  for (const { isAttribute, given } of holes) text += isAttribute ? given : `${given}<hole/>`;
  text += end.given;
  if (text.includes('<!')) throw new TypeError(`template with more than elements and text: ${text}`);
  try {
    parseFragment(text);
  } catch (error) {
    throw new TypeError(`template that is not well-formed (${error instanceof Error ? error.message : ''}): ${text}`);
  }
}

/** An element as markup; `within` is the namespace of where it is put, which then needs no declaration. */
export function write(element: Element, within = ''): Xml {
  return sealed(writeElement(element, within));
}

function writeElement(element: Element, within: string): string {
  // Nothing but its own prefix may stand for that namespace: a server would end the stream.
  const isXml = element.ns === XML_NS;
  const name = isXml ? `xml:${element.name}` : element.name;
  const inside = isXml ? within : element.ns;
  let text = `<${name}`;
  if (inside !== within) text += ` xmlns='${escapeAttribute(element.ns)}'`;
  for (const attribute of Object.keys(element.attrs)) {
    // A prefix other than xml: was declared where the element came from, and is not here.
    if (attribute.includes(':') && !attribute.startsWith('xml:')) continue;
    text += ` ${attribute}='${escapeAttribute(element.attrs[attribute] ?? '')}'`;
  }
  if (element.children.length === 0) return `${text}/>`;
  text += '>';
  for (const child of element.children) text += writeNode(child, inside);
  return `${text}</${name}>`;
}

function writeNode(node: Node, within: string): string {
  return typeof node === 'string' ? escapeText(node) : writeElement(node, within);
}

const piece = /[^<>]*(?:<(?:\/([\w:.-]+)|([\w:.-]+)(?: [\w:.-]+='[^'<]*')*(\/?))>|$)/y;
const strayAmpersand = /&(?!(?:amp|lt|gt|quot|apos|#9|#10);)/;

/**
 * An `Xml` whose text was stored and comes back (the archive's rows). Looks through it once, so that a damaged row can't damage the stream.
 * Throws TypeError where it is nothing that this file writes.
 */
export function revive(text: string): Xml {
  const open: string[] = [];
  piece.lastIndex = 0;
  while (piece.lastIndex < text.length) {
    const [found, closed, opened, empty] = piece.exec(text) ?? [''];
    if (found === '' || (closed !== undefined && open.pop() !== closed)) throw new TypeError('not stored markup');
    if (opened !== undefined && empty === '') open.push(opened);
  }
  if (open.length > 0 || strayAmpersand.test(text)) throw new TypeError('not stored markup');
  return sealed(text);
}
