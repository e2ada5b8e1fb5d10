/** config/isthmus.example.yaml: every key with its default or an example, and what its schema says of it as the comment. */
import { stringify } from 'yaml';
import type { z } from 'zod';
import type { BridgeSchemas } from './parse.ts';
import { bridgeEntry, fileShape } from './schema.ts';
import { about, bare, shapeOf } from './schema-walk.ts';

const head = `# yaml-language-server: $schema=./isthmus.schema.json
# Every key of the configuration with its default. Only \`bridges\` must be given; a key that begins with "#" is optional and has no default.
# Of \`bridges\` one entry is enough; the others stand at the end, each line of them behind a "#".
# \`isthmus check --config FILE\` reports every fault at once.
`;

/** The whole text of the example: the first of these as an entry of `bridges`, the others as comments; what it says parses and checks, with them and without. */
export function exampleFile(bridges: BridgeSchemas): string {
  const { bridges: list, ...rest } = fileShape.shape;
  const top = Object.entries(rest).map(([key, schema]) => entry(key, schema, 0));
  const [first, ...others] = Object.entries(bridges).map(([name, options]) => item(name, options));
  const items = [first, ...others.map((one) => further + one.replace(/^ {2}/gm, '  # '))];
  return `${[head, ...top, `${comment(list, 0)}bridges:\n${items.join('\n')}`].join('\n')}`;
}

const further =
  '  # Another network, at a domain of its own: take the "# " away that each of these lines begins with.\n';

/** One entry of `bridges`: the first line has the dash. */
function item(name: string, options: z.ZodType): string {
  const { use: _, ...shape } = bridgeEntry(name, options).shape;
  const lines = Object.entries(shape as Record<string, z.ZodType>).map(([key, schema]) => entry(key, schema, 2));
  return `  - use: ${name}\n${lines.join('')}`;
}

function entry(key: string, schema: z.ZodType, depth: number): string {
  const indent = '  '.repeat(depth);
  const said = comment(schema, depth);
  const shape = shapeOf(schema);
  const { example } = about(schema);
  const inner = shape === undefined || example !== undefined ? undefined : Object.entries(shape);
  if (inner?.some(([, value]) => about(value).description !== undefined || shapeOf(value) !== undefined)) {
    return `${said}${indent}${key}:\n${inner.map(([name, value]) => entry(name, value, depth + 1)).join('')}`;
  }
  const value = example ?? defaultOf(schema);
  if (value === undefined) return `${said}${indent}# ${key}:\n`;
  return `${said}${indent}${isOptional(schema) ? '# ' : ''}${key}: ${flow(value)}\n`;
}

/** What an absent key comes to; undefined where it may not be absent, or means nothing. */
function defaultOf(schema: z.ZodType): unknown {
  const def = schema.def as { readonly type: string; readonly defaultValue?: unknown; readonly innerType?: z.ZodType };
  if (def.type === 'prefault' || def.type === 'default') {
    const given = def.defaultValue;
    return typeof given === 'object' && given !== null && Object.keys(given).length === 0
      ? (schema.safeParse(undefined).data ?? given)
      : given;
  }
  return def.innerType === undefined ? undefined : defaultOf(def.innerType);
}

const isOptional = (schema: z.ZodType): boolean =>
  schema.safeParse(undefined).success && defaultOf(schema) === undefined && bare(schema) !== schema;

/** The description, folded to the width of a page. */
function comment(schema: z.ZodType, depth: number): string {
  const { description } = about(schema);
  if (description === undefined) return '';
  const indent = `${'  '.repeat(depth)}# `;
  const lines: string[] = [];
  for (const word of description.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length + indent.length >= 110) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.map((line) => `${indent}${line}\n`).join('');
}

/** On one line, spaced as formatters do. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return stringify(value).trim();
  const pairs = Object.entries(value).map(([key, inner]) => `${flow(key)}: ${flow(inner)}`);
  return pairs.length === 0 ? '{}' : `{ ${pairs.join(', ')} }`;
}
