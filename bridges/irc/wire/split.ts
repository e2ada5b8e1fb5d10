/** Cuts a text into parts that each fit one IRC line: by bytes, between graphemes, at a space where there is one near, formatting carried over. */
import { colourCode, controls, hexCode, readColour, resetCode, toggles } from './codes.ts';

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
const beyondAscii = /[^\0-\x7f]/;

/** The lines of a text without their ends; empty ones are left out, as IRC has none. */
export function lines(text: string): readonly string[] {
  if (!text.includes('\n') && !text.includes('\r')) return text === '' ? [] : [text];
  return text.split(/\r\n|\n|\r/).filter((line) => line !== '');
}

/**
 * Parts of a line, each of at most `budgetBytes` UTF-8 bytes; joined they are the line, but for codes that open formatting again.
 * @param budgetBytes at least 4, as a character may need that many
 * @param carries open formatting again in each part; false where the parts are put together again
 */
export function split(text: string, budgetBytes: number, carries = true): readonly string[] {
  if (text.length * 3 <= budgetBytes || Buffer.byteLength(text) <= budgetBytes) return [text];
  const budget = Math.max(4, Math.floor(budgetBytes));
  const ascii = !beyondAscii.test(text);
  const coded = controls.test(text);
  const carrying = carries && coded;
  const parts: string[] = [];
  let format = noFormat;
  for (let from = 0; from < text.length; ) {
    const carried = carrying ? carry(format, text.charAt(from)) : '';
    const opening = carried.length + 4 <= budget / 2 ? carried : '';
    const room = budget - opening.length;
    let to = ascii ? Math.min(text.length, from + room) : fits(text, from, room);
    if (to < text.length) to = niceCut(text, from, to, ascii);
    if (coded) to = outsideCode(text, from, to);
    if (carrying) format = formatAfter(format, text, from, to);
    parts.push(opening + text.slice(from, to));
    from = to;
  }
  return parts;
}

/** The end of what fits `room` bytes from `from` on, at a code point's border. A lone surrogate counts 3. Looks no further than that. */
export function fits(text: string, from: number, room: number): number {
  let bytes = 0;
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const pair = (code & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : pair ? 4 : 3;
    if (bytes > room) break;
    at += pair ? 2 : 1;
  }
  return at;
}

/** Behind the last space in the second half of [from, to), else between graphemes, else (a grapheme of more than a line) at `to`. */
function niceCut(text: string, from: number, to: number, ascii: boolean): number {
  const window = ascii ? undefined : graphemes.segment(text.slice(from, to + 2));
  const between = (at: number) => from + (window?.containing(at - from)?.index ?? at - from);
  const half = from + ((to - from) >> 1);
  for (let space = text.lastIndexOf(' ', to - 1); space > half; space = text.lastIndexOf(' ', space - 1)) {
    if (between(space + 1) === space + 1) return space + 1;
  }
  const border = between(to);
  return border > from ? border : to;
}

/** A cut within a colour code is moved before the code: digits apart from it would be text. */
function outsideCode(text: string, from: number, to: number): number {
  for (let at = to - 1; at > from && at >= to - 13; at--) {
    const code = text.charCodeAt(at);
    if (code === colourCode || code === hexCode) return readColour(text, at).end > to ? at : to;
  }
  return to;
}

/** What is in force: the toggle codes, and the colours as they would be written. */
interface Format {
  readonly toggles: string;
  readonly fore: string;
  readonly back: string;
}

const noFormat: Format = { toggles: '', fore: '', back: '' };

function formatAfter(before: Format, text: string, from: number, to: number): Format {
  let format = before;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x20) continue;
    if (toggles.has(code)) {
      const char = text.charAt(at);
      const on = format.toggles.includes(char);
      format = { ...format, toggles: on ? format.toggles.replace(char, '') : format.toggles + char };
    } else if (code === resetCode) {
      format = noFormat;
    } else if (code === colourCode || code === hexCode) {
      const { fore, back } = readColour(text, at);
      const sign = text.charAt(at);
      if (fore === '') format = { ...format, fore: '', back: '' };
      else format = { ...format, fore: sign + pad(fore), back: back === '' ? format.back : sign + pad(back) };
    }
  }
  return format;
}

const pad = (colour: string) => colour.padStart(2, '0');

/** The codes that put a format in force again, such that a comma behind them is not read as part of a colour. */
function carry({ toggles, fore, back }: Format, next: string): string {
  const switched = toggles === '' && next === ',' ? '\x02\x02' : toggles;
  if (fore === '') return toggles;
  if (back === '') return fore + switched;
  // Colours of both kinds can't stand in one code: the background is then set first, with its own kind's foreground beside it.
  if (back.charAt(0) === fore.charAt(0)) return `${fore},${back.slice(1)}${switched}`;
  return `${back},${back.slice(1)}${fore}${switched}`;
}
