/** config/ is generated from the schemas; run with UPDATE=1 to rewrite it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { bridges } from '../../../../bridges/index.ts';
import { bridgeSchemas } from '../../../../src/cli/configuration.ts';
import { generatedFiles } from '../../../../src/ops/config/generate.ts';
import { type BridgeSchemas, parseConfig } from '../../../../src/ops/config/parse.ts';

const folder = join(import.meta.dirname, '../../../../config');
let schemas: BridgeSchemas = {};
let files: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  schemas = await bridgeSchemas(bridges.map(({ name }) => name));
  files = generatedFiles(schemas, ['irc']);
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
