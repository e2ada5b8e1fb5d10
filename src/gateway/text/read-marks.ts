/**
 * The formatting of what an XMPP user wrote, from whichever of the three ways its client speaks: markup beside the body (XEP-0394), XHTML-IM that says
 * the same as the body (XEP-0071), or the styling in it (XEP-0393), whose directives stay in the text, for nothing that was typed may be lost.
 */
import type { Mark } from '../../core/content.ts';
import type { Element } from '../../xml/element.ts';
import { readXhtml } from '../../xmpp/xep/0071-xhtml-im.ts';
import { readStyling, unstyled } from '../../xmpp/xep/0393-styling.ts';
import { type Markup, markup, type Span } from '../../xmpp/xep/0394-markup.ts';
import { counting } from '../../xmpp/xep/0426-character-counting.ts';
import { signedIn } from './spoilers.ts';

/** More than this no network can show, and nobody writes. */
const marksAtMost = 1000;

/** What was taken out of the body: offsets of what is beside it move with it. */
export interface Cut {
  readonly body: string;
  /** From a place of the body, in code points, to the same place of what is left. */
  moved(points: number): number;
}

/** @param text what is left of the body for people */
export function readMarks(message: Element, text: string, cut: Cut): readonly Mark[] {
  const marks = formattingOf(message, text, cut);
  if (unstyled.has(message)) return marks;
  const hidden = signedIn(text).slice(0, marksAtMost);
  if (hidden.length === 0) return marks;
  const code = marks.filter(({ is }) => is === 'code' || is === 'block');
  const isCode = (at: number): boolean => code.some(({ from, to }) => from <= at && at < to);
  const spoilers = hidden.filter(({ from, to }) => !isCode(from) && !isCode(to - 1));
  return [...spoilers.map((range): Mark => ({ ...range, is: 'spoiler' })), ...marks];
}

function formattingOf(message: Element, text: string, cut: Cut): readonly Mark[] {
  const beside = markup.in(message);
  if (beside !== undefined) return fromMarkup(beside, text, cut);
  const hypertext = readXhtml(message);
  if (hypertext !== undefined && hypertext.marks.length > 0 && hypertext.plain === text) return hypertext.marks;
  return unstyled.has(message) ? [] : readStyling(text).slice(0, marksAtMost);
}

const kinds = ['strong', 'emphasis', 'code', 'deleted'] as const;

function fromMarkup({ spans, blocks, quotes }: Markup, text: string, cut: Cut): readonly Mark[] {
  const places = counting(text);
  const marks: Mark[] = [];
  function add({ start, end }: Pick<Span, 'start' | 'end'>, is: (typeof kinds)[number] | 'block' | 'quote'): void {
    const from = places.units(cut.moved(start));
    const to = places.units(cut.moved(end));
    if (from < to && marks.length < marksAtMost) marks.push({ from, to, is });
  }
  for (const quote of quotes) add(quote, 'quote');
  for (const block of blocks) add(block, 'block');
  for (const span of spans) for (const kind of kinds) if (span[kind]) add(span, kind);
  return marks;
}

/** The same marks on a text that lost its first `units` characters. */
export function shifted(marks: readonly Mark[], units: number): readonly Mark[] {
  if (units === 0) return marks;
  return marks.flatMap((mark) => {
    const moved = { ...mark, from: Math.max(0, mark.from + units), to: mark.to + units };
    return moved.to > moved.from ? [moved] : [];
  });
}
