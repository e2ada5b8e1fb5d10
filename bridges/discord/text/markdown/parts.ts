/** Rows as messages of at most so many characters: cut between lines, words or graphemes; what is cut apart is closed in one part and opened again in the next. */
import type { Escaping } from './escape.ts';
import type { Piece } from './line.ts';
import { printLine } from './print.ts';
import type { Row } from './rows.ts';
import { isSpace } from './syntax.ts';

/** A line as written, and what it stands in. */
interface Written {
  readonly text: string;
  readonly isQuoted: boolean;
  /** The block of code that it is a line of. */
  readonly code?: Extract<Row, { is: 'code' }>;
  /** The line before was cut here: both don't fit one part. */
  readonly isRest?: boolean;
}

const fence = '```';
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** Characters as Discord counts them: code points. */
export function lengthOf(text: string): number {
  let length = text.length;
  for (let at = 0; at < text.length - 1; at++) {
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) length--;
  }
  return length;
}

/** The parts, none of them empty. @param limit at least 200 */
export function partsOf(rows: readonly Row[], escaping: Escaping, limit: number): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let length = 0;
  let last: Written | undefined;

  const quote = (isQuoted: boolean): string => (isQuoted ? '> ' : '');
  const closing = (line: Written | undefined): string =>
    line?.code === undefined ? '' : `\n${quote(line.isQuoted)}${fence}`;
  /** What stands between that line and what is there. */
  function opening(line: Written): string {
    const goesOn = line.code !== undefined && line.code === last?.code;
    const before = last === undefined ? '' : goesOn ? '\n' : `${closing(last)}\n`;
    const fenced = line.code === undefined || goesOn ? '' : `${quote(line.isQuoted)}${fence}${line.code.language}\n`;
    return before + fenced + quote(line.isQuoted);
  }
  function finish(): void {
    const whole = part + closing(last);
    if (whole.trim() !== '') parts.push(whole);
    [part, length, last] = ['', 0, undefined];
  }

  // The fences of both ends and the sign of a quote take some of it.
  const room = (row: Row): number => limit - (row.is === 'code' ? row.language.length + 16 : row.isQuoted ? 2 : 0);
  for (const row of rows) {
    for (const line of writtenLines(row, escaping, room(row))) {
      const own = lengthOf(line.text);
      const isTooMuch = length + lengthOf(opening(line)) + own + lengthOf(closing(line)) > limit;
      if (last !== undefined && (isTooMuch || line.isRest === true)) finish();
      if (last === undefined && parts.length > 0 && line.code === undefined && line.text.trim() === '') continue;
      const added = opening(line);
      part += added + line.text;
      length += lengthOf(added) + own;
      last = line;
    }
  }
  finish();
  return parts;
}

function* writtenLines(row: Row, escaping: Escaping, room: number): Generator<Written> {
  const { isQuoted } = row;
  let isRest = false;
  function written(text: string): Written {
    const line = { text, isQuoted, isRest, ...(row.is === 'code' && { code: row }) };
    isRest = true;
    return line;
  }
  if (row.is === 'code') {
    for (const line of row.lines) {
      isRest = false;
      for (const text of cutText(line, room)) yield written(text);
    }
    return;
  }
  for (let rest = row.pieces; ; ) {
    const text = printLine(rest, escaping);
    if (lengthOf(text) <= room) {
      if (text !== '' || !isRest) yield written(text);
      return;
    }
    const size = fitting(rest, escaping, room);
    const [first] = rest;
    if (size === 1 && first?.atom !== undefined && lengthOf(first.atom.written) > room) {
      // An address of more than a message is no address when it is cut.
      rest = [{ shown: first.shown, styles: 0 }, ...rest.slice(1)];
      continue;
    }
    yield written(printLine(withoutSpaceBehind(head(rest, size)), escaping));
    rest = withoutSpace(tail(rest, size));
  }
}

const sizeOf = ({ atom, shown }: Piece): number => (atom === undefined ? shown.length : 1);

/** The first `size` characters of a line; an atom counts one. */
function head(pieces: readonly Piece[], size: number): readonly Piece[] {
  const taken: Piece[] = [];
  let left = size;
  for (const piece of pieces) {
    if (left <= 0) break;
    const own = sizeOf(piece);
    taken.push(own <= left ? piece : { ...piece, shown: piece.shown.slice(0, left) });
    left -= own;
  }
  return taken;
}

function tail(pieces: readonly Piece[], size: number): readonly Piece[] {
  const rest: Piece[] = [];
  let left = size;
  for (const piece of pieces) {
    const own = sizeOf(piece);
    if (left <= 0) rest.push(piece);
    else if (own > left) rest.push({ ...piece, shown: piece.shown.slice(left) });
    left -= own;
  }
  return rest;
}

function withoutSpace(pieces: readonly Piece[]): readonly Piece[] {
  const [first, ...rest] = pieces;
  if (first === undefined || first.atom !== undefined) return pieces;
  const shown = first.shown.trimStart();
  return shown === '' ? withoutSpace(rest) : [{ ...first, shown }, ...rest];
}

function withoutSpaceBehind(pieces: readonly Piece[]): readonly Piece[] {
  const last = pieces.at(-1);
  if (last === undefined || last.atom !== undefined) return pieces;
  const shown = last.shown.trimEnd();
  const before = pieces.slice(0, -1);
  return shown === '' ? withoutSpaceBehind(before) : [...before, { ...last, shown }];
}

/** How much of a line fits: up to a space where one is near, else between graphemes. At least something. */
function fitting(pieces: readonly Piece[], escaping: Escaping, room: number): number {
  const all = pieces.reduce((sum, piece) => sum + sizeOf(piece), 0);
  let [low, high] = [1, Math.min(all, 2 * room)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lengthOf(printLine(head(pieces, middle), escaping)) <= room) low = middle;
    else high = middle - 1;
  }
  const nice = niceCut(pieces, low);
  return nice > 0 ? nice : low;
}

function niceCut(pieces: readonly Piece[], size: number): number {
  // An atom is one character here, which no grapheme holds with another.
  const text = pieces
    .map(({ atom, shown }) => (atom === undefined ? shown : '\n'))
    .join('')
    .slice(0, size + 40);
  for (let at = size; at > size / 2; at--) if (isSpace(text.charAt(at - 1))) return at;
  return graphemes.segment(text).containing(size)?.index ?? size;
}

/** A line of code in pieces that fit. */
function cutText(line: string, room: number): readonly string[] {
  if (lengthOf(line) <= room) return [line];
  const pieces: string[] = [];
  for (let from = 0; from < line.length; ) {
    const most = Math.min(line.length, from + room);
    const at =
      most === line.length ? undefined : graphemes.segment(line.slice(from, most + 40)).containing(most - from);
    const to = at === undefined || at.index === 0 ? most : from + at.index;
    pieces.push(line.slice(from, to));
    from = to;
  }
  return pieces;
}
