/** Character data as written → as meant: line ends (XML 1.0 §2.11), attribute values (§3.3.3), references (§4.1, §4.6). */
import { assertLegal } from './characters.ts';
import { malformed } from './fault.ts';

const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** A reference longer than this is refused: nothing legitimate comes near it. */
export const LONGEST_REFERENCE = 32;

/** Content between tags. Throws where a reference is none of the five predefined entities and no legal character. */
export function decodeText(raw: string): string {
  return resolve(normaliseLines(raw));
}

/** What stands between an attribute's quotes; literal white space becomes spaces, referenced white space stays. */
export function decodeAttribute(raw: string): string {
  return resolve(/[\r\n\t]/.test(raw) ? raw.replace(/\r\n|[\r\n\t]/g, ' ') : raw);
}

/** CR LF and CR are LF. */
export function normaliseLines(raw: string): string {
  return raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
}

function resolve(text: string): string {
  assertLegal(text);
  let at = text.indexOf('&');
  if (at === -1) return text;
  let result = '';
  let done = 0;
  while (at !== -1) {
    const end = text.indexOf(';', at);
    if (end === -1 || end - at > LONGEST_REFERENCE) malformed('ampersand that begins no reference');
    result += text.slice(done, at) + meaning(text.slice(at + 1, end));
    done = end + 1;
    at = text.indexOf('&', done);
  }
  return result + text.slice(done);
}

function meaning(name: string): string {
  if (name.charCodeAt(0) !== 35) {
    return Object.hasOwn(predefined, name) ? (predefined[name] ?? '') : malformed('entity that is not predefined');
  }
  const hex = /^#x([0-9a-fA-F]+)$/.exec(name)?.[1];
  const decimal = /^#([0-9]+)$/.exec(name)?.[1];
  const code = hex !== undefined ? Number.parseInt(hex, 16) : Number.parseInt(decimal ?? '', 10);
  if (!(code <= 0x10ffff)) malformed('character reference out of range');
  const character = String.fromCodePoint(code);
  assertLegal(character);
  return character;
}
