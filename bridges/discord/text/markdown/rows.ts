/**
 * What is to be written, line by line: text, quoted or not, and blocks of code. Marks end with their line, stand on words and not on the space around them,
 * and are whole over what is one thing (an address, a name, code).
 */
import type { Mark, RichText } from '#bridge';
import type { Names } from '../names.ts';
import { cleaned } from './cleaned.ts';
import { type Piece, piecesOf } from './line.ts';
import { languageName } from './syntax.ts';

export type Row = { readonly isQuoted: boolean } & (
  | { readonly is: 'line'; readonly pieces: readonly Piece[] }
  | { readonly is: 'code'; readonly language: string; readonly lines: readonly string[] }
);

interface Line {
  readonly from: number;
  readonly to: number;
}

const fence = '```';

/** The rows of a text, with the names that people typed in it. */
export function rowsOf(content: RichText, names: Names): readonly Row[] {
  const text = cleaned(content);
  const lines = linesOf(text.plain);
  const quotes = covered(lines, text.marks, 'quote');
  const blocks = covered(lines, text.marks, 'block');
  const inline = marksByLine(lines, text.marks);
  const rows: Row[] = [];

  function addLine(number: number, skipped: number, isQuoted: boolean): void {
    const { from, to } = lines[number] ?? { from: 0, to: 0 };
    const begin = Math.min(from + skipped, to);
    const marks = (inline[number] ?? []).map((mark): Mark => {
      const clipped = { from: Math.max(mark.from, begin) - begin, to: Math.min(mark.to, to) - begin };
      return { ...mark, ...clipped };
    });
    rows.push({ is: 'line', isQuoted, pieces: piecesOf({ plain: text.plain.slice(begin, to), marks }, names) });
  }

  for (let first = 0; first < lines.length; ) {
    const isQuoted = quotes[first] !== 0;
    let next = first + 1;
    while (next < lines.length && (quotes[next] !== 0) === isQuoted) next++;
    const group = isQuoted ? unquoted(text.plain, lines, first, next) : { skips: [], last: next, isQuoted: false };
    const skip = (number: number): number => group.skips[number - first] ?? 0;
    for (let number = first; number < group.last; ) {
      const block = blocks[number] ?? 0;
      let end = number + 1;
      while (block !== 0 && end < group.last && blocks[end] === block) end++;
      const said = lines.slice(number, end).map(({ from, to }, at) => text.plain.slice(from + skip(number + at), to));
      const code = block === 0 ? undefined : codeRow(said);
      if (code !== undefined) rows.push({ ...code, isQuoted: group.isQuoted });
      else for (let one = number; one < end; one++) addLine(one, skip(one), group.isQuoted);
      number = end;
    }
    first = next;
  }
  return rows;
}

function linesOf(plain: string): readonly Line[] {
  const lines: Line[] = [];
  for (let from = 0; from <= plain.length; ) {
    const end = plain.indexOf('\n', from);
    const to = end < 0 ? plain.length : end;
    lines.push({ from, to });
    from = to + 1;
  }
  return lines;
}

/** The first and the last line that hold something of a mark. */
function linesUnder(lines: readonly Line[], { from, to }: Line): readonly [number, number] {
  const first = lineAt(lines, from);
  const last = lineAt(lines, to);
  return [from < (lines[first]?.to ?? 0) ? first : first + 1, to > (lines[last]?.from ?? 0) ? last : last - 1];
}

function lineAt(lines: readonly Line[], place: number): number {
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle]?.from ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** For each line the number of the mark of that kind that it stands under; 0: none. */
function covered(lines: readonly Line[], marks: readonly Mark[], is: 'quote' | 'block'): Int32Array {
  const under = new Int32Array(lines.length);
  let done = 0;
  const wanted = marks.filter((mark) => mark.is === is).sort((one, other) => one.from - other.from);
  for (const [index, mark] of wanted.entries()) {
    const [first, last] = linesUnder(lines, mark);
    for (let line = Math.max(first, done); line <= last; line++) under[line] = index + 1;
    done = Math.max(done, last + 1);
  }
  return under;
}

function marksByLine(lines: readonly Line[], marks: readonly Mark[]): readonly (readonly Mark[] | undefined)[] {
  const found: (Mark[] | undefined)[] = [];
  for (const mark of marks) {
    if (mark.is === 'quote' || mark.is === 'block') continue;
    const [first, last] = linesUnder(lines, mark);
    for (let line = first; line <= last; line++) {
      const there = found[line];
      if (there === undefined) found[line] = [mark];
      else there.push(mark);
    }
  }
  return found;
}

interface Quoted {
  /** How much of each line is the sign that it is quoted. */
  readonly skips: readonly number[];
  readonly last: number;
  readonly isQuoted: boolean;
}

/** Without the signs, where all lines have them, and without empty lines at its end, which Discord would not show. */
function unquoted(plain: string, lines: readonly Line[], first: number, next: number): Quoted {
  const said = lines.slice(first, next).map(({ from, to }) => plain.slice(from, to));
  const isSigned = said.every((line) => line.startsWith('>'));
  const skips = said.map((line) => (isSigned ? (line[1] === ' ' ? 2 : 1) : 0));
  let last = said.length;
  while (last > 0 && said[last - 1]?.slice(skips[last - 1]).trim() === '') last--;
  if (last === 0) return { skips: [], last: next, isQuoted: false };
  return { skips, last: first + last, isQuoted: true };
}

type CodeRow = Omit<Extract<Row, { is: 'code' }>, 'isQuoted'>;

/** As a block, with or without its fences; undefined: it can't be one. */
function codeRow(said: readonly string[]): CodeRow | undefined {
  const [head = ''] = said;
  const isFenced = head.startsWith(fence);
  const isClosed = isFenced && said.length > 1 && said.at(-1) === fence;
  const info = isFenced ? head.slice(fence.length) : '';
  const language = languageName.test(info) && info.length < 100 ? info : '';
  const lines = said.slice(isFenced ? 1 : 0, isClosed ? -1 : undefined);
  if (language === '' && info !== '') lines.unshift(info);
  while (lines[0] === '') lines.shift();
  while (lines.at(-1) === '') lines.pop();
  if (lines.length === 0 || lines.some((line) => line.includes(fence))) return undefined;
  return { is: 'code', language, lines };
}
