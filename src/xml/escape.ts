/** Makes any JavaScript string fit for XML 1.0: escapes what is markup, drops what no XML may hold (CHECKLIST 114-32). Linear, and free where nothing is to do. */

// biome-ignore format: one class a line
const needsCare = /[&<>"'\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/;
const needsCareInAttribute = /[&<>"'\t\n\r\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/;
const illegal = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
const markup = /[&<>"']/g;
const attributeMarkup = /[&<>"'\t\n]/g;
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
};
const entity = (character: string): string => entities[character] ?? '';

/** The string without what XML 1.0 §2.2 forbids: illegal controls go, lone surrogates become U+FFFD, CR LF and CR become LF. */
export function legal(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(illegal, '').toWellFormed();
}

/** For character data. */
export function escapeText(text: string): string {
  return needsCare.test(text) ? legal(text).replace(markup, entity) : text;
}

/** For an attribute's value, between either kind of quotes; tabs and line feeds survive normalisation. */
export function escapeAttribute(text: string): string {
  return needsCareInAttribute.test(text) ? legal(text).replace(attributeMarkup, entity) : text;
}
