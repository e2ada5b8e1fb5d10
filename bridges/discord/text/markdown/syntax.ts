/** What reading and writing Discord's Markdown must agree on: where an address ends, and what stands between two marks that would run together. */

/**
 * Invisible and without width. Written between two marks that would else be read as one run of stars; never read, so that what comes back is what was
 * written.
 */
export const joiner = '\u2060';

const scheme = /(?:https?|steam):\/\//y;
const space = /\s/;

export const isSpace = (char: string): boolean => space.test(char);

/** What a backslash takes its meaning from: then it is not shown. */
export const isEscapable = (char: string): boolean => /^[^0-9A-Za-z\s]$/.test(char);

/** How many characters of `text` at that place are the beginning of an address; 0: none. */
export function schemeAt(text: string, at: number): number {
  scheme.lastIndex = at;
  return scheme.test(text) ? scheme.lastIndex - at : 0;
}

/**
 * The end of the address that begins at `from`; undefined: it is none after all. What a sentence ends with is no part of it, nor is a bracket that
 * was opened before it.
 * @param reach where the next space or '<' is, or the text's end
 */
export function endOfUrl(text: string, from: number, reach: number): number | undefined {
  let unopened = 0;
  for (let at = from; at < reach; at++) {
    if (text[at] === '(') unopened--;
    else if (text[at] === ')') unopened++;
  }
  let end = reach;
  for (; end > from; end--) {
    const last = text.charAt(end - 1);
    if (last === ')' && unopened > 0) unopened--;
    else if (!'.,:;"\']'.includes(last)) break;
  }
  return end - from - schemeAt(text, from) >= 2 ? end : undefined;
}

/** A bare address: what a masked link may lead to and be written as. */
export const isHref = (text: string): boolean => /^https?:\/\/[^\s()<>\\]{2,2000}$/.test(text);

/** The language behind a fence. */
export const languageName = /^[a-z0-9_+\-.#]+$/i;

const pictures = 'https://cdn.discordapp.com/emojis/';

/** Where the picture of a custom emoji is. */
export const emojiUrl = (id: string, isAnimated: boolean): string => `${pictures}${id}.${isAnimated ? 'gif' : 'png'}`;

/** The custom emoji whose picture that is. */
export function emojiOf(url: string): { readonly id: string; readonly isAnimated: boolean } | undefined {
  const [, id, type] = /^https:\/\/cdn\.discordapp\.com\/emojis\/(\d{1,20})\.(gif|png|webp)$/.exec(url) ?? [];
  return id === undefined ? undefined : { id, isAnimated: type === 'gif' };
}
