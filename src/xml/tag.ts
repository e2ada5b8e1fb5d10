/** Reads one start tag out of a flat string: the parser's hot path. One Tag is filled again and again; only names, values and the attributes' object are new. */
import { isSpace } from './characters.ts';
import { malformed } from './fault.ts';
import { type Name, type Names, newNames, readName } from './names.ts';
import { nextAmpersand, nextLess, type Piece } from './piece.ts';
import { decodeAttribute } from './references.ts';
import { assertBindable, type Binding, resolvePrefix, undeclared } from './scope.ts';

/** Instead of a position: the text ends within the tag; or the tag is more than the limits allow. */
export const INCOMPLETE = -1;
export const OVER = -2;

export interface TagLimits {
  readonly maxAttributes: number;
  readonly maxNameLength: number;
  readonly maxValueLength: number;
  readonly undeclaredPrefixes: boolean;
}

/** What attributes are kept in: no prototype to speak of, so that any key is safe, yet fast (an `Object.create(null)` is a dictionary). */
class Attributes {
  [name: string]: string;
}
Reflect.deleteProperty(Attributes.prototype, 'constructor');
Object.setPrototypeOf(Attributes.prototype, null);

export interface Tag {
  /** Undefined where not even that could be read. */
  name: Name | undefined;
  attrs: Record<string, string>;
  /** Ends with '/>'. */
  empty: boolean;
  /** Declared here: the default namespace, and prefixes in front of the scope outside. */
  xmlns: string | undefined;
  scope: Binding | undefined;
  outer: Binding | undefined;
  readonly names: Names;
}

/** An empty tag to fill. */
export function newTag(): Tag {
  const attrs = new Attributes();
  return {
    name: undefined,
    attrs,
    empty: false,
    xmlns: undefined,
    scope: undefined,
    outer: undefined,
    names: newNames(),
  };
}

/** Fills `tag` from the '<' at `from`, and returns where the text goes on, or INCOMPLETE, or OVER (`tag` then holds what stands before the excess). */
export function readTag(tag: Tag, piece: Piece, from: number, outer: Binding | undefined, limits: TagLimits): number {
  const { text } = piece;
  const less = nextLess(piece, from + 1);
  const { names } = tag;
  tag.name = undefined;
  tag.attrs = new Attributes();
  tag.xmlns = undefined;
  tag.scope = outer;
  tag.outer = outer;
  const own = readName(names, text, from + 1);
  if (names.end - from > limits.maxNameLength) return OVER;
  if (own === undefined) return INCOMPLETE;
  tag.name = own;
  let at = names.end;
  let prefixed = false;
  for (let count = 0; ; count++) {
    const before = at;
    while (isSpace(text.charCodeAt(at))) at++;
    if (at >= text.length) return INCOMPLETE;
    const code = text.charCodeAt(at);
    if (code === 62 || code === 47) {
      tag.empty = code === 47;
      if (tag.empty && ++at >= text.length) return INCOMPLETE;
      if (tag.empty && text.charCodeAt(at) !== 62) malformed('slash within a tag');
      if (prefixed) checkPrefixes(tag, limits);
      return at + 1;
    }
    if (at === before) malformed('attribute without space before it');
    if (count === limits.maxAttributes) return OVER;
    const name = readName(names, text, at);
    if (names.end - at > limits.maxNameLength) return OVER;
    if (name === undefined) return INCOMPLETE;
    const open = quote(text, names.end);
    if (open < 0) return INCOMPLETE;
    at = valueEnd(text, open);
    if ((at < 0 ? text.length : at) - open > limits.maxValueLength) return OVER;
    if (at < 0) return INCOMPLETE;
    if (less < at) malformed("'<' in an attribute");
    prefixed = put(tag, name, meant(piece, open + 1, at)) || prefixed;
    at++;
  }
}

/** Where the value's opening quote stands, behind an attribute's name. */
function quote(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  if (at >= text.length) return INCOMPLETE;
  if (text.charCodeAt(at) !== 61) malformed('attribute without a value');
  at++;
  while (isSpace(text.charCodeAt(at))) at++;
  if (at >= text.length) return INCOMPLETE;
  const code = text.charCodeAt(at);
  if (code !== 39 && code !== 34) malformed('attribute without quotes');
  return at;
}

/** Where the closing quote stands. */
function valueEnd(text: string, open: number): number {
  return text.indexOf(text.charCodeAt(open) === 39 ? "'" : '"', open + 1);
}

/** The value between two quotes. */
function meant(piece: Piece, from: number, end: number): string {
  const raw = piece.text.slice(from, end);
  return piece.careful || piece.lines || nextAmpersand(piece, from) < end ? decodeAttribute(raw) : raw;
}

/** Files an attribute or a declaration; true where its prefix must be looked at once the tag's declarations are all known. */
function put(tag: Tag, name: Name, value: string): boolean {
  if (name.declares) {
    declare(tag, name.prefix === '' ? '' : name.local, value);
    return false;
  }
  if (tag.attrs[name.text] !== undefined) malformed('attribute given twice');
  tag.attrs[name.text] = value;
  return name.bound;
}

function declare(tag: Tag, prefix: string, value: string): void {
  assertBindable(prefix, value);
  if (prefix === '') {
    if (tag.xmlns !== undefined) malformed('attribute given twice');
    tag.xmlns = value;
    return;
  }
  for (let one = tag.scope; one !== tag.outer; one = one?.outer) {
    if (one?.prefix === prefix) malformed('attribute given twice');
  }
  tag.scope = { prefix, ns: value, outer: tag.scope };
}

/** Every prefix is declared, where it has to be, and no two attributes are the same by namespace and local name. */
function checkPrefixes(tag: Tag, { undeclaredPrefixes }: TagLimits): void {
  const seen = new Set<string>();
  for (const name of Object.keys(tag.attrs)) {
    const colon = name.indexOf(':');
    if (colon === -1) continue;
    const ns = resolvePrefix(name.slice(0, colon), tag.scope);
    const expanded = ns === undefined ? undeclared(undeclaredPrefixes) + name : `${ns} ${name.slice(colon + 1)}`;
    if (seen.has(expanded)) malformed('attribute given twice');
    seen.add(expanded);
  }
}
