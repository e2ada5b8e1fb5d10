/** A QR code as a PNG: what a reader of the file finds in it is what the library drew. */
import { crc32, inflateSync } from 'node:zlib';
import { encode } from 'uqr';
import { describe, expect, test } from 'vitest';
import { qrPicture } from '../../../../src/gateway/commands/qr-picture.ts';

/** The chunks of a PNG, each with its checksum looked at. */
function chunksOf(png: Buffer): ReadonlyMap<string, Buffer> {
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    expect(crc32(png.subarray(at + 4, at + 8 + length))).toBe(png.readUInt32BE(at + 8 + length));
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return chunks;
}

/** Is that pixel black? */
function pixelsOf(png: Buffer): { readonly size: number; isBlack(x: number, y: number): boolean } {
  const chunks = chunksOf(png);
  const head = chunks.get('IHDR') ?? Buffer.alloc(13);
  const size = head.readUInt32BE(0);
  expect([...head.subarray(4)]).toEqual([...head.subarray(0, 4), 1, 0, 0, 0, 0]);
  const lines = inflateSync(chunks.get('IDAT') ?? '');
  const lineBytes = 1 + Math.ceil(size / 8);
  expect(lines).toHaveLength(lineBytes * size);
  return { size, isBlack: (x, y) => ((lines[y * lineBytes + 1 + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) === 0 };
}

describe('a QR code', () => {
  test.each(['fake://pair/1', 'https://net.test/pair?'.padEnd(300, 'é'), 'x'.repeat(1_000)])('%s', (text) => {
    const picture = qrPicture(text);
    const png = Buffer.from(picture?.bytes ?? []);
    const { size, isBlack } = pixelsOf(png);
    expect(size).toBe(picture?.size);
    const { data, size: modules } = encode(text, { ecc: 'L', border: 4 });
    const scale = size / modules;
    const read = data.map((row, y) => row.map((_, x) => isBlack(x * scale, y * scale + scale - 1)));
    expect(read).toEqual(data);
    expect(size).toBeGreaterThanOrEqual(240);
  });

  test('231-01 is no larger than bits of binary should be', () => {
    for (const length of [1, 100, 500, 1_000])
      expect(qrPicture('aB3-'.repeat(length).slice(0, length))?.bytes.length).toBeLessThan(8_192);
  });

  test('is named by what it is', () => {
    expect(qrPicture('one')?.cid).toMatch(/^sha1\+[0-9a-f]{40}@bob\.xmpp\.org$/);
    expect(qrPicture('one')?.cid).toBe(qrPicture('one')?.cid);
    expect(qrPicture('one')?.cid).not.toBe(qrPicture('two')?.cid);
  });

  test('there is none of nothing, and none of what no telephone reads', () => {
    expect(qrPicture('')).toBeUndefined();
    expect(qrPicture('é'.repeat(501))).toBeUndefined();
  });
});
