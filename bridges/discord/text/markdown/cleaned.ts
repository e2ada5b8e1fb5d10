/** What Discord does not show, or says by marks alone, is taken out of a text before it is written. */
import type { Mark, RichText } from '#bridge';
import { joiner } from './syntax.ts';

const unwanted = /[\x00-\x08\x0b-\x1f\x7f\u2060]/;

const signs: ReadonlyMap<Mark['is'], string> = new Map([
  ['strong', '*'],
  ['emphasis', '_'],
  ['deleted', '~'],
  ['code', '`'],
  ['spoiler', '||'],
]);

/** How long the signs are between which that mark's text stands, as it is typed in XMPP (XEP-0393 §6.2); 0: it does not. They stand for the mark, and Discord has its own. */
function signOf(plain: string, { is, from, to }: Mark): number {
  const sign = signs.get(is);
  if (sign === undefined || to - from <= 2 * sign.length) return 0;
  return plain.startsWith(sign, from) && plain.startsWith(sign, to - sign.length) ? sign.length : 0;
}

/** Without controls and the signs of styling; marks within the text and not empty, and where they were. */
export function cleaned({ plain, marks }: RichText): RichText {
  const kept = marks.flatMap((mark) => within(mark, plain));
  const isClean = !unwanted.test(plain) && !kept.some((mark) => signOf(plain, mark) > 0);
  if (isClean) return { plain, marks: kept };
  const gone = new Uint8Array(plain.length);
  for (const mark of kept) {
    const length = signOf(plain, mark);
    gone.fill(1, mark.from, mark.from + length).fill(1, mark.to - length, mark.to);
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
