/** What zod finds, as sentences, for schemas that bridges may write. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { findingsOf, spell } from '../../../../src/ops/config/issues.ts';
import { about, optionsOf, schemaAt, shapeOf } from '../../../../src/ops/config/schema-walk.ts';

const schema = z.strictObject({
  count: z.int().min(1).max(9).optional(),
  ratio: z.number().positive().optional(),
  small: z.number().max(5).optional(),
  word: z.enum(['one', 'two', 'three']).default('one'),
  flag: z.boolean().optional(),
  limit: z.union([z.int(), z.literal('off')]).optional(),
  name: z.string().min(1).optional(),
  list: z.array(z.int()).optional(),
  map: z.record(z.string(), z.int()).optional(),
  either: z.union([z.string(), z.int()]).optional(),
  token: z.int().optional(),
  custom: z
    .string()
    .refine((text) => text === 'x', 'must be x')
    .optional(),
  bind: z.union([z.ipv4(), z.array(z.ipv6())]).optional(),
  page: z.url().optional(),
  hidden: z.int().optional().meta({ secret: true }),
});

function sentences(input: unknown): string[] {
  const result = schema.safeParse(input);
  return result.success ? [] : findingsOf(schema, input, result.error.issues).map(({ message }) => message);
}

describe('sentences', () => {
  test.each([
    [{ count: 0 }, '`count` must be a whole number from 1 to 9, not 0'],
    [{ count: 1.5 }, '`count` must be a whole number from 1 to 9, not 1.5'],
    [{ count: '3' }, '`count` must be a whole number from 1 to 9, not the text "3"; write it without quotes'],
    [{ ratio: 0 }, '`ratio` must be a number above 0, not 0'],
    [{ small: 6 }, '`small` must be a number, at most 5, not 6'],
    [{ word: 'thre' }, '`word` must be one, two or three, not "thre"; did you mean three?'],
    [{ word: 4 }, '`word` must be one, two or three, not 4'],
    [{ flag: 'perhaps' }, '`flag` must be on or off, not "perhaps"'],
    [{ flag: 'no' }, '`flag` must be on or off, not "no"; did you mean off?'],
    [{ flag: 'Yes' }, '`flag` must be on or off, not "Yes"; did you mean on?'],
    [{ limit: 'no' }, '`limit` must be a whole number or off, not "no"; did you mean off?'],
    [{ limit: 'yes' }, '`limit` must be a whole number or off, not "yes"'],
    [{ name: '' }, '`name` must be a text that is not empty, not ""'],
    [{ list: 3 }, '`list` must be a list, each entry a whole number, not 3'],
    [{ list: [1, 'a'] }, 'an entry of `list` must be a whole number, not "a"'],
    [{ map: { a: 'b' } }, '`map.a` must be a whole number, not "b"'],
    [{ map: [] }, '`map` must be a map, not a list'],
    [{ either: {} }, '`either` must be a text or a whole number, not a map'],
    [{ custom: 'y' }, '`custom` must be x, not "y"'],
    [{ custom: 'y'.repeat(50) }, '`custom` must be x, not this text'],
    [{ bind: 'eth0' }, '`bind` must be an IPv4 address or a list, each entry an IPv6 address, not "eth0"'],
    [{ page: 'example.org' }, '`page` must be an address as https://example.org/, not "example.org"'],
    [{ token: 'abc' }, '`token` must be a whole number, not what stands there'],
    [{ token: '5' }, '`token` must be a whole number, not what stands there'],
    [{ hidden: '5' }, '`hidden` must be a whole number, not what stands there'],
    [{ cuont: 1 }, 'there is no `cuont`; did you mean `count`?'],
    [
      { count: 1, cuont: 1 },
      'there is no `cuont`; remove it, or use one of count, ratio, small, word, flag, limit, name, list, map, either, token, custom, bind, page, hidden',
    ],
  ])('%j', (input, sentence) => {
    expect(sentences(input)).toEqual([sentence]);
  });

  test('every fault has one, whatever the value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...Object.keys(schema.shape), 'strange'), fc.anything()), (input) => {
        for (const sentence of sentences(input))
          expect(sentence).toMatch(/`.+(?:must be|there is no|is missing)|there is no `/);
      }),
    );
  });
});

test('a path is spelt as in a program', () => {
  expect(spell(['bridges', 0, 'options', 'tls'])).toBe('bridges[0].options.tls');
  expect(spell([])).toBe('');
});

describe('walking a schema', () => {
  const wrapped = z
    .lazy(() => schema)
    .optional()
    .describe('outer');
  test('finds what stands under a path, through wrappers, unions, records and lists', () => {
    const whole = z.strictObject({
      a: z.union([z.literal('off'), z.record(z.string(), z.array(wrapped))]).prefault('off'),
    });
    expect(schemaAt(whole, ['a', 'any', 3, 'count'])?.safeParse(5).success).toBe(true);
    expect(schemaAt(whole, ['a', 'any', 3, 'strange'])).toBeUndefined();
    expect(schemaAt(whole, [])).toBe(whole);
    expect(Object.keys(shapeOf(wrapped) ?? {})).toContain('ratio');
    expect(shapeOf(z.string())).toBeUndefined();
  });
  test('alternatives are flat', () => {
    expect(optionsOf(z.union([z.string(), z.union([z.int(), z.boolean()]).optional()]))).toHaveLength(3);
  });
  test('the outermost word of a description counts', () => {
    expect(about(z.string().describe('inner').optional().describe('outer').default('x'))).toEqual({
      description: 'outer',
    });
    expect(
      about(
        z
          .string()
          .meta({ examples: ['e'], secret: true })
          .optional(),
      ),
    ).toEqual({ example: 'e', secret: true });
  });
});
