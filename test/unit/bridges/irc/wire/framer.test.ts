/** Bytes to lines: any cut of the same bytes gives the same lines, every charset is read, and no line grows without bound. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFramer, maxLineFromServer } from '../../../../../bridges/irc/wire/framer.ts';

function setUp(maxLine = maxLineFromServer) {
  const lines: string[] = [];
  const seen = { overflows: 0 };
  const framer = createFramer({
    maxLine,
    onLine: (text) => void lines.push(text),
    onOverflow: () => {
      seen.overflows++;
    },
  });
  return { framer, lines, seen };
}
/** One read's bytes in a buffer that is overwritten at once, as the socket's is. */
function pushShared(framer: ReturnType<typeof createFramer>, bytes: Buffer): void {
  const shared = Buffer.from(bytes);
  framer.push(shared);
  shared.fill(0x58);
}
const framed = (...reads: (string | Buffer)[]) => {
  const { framer, lines } = setUp();
  for (const read of reads) pushShared(framer, Buffer.from(read as string));
  return lines;
};

describe('line ends', () => {
  test.each([
    [['a\r\nb\nc\r\n'], ['a', 'b', 'c']],
    [
      ['a\r', '\nb', '\r\n'],
      ['a', 'b'],
    ],
    [['\r\n\n\r\n'], []],
    [['a\r\r\nb\n'], ['a', 'b']],
    [['no end'], []],
    [
      ['a', 'b', 'c\n', 'd\n'],
      ['abc', 'd'],
    ],
    [
      ['a\n', '', 'b\n'],
      ['a', 'b'],
    ],
    [['\0a\0b\0\r\n\0\r\n'], ['ab']],
    [['a\r\0\r\n\r\0\n'], ['a']],
    [['a\rb\n'], ['ab']],
  ])('%j', (reads, lines) => expect(framed(...reads)).toEqual(lines));
});

test('whether more lines of the same read follow, also behind one that began in the read before', () => {
  const more: [string, boolean][] = [];
  const onLine = (text: string): void => void more.push([text, framer.hasMore]);
  const framer = createFramer({ maxLine: 20, onLine, onOverflow: () => undefined });
  for (const read of ['a\nb\nc', 'd\ne\nf', '\n', 'g\n']) framer.push(Buffer.from(read));
  expect(more).toEqual([
    ['a', true],
    ['b', false],
    ['cd', true],
    ['e', false],
    ['f', false],
    ['g', false],
  ]);
});

describe('charsets', () => {
  const bytes = (...parts: (string | number[])[]) => Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  test('UTF-8', () => expect(framed('grüße 📷\r\n')).toEqual(['grüße 📷']));
  test('CP1252 where it is not UTF-8', () => {
    expect(framed(bytes('caf', [0xe9], ' ', [0x80], [0x93], 'x', [0x94], [0x81], '\r\n'))).toEqual(['café €“x”\x81']);
  });
  test('each line by itself', () => {
    expect(framed(bytes('caf', [0xe9], '\r\ncafé\r\ncafe\r\n'))).toEqual(['café', 'café', 'cafe']);
  });
  test('UTF-8 whose last character was cut off loses that character only', () => {
    const cyrillic = Buffer.from('привет');
    expect(framed(bytes([...cyrillic.subarray(0, -1)], '\r\n'))).toEqual(['приве']);
    const camera = Buffer.from('é 📷');
    for (const cut of [1, 2, 3]) expect(framed(bytes([...camera.subarray(0, -cut)], '\r\n'))).toEqual(['é ']);
  });
  test('a lone last byte of CP1252 is that, not a cut character', () =>
    expect(framed(bytes('caf', [0xe9], '\n'))).toEqual(['café']));
  test('a character over the border of two reads', () => {
    const camera = Buffer.from('📷\n');
    for (let cut = 1; cut < 4; cut++) expect(framed(camera.subarray(0, cut), camera.subarray(cut))).toEqual(['📷']);
  });
  test('never a replacement character, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (random) => {
        for (const line of framed(Buffer.concat([Buffer.from(random), Buffer.from('\n')]))) {
          if (!Buffer.from(random).includes(Buffer.from('\ufffd'))) expect(line).not.toContain('\ufffd');
          expect(line).not.toMatch(/[\0\r\n]/);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('long lines', () => {
  test.each([0, 1, 2])('exactly the limit passes, one more does not (%i bytes of line end cut off)', (cut) => {
    for (const [length, overflows] of [
      [100, 0],
      [101, 1],
    ] as const) {
      const { framer, lines, seen } = setUp(100);
      const wire = Buffer.from(`${'x'.repeat(length)}\r\n`);
      pushShared(framer, wire.subarray(0, wire.length - cut));
      pushShared(framer, wire.subarray(wire.length - cut));
      pushShared(framer, Buffer.from('next\r\n'));
      expect(seen.overflows).toBe(overflows);
      expect(lines.at(-1)).toBe('next');
      expect(lines).toHaveLength(overflows === 0 ? 2 : 1);
    }
  });
  test('10 MB without an end, in reads: told once, memory stays flat, the next line arrives', () => {
    const { framer, lines, seen } = setUp();
    const read = Buffer.alloc(16_384, 0x61);
    const before = process.memoryUsage().arrayBuffers;
    for (let sent = 0; sent < 10_000_000; sent += read.length) framer.push(read);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2_000_000);
    expect(seen.overflows).toBe(1);
    framer.push(Buffer.from('end of it\r\nPING x\r\n'));
    expect(lines).toEqual(['PING x']);
    expect(seen.overflows).toBe(1);
  });
  test('line ends and NULs without end count too, however they are cut', () => {
    for (const cut of [1, 50, 101, 102]) {
      const { framer, seen } = setUp(100);
      const wire = Buffer.from(`x${'\r\0'.repeat(100)}\n`);
      pushShared(framer, wire.subarray(0, cut));
      pushShared(framer, wire.subarray(cut));
      expect(seen.overflows).toBe(1);
    }
  });
  test('10 MB at once with an end', () => {
    const { framer, lines, seen } = setUp();
    framer.push(Buffer.concat([Buffer.alloc(10_000_000, 0x61), Buffer.from('\r\nPING x\r\n')]));
    expect([lines, seen.overflows]).toEqual([['PING x'], 1]);
  });
  test('a long line byte by byte', () => {
    const { framer, lines } = setUp();
    for (const byte of Buffer.from(`${'x'.repeat(8000)}é\r\n`)) pushShared(framer, Buffer.from([byte]));
    expect(lines).toEqual([`${'x'.repeat(8000)}é`]);
  });
});

test('however bytes are cut into reads, the lines are the same', () => {
  const piece = fc.oneof(
    fc.constantFrom('\r', '\n', '\r\n', '\0', 'a', 'é', '📷').map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(200), { maxLength: 12 }), (pieces, cuts) => {
      const wire = Buffer.concat([...pieces, Buffer.from('\n')]);
      const whole = setUp(30);
      pushShared(whole.framer, wire);
      const inReads = setUp(30);
      const places = [
        0,
        ...cuts.map((cut) => Math.min(cut, wire.length)).sort((one, other) => one - other),
        wire.length,
      ];
      for (const [index, place] of places.slice(0, -1).entries())
        pushShared(inReads.framer, wire.subarray(place, places[index + 1]));
      expect(inReads.lines).toEqual(whole.lines);
      expect(inReads.seen).toEqual(whole.seen);
    }),
    { numRuns: 10_000 },
  );
});
