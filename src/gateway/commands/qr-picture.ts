/** The text of a QR code as a picture that any client can show: black on white, a PNG of one bit a pixel. */
import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'uqr';
import { cidOf } from '../../xmpp/xep/0231-bits-of-binary.ts';

export interface QrPicture {
  /** XEP-0231 §2.5 */
  readonly cid: string;
  readonly type: 'image/png';
  readonly bytes: Uint8Array;
  /** Width and height, in pixels. */
  readonly size: number;
}

/** A longer text makes a picture that no telephone reads off a screen, and more than bits of binary are for (XEP-0231 §2.1). */
const longestBytes = 1_000;
/** White around it, in modules: what the standard demands. */
const border = 4;
/** At least so large on the screen. */
const wantedPixels = 240;
const leastPixelsAModule = 3;

/** undefined: the text is too long for one. */
export function qrPicture(text: string): QrPicture | undefined {
  if (text === '' || Buffer.byteLength(text) > longestBytes) return undefined;
  const { data, size: modules } = encode(text, { ecc: 'L', border });
  const scale = Math.max(leastPixelsAModule, Math.ceil(wantedPixels / modules));
  const size = modules * scale;
  const bytes = png(size, (x, y) => data[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true);
  return { cid: cidOf(bytes), type: 'image/png', bytes, size };
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** A square of grey at one bit a pixel: 0 is black, 1 is white. */
function png(size: number, isBlack: (x: number, y: number) => boolean): Uint8Array {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.writeUInt8(1, 8);
  // Every line begins with the number of its filter: none.
  const lineBytes = 1 + Math.ceil(size / 8);
  const lines = Buffer.alloc(lineBytes * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (isBlack(x, y)) continue;
      const at = y * lineBytes + 1 + (x >> 3);
      lines.writeUInt8(lines.readUInt8(at) | (0x80 >> (x & 7)), at);
    }
  }
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(lines, { level: 9 })), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

function chunk(type: string, content: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
