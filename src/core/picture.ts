/** Pictures of people: what they are is read from their first bytes, never believed; nothing is ever decoded. PNG, JPEG and GIF, which every client shows. */

/** The bytes of a file. */
export interface Picture {
  readonly bytes: Uint8Array;
}

export interface PictureFacts {
  readonly type: 'image/png' | 'image/jpeg' | 'image/gif';
  readonly width: number;
  readonly height: number;
}

/** What is taken (CHECKLIST 153-03, 084-04): larger ones, and those that would unfold into a great many pixels, count as none. */
export const pictureLimits = { bytes: 100_000, side: 2_048 } as const;

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) * 65_536 + u16(bytes, at + 2);

const begins = (bytes: Uint8Array, signature: readonly number[]): boolean =>
  signature.every((byte, at) => bytes[at] === byte);

const ascii = (text: string): readonly number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const pngStart = [0x89, ...ascii('PNG\r\n\x1a\n'), 0, 0, 0, 13, ...ascii('IHDR')];
const gifStarts = [ascii('GIF87a'), ascii('GIF89a')];

/** The frame header of a JPEG, behind segments of any number: SOF0 to SOF15, but for DHT, JPG and DAC. */
function jpegSize(bytes: Uint8Array): { readonly width: number; readonly height: number } | undefined {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return { height: u16(bytes, at + 5), width: u16(bytes, at + 7) };
    const length = u16(bytes, at + 2);
    if (length < 2) return undefined;
    at += 2 + length;
  }
  return undefined;
}

/** undefined: no picture of those kinds, or one without a size. */
export function pictureFacts(bytes: Uint8Array): PictureFacts | undefined {
  const found = read(bytes);
  return found === undefined || found.width === 0 || found.height === 0 ? undefined : found;
}

function read(bytes: Uint8Array): PictureFacts | undefined {
  if (begins(bytes, pngStart) && bytes.length >= 33) {
    return { type: 'image/png', width: u32(bytes, 16), height: u32(bytes, 20) };
  }
  if (gifStarts.some((start) => begins(bytes, start)) && bytes.length >= 13) {
    const little = (at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
    return { type: 'image/gif', width: little(6), height: little(8) };
  }
  const size = begins(bytes, [0xff, 0xd8, 0xff]) ? jpegSize(bytes) : undefined;
  return size === undefined ? undefined : { type: 'image/jpeg', ...size };
}

/** The same for a picture that may be passed on; undefined: it is none, or over the limits. */
export function fitPicture({ bytes }: Picture): PictureFacts | undefined {
  if (bytes.length > pictureLimits.bytes) return undefined;
  const facts = pictureFacts(bytes);
  const fits = facts !== undefined && facts.width <= pictureLimits.side && facts.height <= pictureLimits.side;
  return fits ? facts : undefined;
}
