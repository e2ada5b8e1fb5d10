/** A line's pieces as Markdown: what ends first is opened last, and what would run together is kept apart. */
import { type Escaping, escapeStart, escapeText } from './escape.ts';
import { delimiters, type Piece, type Style, type Styles, styles } from './line.ts';
import { isSpace, joiner } from './syntax.ts';

const signOf = (style: number): string => delimiters[styles[style] as Style];

/** @param escaping what the whole message decides */
export function printLine(pieces: readonly Piece[], escaping: Escaping): string {
  const until = endsOf(pieces);
  const open: number[] = [];
  let written = '';
  let hasJustClosed = false;

  function close(wanted: Styles): void {
    while (open.some((style) => (wanted & (1 << style)) === 0)) {
      const sign = signOf(open.pop() ?? 0);
      if (!hasJustClosed && '~|'.includes(sign.charAt(0)) && written.endsWith(sign.charAt(0))) written += joiner;
      written += sign;
      hasJustClosed = true;
    }
  }
  function begin(wanted: Styles, index: number): void {
    const coming = styles.map((_, style) => style).filter((style) => (wanted & (1 << style)) !== 0);
    const fresh = coming.filter((style) => !open.includes(style));
    if (fresh.length === 0) return;
    const end = (style: number): number => until[style]?.[index] ?? index;
    fresh.sort((one, other) => end(other) - end(one) || one - other);
    if (hasJustClosed) written += joiner;
    for (const style of fresh) {
      written += signOf(style);
      open.push(style);
    }
  }
  function say(text: string): void {
    if (text !== '') hasJustClosed = false;
    written += text;
  }

  for (const [index, { shown, atom, styles: wanted }] of pieces.entries()) {
    close(wanted);
    if (atom !== undefined) {
      begin(wanted, index);
      say(atom.written);
      continue;
    }
    let words = 0;
    while (words < shown.length && isSpace(shown.charAt(words))) words++;
    if (index === 0 && wanted === 0) {
      const start = escapeStart(shown);
      say(start.written);
      say(escapeText(shown.slice(start.taken), written, escaping));
      continue;
    }
    say(shown.slice(0, words));
    if (words === shown.length) continue;
    begin(wanted, index);
    say(escapeText(shown.slice(words), written, escaping));
  }
  close(0);
  return written;
}

/** For each style and piece, the number of the first piece behind it that does not have the style. */
function endsOf(pieces: readonly Piece[]): readonly Int32Array[] {
  return styles.map((_, style) => {
    const ends = new Int32Array(pieces.length);
    for (let index = pieces.length - 1; index >= 0; index--) {
      const has = ((pieces[index]?.styles ?? 0) & (1 << style)) !== 0;
      const goesOn = index + 1 < pieces.length && ((pieces[index + 1]?.styles ?? 0) & (1 << style)) !== 0;
      ends[index] = has && goesOn ? (ends[index + 1] ?? index + 1) : index + 1;
    }
    return ends;
  });
}
