/** Which characters XML 1.0 (fifth edition) allows where: names by §2.3, everything else by §2.2. */
import { malformed } from './fault.ts';

/** Bits of `ascii`. */
export const START = 1;
export const NAME = 2;
export const COLON = 4;

/** What an ASCII character may be in a name. */
export const ascii: Uint8Array = classify();

function classify(): Uint8Array {
  const classes = new Uint8Array(128);
  for (let code = 0; code < 128; code++) {
    const character = String.fromCharCode(code);
    if (/[A-Za-z_]/.test(character)) classes[code] = START | NAME;
    else if (/[0-9.-]/.test(character)) classes[code] = NAME;
    else if (character === ':') classes[code] = START | NAME | COLON;
  }
  return classes;
}

const start =
  ':A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\u{10000}-\u{effff}';
const wide = new RegExp(`[${start}][${start}.0-9\u00b7\u0300-\u036f\u203f\u2040-]*`, 'uy');

/** Where the name that begins at `from` ends, for names that are not all ASCII; `from` itself where none begins there. */
export function wideNameEnd(text: string, from: number): number {
  wide.lastIndex = from;
  return wide.test(text) ? wide.lastIndex : from;
}

const rare = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/;
const illegal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/** Whether a piece of input holds anything that needs a closer look than its markup: controls, carriage returns, halves of pairs. */
export function isRare(text: string): boolean {
  return rare.test(text) || !text.isWellFormed();
}

/** Throws unless every character is one that XML allows. */
export function assertLegal(text: string): void {
  if (illegal.test(text) || !text.isWellFormed()) malformed('character that XML does not allow');
}

/** White space as XML defines it (§2.3). */
export function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 9 || code === 13;
}
