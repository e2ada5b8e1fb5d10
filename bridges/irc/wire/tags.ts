/** Message tags (IRCv3 message-tags): the `@key=value;…` in front of a line, and the escaping of values both ways. */

const escaped: Readonly<Record<string, string>> = { ';': '\\:', ' ': '\\s', '\\': '\\\\', '\r': '\\r', '\n': '\\n' };
const plain: Readonly<Record<string, string>> = { ':': ';', s: ' ', '\\': '\\', r: '\r', n: '\n' };

/** A value as it stands on the wire. NUL has no escape: it stands in no XML, and in no id that is given back. */
export function escapeTag(value: string): string {
  return /[; \\\r\n]/.test(value) ? value.replace(/[; \\\r\n]/g, (char) => escaped[char] ?? '') : value;
}

/** The value that a wire text means; a backslash without a valid escape behind it is dropped. */
export function unescapeTag(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.?)/gs, (_, char: string) => plain[char] ?? char) : text;
}

/** Reads what stands between `@` and the space. Of a repeated key the last counts; a missing value is the empty string. */
export function readTags(text: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  let at = 0;
  let equals = text.indexOf('=');
  while (at < text.length) {
    let end = text.indexOf(';', at);
    if (end < 0) end = text.length;
    if (equals >= 0 && equals < at) equals = text.indexOf('=', at);
    if (equals < 0 || equals >= end) {
      if (end > at) tags.set(text.slice(at, end), '');
    } else if (equals > at) {
      tags.set(text.slice(at, equals), unescapeTag(text.slice(equals + 1, end)));
    }
    at = end + 1;
  }
  return tags;
}

/** Writes tags without `@` and space; an empty value is written as the bare key. Keys are ours and are not checked here. */
export function writeTags(tags: Iterable<readonly [string, string]>): string {
  let text = '';
  for (const [key, value] of tags) {
    if (text !== '') text += ';';
    text += value === '' ? key : `${key}=${escapeTag(value)}`;
  }
  return text;
}
