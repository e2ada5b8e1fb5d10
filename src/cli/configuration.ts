/** From a file's name to a checked configuration: loads the schemas of the bridges that it uses, and no others. */
import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { bridges } from '../../bridges/index.ts';
import type { Config, Fault } from '../ops/config/config.ts';
import { type BridgeSchemas, inOrder, namedBridges, parseConfig } from '../ops/config/parse.ts';
import { faultsOfSecrets, resolveSecrets } from '../ops/config/secrets.ts';
import { Remedy } from '../ops/fatal.ts';
import { notOurs } from '../ops/remedies.ts';
import { isNotOurs } from '../ops/system-trouble.ts';
import { UsageFault } from './arguments.ts';

/** By the system's code. */
const unreadable: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EISDIR: 'it is a folder' };

/** Throws a Remedy where the file can't be read. */
export async function loadConfig(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly config: Config } | { readonly faults: readonly Fault[] }> {
  if (file === undefined)
    throw new UsageFault('Which configuration?', 'Add --config FILE; config/isthmus.example.yaml is one to start from');
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (isNotOurs(error.code)) throw notOurs(`The configuration ${file}`, error.code);
    throw new Remedy(
      `The configuration ${file} can't be read (${unreadable[error.code ?? ''] ?? error.code ?? 'unknown'})`,
      'Check the path; config/isthmus.example.yaml is a file to start from',
    );
  });
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) return { faults: [notUtf8(file, text)] };
  const parsed = parseConfig(text, file, await bridgeSchemas(namedBridges(text)));
  if ('config' in parsed) return resolveSecrets(parsed.config, env);
  const { faults, source } = parsed;
  return { faults: source === undefined ? faults : inOrder([...faults, ...faultsOfSecrets(file, source, env)]) };
}

/** A secret read with another character in it would be another secret. @param text with a mark where nothing could be read */
function notUtf8(file: string, text: string): Fault {
  const before = text.slice(0, text.indexOf('\ufffd')).split('\n');
  const place = { line: before.length, col: (before.at(-1) ?? '').length + 1 };
  return { file, ...place, message: 'this is not UTF-8; save the file in that encoding' };
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
