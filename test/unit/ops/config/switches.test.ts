/** Switches in both spellings, whichever the schema names. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseWithSwitches } from '../../../../src/ops/config/switches.ts';

const limits = z.union([z.strictObject({ size: z.int() }), z.literal('off')]);
const schema = z.strictObject({
  plain: z.boolean().optional(),
  named: z.enum(['required', 'off']).optional(),
  limits: limits.optional(),
  text: z.string().optional(),
  many: z.array(z.boolean()).optional(),
  deep: z.record(z.string(), z.strictObject({ flag: z.boolean() })).optional(),
});

describe('a switch', () => {
  test.each([
    [{ plain: 'off' }, { plain: false }],
    [{ plain: 'on' }, { plain: true }],
    [{ named: false }, { named: 'off' }],
    [{ limits: false }, { limits: 'off' }],
    [{ limits: { size: 1 } }, { limits: { size: 1 } }],
    [{ text: 'off' }, { text: 'off' }],
    [{ many: ['on', false, 'off'] }, { many: [true, false, false] }],
    [{ deep: { a: { flag: 'on' } } }, { deep: { a: { flag: true } } }],
    [
      { plain: 'off', named: false, text: 'on' },
      { plain: false, named: 'off', text: 'on' },
    ],
  ])('%j', (input, output) => {
    const before = structuredClone(input);
    expect(parseWithSwitches(schema, input)).toMatchObject({ success: true, data: output });
    expect(input).toEqual(before);
  });
});

test('what is wrong in both spellings is reported as it was written', () => {
  const result = parseWithSwitches(schema, { plain: 'off', named: true, limits: true, text: false });
  expect(result.error?.issues.map(({ path }) => path[0])).toEqual(['named', 'limits', 'text']);
});

test('a whole schema may be a switch', () => {
  expect(parseWithSwitches(z.literal('off'), false).data).toBe('off');
  expect(parseWithSwitches(z.boolean(), 'on').data).toBe(true);
  expect(parseWithSwitches(z.boolean(), 'maybe').success).toBe(false);
});

test('anything that the schema takes by itself is not touched', () => {
  const input = fc.record(
    { plain: fc.boolean(), named: fc.constantFrom('required', 'off'), text: fc.string(), many: fc.array(fc.boolean()) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(input, (value) => {
      expect(parseWithSwitches(schema, value).data).toEqual(value);
    }),
  );
});

test('any value gives a verdict', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      expect(typeof parseWithSwitches(schema, value).success).toBe('boolean');
    }),
  );
});
