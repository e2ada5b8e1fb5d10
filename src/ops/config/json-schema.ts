/** config/isthmus.schema.json: what editors complete and check by. */
import { z } from 'zod';
import type { BridgeSchemas } from './parse.ts';
import { wholeFile } from './schema.ts';

export function jsonSchema(bridges: BridgeSchemas): unknown {
  const schema = z.toJSONSchema(wholeFile(bridges), { io: 'input', unrepresentable: 'any' });
  const { $schema, ...rest } = withSwitches(schema) as Record<string, unknown>;
  return { $schema, title: 'Isthmus configuration', ...rest };
}

/** A switch takes `off` and `false`, `on` and `true` alike (switches.ts). */
function withSwitches(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withSwitches);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, key === 'default' ? value : withSwitches(value)]),
  );
  const words = 'const' in copy ? [copy.const] : copy.enum;
  if (copy.type === 'boolean' && words === undefined)
    return without(copy, 'type', { enum: [true, false, 'on', 'off'] });
  if (!Array.isArray(words)) return copy;
  const more = words.flatMap((word): unknown[] => (word === 'off' ? [false] : word === true ? ['on'] : []));
  return more.length === 0 ? copy : without(without(copy, 'const', {}), 'type', { enum: [...words, ...more] });
}

function without(node: Record<string, unknown>, key: string, more: object): Record<string, unknown> {
  const { [key]: _, ...rest } = node;
  return { ...rest, ...more };
}
