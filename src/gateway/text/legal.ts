/** Text as XML can hold it (CHECKLIST 114-32): what the writer would drop goes before offsets are counted, or they would be those of another text. */
import type { RichText } from '../../core/content.ts';
import { rememberingLast } from '../../core/remembered.ts';
import { isRare } from '../../xml/characters.ts';
import { legal } from '../../xml/escape.ts';

/** The same text, its marks where they were. What many hear is looked at once. */
export const asLegal = rememberingLast((text: RichText): RichText => {
  const { plain, marks } = text;
  if (!isRare(plain)) return text;
  const place = (at: number): number => legal(plain.slice(0, Math.max(0, at))).length;
  const moved = marks.map((mark) => ({ ...mark, from: place(mark.from), to: place(mark.to) }));
  return { plain: legal(plain), marks: moved };
});
