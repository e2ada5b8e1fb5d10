/** Looks into zod schemas: what stands under a path, whatever wraps it. */
import type { z } from 'zod';

/** A schema without its defaults, optionals and transforms. */
export function bare(schema: z.ZodType): z.ZodType {
  const def = schema.def as {
    readonly type: string;
    readonly innerType?: z.ZodType;
    readonly in?: z.ZodType;
    readonly getter?: () => z.ZodType;
  };
  if (def.innerType !== undefined) return bare(def.innerType);
  if (def.type === 'pipe' && def.in !== undefined) return bare(def.in);
  if (def.type === 'lazy' && def.getter !== undefined) return bare(def.getter());
  return schema;
}

/** The keys of an object's schema; undefined where it is none. */
export const shapeOf = (schema: z.ZodType): Readonly<Record<string, z.ZodType>> | undefined =>
  bare(schema).def.type === 'object' ? (bare(schema) as z.ZodObject).shape : undefined;

/** The alternatives of a union; the schema itself where it is none. */
export function optionsOf(schema: z.ZodType): readonly z.ZodType[] {
  const inner = bare(schema);
  return inner.def.type === 'union' ? (inner as z.ZodUnion<readonly z.ZodType[]>).options.flatMap(optionsOf) : [inner];
}

/** The schema of what stands under `path`, defaults and descriptions included; undefined where there is none. */
export function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  for (const option of optionsOf(schema)) {
    const inner = childOf(option, step);
    const found = inner && schemaAt(inner, rest);
    if (found !== undefined) return found;
  }
  return undefined;
}

function childOf(schema: z.ZodType, step: PropertyKey): z.ZodType | undefined {
  switch (schema.def.type) {
    case 'object':
      return shapeOf(schema)?.[String(step)];
    case 'record':
      return (schema as z.ZodRecord).valueType as z.ZodType;
    case 'array':
      return (schema as z.ZodArray<z.ZodType>).element;
    default:
      return undefined;
  }
}

export interface About {
  readonly description?: string;
  readonly example?: unknown;
  /** Set by `.meta({ secret: true })`: the value is never shown. */
  readonly secret?: true;
  /** Set by `.meta({ pem: true })`: the name of a file with certificates, or their text. */
  readonly pem?: true;
}

/** What `.describe` and `.meta` said, on the schema or on what it wraps; the outermost word counts. */
export function about(schema: z.ZodType): About {
  const meta = schema.meta() ?? {};
  const inner = (schema.def as { readonly innerType?: z.ZodType }).innerType;
  const examples: unknown = meta.examples;
  return {
    ...(inner === undefined ? {} : about(inner)),
    ...(meta.description === undefined ? {} : { description: meta.description }),
    ...(Array.isArray(examples) ? { example: examples[0] } : {}),
    ...(meta.secret === true ? { secret: true } : {}),
    ...(meta.pem === true ? { pem: true } : {}),
  };
}

/** Where a checked value names files with certificates. */
export function pemsIn(schema: z.ZodType, value: unknown, at: readonly PropertyKey[] = []): (readonly PropertyKey[])[] {
  if (typeof value !== 'object' || value === null) {
    const here = typeof value === 'string' ? schemaAt(schema, at) : undefined;
    return here !== undefined && about(here).pem === true ? [at] : [];
  }
  return Object.entries(value).flatMap(([key, inner]) => pemsIn(schema, inner, [...at, key]));
}
