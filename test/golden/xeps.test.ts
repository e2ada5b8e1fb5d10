/**
 * What XEPs put on the wire and what it says, as pairs: `xepNNNN/<case>.xml` and `.json`. Each is read by the codec of its XEP, compared, and written again,
 * which must give the same element but for the order of attributes. The markup is read and compared by saxes, not by our own parser.
 */
import { globSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Element } from '../../src/xml/element.ts';
import type { Codec } from '../../src/xmpp/codec.ts';
import { parse } from '../harness/markup.ts';

const here = new URL('.', import.meta.url);
const sources = new URL('../../src/xmpp/xep/', here);

const isCodec = (value: unknown): value is Codec<unknown> =>
  typeof value === 'object' && value !== null && 'toElement' in value && 'in' in value;

/** All that a XEP's file declares, by its names there. */
async function declaredIn(file: string): Promise<readonly (readonly [string, Codec<unknown>])[]> {
  const declared: Record<string, unknown> = await import(new URL(file, sources).href);
  return Object.entries(declared).flatMap(([name, value]) => (isCodec(value) ? [[name, value] as const] : []));
}

const codecsOf = async (file: string): Promise<readonly Codec<unknown>[]> =>
  (await declaredIn(file)).map(([, codec]) => codec);

/** Attributes by name, white space between elements gone. */
function plain({ name, ns, attrs, children }: Element): object {
  const elements = children.filter((node) => typeof node !== 'string');
  const inside = elements.length === 0 ? children : elements;
  return {
    name,
    ns,
    attrs: Object.fromEntries(Object.entries(attrs).sort(([a], [b]) => (a < b ? -1 : 1))),
    children: inside.map((node) => (typeof node === 'string' ? node : plain(node))),
  };
}

const read = (path: string): string => readFileSync(new URL(path, here), 'utf8');
const keyOf = ({ ns, name }: { readonly ns: string; readonly name: string }): string => `{${ns}}${name}`;

const folders = readdirSync(here).filter((name) => /^xep\d{4}$/.test(name));
const files = readdirSync(sources);

for (const folder of folders) {
  const file = files.find((name) => name.startsWith(`${folder.slice(3)}-`));
  describe(file ?? folder, async () => {
    const codecs = file === undefined ? [] : await codecsOf(file);
    const cases = readdirSync(new URL(folder, here)).filter((name) => name.endsWith('.xml'));
    test.each(cases)('%s', (name) => {
      const wanted = parse(read(`${folder}/${name}`));
      const codec = codecs.find((one) => keyOf(one) === keyOf(wanted));
      const value = codec?.read(wanted);
      expect(JSON.parse(JSON.stringify(value))).toEqual(JSON.parse(read(`${folder}/${name.replace('.xml', '.json')}`)));
      expect(plain(parse(codec?.write(value).text ?? ''))).toEqual(plain(wanted));
    });
  });
}

test('every element that is declared has an example', async () => {
  const shown = new Set(
    folders.flatMap((folder) =>
      readdirSync(new URL(folder, here))
        .filter((name) => name.endsWith('.xml'))
        .map((name) => keyOf(parse(read(`${folder}/${name}`)))),
    ),
  );
  const parts = /^\{.*\}(?:field|identity|item)$/;
  const declared = (await Promise.all(files.map(codecsOf))).flat().map(keyOf);
  expect(declared.filter((key) => !shown.has(key) && !parts.test(key))).toEqual([]);
  expect(declared.length).toBeGreaterThan(30);
});

test('every element that is declared is read or written by the gateway: an example of another says nothing of it', async () => {
  const src = new URL('../../src/', import.meta.url);
  const texts = globSync('**/*.ts', { cwd: src }).map((path) => readFileSync(new URL(path, src), 'utf8'));
  const imports = texts.flatMap((text) => [...text.matchAll(/^import (?:type )?\{([^}]*)\} from '.*\/(.*)';$/gm)]);
  const unused: string[] = [];
  for (const file of files) {
    const own = readFileSync(new URL(file, sources), 'utf8');
    for (const [name] of await declaredIn(file)) {
      const word = new RegExp(`\\b${name}\\b`);
      const isImported = imports.some(([, names = '', from]) => from === file && word.test(names));
      if (!isImported && !new RegExp(`\\((?:${name})\\)|\\b${name}\\.`).test(own)) unused.push(`${file}: ${name}`);
    }
  }
  expect(unused).toEqual([]);
});
