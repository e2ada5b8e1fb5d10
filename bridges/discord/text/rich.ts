/** Texts with marks, put together from smaller ones. */
import { type Mark, plainText, type RichText } from '#bridge';

/** One behind the other. */
export function together(...pieces: readonly (RichText | string)[]): RichText {
  const marks: Mark[] = [];
  let plain = '';
  for (const piece of pieces) {
    const { plain: said, marks: own } = typeof piece === 'string' ? plainText(piece) : piece;
    for (const mark of own) marks.push({ ...mark, from: mark.from + plain.length, to: mark.to + plain.length });
    plain += said;
  }
  return { plain, marks };
}

/** All of it bold. */
export const strong = ({ plain, marks }: RichText): RichText =>
  plain === '' ? { plain, marks } : { plain, marks: [{ is: 'strong', from: 0, to: plain.length }, ...marks] };

/** Leading somewhere, which is said. */
export function linked(text: RichText, href: string | undefined): RichText {
  if (href === undefined || text.plain === href) return text;
  if (text.plain === '') return plainText(href);
  const link: Mark = { is: 'link', from: 0, to: text.plain.length, href };
  return together({ plain: text.plain, marks: [link, ...text.marks] }, ` (${href})`);
}

/** Marks as the core has them: those that hold others first. */
export const sorted = ({ plain, marks }: RichText): RichText => ({
  plain,
  marks: marks.toSorted((one, other) => one.from - other.from || other.to - one.to),
});
