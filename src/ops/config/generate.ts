/** The files under config/, made from the schemas. A test compares them with what is there; `UPDATE=1` rewrites them. */
import { exampleFile } from './example.ts';
import { jsonSchema } from './json-schema.ts';
import type { BridgeSchemas } from './parse.ts';

/** File name → text. @param shown the bridges that the example shows; the JSON Schema has all */
export function generatedFiles(bridges: BridgeSchemas, shown: readonly string[]): Readonly<Record<string, string>> {
  const chosen = Object.fromEntries(Object.entries(bridges).filter(([name]) => shown.includes(name)));
  return {
    'isthmus.schema.json': `${json(jsonSchema(bridges), '')}\n`,
    'isthmus.example.yaml': exampleFile(chosen),
  };
}

const lineWidth = 120;

/** JSON as formatters leave it: lists of plain values on one line where they fit. */
function json(value: unknown, indent: string, before = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((one) => json(one, inner)).join(', ')}]`;
    if (!line.includes('\n') && indent.length + before + line.length < lineWidth) return line;
    return `[\n${value.map((one) => inner + json(one, inner)).join(',\n')}\n${indent}]`;
  }
  const pairs = Object.entries(value).map(([key, one]) => {
    const name = `${JSON.stringify(key)}: `;
    return `${inner}${name}${json(one, inner, name.length)}`;
  });
  return pairs.length === 0 ? '{}' : `{\n${pairs.join(',\n')}\n${indent}}`;
}
