/**
 * What is shown to those only who ask for it (CHECKLIST 382-01). XEP-0382 hides whole messages, and few clients know it: in the body a spoiler stands between
 * `||` and `||`, whatever it is a part of, so that nobody takes it for anything else; who types these signs means one too.
 */
import type { Content, Mark, RichText } from '../../core/content.ts';
import type { Element } from '../../xml/element.ts';
import { empty, type Xml, xml } from '../../xml/writer.ts';
import { SPOILERS, spoiler } from '../../xmpp/xep/0382-spoilers.ts';
import { counting } from '../../xmpp/xep/0426-character-counting.ts';
import { fallback } from '../../xmpp/xep/0428-fallback.ts';

const sign = '||';
const longestHint = 200;

interface Range {
  readonly from: number;
  readonly to: number;
}

const none: readonly Range[] = [];

// ── from XMPP ────────────────────────────────────────────────────────────────

/** What was typed between signs, these included; in time proportional to the text. */
export function signedIn(text: string): readonly Range[] {
  let from = text.indexOf(sign);
  if (from < 0) return none;
  const found: Range[] = [];
  while (from >= 0) {
    if (!opens(text, from)) {
      from = text.indexOf(sign, from + 1);
      continue;
    }
    let end = text.indexOf(sign, from + sign.length + 1);
    while (end >= 0 && !closes(text, end)) end = text.indexOf(sign, end + 1);
    // What closes nothing here closes nothing that opens later.
    if (end < 0) break;
    found.push({ from, to: end + sign.length });
    from = text.indexOf(sign, end + sign.length);
  }
  return found;
}

const opens = (text: string, at: number): boolean =>
  !/[\p{L}\p{N}|]/u.test(text.charAt(at - 1)) && /[^\s|]/.test(text.charAt(at + sign.length));

const closes = (text: string, at: number): boolean =>
  /[^\s|]/.test(text.charAt(at - 1)) && !/[\p{L}\p{N}|]/u.test(text.charAt(at + sign.length));

/** The text as its sender wants it shown: hidden whole behind its hint, where the message says so. @param isAction said as "/me", which nothing stands in front of */
export function hiddenBy(message: Element, { plain, marks }: RichText, isAction: boolean): RichText {
  const words = hintIn(message);
  if (words === undefined || plain === '') return { plain, marks };
  const hint = words === '' || isAction ? '' : `${words}: `;
  const moved = marks.map((mark): Mark => ({ ...mark, from: mark.from + hint.length, to: mark.to + hint.length }));
  return {
    plain: hint + plain,
    marks: [{ is: 'spoiler', from: hint.length, to: hint.length + plain.length }, ...moved],
  };
}

/** What the message says about what it hides, '' where nothing; undefined: it hides nothing. */
export function hintIn(message: Element): string | undefined {
  const words = spoiler.in(message)?.hint.replace(/\s+/g, ' ').trim();
  return words === undefined ? undefined : Array.from(words).slice(0, longestHint).join('');
}

// ── to XMPP ──────────────────────────────────────────────────────────────────

/** Ranges that are hidden: none empty, none touching another, signs of quotations and white space at their borders left out. */
function hiddenIn({ plain, marks }: RichText): readonly Range[] {
  const joined: { from: number; to: number }[] = [];
  for (const { from, to } of marks.filter(({ is }) => is === 'spoiler').sort((one, other) => one.from - other.from)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined
    .map(({ from, to }) => tightened(plain, Math.max(0, from), Math.min(plain.length, to)))
    .filter(({ from, to }) => from < to);
}

function tightened(plain: string, from: number, to: number): Range {
  const text = plain.slice(from, to);
  const isLineStart = from === 0 || plain[from - 1] === '\n';
  const before = (isLineStart ? /^[\s>]*/ : /^\s*/).exec(text)?.[0].length ?? 0;
  return { from: from + before, to: from + Math.max(before, text.trimEnd().length) };
}

const isSigned = (plain: string, { from, to }: Range): boolean =>
  to - from > 2 * sign.length && plain.startsWith(sign, from) && plain.startsWith(sign, to - sign.length);

/** The text as bodies have it: signs around what is hidden, once; all marks within them are where they were. */
export function withSigns(text: RichText): RichText {
  if (text.marks.length === 0 || !text.marks.some(({ is }) => is === 'spoiler')) return text;
  const { plain, marks } = text;
  const ranges = hiddenIn(text).filter((range) => !isSigned(plain, range));
  if (ranges.length === 0) return text;
  const opening = new Set(ranges.map(({ from }) => from));
  const closing = new Set(ranges.map(({ to }) => to));
  const begins = new Uint32Array(plain.length + 1);
  const ends = new Uint32Array(plain.length + 1);
  let shown = '';
  for (let at = 0; at <= plain.length; at++) {
    ends[at] = shown.length;
    if (closing.has(at)) shown += sign;
    if (opening.has(at)) shown += sign;
    begins[at] = shown.length;
    shown += plain.charAt(at);
  }
  const place = (at: number): number => Math.min(Math.max(0, at), plain.length);
  const moved = marks.map(
    (mark): Mark => ({ ...mark, from: begins[place(mark.from)] ?? 0, to: ends[place(mark.to)] ?? shown.length }),
  );
  return { plain: shown, marks: moved.filter(({ from, to }) => from < to) };
}

/**
 * For clients that hide whole messages (§3): the word for it, where nothing else is said, and which signs are there for the others alone (XEP-0428).
 * @param shown `withSigns` of the text; @param before how many code points the body has in front of it
 */
export function writeSpoiler(text: RichText, shown: RichText, before: number): Xml {
  const [range, ...more] = hiddenIn(text);
  const isWhole = range !== undefined && more.length === 0 && isRest(text.plain, range);
  if (!isWhole) return empty;
  const { plain } = shown;
  const from = before + plain.length - plain.trimStart().length;
  const to = before + counting(plain.trimEnd()).length;
  const bodies = [
    { start: from, end: from + sign.length },
    { start: to - sign.length, end: to },
  ];
  return xml`${spoiler.write({ hint: '' })}${fallback.write({ for: SPOILERS, bodies, subjects: [] })}`;
}

/** All that the message shows are files that are hidden. */
export const hidesFiles = ({ text, files = [] }: Content<unknown>): boolean =>
  text === undefined && files.length > 0 && files.every(({ isSpoiler }) => isSpoiler === true);

/** The word that the whole message is hidden. */
export const hidden: Xml = spoiler.write({ hint: '' });

const isRest = (plain: string, { from, to }: Range): boolean =>
  plain.slice(0, from).trim() === '' && plain.slice(to).trim() === '';
