/** README.md's tables are generated, and what it points at is there. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { withTables } from '../../../deploy/readme-tables.ts';
import { bridgeSchemas } from '../../../src/cli/configuration.ts';
import { errorTable } from '../../../src/core/errors.ts';
import { parseConfig } from '../../../src/ops/config/parse.ts';

const root = join(import.meta.dirname, '../../..');
const xeps = join(root, 'src/xmpp/xep');

test("README.md's tables of XEPs and errors are up to date; UPDATE=1 rewrites them", async () => {
  const path = join(root, 'README.md');
  const now = withTables(await readFile(path, 'utf8'), xeps);
  if (process.env.UPDATE === '1') await writeFile(path, now);
  expect(await readFile(path, 'utf8')).toBe(now);
  for (const code of Object.keys(errorTable)) expect(now).toContain(`| ${code} |`);
  expect(now).not.toMatch(/CHECKLIST|DESIGN\.md/);
});

test.each(['README.md', 'deploy/README.md', 'CHANGELOG.md', 'src/README.md'])(
  '%s: what it links to exists',
  async (name) => {
    const text = await readFile(join(root, name), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link = '']) => link);
    expect(
      links.filter((link) => !existsSync(join(root, dirname(name), link)) && !link.endsWith('screenshot.png')),
    ).toEqual([]);
  },
);

test.each(['README.md', 'deploy/README.md'])('%s: what it shows of a configuration is right', async (name) => {
  const text = await readFile(join(root, name), 'utf8');
  const shown = [...text.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', block = '']) =>
    block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
  const schemas = await bridgeSchemas(['irc', 'discord']);
  const entry = { use: 'irc', domain: 'irc.example.org', secret: 'change-me' };
  for (const block of shown.filter((one) => !one.includes('scrape_configs'))) {
    const file = stringify({ bridges: [entry], ...parse(block) });
    expect(parseConfig(file, name, schemas), block).toHaveProperty('config');
  }
});

test.each(['README.md', 'deploy/README.md'])(
  '%s: starts it by the Node.js that comes with it, whatever the system has',
  async (name) => {
    const text = await readFile(join(root, name), 'utf8');
    const starts = [...text.matchAll(/(\S*node) \S*dist\/main\.js/g)].map(([, node]) => node);
    expect(starts.length).toBeGreaterThan(0);
    expect(starts.filter((node = '') => !node.endsWith('node_modules/.bin/node'))).toEqual([]);
  },
);

test('the files that the documents name by their whole paths are there', async () => {
  const design = (await readdir(join(root, 'src/design'))).map((name) => `src/design/${name}`);
  const named = /(?<![\w./-])(?:src|bridges|test|deploy|config)\/[\w./-]+\.(?:ts|md|mjs|sh|yaml|json|py)\b/g;
  const missing: string[] = [];
  for (const name of [
    'README.md',
    'deploy/README.md',
    'deploy/sizing.md',
    'bridges/README.md',
    'src/README.md',
    'test/README.md',
    ...design,
  ]) {
    const text = await readFile(join(root, name), 'utf8');
    for (const [path] of text.matchAll(named)) if (!existsSync(join(root, path))) missing.push(`${name}: ${path}`);
  }
  expect(missing).toEqual([]);
});

test('a file of src/xmpp/xep that does not say what it is, is named', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'isthmus-xeps-'));
  try {
    const text = '<!-- xeps -->\n<!-- /xeps -->\n<!-- errors -->\n<!-- /errors -->\n';
    await writeFile(join(dir, '0199-ping.ts'), '/** XEP-0199 XMPP Ping, version 2.0.1: a | b. */\n');
    expect(withTables(text, dir)).toContain(
      '| [0199](https://xmpp.org/extensions/xep-0199.html) | XMPP Ping | 2.0.1 | a \\| b |',
    );
    await writeFile(join(dir, '0030-disco.ts'), '/** XEP-0199 XMPP Ping, version 2.0.1: a. */\n');
    expect(() => withTables(text, dir)).toThrow(/0030-disco\.ts does not say which XEP it is/);
    expect(() => withTables('no marks', xeps)).toThrow(/no place for xeps/);
  } finally {
    await rm(dir, { recursive: true });
  }
});
