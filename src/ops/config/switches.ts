/** A switch may be written `off` or `false`, `on` or `true`, whichever of them its schema names. */
import type { z } from 'zod';
import { optionsOf, schemaAt } from './schema-walk.ts';

type Path = readonly PropertyKey[];

const otherSpelling = new Map<unknown, unknown>([
  ['off', false],
  [false, 'off'],
  ['on', true],
  [true, 'on'],
]);

/** The schema's verdict on `input`, with every switch that it refuses read in its other spelling where the schema names that one. */
export function parseWithSwitches<T>(schema: z.ZodType<T>, input: unknown): z.ZodSafeParseResult<T> {
  const first = schema.safeParse(input);
  if (first.success) return first;
  const respelt = respell(schema, input, pathsOf(first.error.issues), []);
  return respelt === input ? first : schema.safeParse(respelt);
}

/** Does the schema take this very spelling as a switch? A text that may be anything is none. */
function names(schema: z.ZodType | undefined, spelling: unknown): boolean {
  return (schema === undefined ? [] : optionsOf(schema)).some((option) => {
    const { def } = option;
    if (def.type === 'boolean') return typeof spelling === 'boolean';
    if (def.type === 'literal') return (option as z.ZodLiteral).def.values.some((value) => value === spelling);
    return def.type === 'enum' && (option as z.ZodEnum).options.some((value) => value === spelling);
  });
}

/** Where each issue is; within a union every alternative's. */
function pathsOf(issues: readonly z.core.$ZodIssue[], under: Path = []): Path[] {
  return issues.flatMap((issue) => {
    const path = [...under, ...issue.path];
    return issue.code === 'invalid_union' ? [path, ...issue.errors.flatMap((inner) => pathsOf(inner, path))] : [path];
  });
}

/** The same object where nothing changed. @param paths of what is refused, seen from here; @param at where here is */
function respell(schema: z.ZodType, value: unknown, paths: readonly Path[], at: Path): unknown {
  if (otherSpelling.has(value) && paths.some((path) => path.length === 0)) {
    const other = otherSpelling.get(value);
    return names(schemaAt(schema, at), other) ? other : value;
  }
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [...value] : { ...value };
  let changed = false;
  for (const [key, inner] of Object.entries(value)) {
    const below = paths.filter(([step]) => String(step) === key).map((path) => path.slice(1));
    const now = below.length === 0 ? inner : respell(schema, inner, below, [...at, key]);
    if (now === inner) continue;
    changed = true;
    Reflect.set(copy, key, now);
  }
  return changed ? copy : value;
}
