/** The items of a list in a document of any size, however it comes, and from wherever reading goes on. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Item, readHead, readItems } from '../../../src/cli/json-items.ts';

async function* chunked(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** All items and how the list ended. */
async function all(bytes: Buffer, start: number, size: number) {
  const found: Item[] = [];
  const items = readItems(chunked(bytes.subarray(start), size), start);
  for (;;) {
    const next = await items.next();
    if (next.done === true) return { found, ending: next.value };
    found.push(next.value);
  }
}

const text = fc.oneof(
  fc.string(),
  fc.constantFrom('\\', '"', '\\"', '{', '}]', '[[', '"messages": [', 'é', '😀\u2028'),
);
// Node 24.21 itself may take one key for another where a key is a backslash alone: there is none here.
const key = fc.constantFrom('a', 'messages', 'é', '{', '}]', '"');
const object = fc.dictionary(key, fc.oneof(text, fc.integer(), fc.constant(null), fc.array(fc.dictionary(key, text))));
const indents = fc.constantFrom(undefined, 2, '\t');

describe('what comes before the list', () => {
  test('is read by itself, however it comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        object,
        fc.array(object),
        fc.integer({ min: 1, max: 50 }),
        indents,
        async (more, items, size, indent) => {
          const { messages: _, ...head } = more;
          const bytes = Buffer.from(JSON.stringify({ a: head, messages: items, count: 1 }, null, indent));
          const found = await readHead(chunked(bytes, size), 'messages');
          expect(JSON.parse(found?.text ?? '')).toEqual({ a: head, messages: [] });
          expect(bytes.toString('utf8', 0, found?.end).endsWith('[')).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a byte order mark is none of it', async () => {
    const found = await readHead(chunked(Buffer.from('\ufeff{"a":1,"messages":[]}'), 3), 'messages');
    expect(JSON.parse(found?.text ?? '')).toEqual({ a: 1, messages: [] });
  });

  test.each(['', '[]', '{"a": "messages"}', '{"a": {"messages": []}}', 'a,b,c', '{"messages": 3, "b": [1]}'])(
    'there is none in %j',
    async (document) => expect(await readHead(chunked(Buffer.from(document), 4), 'messages')).toBeUndefined(),
  );

  test('a document without one is not read to its end', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        given++;
        yield Buffer.alloc(1024 * 1024, 'a');
      }
    }
    expect(await readHead(endless(), 'messages')).toBeUndefined();
    expect(given).toBeLessThan(10);
  });
});

describe('the items', () => {
  test('are those that were written, and reading goes on behind any of them', async () => {
    const sizes = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(object), sizes, indents, fc.nat(), async (items, size, indent, nth) => {
        const bytes = Buffer.from(JSON.stringify({ messages: items, count: 2 }, null, indent));
        const head = await readHead(chunked(bytes, size), 'messages');
        const { found, ending } = await all(bytes, head?.end ?? 0, size);
        expect(ending).toBe('whole');
        expect(found.map((item) => JSON.parse(item.text))).toEqual(JSON.parse(JSON.stringify(items)));
        const from = found[nth % Math.max(1, found.length)];
        if (from === undefined) return;
        const rest = await all(bytes, from.end, size);
        expect(rest).toEqual({ found: found.slice(found.indexOf(from) + 1), ending: 'whole' });
      }),
      { numRuns: 300 },
    );
  });

  test('a document that was cut off ends so, with all that was whole', async () => {
    const bytes = Buffer.from('{"a": 1}, {"b": "x"}, {"c": ');
    const { found, ending } = await all(bytes, 0, 7);
    expect([found.map((item) => item.text), ending]).toEqual([['{"a": 1}', '{"b": "x"}'], 'cut']);
  });

  test.each(['{"a": 1} nonsense', '1, 2', '"text"]', 'null]'])('what is no object ends it: %j', async (document) => {
    expect((await all(Buffer.from(document), 0, 5)).ending).toBe('damaged');
  });

  test('one that has no end is not kept', async () => {
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from('{"a": "');
      for (;;) yield Buffer.alloc(1024 * 1024, 'a');
    }
    expect(await readItems(endless(), 0).next()).toEqual({ done: true, value: 'damaged' });
  });
});
