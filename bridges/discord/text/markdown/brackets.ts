/** Masked links, `[text](address)`: which bracket closes which is found out in one pass for the whole text. */
import type { Work } from './delimiters.ts';
import { isHref, isSpace } from './syntax.ts';

export interface Link {
  readonly href: string;
  /** Where the text between the square brackets ends. */
  readonly close: number;
  readonly end: number;
}

export interface Brackets {
  linkAt(at: number, limit: number): Link | undefined;
}

const none: Brackets = { linkAt: () => undefined };

/** Pairs of brackets, none of which a backslash stands before; 0: not closed. */
function createPartners(text: string, work: Work): Int32Array {
  const partners = new Int32Array(text.length);
  const square: number[] = [];
  let round: number[] = [];
  for (let at = 0; at < text.length; at++) {
    work.steps++;
    const char = text[at];
    if (char === '\\') at++;
    else if (char === '[') square.push(at);
    else if (char === '(') round.push(at);
    else if (char === ']') partners[square.pop() ?? at] = at;
    else if (char === ')') partners[round.pop() ?? at] = at;
    else if (char === '\n') round = [];
  }
  return partners;
}

/** Behind a space only a title may stand, between quotation marks: it is not shown. */
function hrefIn(text: string, from: number, to: number): string | undefined {
  const longest = Math.min(to, from + 2100);
  let end = from;
  while (end < longest && !isSpace(text.charAt(end))) end++;
  if (end < to && !(isSpace(text.charAt(end)) && '"\''.includes(text.charAt(to - 1)))) return undefined;
  const href = text
    .slice(from, end)
    .replace(/^<(.*)>$/s, '$1')
    .replace(/[()\\]/g, encodeURIComponent);
  return isHref(href.replace(/[()\\]/g, '')) ? href : undefined;
}

/** The masked links of a text. */
export function createBrackets(text: string, work: Work): Brackets {
  if (!text.includes('](')) return none;
  const partners = createPartners(text, work);
  return {
    linkAt(at, limit) {
      const close = partners[at] ?? 0;
      if (close <= at + 1 || text[close + 1] !== '(') return undefined;
      const last = partners[close + 1] ?? 0;
      if (last <= close + 1 || last >= limit) return undefined;
      const href = hrefIn(text, close + 2, last);
      work.steps += Math.min(last - close, 2100);
      return href === undefined ? undefined : { href, close, end: last + 1 };
    },
  };
}
