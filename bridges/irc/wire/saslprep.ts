/** SASLprep (RFC 4013): the form of a name or a password in which both sides compute with it. */

/** Commonly mapped to nothing (RFC 3454 B.1). */
const nothing = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|[\u200b-\u200d]|\u2060|[\ufe00-\ufe0f]|\ufeff/gu;
/** Spaces that are none of ASCII's (C.1.2). */
const spaces = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu;
/** Controls, private use, noncharacters, surrogates (C.2 to C.5); what changes display, or is no plain text (C.6 to C.9). */
const prohibited = /\p{Cc}|\p{Co}|\p{Cs}|\p{Noncharacter_Code_Point}|\p{Bidi_Control}/u;
const strange =
  /\u0340|\u0341|\u06dd|\u070f|\u180e|[\u2028-\u202e\u2061-\u2063\u206a-\u206f\u2ff0-\u2ffb\ufff9-\ufffd]|[\u{1d173}-\u{1d17a}]|[\u{e0001}\u{e0020}-\u{e007f}]/u;

/** The prepared text; undefined: it holds what SASL forbids. */
export function saslprep(text: string): string | undefined {
  const mapped = text.replace(nothing, '').replace(spaces, ' ').normalize('NFKC');
  return mapped === '' || prohibited.test(mapped) || strange.test(mapped) ? undefined : mapped;
}
