/** Our own source as data: each file with its text, its imports and its syntax tree, for the tests that hold the architecture. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseAst } from 'rolldown/parseAst';
import { root } from './build.ts';

/** A node of the ESTree that oxc gives for TypeScript. */
export interface Syntax {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export interface Import {
  /** A path from the root for our own files, else the name as written ('#bridge', 'node:net', 'zod'). */
  readonly to: string;
  readonly typeOnly: boolean;
  readonly line: number;
}

export interface Source {
  /** From the root. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly tree: Syntax;
  readonly imports: readonly Import[];
}

/** All TypeScript files under these folders. */
export function sources(...folders: readonly string[]): readonly Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .sort()
      .map((path) => source(path, readFileSync(join(root, path), 'utf8'))),
  );
}

/** One file, from its text. */
export function source(path: string, text: string): Source {
  const tree = parseAst(text, { lang: 'ts' }) as unknown as Syntax;
  return { path, text, lines: text.trimEnd().split('\n').length, tree, imports: importsOf(path, text, tree) };
}

/** Every node, outermost first, with the nodes around it. */
export function walk(
  node: Syntax,
  visit: (node: Syntax, around: readonly Syntax[]) => void,
  around: readonly Syntax[] = [],
): void {
  visit(node, around);
  const within = [...around, node];
  for (const value of Object.values(node)) {
    for (const one of Array.isArray(value) ? value : [value]) if (isSyntax(one)) walk(one, visit, within);
  }
}

/** All nodes of these types. */
export function find(tree: Syntax, ...types: readonly string[]): readonly Syntax[] {
  const found: Syntax[] = [];
  walk(tree, (node) => {
    if (types.includes(node.type)) found.push(node);
  });
  return found;
}

/** The line that a position is on, from 1. */
export const lineAt = (text: string, position: number): number => text.slice(0, position).split('\n').length;

/** What an identifier or a member expression says: "Date.now", "process.env"; '' for anything else. */
export function nameOf(node: unknown): string {
  if (!isSyntax(node)) return '';
  if (node.type === 'Identifier') return String(node.name);
  if (node.type !== 'MemberExpression' || node.computed === true) return '';
  const object = nameOf(node.object);
  return object === '' ? '' : `${object}.${nameOf(node.property)}`;
}

const isSyntax = (value: unknown): value is Syntax =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';

function importsOf(path: string, text: string, tree: Syntax): readonly Import[] {
  const kinds = [
    'ImportDeclaration',
    'ExportNamedDeclaration',
    'ExportAllDeclaration',
    'ImportExpression',
    'TSImportType',
  ];
  return find(tree, ...kinds).flatMap((node) => {
    const from = node.source ?? node.argument;
    const value = isSyntax(from)
      ? (from.value ?? (isSyntax(from.literal) ? from.literal.value : undefined))
      : undefined;
    if (typeof value !== 'string') return [];
    const to = value.startsWith('.') ? join(dirname(path), value) : value;
    const typeOnly = node.importKind === 'type' || node.exportKind === 'type' || node.type === 'TSImportType';
    return [{ to, typeOnly: typeOnly || onlyTypes(node), line: lineAt(text, node.start) }];
  });
}

/** `import { type A, type B } from …` */
function onlyTypes(node: Syntax): boolean {
  const specifiers = Array.isArray(node.specifiers) ? node.specifiers.filter(isSyntax) : [];
  return specifiers.length > 0 && specifiers.every((one) => one.importKind === 'type' || one.exportKind === 'type');
}
