/** What Discord does not show, or says by marks alone, is taken out of a text before it is written. */
import type { Mark, RichText } from '#bridge';
import { joiner } from './syntax.ts';

const unwanted = /[\x00-\x08\x0b-\x1f\x7f\u2060]/;

const signs: ReadonlyMap<Mark['is'], string> = new Map([
  ['strong', '*'],
  ['emphasis', '_'],
  ['deleted', '~'],
  ['code', '`'],
]);

/** Is that mark's text between the signs by which XMPP styles it (XEP-0393 §6.2)? They stand for the mark, and Discord has its own. */
function isSigned(plain: string, { is, from, to }: Mark): boolean {
  const sign = signs.get(is);
  return sign !== undefined && to - from > 2 && plain[from] === sign && plain[to - 1] === sign;
}

/** Without controls and the signs of styling; marks within the text and not empty, and where they were. */
export function cleaned({ plain, marks }: RichText): RichText {
  const kept = marks.flatMap((mark) => within(mark, plain));
  const isClean = !unwanted.test(plain) && !kept.some((mark) => isSigned(plain, mark));
  if (isClean) return { plain, marks: kept };
  const gone = new Uint8Array(plain.length);
  for (const mark of kept) {
    if (!isSigned(plain, mark)) continue;
    gone[mark.from] = 1;
    gone[mark.to - 1] = 1;
  }
  const places = new Int32Array(plain.length + 1);
  let text = '';
  for (let at = 0; at < plain.length; at++) {
    places[at] = text.length;
    const char = plain.charAt(at);
    if (char === '\r') text += plain[at + 1] === '\n' ? '' : '\n';
    else if (gone[at] === 0 && char !== joiner && !unwanted.test(char)) text += char;
  }
  places[plain.length] = text.length;
  const moved = kept.map(
    (mark): Mark => ({ ...mark, from: places[mark.from] ?? 0, to: places[mark.to] ?? text.length }),
  );
  return { plain: text, marks: moved.filter(({ from, to }) => from < to) };
}

function within(mark: Mark, plain: string): readonly Mark[] {
  const from = Math.max(0, Math.floor(mark.from));
  const to = Math.min(plain.length, Math.floor(mark.to));
  if (!(from < to)) return [];
  return [{ ...mark, from: isWithinPair(plain, from) ? from - 1 : from, to: isWithinPair(plain, to) ? to + 1 : to }];
}

const isWithinPair = (plain: string, at: number): boolean =>
  at > 0 && (plain.charCodeAt(at - 1) & 0xfc00) === 0xd800 && (plain.charCodeAt(at) & 0xfc00) === 0xdc00;
