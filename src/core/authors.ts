/** For whom an account speaks: the name before each line, for a network that can't show it (src/design/plumbing.md, src/design/shared-accounts.md). */
import { type Content, type Mark, plainText, type RichText } from './content.ts';

/** `<juliet> hello`, `* juliet waves`; the same where it has no author. */
export function nameInFront<C extends Content<unknown>>(content: C): C {
  const { author, action = false, text = plainText(''), ...rest } = content;
  if (author === undefined) return content;
  const name = action ? `* ${author.nick} ` : `<${author.nick}> `;
  return { ...rest, text: namedIn(text, name) } as C;
}

/** Nobody is to begin a line with somebody else's name. */
function namedIn({ plain, marks }: RichText, name: string): RichText {
  const lines = plain.split(/\r\n|[\n\r\u0085\u2028\u2029]/);
  if (lines.length === 1) return { plain: name + plain, marks: marks.map(movedBy(name.length)) };
  return plainText(lines.map((line) => name + line).join('\n'));
}

const movedBy =
  (units: number) =>
  (mark: Mark): Mark => ({ ...mark, from: mark.from + units, to: mark.to + units });
