/** The parser's reading of what stands between tags: text and CDATA sections, in as large runs as the piece in hand allows. */
import { assertLegal } from './characters.ts';
import { malformed } from './fault.ts';
import { nextAmpersand, nextBracket, nextLess } from './piece.ts';
import { decodeText, LONGEST_REFERENCE, normaliseLines } from './references.ts';
import { addChild, type State } from './state.ts';

/** Character data up to the next tag, or as far as it can be understood yet. False: more must come first. */
export function readText(state: State): boolean {
  const { text, at } = state;
  const tag = nextLess(state, at);
  const end = tag < text.length ? tag : understood(text, at);
  if (end > at) {
    if (nextBracket(state, at) < end) malformed("']]>' in text");
    const raw = text.slice(at, end);
    addText(state, state.careful || nextAmpersand(state, at) < end ? decodeText(raw) : raw);
    state.at = end;
  }
  return tag < text.length;
}

/** How much of the text at a piece's end can be read without what follows. */
function understood(text: string, from: number): number {
  const reference = text.lastIndexOf('&');
  if (reference < from || text.includes(';', reference)) return settled(text, from);
  if (text.length - reference > LONGEST_REFERENCE) malformed('ampersand that begins no reference');
  return reference;
}

/** The text's end, or before what may become a line's end or ']]>' with what follows. */
function settled(text: string, from: number): number {
  const last = text.charCodeAt(text.length - 1);
  let unsure = 0;
  if (last === 13) unsure = 1;
  else if (last === 93) unsure = text.charCodeAt(text.length - 2) === 93 ? 2 : 1;
  return Math.max(from, text.length - unsure);
}

/** Behind '<![CDATA[', up to ']]>' or as far as there is text. False: more must come first. */
export function readCdata(state: State): boolean {
  const { text, at } = state;
  const close = text.indexOf(']]>', at);
  const end = close === -1 ? settled(text, at) : close;
  const raw = text.slice(at, end);
  if (state.careful) assertLegal(raw);
  if (raw !== '') addText(state, state.careful ? normaliseLines(raw) : raw);
  state.cdata = close === -1;
  state.at = close === -1 ? end : close + 3;
  return close !== -1;
}

/** To the innermost open element, as one text node with what was there. Between stanzas text means nothing (114-41). */
function addText(state: State, text: string): void {
  if (state.depth === 0 && !/^[ \t\r\n]*$/.test(text)) malformed('text outside of the stream');
  if (state.depth < 2) return;
  const open = state.open[state.depth - 1];
  if (open === undefined) return;
  const last = open.children.length - 1;
  const before = open.children[last];
  if (typeof before === 'string') open.children[last] = before + text;
  else addChild(open, text);
}
