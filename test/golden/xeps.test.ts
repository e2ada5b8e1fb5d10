/**
 * What XEPs put on the wire and what it says, as pairs: `xepNNNN/<case>.xml` and `.json`. Each is read by the codec of its XEP, compared, and written again,
 * which must give the same element but for the order of attributes. The markup is read and compared by saxes, not by our own parser.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Element } from '../../src/xml/element.ts';
import type { Codec } from '../../src/xmpp/codec.ts';
import { parse } from '../harness/markup.ts';

const here = new URL('.', import.meta.url);
const sources = new URL('../../src/xmpp/xep/', here);

const isCodec = (value: unknown): value is Codec<unknown> =>
  typeof value === 'object' && value !== null && 'toElement' in value && 'in' in value;

/** All that a XEP's file declares. */
async function codecsOf(file: string): Promise<readonly Codec<unknown>[]> {
  const declared: Record<string, unknown> = await import(new URL(file, sources).href);
  return Object.values(declared).filter(isCodec);
}

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
