/** A YAML text as plain values, with the place of every key and value. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
} from 'yaml';

/** Both count from 1. */
export interface Place {
  readonly line: number;
  readonly col: number;
}
export type Path = readonly PropertyKey[];

export interface Source {
  /** Maps without their empty entries: `options:` alone is as if it were not there. */
  readonly value: unknown;
  /** Where the value of that path stands, or the key of what holds it where there is none. */
  placeOf(path: Path): Place;
  /** Where the key of that path stands. */
  placeOfKey(path: Path): Place;
}

/** Why the text is no YAML. `fatal`: nothing can be said about the rest. */
export interface SyntaxFault extends Place {
  readonly message: string;
  readonly fatal: boolean;
}

/** More aliases than a person writes; a bomb of them is refused. */
const maxAliases = 100;

/** Never throws: what is wrong with the text is in `faults`, and `source` holds as much as could be read. */
export function readYaml(text: string): { readonly source: Source; readonly faults: readonly SyntaxFault[] } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, strict: true, logLevel: 'error' });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), col: Math.max(1, col) };
  };
  const faults = document.errors.map((error) => ({
    ...place(error.pos[0]),
    message: syntaxMessage(error.code, error.message, text, error.pos[0]),
    fatal: error.code !== 'DUPLICATE_KEY',
  }));
  let value: unknown;
  try {
    value = faults.some((fault) => fault.fatal)
      ? undefined
      : withoutNulls(document.toJS({ maxAliasCount: maxAliases }));
  } catch {
    const nameless = aliasOfNothing(document);
    const message =
      nameless === undefined ? "the aliases (*name) can't be resolved; write out what they stand for" : quoteStar;
    faults.push({ ...place(nameless ?? 0), message, fatal: true });
  }
  const find = (path: Path, key: boolean) => place(offsetOf(document, path, key));
  return {
    source: { value, placeOf: (path) => find(path, false), placeOfKey: (path) => find(path, true) },
    faults,
  };
}

/** Without what stands there, which may be a secret. */
const quoteStar = `"*" begins an alias, and there is nothing of that name; put what begins so into quotes, as '*'`;

/** Where an alias stands that nothing has the name of. */
function aliasOfNothing(document: Document.Parsed): number | undefined {
  let found: number | undefined;
  visit(document, {
    Alias(_key, node) {
      if (node.resolve(document) !== undefined) return undefined;
      found = startOf(node);
      return visit.BREAK;
    },
  });
  return found;
}

function syntaxMessage(code: string, message: string, text: string, offset: number): string {
  switch (code) {
    case 'DUPLICATE_KEY': {
      const key = /^[^\s:]+/.exec(text.slice(offset, offset + 100))?.[0] ?? 'a key';
      return `\`${key}\` is given twice; keep one of them`;
    }
    case 'TAB_AS_INDENT':
      return 'YAML is indented with spaces; replace the tab';
    case 'BAD_ALIAS':
      return quoteStar;
    case 'MULTIPLE_DOCS':
      return 'the file holds several documents; remove the "---" and make it one';
    default:
      return `this is not YAML (${message}); look at the indentation, at quotes and at brackets here`;
  }
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (inner === null ? [] : [[key, withoutNulls(inner)]])),
  );
}

/** Follows the path as far as it goes. */
function offsetOf(document: Document.Parsed, path: Path, wantsKey: boolean): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((item) => keyOf(item) === String(step));
      if (pair === undefined) return offset;
      const key = startOf(pair.key) ?? offset;
      const last = index === path.length - 1;
      node = pair.value;
      // What holds others is best shown by its key, a plain value by itself.
      offset = isScalar(node) && node.range && !(wantsKey && last) ? (startOf(node) ?? key) : key;
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step];
      offset = startOf(node) ?? offset;
    } else return offset;
  }
  return offset;
}

const keyOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);

const startOf = (node: unknown): number | undefined =>
  typeof node === 'object' && node !== null ? ((node as Node).range?.[0] ?? undefined) : undefined;
