/** Texts put together and set in quotation marks, their marks along with them. */
import type { Mark, RichText } from '#bridge';

const shifted = (mark: Mark, by: number): Mark => ({ ...mark, from: mark.from + by, to: mark.to + by });

/** One below the other. */
export function joined(pieces: readonly RichText[]): RichText {
  const [only] = pieces;
  if (only !== undefined && pieces.length === 1) return only;
  const lines: string[] = [];
  const marks: Mark[] = [];
  let before = 0;
  for (const piece of pieces) {
    for (const mark of piece.marks) marks.push(shifted(mark, before));
    lines.push(piece.plain);
    before += piece.plain.length + 1;
  }
  return { plain: lines.join('\n'), marks };
}

/** Each line behind "> ", and a mark that says so. */
export function quoted({ plain, marks }: RichText): RichText {
  const lines = plain.split('\n');
  const moved = new Int32Array(plain.length + 1);
  let at = 0;
  for (const [number, line] of lines.entries()) {
    for (const end = at + line.length; at <= end; at++) moved[at] = at + 2 * (number + 1);
  }
  const text = lines.map((line) => `> ${line}`).join('\n');
  const kept = marks.map((mark): Mark => ({ ...mark, from: moved[mark.from] ?? 0, to: moved[mark.to] ?? text.length }));
  return { plain: text, marks: [{ is: 'quote', from: 0, to: text.length }, ...kept] };
}
