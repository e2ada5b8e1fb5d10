/** From a file's name to a checked configuration: loads the schemas of the bridges that it uses, and no others. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { bridges } from '../../bridges/index.ts';
import type { Config, Fault } from '../ops/config/config.ts';
import { type BridgeSchemas, namedBridges, parseConfig } from '../ops/config/parse.ts';
import { resolveSecrets } from '../ops/config/secrets.ts';
import { Remedy } from '../ops/fatal.ts';
import { UsageFault } from './arguments.ts';

/** Throws a Remedy where the file can't be read. */
export async function loadConfig(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly config: Config } | { readonly faults: readonly Fault[] }> {
  if (file === undefined)
    throw new UsageFault('Which configuration?', 'Add --config FILE; config/isthmus.example.yaml is one to start from');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Remedy(
      `The configuration ${file} can't be read (${error.code === 'ENOENT' ? 'there is no such file' : (error.code ?? 'unknown')})`,
      'Check the path; config/isthmus.example.yaml is a file to start from',
    );
  });
  const parsed = parseConfig(text, file, await bridgeSchemas(namedBridges(text)));
  return 'faults' in parsed ? parsed : resolveSecrets(parsed.config, env);
}

/** All bridges by name. Those that are not `used` are known but not loaded: their options take anything. */
export async function bridgeSchemas(used: readonly string[]): Promise<BridgeSchemas> {
  const schemas: Record<string, z.ZodType> = {};
  for (const { name, load } of bridges)
    schemas[name] = used.includes(name) ? asZod(name, (await load()).config) : z.unknown();
  return schemas;
}

function asZod(name: string, schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  throw new TypeError(`the options of the bridge ${name} have no zod schema`);
}
