/** Rooms that a text names: behind the name stands the URI that opens the room (XEP-0147, XEP-0045 §16.7.1), as clients make links of what is in the body alone. */
import type { Mark, RichText } from '../../core/content.ts';
import type { ChatId } from '../../core/ids.ts';

/** What opens that room; undefined: nobody has to be led there. */
export type WayTo = (chat: ChatId) => string | undefined;

type Named = Extract<Mark, { readonly is: 'room' }>;

/** Of more the names do. */
const waysAtMost = 20;

const isRoom = (mark: Mark): mark is Named => mark.is === 'room' && mark.from < mark.to;

/** Most texts name none. */
export const namesRooms = (text: RichText | undefined): text is RichText =>
  text !== undefined && text.marks.length > 0 && text.marks.some(isRoom);

/** The same text, with the way behind the first name of each of them. */
export function withWays(text: RichText, wayTo: WayTo): RichText {
  const led = new Set<ChatId>();
  let shown = text;
  let moved = 0;
  for (const mark of text.marks.filter(isRoom).toSorted((one, other) => one.to - other.to)) {
    const way = led.has(mark.chat) || led.size >= waysAtMost ? undefined : wayTo(mark.chat);
    led.add(mark.chat);
    if (way === undefined) continue;
    const words = ` (${way})`;
    shown = inserted(shown, mark, mark.to + moved, words);
    moved += words.length;
  }
  return shown;
}

/** What the name is a part of (a spoiler, a quote) goes on behind it. */
function inserted({ plain, marks }: RichText, name: Named, at: number, words: string): RichText {
  const { length } = words;
  return {
    plain: plain.slice(0, at) + words + plain.slice(at),
    marks: marks.map((mark): Mark => {
      const isAround = mark.to > at || (mark.to === at && mark.is !== 'room' && mark.from <= name.from + at - name.to);
      const from = mark.from >= at ? mark.from + length : mark.from;
      return isAround ? { ...mark, from, to: mark.to + length } : { ...mark, from };
    }),
  };
}
