/**
 * Reads names. Streams use few, again and again, so each is kept with what must be known of it, found by a hash made while its end is looked for: reading
 * one that is known allocates nothing. A fixed number of places, the newest wins, so input can't make it grow.
 */
import { ascii, COLON, NAME, START, wideNameEnd } from './characters.ts';
import { malformed } from './fault.ts';

export interface Name {
  /** As written. */
  readonly text: string;
  /** '' without a colon. */
  readonly prefix: string;
  readonly local: string;
  /** xmlns or xmlns:…: no attribute but a declaration. */
  readonly declares: boolean;
  /** Its prefix needs a declaration (all but `xml`). */
  readonly bound: boolean;
}

/** Known names, and where the one read last ended. */
export interface Names {
  readonly slots: (Name | undefined)[];
  end: number;
}

const PLACES = 512;

/** Made once a parser: readers that share one would only push out each other's names. */
export function newNames(): Names {
  return { slots: new Array<Name | undefined>(PLACES).fill(undefined), end: 0 };
}

/** The name at `from`; undefined where the text ends before it does. Throws where no name begins there, or none of Namespaces in XML §4. */
export function readName(names: Names, text: string, from: number): Name | undefined {
  let at = from;
  let code = text.charCodeAt(at);
  if (code < 128 && ((ascii[code] ?? 0) & START) === 0) malformed('no name where one must stand');
  let hash = 0;
  while (code < 128 && ((ascii[code] ?? 0) & NAME) !== 0) {
    hash = (hash * 31 + code) & 0xffffff;
    code = text.charCodeAt(++at);
  }
  if (code >= 128) {
    at = wideNameEnd(text, from);
    if (at === from) malformed('no name where one must stand');
  }
  names.end = at;
  if (at >= text.length) return undefined;
  const known = names.slots[hash % PLACES];
  if (known !== undefined && known.text.length === at - from && text.startsWith(known.text, from)) return known;
  const name = describe(text.slice(from, at));
  names.slots[hash % PLACES] = name;
  return name;
}

function describe(text: string): Name {
  const colon = text.indexOf(':');
  if (colon !== -1 && !isQualified(text, colon)) malformed('qualified name with a colon astray');
  const prefix = colon === -1 ? '' : text.slice(0, colon);
  const declares = prefix === 'xmlns' || text === 'xmlns';
  return { text, prefix, local: text.slice(colon + 1), declares, bound: prefix !== '' && prefix !== 'xml' };
}

function isQualified(text: string, colon: number): boolean {
  const next = text.codePointAt(colon + 1) ?? 0;
  const starts =
    next < 128 ? ((ascii[next] ?? 0) & (START | COLON)) === START : wideNameEnd(text, colon + 1) > colon + 1;
  return colon > 0 && starts && !text.includes(':', colon + 1);
}
