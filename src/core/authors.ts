/** For whom an account speaks: the name before each line, for a network that can't show it (src/design/plumbing.md, src/design/shared-accounts.md). */
import { type Content, type Mark, plainText, type RichText } from './content.ts';

/** `<juliet> hello`, `* juliet waves`; the same where it has no author. */
export function nameInFront<C extends Content<unknown>>(content: C): C {
  const { author, action = false, text = plainText(''), ...rest } = content;
  if (author === undefined) return content;
  const name = action ? `* ${author.nick} ` : `<${author.nick}> `;
  return { ...rest, text: namedIn(text, name) } as C;
}

const lineEnd = /(\r\n|[\n\r\u0085\u2028\u2029])/;
/** What begins before a line and ends behind it is a mark in each of them: a text can be made of nothing else. */
const marksAtMost = 4_000;

/** Nobody is to begin a line with somebody else's name. Marks stay on what they were on: what is hidden stays hidden, and a name is part of nothing. */
function namedIn({ plain, marks }: RichText, name: string): RichText {
  const lines = plain.split(lineEnd);
  const coming = marks.toSorted((one, other) => one.from - other.from);
  const moved: Mark[] = [];
  let open: readonly Mark[] = [];
  let named = '';
  let from = 0;
  let next = 0;
  for (let at = 0; at < lines.length; at += 2) {
    const line = lines[at] ?? '';
    named += at === 0 ? name : `\n${name}`;
    const by = named.length - from;
    const to = from + line.length;
    // Nothing is looked at in vain: where one is open, each line that has something in it gets a mark, until there are enough.
    if (to > from && moved.length < marksAtMost) {
      const begun = next;
      while ((coming[next]?.from ?? to) < to) next++;
      open = [...open, ...coming.slice(begun, next)].filter((mark) => mark.to > from);
      for (const mark of open.slice(0, marksAtMost - moved.length))
        moved.push({ ...mark, from: Math.max(from, mark.from) + by, to: Math.min(to, mark.to) + by });
    }
    named += line;
    from = to + (lines[at + 1] ?? '').length;
  }
  return { plain: named, marks: moved };
}
