/** The text that the parser has in hand, with what is looked for once in all of it and not for every token. */
import { isRare } from './characters.ts';

export interface Piece {
  text: string;
  /** Holds characters that need a closer look wherever they stand (isRare); or line feeds and tabs, which only attributes mind. */
  careful: boolean;
  lines: boolean;
  /** The next '<', '&' and ']]>' at or behind where they were last asked for; `nowhere` where there is none. Before that: outdated. */
  less: number;
  ampersand: number;
  bracket: number;
}

/** Behind the end of any text; a small integer, because the fields that hold it are read for every token and Infinity would be a heap number. */
const nowhere = 0x3fff_ffff;

/** Takes `fresh` in hand behind what was left over. */
export function load(piece: Piece, rest: string, fresh: string): void {
  piece.careful = (rest !== '' && piece.careful) || isRare(fresh);
  piece.lines = (rest !== '' && piece.lines) || fresh.includes('\n') || fresh.includes('\t');
  piece.text = rest === '' ? fresh : rest + fresh;
  piece.less = -1;
  piece.ampersand = -1;
  piece.bracket = -1;
}

/** Where the next '<' stands. Asked for positions that only grow. */
export function nextLess(piece: Piece, from: number): number {
  if (piece.less < from) piece.less = find(piece.text, '<', from);
  return piece.less;
}

/** Where the next '&' stands. */
export function nextAmpersand(piece: Piece, from: number): number {
  if (piece.ampersand < from) piece.ampersand = find(piece.text, '&', from);
  return piece.ampersand;
}

/** Where the next ']]>' stands. */
export function nextBracket(piece: Piece, from: number): number {
  if (piece.bracket < from) piece.bracket = find(piece.text, ']]>', from);
  return piece.bracket;
}

function find(text: string, what: string, from: number): number {
  const found = text.indexOf(what, from);
  return found === -1 ? nowhere : found;
}
