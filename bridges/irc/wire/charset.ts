/** The text of a line's bytes: UTF-8 where they are that, else CP1252, as IRC has no charset of its own. */
import { isUtf8 } from 'node:buffer';

/** What CP1252 has at 0x80 to 0x9F; elsewhere it is Latin-1. Its five holes stay the controls that they are in Latin-1. */
const cp1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

const beyondAscii = /[\x80-\xff]/;

/** Decodes bytes [from, to). A UTF-8 text whose last character was cut off by the server's limit loses that character only. @param other reads what is not UTF-8 */
export function decodeLine(
  bytes: Buffer,
  from: number,
  to: number,
  other?: (bytes: Buffer) => string | undefined,
): string {
  const text = bytes.toString('latin1', from, to);
  if (!beyondAscii.test(text)) return text;
  if (isUtf8(bytes.subarray(from, to))) return bytes.toString('utf8', from, to);
  const whole = beforeCutCharacter(bytes, from, to);
  if (whole < to && beyondAscii.test(bytes.toString('latin1', from, whole)) && isUtf8(bytes.subarray(from, whole))) {
    return bytes.toString('utf8', from, whole);
  }
  return other?.(bytes.subarray(from, to)) ?? fromLatin1(text);
}

/** The text of CP1252's bytes. */
export const decodeCp1252 = (bytes: Uint8Array): string => fromLatin1(Buffer.from(bytes).toString('latin1'));

const fromLatin1 = (text: string): string =>
  text.replace(/[\x80-\x9f]/g, (char) => cp1252.charAt(char.charCodeAt(0) - 0x80));

/** Where an unfinished UTF-8 sequence at the end begins; `to` where there is none. */
function beforeCutCharacter(bytes: Buffer, from: number, to: number): number {
  for (let at = to - 1; at >= from && at >= to - 3; at--) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0xc2) return at;
    if (byte < 0x80) return to;
  }
  return to;
}
