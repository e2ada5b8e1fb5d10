/**
 * How the ids of networks become localparts of JIDs. Two layers: XEP-0106 for the ten characters that no localpart may hold, and `=xx` (the UTF-8
 * octets in lower-case hex) for all else that a server might fold, reject or change. What `encodeLocal` returns is made of the alphabet of
 * CHECKLIST JID-05 alone, so neither Nodeprep nor PRECIS UsernameCaseMapped alters it.
 */

/** XEP-0106 §3.2: the characters that a localpart can't hold, and the backslash that begins an escape. */
const sequenceOf: Readonly<Record<string, string>> = {
  ' ': '\\20',
  '"': '\\22',
  '&': '\\26',
  "'": '\\27',
  '/': '\\2f',
  ':': '\\3a',
  '<': '\\3c',
  '>': '\\3e',
  '@': '\\40',
  '\\': '\\5c',
};
const characterOf: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(sequenceOf).map(([character, sequence]) => [sequence, character]),
);

const toEscape = /[ "&'/:<>@]|\\(?=20|22|26|27|2f|3a|3c|3e|40|5c)/g;

/** XEP-0106 §4.2 rules 2 and 3. A space must not be first or last (§3.2): trim before, or use `encodeLocal`. */
export function escapeLocal(text: string): string {
  return text.replace(toEscape, (character) => sequenceOf[character] ?? character);
}

const needsCode = /[^a-z0-9._\-+~!#$%*?^()[\]{}|,;\\ "&'/:<>@]|^ | $/gu;
const escapedOrCoded = /\\(?:20|22|26|27|2f|3a|3c|3e|40|5c)|(?:=[0-9a-f]{2})+/g;

const codesOf = (text: string): string => {
  let codes = '';
  for (const octet of Buffer.from(text)) codes += `=${octet.toString(16).padStart(2, '0')}`;
  return codes;
};

/** Fatal, because octets that are no UTF-8 were not made by us and stay as they are. */
const textOfCodes = (codes: string): string => {
  try {
    const octets = Buffer.from(codes.replaceAll('=', ''), 'hex');
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return codes;
  }
};

/**
 * Any well-formed text as part of a localpart: the same text, always the same result; different texts, different results; `decodeLocal` undoes it.
 * Lone surrogates become U+FFFD. May be longer than the 1023 octets of a localpart; `parseJid` then refuses it.
 */
export function encodeLocal(text: string): string {
  return escapeLocal(text.replace(needsCode, codesOf));
}

/** Undoes `encodeLocal`. Total: what it could not have made is left as it is. */
export function decodeLocal(local: string): string {
  return local.replace(escapedOrCoded, (found) =>
    found.startsWith('=') ? textOfCodes(found) : (characterOf[found] ?? found),
  );
}
