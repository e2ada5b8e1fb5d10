/** The house rules that can be checked on a file alone: each returns what it found wrong, as `path:line: what`. */
import { find, lineAt, nameOf, type Source, type Syntax, walk } from './source.ts';

export const maxFile = 400;
export const maxFunction = 60;

const forbiddenNames = /^(utils?|helpers?|common|misc|manager|service|base)$/;
const functions = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];

const at = (file: Source, node: Syntax, what: string): string =>
  `${file.path}:${lineAt(file.text, node.start)}: ${what}`;

/** Opens with a comment that says what it is for. */
export function openingComment(file: Source): readonly string[] {
  const text = file.text.replace(/^#!.*\n/, '');
  return /^(\/\*\*? ?\S|\/\/ \S|\/\*\*\n \* \S)/.test(text) ? [] : [`${file.path}:1: no opening comment`];
}

/** kebab-case, and no name that says nothing. */
export function fileName(file: Source): readonly string[] {
  const wrong = file.path.split('/').filter((part) => {
    const name = part.replace(/(\.[a-z]+)*\.ts$/, '');
    return !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || forbiddenNames.test(name);
  });
  return wrong.map((part) => `${file.path}:1: the name ${part}`);
}

/** At most 400 lines. */
export const fileLength = (file: Source): readonly string[] =>
  file.lines > maxFile ? [`${file.path}:1: ${file.lines} lines`] : [];

/**
 * At most 60 lines of its own. A factory, functions over shared state where others write a class, is counted without the functions in it, as a class is
 * without its methods; each of them is counted for itself.
 */
export function functionLength(file: Source): readonly string[] {
  return find(file.tree, ...functions).flatMap((node) => {
    const lines = ownLines(file, node);
    return lines > maxFunction ? [at(file, node, `a function of ${lines} lines`)] : [];
  });
}

function ownLines(file: Source, node: Syntax): number {
  const own = new Set<number>();
  for (let line = lineAt(file.text, node.start); line <= lineAt(file.text, node.end); line++) own.add(line);
  walk(node, (inner) => {
    if (inner === node || !functions.includes(inner.type)) return;
    for (let line = lineAt(file.text, inner.start); line <= lineAt(file.text, inner.end); line++) own.delete(line);
  });
  return own.size;
}

/** Of tests that play side by side vitest does not know which one asks: `expect.poll` and `expect.soft` fail there as soon as another one has ended. */
export function sideBySide({ path, text }: Source): readonly string[] {
  if (!path.startsWith('test/e2e/scenarios/') && !/\btest\s*\.concurrent\b/.test(text)) return [];
  return [...text.matchAll(/\bexpect\s*\.(?:poll|soft)\b/g)].map(
    (found) => `${path}:${lineAt(text, found.index)}: ${found[0]} in tests that play side by side`,
  );
}

/** What erasable, strict TypeScript here does without. */
export function plainTypes(file: Source): readonly string[] {
  const wrong: string[] = [];
  walk(file.tree, (node) => {
    if (node.type === 'TSAnyKeyword') wrong.push(at(file, node, 'any'));
    else if (node.type === 'TSNonNullExpression') wrong.push(at(file, node, 'the ! assertion'));
    else if (node.type === 'TSEnumDeclaration') wrong.push(at(file, node, 'an enum'));
    else if (node.type === 'TSModuleDeclaration') wrong.push(at(file, node, 'a namespace'));
    else if (node.type === 'TSParameterProperty') wrong.push(at(file, node, 'a parameter property'));
    else if (isDoubleCast(node)) wrong.push(at(file, node, 'as unknown as'));
  });
  return wrong;
}

function isDoubleCast(node: Syntax): boolean {
  if (node.type !== 'TSAsExpression') return false;
  const inner = node.expression as Syntax;
  return inner.type === 'TSAsExpression' && (inner.typeAnnotation as Syntax).type === 'TSUnknownKeyword';
}

/** No `let` or `var` outside functions, and only `Error` is inherited from (or what `also` names). */
export function noSharedState(file: Source, also: readonly string[] = []): readonly string[] {
  const body = file.tree.body as readonly Syntax[];
  const wrong = body
    .map((node) => (node.type === 'ExportNamedDeclaration' ? ((node.declaration as Syntax | null) ?? node) : node))
    .filter((node) => node.type === 'VariableDeclaration' && node.kind !== 'const' && node.declare !== true)
    .map((node) => at(file, node, `a module-level ${String(node.kind)}`));
  for (const node of find(file.tree, 'ClassDeclaration', 'ClassExpression')) {
    const parent = nameOf(node.superClass);
    if (node.superClass && !/(^|\.)\w*Error$/.test(parent) && !also.includes(parent)) {
      wrong.push(at(file, node, `inherits from ${parent || 'an expression'}`));
    }
  }
  return wrong;
}

const timeCalls = new Set([
  'Date.now',
  'performance.now',
  'setTimeout',
  'setInterval',
  'process.hrtime',
  'process.hrtime.bigint',
]);

/** Time is asked of nobody but the Clock. */
export function ownTime(file: Source): readonly string[] {
  const wrong: string[] = [];
  walk(file.tree, (node) => {
    const called = node.type === 'CallExpression' ? nameOf(node.callee).replace(/^globalThis\./, '') : '';
    if (timeCalls.has(called)) wrong.push(at(file, node, called));
    const made =
      node.type === 'NewExpression' && nameOf(node.callee) === 'Date' && (node.arguments as unknown[]).length === 0;
    if (made) wrong.push(at(file, node, 'new Date()'));
    if (node.type === 'ImportDeclaration' && /^(node:)?timers/.test(String((node.source as Syntax).value))) {
      wrong.push(at(file, node, 'imports timers'));
    }
  });
  return wrong;
}

const isFetch = (node: unknown): boolean => nameOf(node).replace(/^globalThis\./, '') === 'fetch';

/** What lies at an address is got by a `fetch` that was handed over: Node's own goes anywhere, for as long and as much as the other side likes. */
export function ownFetch(file: Source): readonly string[] {
  const found: Syntax[] = [];
  let isHanded = false;
  walk(file.tree, (node) => {
    if (node.type === 'CallExpression' && [node.callee, ...(node.arguments as unknown[])].some(isFetch))
      found.push(node);
    if (node.type === 'ObjectExpression')
      found.push(...(node.properties as Syntax[]).filter(({ value }) => isFetch(value)));
    if (node.type === 'ObjectPattern') isHanded ||= (node.properties as Syntax[]).some(({ value }) => isFetch(value));
    if (node.type === 'FunctionDeclaration') isHanded ||= isFetch(node.id);
  });
  return isHanded ? [] : found.map((node) => at(file, node, 'fetch'));
}

/** argv and env are read in one place. */
export function readsCommandLine(file: Source): readonly string[] {
  const wrong: string[] = [];
  walk(file.tree, (node) => {
    const name = node.type === 'MemberExpression' ? nameOf(node) : '';
    if (name === 'process.argv' || name === 'process.env') wrong.push(at(file, node, name));
  });
  return wrong;
}

/** Every exported function and class says what it promises; the file's opening comment speaks for the one that the file is named for. */
export function documentedExports(file: Source): readonly string[] {
  const body = file.tree.body as readonly Syntax[];
  const subject = file.path.split('/').at(-1)?.replace(/\.ts$/, '').replaceAll('-', '') ?? '';
  return body.flatMap((node, index) => {
    if (node.type !== 'ExportNamedDeclaration' || !node.declaration) return [];
    const declared = node.declaration as Syntax;
    if (!['FunctionDeclaration', 'ClassDeclaration'].includes(declared.type)) return [];
    if (
      nameOf(declared.id)
        .toLowerCase()
        .replace(/^(create|open|start)/, '') === subject.replace(/^(create|open|start)/, '')
    )
      return [];
    let first = index;
    while (overloads(body[first - 1], nameOf(declared.id))) first -= 1;
    const before = file.text.slice(body[first - 1]?.end ?? 0, body[first]?.start);
    return before.includes('*/') || /\/\/ \S/.test(before)
      ? []
      : [at(file, node, `${nameOf(declared.id)} is exported without a sentence`)];
  });
}

/** A signature of that name without a body; the sentence stands above the first of them. */
function overloads(node: Syntax | undefined, name: string): boolean {
  const declared = (node?.declaration ?? undefined) as Syntax | undefined;
  return declared?.type === 'TSDeclareFunction' && nameOf(declared.id) === name;
}

/** Paths of machines, and words that have no place in a repository. */
export function placelessText(path: string, text: string): readonly string[] {
  const words = [
    ['/wo', 'rk/'],
    ['/ho', 'me/'],
    ['/ro', 'ot/'],
    ['assis', 'tant'],
    ['sub', 'agent'],
    ['Clau', 'de'],
    ['LL', 'M'],
  ];
  return words
    .map((halves) => halves.join(''))
    .filter((word) => new RegExp(`(^|[^\\w.])${word}`, 'm').test(text))
    .map((word) => `${path}:1: mentions ${word}`);
}

/** Files that import each other in a ring, each ring once. */
export function cycles(files: readonly Source[]): readonly string[] {
  const edges = new Map(
    files.map((file) => [file.path, file.imports.filter(({ typeOnly }) => !typeOnly).map(({ to }) => to)]),
  );
  const rings: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const seen = trail.indexOf(path);
    if (seen >= 0) {
      rings.push([...trail.slice(seen), path].join(' → '));
      return;
    }
    if (done.has(path) || !edges.has(path)) return;
    for (const to of edges.get(path) ?? []) visit(to, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return rings;
}
