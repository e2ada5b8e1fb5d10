/** OTR data on IRC: as it is where it fits, else in its own fragments. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { otrLines } from '../../../../bridges/irc/otr.ts';

const message = (head: readonly number[], more: Uint8Array): string =>
  `?OTR:${Buffer.concat([Buffer.from(head), more]).toString('base64')}.`;
const v2 = [0, 2, 3];
const v3 = [0, 3, 3, 0, 0, 1, 0, 0xde, 0xad, 0xbe, 0xef];

test('what fits is one line, what is none is none', () => {
  const short = message(v3, Buffer.alloc(10));
  expect(otrLines(short, 400)).toEqual([short]);
  for (const text of ['hello', '?OTRv3?', '?OTR:not base64!.', '?OTR:AAAA', `${short} and more`]) {
    expect(otrLines(text, 400)).toBeUndefined();
  }
});

test('fragments name both instances since version 3, and are counted', () => {
  const lines = otrLines(message(v3, Buffer.alloc(600)), 300);
  expect(lines?.[0]).toMatch(/^\?OTR\|00000100\|deadbeef,00001,00004,\?OTR:/);
  expect(lines).toHaveLength(4);
  expect(otrLines(message(v2, Buffer.alloc(600)), 300)?.[3]).toMatch(/^\?OTR,00004,00004,.*\.,$/);
});

test('a version that is not known, or a line without room, is not cut', () => {
  expect(otrLines(message([0, 9, 3], Buffer.alloc(600)), 300)).toBeUndefined();
  expect(otrLines(message(v3, Buffer.alloc(600)), 30)).toBeUndefined();
});

test('put together again they are the message, each within its bounds', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(v2, v3),
      fc.uint8Array({ minLength: 20, maxLength: 3_000 }),
      fc.integer({ min: 64, max: 450 }),
      (head, more, bytes) => {
        const text = message(head, more);
        const lines = otrLines(text, bytes) ?? [];
        expect(lines.every((line) => line.length <= bytes)).toBe(true);
        if (lines.length === 1) expect(lines).toEqual([text]);
        else expect(lines.map((line) => line.split(',')[3]).join('')).toBe(text);
      },
    ),
    { numRuns: 10_000 },
  );
});
