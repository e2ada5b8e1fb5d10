/** config/ is generated from the schemas; run with UPDATE=1 to rewrite it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import { bridges } from '../../../../bridges/index.ts';
import { bridgeSchemas } from '../../../../src/cli/configuration.ts';
import { generatedFiles } from '../../../../src/ops/config/generate.ts';
import { type BridgeSchemas, parseConfig } from '../../../../src/ops/config/parse.ts';
import { shapeOf } from '../../../../src/ops/config/schema-walk.ts';

const folder = join(import.meta.dirname, '../../../../config');
/** The fake network is for those who write bridges. */
const forPeople = bridges.map(({ name }) => name).filter((name) => name !== 'fake');
let schemas: BridgeSchemas = {};
let files: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  schemas = await bridgeSchemas(bridges.map(({ name }) => name));
  files = generatedFiles(schemas, forPeople);
});

test.each(['isthmus.schema.json', 'isthmus.example.yaml'])('config/%s is what the schemas say', async (name) => {
  const path = join(folder, name);
  if (process.env.UPDATE === '1') await writeFile(path, files[name] ?? '');
  expect(await readFile(path, 'utf8')).toBe(files[name]);
});

describe('the example', () => {
  test('is right', () => {
    expect(parseConfig(files['isthmus.example.yaml'] ?? '', 'example.yaml', schemas)).toHaveProperty('config');
  });

  test('shows every key of the contract', () => {
    const value: unknown = parse(files['isthmus.example.yaml'] ?? '');
    expect(value).toMatchObject({
      xmpp: { host: '127.0.0.1', port: 5347 },
      admins: ['admin@example.org'],
      storage: { data: './data', sql: 'sqlite', redis: 'private' },
      http: { host: '127.0.0.1', port: 9090 },
      bridges: [
        {
          use: 'irc',
          domain: 'irc.example.org',
          secret: 'change-me',
          allow: ['example.org'],
          options: {
            tls: 'required',
            ports: { tls: [6697, 6670], plain: [6667] },
            throttle: { burst: 10, perSecond: 1 },
            persistent: false,
            linger: 300,
            privateAddresses: false,
            onlyListed: false,
            pace: { perServerPerMinute: 30, perServer: 500 },
          },
        },
      ],
    });
  });
});

test.each(forPeople)(
  'the example has an entry for %s, right as it stands once the signs before it are gone',
  (name) => {
    const { domain: example, ...entry } = { ...entryOf(name) };
    expect(example).toBe(`${name}.example.org`);
    const options = requiredOf(schemas[name] ?? z.never(), entry.options ?? {});
    const least = { use: name, domain: example, secret: 'change-me', options };
    const { bridges: read } = configOf(stringify({ bridges: [least] }));
    const shown = configOf(stringify({ bridges: [{ domain: example, ...entry }] })).bridges;
    expect(shown[0]?.options).toEqual(read[0]?.options);
    const keys = shapeOf(schemas[name] ?? z.never()) ?? {};
    for (const key of Object.keys(keys))
      expect(files['isthmus.example.yaml']).toMatch(new RegExp(`^ {2}#? +(?:# )?${key}:`, 'm'));
  },
);

/** Of these options those that have to be given, for they have no default. */
function requiredOf(schema: z.ZodType, options: object): object {
  const { required = [] } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.fromEntries(Object.entries(options).filter(([key]) => required.includes(key)));
}

/** The example's entry for that bridge, whether it stands there or behind signs. */
function entryOf(name: string): Record<string, unknown> {
  const whole = (files['isthmus.example.yaml'] ?? '').replace(/^ {2}# (?=- use:| {2})/gm, '  ');
  const { bridges: entries }: { bridges: readonly Record<string, unknown>[] } = parse(whole);
  const [entry, ...more] = entries.filter(({ use }) => use === name);
  expect([entry?.use, more]).toEqual([name, []]);
  return entry ?? {};
}

function configOf(text: string) {
  const parsed = parseConfig(text, 'example.yaml', schemas);
  if (!('config' in parsed)) throw new Error(JSON.stringify(parsed.faults));
  return parsed.config;
}

test('every key has a comment or speaks for itself', () => {
  const text = files['isthmus.example.yaml'] ?? '';
  expect(text).toMatch(/^ {4}# Shared with the XMPP server.*\n {4}secret: change-me$/m);
  expect(text).toMatch(/^ {2}# publicUrl: https:\/\/gateway\.example\.org\/$/m);
});

test('the JSON Schema takes switches in both spellings and refuses unknown keys', () => {
  const schema = JSON.parse(files['isthmus.schema.json'] ?? '');
  expect(schema).toMatchObject({ title: 'Isthmus configuration', additionalProperties: false, required: ['bridges'] });
  expect(JSON.stringify(schema.properties.xmpp.properties.tls)).toContain('{"enum":["off",false]}');
  const entries: readonly { properties: { use: { const: string }; options: object } }[] =
    schema.properties.bridges.items.oneOf;
  const fake = entries.find(({ properties }) => properties.use.const === 'fake');
  expect(fake?.properties.options).toMatchObject({ properties: { persistent: { enum: [true, false, 'on', 'off'] } } });
});

test('a bridge that is not used is known, and not loaded', async () => {
  await expect(bridgeSchemas([])).resolves.toMatchObject({
    irc: expect.any(z.ZodUnknown),
    fake: expect.any(z.ZodUnknown),
  });
});
