/** XEP-0393 Message Styling, version 1.1.1: §6, what `*strong*`, `> quoted` and the like mean in a body, and §7, the word that they mean nothing. */
import { element } from '../codec.ts';

export const STYLING = 'urn:xmpp:styling:0';

/** §7 */
export const unstyled = element(STYLING, 'unstyled', {});

/** A range [from, to) of a body in UTF-16 units, its directives included, as §8 has them shown. */
export interface Styled {
  readonly from: number;
  readonly to: number;
  readonly is: 'strong' | 'emphasis' | 'deleted' | 'code' | 'block' | 'quote';
}

/** A line of a block, without the marks of the quotations that it stands in. */
interface Line {
  readonly from: number;
  readonly to: number;
}

const nothing: readonly Styled[] = [];
/** Where nothing can begin: most texts, and all that is looked at of them; the first is the quicker one. */
const directives = /[*_~`>]/;
const triggers = /(?:^|\s)[*_~`]\S|^>/m;
const fence = '```';
/** Quotations deeper than this are one; people write three at most. */
const deepest = 8;

const spanOf: ReadonlyMap<string, Styled['is']> = new Map([
  ['*', 'strong'],
  ['_', 'emphasis'],
  ['~', 'deleted'],
  ['`', 'code'],
]);

/** Every styled range of a text, those that hold others first. Takes time in proportion to the text's length, whatever it holds. */
export function readStyling(text: string): readonly Styled[] {
  if (!directives.test(text) || !triggers.test(text)) return nothing;
  const lines: Line[] = [];
  for (let from = 0; from <= text.length; ) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    lines.push({ from, to });
    from = to + 1;
  }
  const found: Styled[] = [];
  readBlocks(text, lines, 0, found);
  return found;
}

/** §6.1 */
function readBlocks(text: string, lines: readonly Line[], depth: number, found: Styled[]): void {
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    if (line === undefined) return;
    let next = at + 1;
    if (text.startsWith('>', line.from) && line.from < line.to) {
      while (isQuoted(text, lines[next])) next++;
      found.push({ from: line.from, to: lines[next - 1]?.to ?? line.to, is: 'quote' });
      if (depth < deepest) readBlocks(text, lines.slice(at, next).map(inside(text)), depth + 1, found);
    } else if (text.startsWith(fence, line.from)) {
      while (next < lines.length && !isFence(text, lines[next])) next++;
      if (next < lines.length) next++;
      found.push({ from: line.from, to: lines[next - 1]?.to ?? line.to, is: 'block' });
    } else {
      readSpans(text, line, found);
    }
    at = next;
  }
}

const isQuoted = (text: string, line: Line | undefined): boolean =>
  line !== undefined && line.from < line.to && text.startsWith('>', line.from);

const isFence = (text: string, line: Line | undefined): boolean =>
  line !== undefined && text.slice(line.from, Math.min(line.to, line.from + 4)) === fence;

/** §6.1.3: behind the '>' and one white space. */
const inside =
  (text: string) =>
  ({ from, to }: Line): Line => ({ from: from + 1 < to && isSpace(text, from + 1) ? from + 2 : from + 1, to });

const isSpace = (text: string, at: number): boolean => /\s/.test(text.charAt(at));

/** §6.2. The next closing directive of each kind is looked for once: where one search ended the next goes on. */
function readSpans(text: string, { from, to }: Line, found: Styled[]): void {
  const closings = new Map<string, number>();
  const open: Line[] = [];

  function closing(directive: string, behind: number): number {
    let at = closings.get(directive) ?? -1;
    if (at < behind) {
      at = text.indexOf(directive, behind);
      while (at >= 0 && at < to && isSpace(text, at - 1)) at = text.indexOf(directive, at + 1);
      if (at < 0 || at >= to) at = Number.POSITIVE_INFINITY;
      closings.set(directive, at);
    }
    return at;
  }

  for (let at = from; at < to; at++) {
    while (open.length > 0 && (open.at(-1)?.to ?? 0) <= at) open.pop();
    const directive = text.charAt(at);
    const is = spanOf.get(directive);
    if (is === undefined) continue;
    if (text.charAt(at + 1) === directive) {
      at++;
      continue;
    }
    const around = open.at(-1);
    const begins = at === from || isSpace(text, at - 1) || (around?.from === at - 1 && text[at - 1] !== directive);
    if (!begins || at + 1 >= to || isSpace(text, at + 1)) continue;
    const end = closing(directive, at + 2);
    if (end >= (around === undefined ? to : around.to - 1)) continue;
    found.push({ from: at, to: end + 1, is });
    if (is === 'code') at = end;
    else open.push({ from: at, to: end + 1 });
  }
}
