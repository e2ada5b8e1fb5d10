/** What zod found, as sentences for the person who wrote the file: what is wrong, and the fix. */
import type { z } from 'zod';
import type { Path } from './document.ts';
import { nearest } from './names.ts';
import { about, optionsOf, schemaAt, shapeOf } from './schema-walk.ts';

/** `key`: the key is what is wrong, not its value. */
export interface Finding {
  readonly path: Path;
  readonly key: boolean;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** One sentence or more an issue, each with the path of the value (or the key) that it is about. */
export function findingsOf(schema: z.ZodType, input: unknown, issues: readonly Issue[]): Finding[] {
  return issues.flatMap((issue) => findings(schema, input, issue, []));
}

function findings(schema: z.ZodType, input: unknown, issue: Issue, under: Path): Finding[] {
  const path = [...under, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      key: true,
      message: unknownKey(schema, input, path, key),
    }));
  }
  if (issue.code === 'invalid_union') {
    const meant = meantAlternative(issue.errors);
    if (meant !== undefined) return meant.flatMap((inner) => findings(schema, input, inner, path));
  }
  const value = valueAt(input, path);
  const message = value === undefined ? missing(schema, path) : wrong(schema, issue, path, value);
  return [{ path, key: false, message }];
}

/** The alternative of a union that is of the kind of the value, and the only one with so few faults: they are more telling than the union's. */
function meantAlternative(alternatives: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const near = alternatives.filter((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys' || code === 'custom'),
  );
  const fewest = Math.min(...near.map(({ length }) => length));
  const best = near.filter(({ length }) => length === fewest);
  return best.length === 1 ? best[0] : undefined;
}

function unknownKey(schema: z.ZodType, input: unknown, path: Path, key: string): string {
  const here = schemaAt(schema, path);
  const known = [
    ...new Set((here === undefined ? [] : optionsOf(here)).flatMap((option) => Object.keys(shapeOf(option) ?? {}))),
  ];
  const holder = valueAt(input, path);
  const given = typeof holder === 'object' && holder !== null ? Object.keys(holder) : [];
  const meant = nearest(
    key,
    known.filter((name) => !given.includes(name)),
  );
  const where = path.length === 0 ? '' : ` in \`${spell(path)}\``;
  if (meant !== undefined) return `there is no \`${key}\`${where}; did you mean \`${meant}\`?`;
  return `there is no \`${key}\`${where}; remove it, or use ${known.length === 0 ? 'none' : `one of ${known.join(', ')}`}`;
}

function missing(schema: z.ZodType, path: Path): string {
  const here = schemaAt(schema, path);
  const name = String(path.at(-1) ?? 'the file');
  const { example } = here === undefined ? {} : about(here);
  const hint = example === undefined ? (kindOf(here) ?? '') : `for example ${name}: ${flow(example)}`;
  return `\`${spell(path)}\` is missing; add it${hint === '' ? '' : `, ${hint}`}`;
}

function wrong(schema: z.ZodType, issue: Issue, path: Path, value: unknown): string {
  const here = schemaAt(schema, path);
  const name = nameOf(path);
  const got = hides(here, path) ? 'what stands there' : shortly(value);
  if (issue.code === 'custom')
    return /^"/.test(issue.message) ? `${name}: ${issue.message}` : `${name} ${issue.message}, not ${got}`;
  // zod's own sentences begin so; anything else was written for the reader by whoever wrote the schema.
  if (!/^(?:Invalid|Too|Unrecognized|Expected)\b/.test(issue.message)) {
    return /^is\b/.test(issue.message) ? `${name} ${issue.message}` : `${name} ${issue.message}, not ${got}`;
  }
  const kind = kindOf(here) ?? 'something else';
  if (
    typeof value === 'string' &&
    !hides(here, path) &&
    isNumeric(here) &&
    value.trim() !== '' &&
    !Number.isNaN(Number(value))
  ) {
    return `${name} must be ${kind}, not the text "${value}"; write it without quotes`;
  }
  const words = here === undefined ? [] : optionsOf(here).flatMap(wordsOf);
  const meant = typeof value === 'string' ? (switchMeant(value, words) ?? nearest(value, words)) : undefined;
  return `${name} must be ${kind}, not ${got}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

/** YAML's older words for a switch: "no" is off, however near its letters are to those of "on". */
function switchMeant(value: string, words: readonly string[]): string | undefined {
  const meant = new Map([
    ['yes', 'on'],
    ['no', 'off'],
  ]).get(value.toLowerCase());
  return meant !== undefined && words.includes(meant) ? meant : undefined;
}

function nameOf(path: Path): string {
  if (path.length === 0) return 'this';
  return typeof path.at(-1) === 'number' ? `an entry of \`${spell(path.slice(0, -1))}\`` : `\`${spell(path)}\``;
}

/** What a schema takes, in words. */
function kindOf(schema: z.ZodType | undefined): string | undefined {
  if (schema === undefined) return undefined;
  const kinds = [...new Set(optionsOf(schema).flatMap(kindsOfOne))];
  const last = kinds.pop();
  return kinds.length === 0 ? last : `${kinds.join(', ')} or ${last}`;
}

/** Texts of a certain form, by zod's name of it: that they are to be texts says nothing to who has written one. */
const formats: Readonly<Record<string, string>> = {
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  url: 'an address as https://example.org/',
};

function kindsOfOne(schema: z.ZodType): string[] {
  switch (schema.def.type) {
    case 'string': {
      const { minLength, format } = schema as z.ZodString;
      const kind = formats[format ?? ''];
      if (kind !== undefined) return [kind];
      return [minLength === null || minLength < 1 ? 'a text' : 'a text that is not empty'];
    }
    case 'number':
      return [numberKind(schema as z.ZodNumber)];
    case 'boolean':
    case 'enum':
    case 'literal':
      return wordsOf(schema);
    case 'array': {
      const element = (schema as z.ZodArray<z.ZodType>).element;
      return [element.def.type === 'unknown' ? 'a list' : `a list, each entry ${kindOf(element)}`];
    }
    case 'object':
      return [`a map with ${Object.keys(shapeOf(schema) ?? {}).join(', ')}`];
    case 'record':
      return ['a map'];
    default:
      return [];
  }
}

function numberKind({ minValue, maxValue, isInt, def }: z.ZodNumber): string {
  const kind = isInt ? 'a whole number' : 'a number';
  const above = def.checks?.map((check) => check._zod.def as { check: string; inclusive?: boolean });
  if (minValue === 0 && above?.some(({ check, inclusive }) => check === 'greater_than' && inclusive === false))
    return `${kind} above 0`;
  const low = minValue !== null && minValue > Number.MIN_SAFE_INTEGER ? minValue : undefined;
  const high = maxValue !== null && maxValue < Number.MAX_SAFE_INTEGER ? maxValue : undefined;
  if (low !== undefined && high !== undefined) return `${kind} from ${low} to ${high}`;
  if (low !== undefined) return `${kind}, ${low} or more`;
  return high === undefined ? kind : `${kind}, at most ${high}`;
}

const isNumeric = (schema: z.ZodType | undefined): boolean =>
  schema !== undefined && optionsOf(schema).some((option) => option.def.type === 'number');

/** The words that a schema takes; a switch is said as `on` and `off`, whichever spelling it names. */
function wordsOf(schema: z.ZodType): string[] {
  const { def } = schema;
  const values: readonly unknown[] =
    def.type === 'boolean' ? [true, false] : def.type === 'literal' ? (schema as z.ZodLiteral).def.values : [];
  const words = def.type === 'enum' ? (schema as z.ZodEnum).options.map(String) : values;
  return words.map((word) => (word === true ? 'on' : word === false ? 'off' : String(word)));
}

/** bridges[0].options.tls */
export const spell = (path: Path): string =>
  path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`))
    .join('');

function valueAt(input: unknown, path: Path): unknown {
  let value = input;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined;
  }
  return value;
}

/** May the value be a secret, by its schema or by its name? Then no message shows it. */
const hides = (schema: z.ZodType | undefined, path: Path): boolean =>
  (schema !== undefined && about(schema).secret === true) ||
  /secret|password|token|key/i.test(path.map(String).join(' '));

/** A value in a message, not too long. */
function shortly(value: unknown): string {
  if (typeof value === 'string') return value.length > 40 ? 'this text' : `"${value}"`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'a map' : String(value);
}

const flow = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(flow).join(', ')}]`
    : typeof value === 'string' && /^[\w.][\w./:@-]*$/.test(value)
      ? value
      : JSON.stringify(value);
