/** Text that is to say just what it says: a backslash before whatever would be read as a sign. */

/** What the whole of a message decides for its text. */
export interface Escaping {
  /** An underscore between letters says nothing by itself and stays as it is. */
  readonly keepsUnderscores: boolean;
  readonly hasDeleted: boolean;
  readonly hasSpoilers: boolean;
  /** Somewhere brackets could make a link. */
  readonly hasLinks: boolean;
}

const most: Escaping = { keepsUnderscores: false, hasDeleted: true, hasSpoilers: true, hasLinks: true };

const emojiName = /:(?=[\w+-]*[a-z+-]|100:|1234:)[\w+-]{1,40}:/iy;
const mass = /@(?:everyone|here)/y;
const address = /<[\w.+-]{1,64}[:@]/y;

const matchesAt = (form: RegExp, text: string, at: number): boolean => {
  form.lastIndex = at;
  return form.test(text);
};

const isWord = (char: string | undefined): boolean => char !== undefined && /^[0-9A-Za-z]$/.test(char);

/** Text that no line begins with, written to stand within anything. */
export const escapeWithin = (text: string): string => escapeText(text, '', most);

/** @param before what stands before it as written */
export function escapeText(text: string, before: string, escaping: Escaping): string {
  let written = '';
  let alsoAt = -1;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '<') {
      if ('@#:/+&!'.includes(text.charAt(at + 1)) && at + 1 < text.length) alsoAt = at + 1;
      else if (matchesAt(address, text, at)) alsoAt = address.lastIndex - 1;
    }
    const previous = written === '' ? before.at(-1) : written.at(-1);
    written += at === alsoAt || needsEscape(text, at, previous, escaping) ? `\\${char}` : char;
  }
  return written;
}

function needsEscape(text: string, at: number, previous: string | undefined, escaping: Escaping): boolean {
  const char = text.charAt(at);
  const next = text[at + 1];
  const isAtEdge = at === 0 || next === undefined;
  switch (char) {
    case '\\':
    case '`':
    case '*':
      return true;
    case '_':
      return !(escaping.keepsUnderscores && isWord(previous) && isWord(next));
    case '~':
      return escaping.hasDeleted || isAtEdge || next === char || text[at - 1] === char;
    case '|':
      return escaping.hasSpoilers || isAtEdge || next === char || text[at - 1] === char;
    case '[':
      return escaping.hasLinks;
    case ':':
      return text.startsWith('://', at) || matchesAt(emojiName, text, at);
    case '@':
      return matchesAt(mass, text, at);
    default:
      return false;
  }
}

const bullet = /^ *[-*] +/;
const block = /^( *)(>(?:$|\s|>> )|#{1,3}(?:$|\s)|-#(?:$|\s))/;
const numbered = /^( *\d{1,10})\. /;

/** The beginning of a line: how much of it is written so, where it would else begin a quote, a heading, a numbered list. */
export function escapeStart(line: string): { readonly written: string; readonly taken: number } {
  const item = bullet.exec(line)?.[0] ?? '';
  const rest = line.slice(item.length);
  const spaces = block.exec(rest)?.[1];
  if (spaces !== undefined) {
    const taken = item.length + spaces.length;
    return { written: `${item}${spaces}\\${line.charAt(taken)}`, taken: taken + 1 };
  }
  const number = item === '' ? numbered.exec(rest)?.[1] : undefined;
  if (number !== undefined) return { written: `${number}\\.`, taken: number.length + 1 };
  return { written: item, taken: item.length };
}
