/** A line as pieces: each is text or an atom, and the same styles hold for all of it. */
import type { RichText } from '#bridge';
import type { Names } from '../names.ts';
import { type Atom, atomsOf } from './atoms.ts';
import { isSpace } from './syntax.ts';

/** In the order in which they are opened, where they hold for the same. */
export const styles = ['spoiler', 'underline', 'deleted', 'strong', 'emphasis'] as const;
export type Style = (typeof styles)[number];

export const delimiters: Readonly<Record<Style, string>> = {
  spoiler: '||',
  underline: '__',
  deleted: '~~',
  strong: '**',
  emphasis: '*',
};

/** Styles as the bits of a number, by their places in `styles`. */
export type Styles = number;

export interface Piece {
  /** What it says when it is read again. */
  readonly shown: string;
  /** Absent: text, to be escaped. */
  readonly atom?: Atom;
  readonly styles: Styles;
}

/** The pieces of a line, from left to right. */
export function piecesOf(line: RichText, names: Names): readonly Piece[] {
  const { plain } = line;
  if (plain === '') return [];
  const atoms = atomsOf(line, names);
  const over = stylesOver(line);
  settle(plain, over, atoms);
  const pieces: Piece[] = [];
  let at = 0;
  function text(to: number): void {
    while (at < to) {
      const from = at;
      const styled = over[from] ?? 0;
      while (at < to && over[at] === styled) at++;
      pieces.push({ shown: plain.slice(from, at), styles: styled });
    }
  }
  for (const atom of atoms) {
    text(atom.from);
    pieces.push({ shown: atom.shown, atom, styles: over[atom.from] ?? 0 });
    at = atom.to;
  }
  text(plain.length);
  return pieces;
}

/** For each character the styles that hold for it. */
function stylesOver({ plain, marks }: RichText): Uint8Array {
  const over = new Uint8Array(plain.length);
  for (const [index, style] of styles.entries()) {
    const changes = new Int32Array(plain.length + 1);
    let isUsed = false;
    for (const { is, from, to } of marks) {
      if (is !== style) continue;
      isUsed = true;
      changes[from] = (changes[from] ?? 0) + 1;
      changes[to] = (changes[to] ?? 0) - 1;
    }
    if (!isUsed) continue;
    let depth = 0;
    for (let at = 0; at < plain.length; at++) {
      depth += changes[at] ?? 0;
      if (depth > 0) over[at] = (over[at] ?? 0) | (1 << index);
    }
  }
  return over;
}

/** An atom has the styles that hold for all of it and do it no harm; space has those of the words on both its sides. */
function settle(plain: string, over: Uint8Array, atoms: readonly Atom[]): void {
  for (const { from, to, shown, written, marked } of atoms) {
    const labelled = Math.min(to, from + (marked ?? shown.length));
    let all = harmless(written);
    for (let at = from; at < Math.max(labelled, from + 1); at++) all &= over[at] ?? 0;
    over.fill(all, from, to);
  }
  let index = 0;
  let left = 0;
  for (let at = 0; at < plain.length; ) {
    const atom = atoms[index];
    if (atom !== undefined && atom.from === at) {
      left = over[at] ?? 0;
      at = atom.to;
      index++;
      continue;
    }
    if (!isSpace(plain.charAt(at))) {
      left = over[at++] ?? 0;
      continue;
    }
    const from = at;
    while (at < plain.length && isSpace(plain.charAt(at)) && atoms[index]?.from !== at) at++;
    over.fill(left & (over[at] ?? 0), from, at);
  }
}

/** The styles whose signs do not occur in what is written. */
function harmless(written: string): Styles {
  let safe = (1 << styles.length) - 1;
  if (/:\/\/.*\\/.test(written)) return 0;
  for (const [index, style] of styles.entries())
    if (written.includes(delimiters[style].charAt(0))) safe &= ~(1 << index);
  return safe;
}
