/**
 * The older encodings of texts, read by Node's TextDecoder and written by tables that are its inverse: one byte a character, or two in the East Asian
 * ones. UTF-8 needs none of this.
 */
import { decodeCp1252 } from './charset.ts';

export interface Encoding {
  decode(bytes: Uint8Array): string;
  /** Characters that it does not have become question marks. */
  encode(text: string): Buffer;
}

/** Those that take two bytes for most characters; written as far as two bytes reach. */
const wide = new Set(['big5', 'euc-jp', 'euc-kr', 'gb18030', 'gbk', 'shift_jis']);
/** No byte stream that IRC can carry, or one with states between lines. */
const unusable = new Set(['utf-16le', 'utf-16be', 'iso-2022-jp', 'replacement', 'x-user-defined']);
const beyondAscii = /[^\0-\x7f]/;

/** The encoding of that name ("latin1", "CP1251", "Shift_JIS"); undefined: there is none, or none for IRC. 'utf-8' is not for this. */
export function encodingName(label: string): string | undefined {
  try {
    const name = new TextDecoder(label.trim()).encoding;
    return unusable.has(name) ? undefined : name;
  } catch {
    return undefined;
  }
}

/** @param name one that `encodingName` returned, but not 'utf-8' */
export function createEncoding(name: string): Encoding {
  const decoder = new TextDecoder(name);
  // The one that everybody's text is in when it is nothing else has holes that Latin-1 does not.
  const decode = name === 'windows-1252' ? decodeCp1252 : (bytes: Uint8Array) => decoder.decode(bytes);
  let table: ReadonlyMap<string, readonly number[]> | undefined;
  return {
    decode,
    encode(text) {
      if (!beyondAscii.test(text)) return Buffer.from(text, 'latin1');
      table ??= inverse(decode, wide.has(name));
      const bytes: number[] = [];
      for (const char of text) {
        const known = char < '\x80' ? undefined : table.get(char);
        if (known !== undefined) bytes.push(...known);
        else bytes.push(char < '\x80' ? char.charCodeAt(0) : 0x3f);
      }
      return Buffer.from(bytes);
    },
  };
}

function inverse(decode: Encoding['decode'], twoBytes: boolean): ReadonlyMap<string, readonly number[]> {
  const table = new Map<string, readonly number[]>();
  const note = (...bytes: readonly number[]): void => {
    const text = decode(Uint8Array.from(bytes));
    if (text.includes('\ufffd') || [...text].length !== 1 || text < '\x80' || table.has(text)) return;
    table.set(text, bytes);
  };
  for (let byte = 0x80; byte <= 0xff; byte++) note(byte);
  // No second byte below 0x40: none can end a line or a parameter.
  if (twoBytes)
    for (let lead = 0x81; lead <= 0xfe; lead++) for (let trail = 0x40; trail <= 0xfe; trail++) note(lead, trail);
  return table;
}
