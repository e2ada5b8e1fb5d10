/** What is one thing within a line and is written as it stands: addresses, code, names, emoji, masked links. No mark begins or ends within one. */
import type { Mark, RichText } from '#bridge';
import { roomOf } from '../../addresses.ts';
import type { Names } from '../names.ts';
import type { MarkKind } from './angles.ts';
import { writeCode } from './code.ts';
import { escapeWithin } from './escape.ts';
import { emojiOf, endOfUrl, isHref, isSpace, schemeAt } from './syntax.ts';
import { typedNames } from './typed.ts';

/** A range [from, to) of the line. */
export interface Atom {
  readonly from: number;
  readonly to: number;
  /** What it says when it is read again. */
  readonly shown: string;
  readonly written: string;
  readonly mark?: MarkKind;
  /** How much of what it says the mark is over; absent: all. */
  readonly marked?: number;
}

/** The atoms of a line, from left to right. Where two overlap, the one that begins first counts, of two that begin together the better known. */
export function atomsOf(line: RichText, names: Names): readonly Atom[] {
  const found = [...line.marks.flatMap((mark) => atomOf(mark, line.plain, names) ?? []), ...codeIn(line)];
  found.push(...urlsIn(line.plain), ...typedNames(line.plain, names));
  const taken: Atom[] = [];
  let last = 0;
  for (const atom of found.sort((one, other) => one.from - other.from)) {
    if (atom.from < last) continue;
    taken.push(atom);
    last = atom.to;
  }
  return taken;
}

function atomOf(mark: Mark, plain: string, names: Names): Atom | undefined {
  const { from, to } = mark;
  switch (mark.is) {
    case 'mention': {
      const name = names.person(mark.person);
      if (name === undefined || !/^\d{1,20}$/.test(mark.person)) return undefined;
      return {
        from,
        to,
        shown: `@${name}`,
        written: `<@${mark.person}>`,
        mark: { is: 'mention', person: mark.person },
      };
    }
    case 'room': {
      const id = mark.chat.replace(/^#/, '');
      const name = names.room(id);
      if (name === undefined || !/^\d{1,20}$/.test(id)) return undefined;
      return { from, to, shown: `#${name}`, written: `<#${id}>`, mark: { is: 'room', chat: roomOf(id) } };
    }
    case 'image': {
      const emoji = emojiOf(mark.src);
      const shown = plain.slice(from, to);
      if (emoji === undefined || !/^:\w{2,32}:$/.test(shown)) return undefined;
      const written = `<${emoji.isAnimated ? 'a' : ''}${shown}${emoji.id}>`;
      return { from, to, shown, written, mark: { is: 'image', src: mark.src } };
    }
    case 'link':
      return linkAtom(mark, plain);
    default:
      return undefined;
  }
}

/** "text (address)", where the address is there already; else it is put there: nobody should be led anywhere unseen. */
function linkAtom({ from, to: end, href }: Extract<Mark, { is: 'link' }>, plain: string): Atom | undefined {
  const label = plain.slice(from, end);
  if (label === href || label.trim() === '') return undefined;
  const behind = ` (${href})`;
  const isThere = plain.startsWith(behind, end);
  const to = isThere ? end + behind.length : end;
  const text = escapeWithin(label);
  if (isHref(href) && !/[[\]]|:\/\//.test(label))
    return {
      from,
      to,
      shown: label + behind,
      written: `[${text}](${href})`,
      mark: { is: 'link', href },
      marked: end - from,
    };
  // What Discord would not take for a link is said as it stands.
  if (isThere) return undefined;
  const isUrl = schemeAt(href, 0) > 0 && !/[\s<>]/.test(href);
  return { from, to, shown: label + behind, written: `${text} (${isUrl ? `<${href}>` : escapeWithin(href)})` };
}

/** Code, all its marks as one. */
function codeIn({ plain, marks }: RichText): readonly Atom[] {
  const found: Atom[] = [];
  const wanted = marks.filter(({ is }) => is === 'code').sort((one, other) => one.from - other.from);
  for (let index = 0; index < wanted.length; ) {
    let { from, to } = wanted[index] ?? { from: 0, to: 0 };
    for (index++; (wanted[index]?.from ?? plain.length + 1) <= to; index++) to = Math.max(to, wanted[index]?.to ?? 0);
    while (from < to && isSpace(plain.charAt(from))) from++;
    while (from < to && isSpace(plain.charAt(to - 1))) to--;
    const shown = plain.slice(from, to);
    const written = from < to ? writeCode(shown) : undefined;
    if (written !== undefined) found.push({ from, to, shown, written, mark: { is: 'code' } });
  }
  return found;
}

/** Addresses, with all that a reader would take for their end. */
function urlsIn(plain: string): readonly Atom[] {
  const found: Atom[] = [];
  for (let colon = plain.indexOf('://'); colon >= 0; colon = plain.indexOf('://', colon + 3)) {
    const from = [5, 4].map((back) => colon - back).find((at) => at >= 0 && schemeAt(plain, at) > 0);
    if (from === undefined || from < (found.at(-1)?.to ?? 0)) continue;
    let reach = colon;
    while (reach < plain.length && plain[reach] !== '<' && !isSpace(plain.charAt(reach))) reach++;
    const shown = plain.slice(from, reach);
    const bracket = plain[from - 1] === '<' ? shown.indexOf('>') : -1;
    if (bracket >= 0) {
      const bare = shown.slice(0, bracket);
      found.push({ from: from - 1, to: from + bracket + 1, shown: bare, written: `<${bare}>` });
    } else if (endOfUrl(plain, from, reach) !== undefined) {
      found.push(withTail(plain, from, reach));
    }
  }
  return found;
}

/** What follows an address without a space stands under the same marks as it. */
function withTail(plain: string, from: number, reach: number): Atom {
  let to = reach;
  while (to < plain.length && !isSpace(plain.charAt(to))) to++;
  const url = plain.slice(from, reach);
  const tail = plain.slice(reach, to);
  const written = url + escapeWithin(tail);
  return { from, to, shown: url + tail, written };
}
