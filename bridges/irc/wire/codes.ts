/** mIRC's formatting codes: how each is recognised in a text, and what is in force behind it. Both format.ts and split.ts read by it. */

/** A text has a code or another control that no one should see. TAB and LF are neither. */
export const controls = /[\x00-\x08\x0b-\x1f]/;

export type Toggle = 'strong' | 'emphasis' | 'underline' | 'deleted' | 'code' | 'reverse';

/** The codes that switch something on and, the second time, off. */
export const toggles: ReadonlyMap<number, Toggle> = new Map([
  [0x02, 'strong'],
  [0x1d, 'emphasis'],
  [0x1f, 'underline'],
  [0x1e, 'deleted'],
  [0x11, 'code'],
  [0x16, 'reverse'],
]);

export const colourCode = 0x03;
export const hexCode = 0x04;
export const resetCode = 0x0f;

/** A colour code at `at`: where it ends, and its colours as they stand; both absent: back to the default. */
export interface ColourCode {
  readonly end: number;
  readonly fore: string;
  readonly back: string;
}

/** @param at where the text has `colourCode` or `hexCode`. */
export function readColour(text: string, at: number): ColourCode {
  const isHex = text.charCodeAt(at) === hexCode;
  const foreEnd = digitsEnd(text, at + 1, isHex);
  const fore = text.slice(at + 1, foreEnd);
  if (fore === '' || text.charCodeAt(foreEnd) !== 0x2c) return { end: foreEnd, fore, back: '' };
  const backEnd = digitsEnd(text, foreEnd + 1, isHex);
  const back = text.slice(foreEnd + 1, backEnd);
  return back === '' ? { end: foreEnd, fore, back } : { end: backEnd, fore, back };
}

/** Up to two decimal digits, or exactly six hexadecimal ones. */
function digitsEnd(text: string, from: number, isHex: boolean): number {
  let at = from;
  if (!isHex) {
    while (at < from + 2 && isDigit(text.charCodeAt(at))) at++;
    return at;
  }
  while (at < from + 6 && isHexDigit(text.charCodeAt(at))) at++;
  return at === from + 6 ? at : from;
}

export const isDigit = (code: number) => code >= 0x30 && code <= 0x39;
const isHexDigit = (code: number) => isDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
