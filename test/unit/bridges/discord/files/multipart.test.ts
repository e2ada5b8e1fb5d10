/** A form with files: read by others as it was meant, of the length that it says. */
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { multipartForm } from '../../../../../bridges/discord/files/multipart.ts';
import { attachmentName } from '../../../../../bridges/discord/files/names.ts';

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await buffer(pieces));
}

const file = (name: string, content: Uint8Array, size: number | undefined = content.length) => ({
  name,
  type: 'text/plain',
  size,
  async *pieces() {
    for (let at = 0; at < content.length; at += 3) yield content.subarray(at, at + 3);
  },
});

test('fields and files are read as they were, the length is theirs, and twice is the same', async () => {
  const any = fc.array(fc.tuple(fc.stringMatching(/^[\w.-]{1,20}$/), fc.uint8Array({ maxLength: 40 })), {
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(fc.string(), any, async (content, all) => {
      const form = multipartForm(
        { content },
        all.map(([name, bytes]) => file(name, bytes)),
        'the-border',
      );
      const bytes = await bytesOf(form.pieces());
      expect(form.length).toBe(bytes.length);
      expect(await bytesOf(form.pieces())).toEqual(bytes);
      const read = await new Response(bytes, { headers: { 'content-type': form.type } }).formData();
      expect(JSON.parse(String(read.get('payload_json')))).toEqual({ content });
      for (const [at, [name, expected]] of all.entries()) {
        const found = read.get(`files[${at}]`) as File;
        expect([found.name, found.type]).toEqual([name, 'text/plain']);
        expect(new Uint8Array(await found.arrayBuffer())).toEqual(new Uint8Array(expected));
      }
    }),
    { numRuns: 200 },
  );
});

test('a length that nobody knows is not said', () => {
  const bytes = new Uint8Array(3);
  expect(multipartForm({}, [file('a', bytes), { ...file('b', bytes), size: undefined }], 'x').length).toBeUndefined();
});

test('447-11 names without paths, in signs that Discord keeps, never empty, never endless', () => {
  const named = (name: string, isSpoiler = false) => attachmentName({ url: 'https://a.test/b', name, isSpoiler });
  expect(named('cat.png')).toEqual({ name: 'cat.png' });
  expect(named('../../etc/passwd')).toEqual({ name: 'passwd' });
  expect(named('C:\\x\\Über all.txt')).toEqual({ name: 'Uber_all.txt', title: 'Über all' });
  expect(named('файл.pdf')).toMatchObject({ name: 'file.pdf', title: 'файл' });
  expect(named('..')).toMatchObject({ name: 'file' });
  expect(named('x', true)).toEqual({ name: 'SPOILER_x' });
  expect(named('SPOILER_x', true)).toEqual({ name: 'SPOILER_x' });
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const found = named(name);
      expect(found.name).toMatch(/^[\w-][\w.-]{0,99}$/);
      expect((found.title ?? '').length).toBeLessThanOrEqual(100);
      expect(named(found.name).name).toBe(found.name);
    }),
  );
});
