/** What a file is, by its first bytes alone: of what strangers and networks say of it nothing is believed. */

/** As many bytes as are looked at. */
export const headBytes = 32;

/** What is none of these is served as no type at all, to be saved. */
export const unknownType = 'application/octet-stream';

type Sign = { readonly type: string; readonly at?: number; readonly bytes: string };

const signs: readonly Sign[] = [
  { type: 'image/png', bytes: '\x89PNG\r\n\x1a\n' },
  { type: 'image/jpeg', bytes: '\xff\xd8\xff' },
  { type: 'image/gif', bytes: 'GIF87a' },
  { type: 'image/gif', bytes: 'GIF89a' },
  { type: 'image/webp', at: 8, bytes: 'WEBPVP8' },
  { type: 'image/avif', at: 4, bytes: 'ftypavif' },
  { type: 'image/avif', at: 4, bytes: 'ftypavis' },
  ...['heic', 'heix', 'heim', 'heis'].map((brand) => ({ type: 'image/heic', at: 4, bytes: `ftyp${brand}` })),
  { type: 'image/heif', at: 4, bytes: 'ftypmif1' },
  { type: 'image/jxl', at: 4, bytes: 'JXL \r\n\x87\n' },
  { type: 'image/jxl', bytes: '\xff\x0a' },
  { type: 'audio/mp4', at: 4, bytes: 'ftypM4A ' },
  { type: 'audio/mp4', at: 4, bytes: 'ftypM4B ' },
  { type: 'video/quicktime', at: 4, bytes: 'ftypqt  ' },
  { type: 'video/mp4', at: 4, bytes: 'ftyp' },
  { type: 'video/webm', bytes: '\x1aE\xdf\xa3' },
  { type: 'audio/ogg', bytes: 'OggS' },
  { type: 'audio/flac', bytes: 'fLaC' },
  { type: 'audio/wav', at: 8, bytes: 'WAVEfmt ' },
  { type: 'audio/mpeg', bytes: 'ID3' },
  // A frame without a head: of MPEG 1, 2 or 2.5, with a checksum or without.
  ...['\xfb', '\xfa', '\xf3', '\xf2', '\xe3', '\xe2'].map((kind) => ({ type: 'audio/mpeg', bytes: `\xff${kind}` })),
  { type: 'audio/aac', bytes: '\xff\xf1' },
  { type: 'audio/aac', bytes: '\xff\xf9' },
  { type: 'application/pdf', bytes: '%PDF-' },
  { type: 'application/zip', bytes: 'PK\x03\x04' },
];

/** @param head its first bytes, `headBytes` of them where it has so many */
export function typeOf(head: Uint8Array): string {
  const text = Buffer.from(head).toString('latin1');
  return signs.find(({ at = 0, bytes }) => text.startsWith(bytes, at))?.type ?? unknownType;
}

/** Those that browsers show without running anything that stands in them; an SVG is none, nor is a PDF. */
export const isShown = (type: string): boolean => /^(?:image|audio|video)\//.test(type);
