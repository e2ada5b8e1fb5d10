/**
 * mIRC formatting ↔ RichText. Colours are 0xRRGGBB in the marks; a fore equal to its back is what people use as a spoiler, and is read as one.
 * Reverse is dropped, as no other network has it.
 */
import { type Mark, plainText, type RichText } from '#bridge';
import { colourCode, controls, hexCode, isDigit, readColour, resetCode, type Toggle, toggles } from './codes.ts';
import { nearestIndex, rgbOf } from './palette.ts';

interface Colours {
  readonly fore?: number;
  readonly back?: number;
}

const noColours: Colours = {};

/** Reads a message's text. Codes and other C0 controls (TAB and LF excepted) are taken out, so that marks hold on what can be shown. */
export function readFormat(text: string): RichText {
  return controls.test(text) ? readCodes(text) : plainText(text);
}

function readCodes(text: string): RichText {
  const marks: Mark[] = [];
  const since = new Map<Toggle, number>();
  let colours = noColours;
  let coloursSince = 0;
  let plain = '';

  function toggle(what: Toggle): void {
    const from = since.get(what);
    since.delete(what);
    if (from === undefined) since.set(what, plain.length);
    else if (what !== 'reverse' && from < plain.length) marks.push({ is: what, from, to: plain.length });
  }
  function colour(next: Colours): void {
    if (next.fore === colours.fore && next.back === colours.back) return;
    const [from, to] = [coloursSince, plain.length];
    if (from < to && colours.fore !== undefined && colours.fore === colours.back)
      marks.push({ is: 'spoiler', from, to });
    else if (from < to && colours !== noColours) marks.push({ is: 'colour', from, to, ...colours });
    colours = next;
    coloursSince = to;
  }
  function reset(): void {
    for (const what of [...since.keys()]) toggle(what);
    colour(noColours);
  }

  let at = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x20 || code === 0x09 || code === 0x0a) continue;
    plain += text.slice(at, index);
    const what = toggles.get(code);
    if (what !== undefined) {
      toggle(what);
    } else if (code === colourCode || code === hexCode) {
      const found = readColour(text, index);
      colour(coloursAfter(colours, found.fore, found.back, code === hexCode));
      index = found.end - 1;
    } else if (code === resetCode) {
      reset();
    }
    at = index + 1;
  }
  plain += text.slice(at);
  reset();
  if (marks.length === 0) return plainText(plain);
  return { plain, marks: marks.sort((one, other) => one.from - other.from || other.to - one.to) };
}

function coloursAfter(before: Colours, fore: string, back: string, isHex: boolean): Colours {
  if (fore === '') return noColours;
  const foreRgb = isHex ? Number.parseInt(fore, 16) : rgbOf(Number(fore));
  const backRgb = back === '' ? before.back : isHex ? Number.parseInt(back, 16) : rgbOf(Number(back));
  if (foreRgb === undefined) return backRgb === undefined ? noColours : { back: backRgb };
  return backRgb === undefined ? { fore: foreRgb } : { fore: foreRgb, back: backRgb };
}

const written: Readonly<Partial<Record<Mark['is'], string>>> = {
  strong: '\x02',
  emphasis: '\x1d',
  underline: '\x1f',
  deleted: '\x1e',
  code: '\x11',
};

/** What is in force at a place of a text: which toggles, and the colour code. */
interface Style {
  readonly toggles: string;
  /** `04`, `04,12`, or empty. */
  readonly colour: string;
}

const noStyle: Style = { toggles: '', colour: '' };

/**
 * Writes text for a PRIVMSG. Each of its lines stands by itself: formatting is closed at a line's end and opened again in the next. Controls in the
 * plain text are dropped. Marks that IRC lacks (links, mentions, quotes…) are left to the caller, who alone knows what to write for them.
 */
export function writeFormat({ plain, marks }: RichText): string {
  const known = marks.filter(
    (mark) => mark.from < mark.to && (mark.is in written || mark.is === 'colour' || mark.is === 'spoiler'),
  );
  if (known.length === 0) return withoutControls(plain);
  const borders = new Set([0, plain.length]);
  for (const { from, to } of known) borders.add(clamp(from, plain)).add(clamp(to, plain));
  for (let at = plain.indexOf('\n'); at >= 0; at = plain.indexOf('\n', at + 1)) borders.add(at).add(at + 1);
  const places = [...borders].sort((one, other) => one - other);
  let text = '';
  let style = noStyle;
  let active: Mark[] = [];
  const coming = known.toSorted((one, other) => one.from - other.from);
  let begun = 0;
  for (const [index, from] of places.entries()) {
    const to = places[index + 1] ?? from;
    const piece = withoutControls(plain.slice(from, to));
    active = active.filter((mark) => mark.to > from);
    for (let mark = coming[begun]; mark !== undefined && mark.from <= from; mark = coming[++begun]) {
      if (mark.to > from) active.push(mark);
    }
    if (piece === '') continue;
    const next = piece === '\n' || active.length === 0 ? noStyle : styleOf(active);
    text += change(style, next, piece) + piece;
    style = next;
  }
  return text + change(style, noStyle, '');
}

function styleOf(marks: readonly Mark[]): Style {
  let switched = '';
  let colour = '';
  for (const mark of marks) {
    const code = written[mark.is] ?? '';
    if (!switched.includes(code)) switched += code;
    if (mark.is === 'spoiler') colour = '01,01';
    else if (mark.is === 'colour' && colour !== '01,01') colour = colourText(mark);
  }
  return { toggles: switched, colour };
}

function colourText({ fore, back }: Colours): string {
  if (fore === undefined && back === undefined) return '';
  const first = fore === undefined ? '99' : twoDigits(nearestIndex(fore));
  const second = back === undefined ? '' : twoDigits(nearestIndex(back));
  // Two colours that IRC has only one for must not hide the text.
  return second === '' || (second === first && fore !== back) ? first : `${first},${second}`;
}

const twoDigits = (index: number) => String(index).padStart(2, '0');

/** The codes that lead from one style to the next, such that the first character of `piece` is not read as part of them. */
function change(before: Style, after: Style, piece: string): string {
  if (after === noStyle && before !== noStyle && piece === '\n') return '\x0f';
  let codes = '';
  for (const code of before.toggles) if (!after.toggles.includes(code)) codes += code;
  for (const code of after.toggles) if (!before.toggles.includes(code)) codes += code;
  if (before.colour === after.colour) return codes;
  if (after.colour === '') return `${codes}\x03${isDigit(piece.charCodeAt(0)) ? '\x02\x02' : ''}`;
  const losesBack = before.colour.includes(',') && !after.colour.includes(',');
  const comma = !after.colour.includes(',') && piece.startsWith(',');
  return `${codes}${losesBack ? '\x03' : ''}\x03${after.colour}${comma ? '\x02\x02' : ''}`;
}

const clamp = (at: number, plain: string) => Math.min(Math.max(0, at), plain.length);
const withoutControls = (text: string) => (controls.test(text) ? text.replace(/[\x00-\x08\x0b-\x1f]/g, '') : text);
