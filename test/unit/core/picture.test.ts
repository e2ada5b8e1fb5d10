/** Pictures are known by their first bytes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitPicture, pictureFacts, pictureLimits } from '../../../src/core/picture.ts';
import { png } from '../../harness/pictures.ts';

const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))));

const app0 = [0xff, 0xe0, 0, 6, 1, 2, 3, 4];
const tables = [0xff, 0xc4, 0, 4, 9, 9];
const frame = (kind: number) => [0xff, kind, 0, 11, 8, 0, 48, 0, 96, 1, 1, 0x11, 0];
const jpeg = bytes([0xff, 0xd8], app0, tables, [0xff], frame(0xc2));

describe('what a picture is by its first bytes', () => {
  test.each([
    ['PNG', png(0, 64).bytes, { type: 'image/png', width: 64, height: 64 }],
    ['GIF', bytes('GIF89a', [3, 1, 2, 0, 0, 0, 0]), { type: 'image/gif', width: 259, height: 2 }],
    ['the old GIF', bytes('GIF87a', [8, 0, 8, 0, 0, 0, 0]), { type: 'image/gif', width: 8, height: 8 }],
    ['JPEG, behind tables and padding', jpeg, { type: 'image/jpeg', width: 96, height: 48 }],
  ])('%s', (_, file, facts) => {
    expect(pictureFacts(file)).toEqual(facts);
  });

  test.each([
    ['nothing', bytes()],
    ['text', bytes('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')],
    ['WebP', bytes('RIFF', [9, 0, 0, 0], 'WEBPVP8 ')],
    ['a PNG that ends early', png(0).bytes.subarray(0, 20)],
    ['a PNG without width', Buffer.from(png(0).bytes).fill(0, 16, 20)],
    ['a GIF that ends early', bytes('GIF89a', [8])],
    ['a JPEG without a frame', bytes([0xff, 0xd8], app0, [0xff, 0xd9])],
    ['a JPEG whose segment has no length', bytes([0xff, 0xd8, 0xff, 0xe0, 0, 0], frame(0xc0))],
  ])('%s is none', (_, file) => {
    expect(pictureFacts(file)).toBeUndefined();
  });

  test('whatever follows, it comes to an end', () => {
    const starts = fc.constantFrom('', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'GIF89a', '\xff\xd8\xff');
    fc.assert(
      fc.property(starts, fc.uint8Array({ maxLength: 200 }), (start, rest) => {
        const facts = pictureFacts(bytes(start, [...rest]));
        if (facts !== undefined) expect(Math.min(facts.width, facts.height)).toBeGreaterThan(0);
      }),
    );
  });
});

test('084-04 153-03 what is too large, or would unfold into too much, is not passed on', () => {
  expect(fitPicture(png(0, 96))).toEqual({ type: 'image/png', width: 96, height: 96 });
  expect(fitPicture(png(0, 96, pictureLimits.bytes))).toBeUndefined();
  expect(fitPicture(png(0, pictureLimits.side))).toBeDefined();
  expect(fitPicture(png(0, pictureLimits.side + 1))).toBeUndefined();
  for (const side of [16, 20]) {
    const long = Buffer.from(png(0).bytes);
    long.writeUInt32BE(pictureLimits.side + 1, side);
    expect(fitPicture({ bytes: long })).toBeUndefined();
  }
});
