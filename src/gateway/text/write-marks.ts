/**
 * The formatting of what came from a network, for XMPP: spans beside the body (XEP-0394), the same and colours and underlining as hypertext (XEP-0071), and the
 * word that the body is not styled (XEP-0393 §7) where its own characters would be taken for styling. A text whose styling says just what its marks say
 * needs none of it: it was written by an XMPP user. The body never holds codes.
 */
import type { Mark, RichText } from '../../core/content.ts';
import { empty, type Xml, xml } from '../../xml/writer.ts';
import { writeXhtml } from '../../xmpp/xep/0071-xhtml-im.ts';
import { readStyling, type Styled, unstyled } from '../../xmpp/xep/0393-styling.ts';
import { type Markup, markup, type Span } from '../../xmpp/xep/0394-markup.ts';
import { counting } from '../../xmpp/xep/0426-character-counting.ts';

/** What XMPP has a form for. */
type Known = Extract<Mark, { readonly is: Styled['is'] }>;
type Inline = Exclude<Styled['is'], 'block' | 'quote'>;

const known: ReadonlySet<string> = new Set(['strong', 'emphasis', 'deleted', 'code', 'block', 'quote']);
const isKnown = (mark: Mark): mark is Known => known.has(mark.is) && mark.from < mark.to;

/** What hypertext has a form for. */
type Shown = Extract<Mark, { readonly is: Inline | 'underline' | 'colour' | 'image' }>;

const shown: ReadonlySet<string> = new Set(['strong', 'emphasis', 'deleted', 'code', 'underline', 'colour', 'image']);
/** Clients fetch pictures themselves: by TLS, or not at all. */
const isShown = (mark: Mark): mark is Shown =>
  shown.has(mark.is) && mark.from < mark.to && (mark.is !== 'image' || mark.src.startsWith('https://'));

/** More spans than this are no formatting but noise: the text then goes without. */
const spansAtMost = 100;

const said = unstyled.write({});

/** @param body what the body says, with the text somewhere in it; @param before how many UTF-16 units it has in front of the text */
export function writeMarks({ plain, marks }: RichText, body = plain, before = 0): Xml {
  const styled = readStyling(plain);
  if (marks.length === 0) return styled.length === 0 ? empty : said;
  const coloured = marks.filter(isShown);
  const isNoise = coloured.length === 0 || coloured.length > spansAtMost || isSame(coloured, styled);
  const hypertext = isNoise ? empty : writeXhtml({ plain: body, marks: coloured.map((mark) => moved(mark, before)) });
  const beside = besides({ plain, marks }, styled, body, before);
  return xml`${hypertext}${beside}`;
}

const moved = (mark: Shown, units: number): Shown => ({ ...mark, from: mark.from + units, to: mark.to + units });

function besides({ plain, marks }: RichText, styled: readonly Styled[], body: string, before: number): Xml {
  const wanted = marks.filter(isKnown);
  if (wanted.length === 0) return styled.length === 0 ? empty : said;
  if (isSame(wanted, styled)) return empty;
  const beside = markupOf(plain, wanted, counting(body.slice(0, before)).length);
  const written = beside === undefined ? empty : markup.write(beside);
  return styled.length === 0 ? written : xml`${said}${written}`;
}

function isSame(marks: readonly Mark[], styled: readonly Styled[]): boolean {
  if (marks.length !== styled.length) return false;
  return marks.every(({ from, to, is }, at) => {
    const other = styled[at];
    return other?.from === from && other.to === to && other.is === is;
  });
}

function markupOf(plain: string, marks: readonly Known[], before: number): Markup | undefined {
  const places = counting(plain);
  const at = (units: number): number => places.points(units) + before;
  const blocks: { start: number; end: number }[] = [];
  const quotes: { start: number; end: number }[] = [];
  const inline: { from: number; to: number; is: Inline }[] = [];
  const borders = new Set<number>();
  for (const { from, to, is } of marks) {
    borders.add(from).add(to);
    if (is === 'block') blocks.push({ start: at(from), end: at(to) });
    else if (is === 'quote') quotes.push({ start: at(from), end: at(to) });
    else inline.push({ from, to, is });
  }
  const spans = spansOf(inline, borders, at);
  return spans.length + blocks.length + quotes.length > spansAtMost ? undefined : { quotes, blocks, spans };
}

/** Spans must not overlap (§5): where marks do, each piece says all that holds for it. */
function spansOf(
  marks: readonly { readonly from: number; readonly to: number; readonly is: Inline }[],
  borders: ReadonlySet<number>,
  at: (units: number) => number,
): readonly Span[] {
  const spans: Span[] = [];
  const places = [...borders].sort((one, other) => one - other);
  const coming = marks.toSorted((one, other) => one.from - other.from);
  let begun = 0;
  let active: typeof coming = [];
  for (const [index, from] of places.entries()) {
    active = active.filter(({ to }) => to > from);
    for (let mark = coming[begun]; mark !== undefined && mark.from <= from; mark = coming[++begun]) active.push(mark);
    const to = places[index + 1];
    if (to === undefined || active.length === 0) continue;
    const has = (is: Inline): boolean => active.some((mark) => mark.is === is);
    const kinds = { strong: has('strong'), emphasis: has('emphasis'), code: has('code'), deleted: has('deleted') };
    spans.push({ start: at(from), end: at(to), ...kinds });
  }
  return spans;
}
