/**
 * A strict streaming parser for XML streams (RFC 6120 §11): what it lets through is well-formed, namespaced and within the limits, what it refuses ends the stream
 * with one error, and what is merely too much is passed over and reported, so that a stanza of one user never ends everybody's stream (CHECKLIST 114-43).
 */
import { isSpace } from './characters.ts';
import { readCdata, readText } from './content.ts';
import type { Element, Node } from './element.ts';
import { malformed, XmlError } from './fault.ts';
import { load } from './piece.ts';
import { newSkip, type Skip, skip } from './skip.ts';
import { addChild, defaultLimits, elementOf, type Limits, newState, type ParserEvents, type State } from './state.ts';
import { INCOMPLETE, OVER, readTag } from './tag.ts';

export { XmlError } from './fault.ts';
export { defaultLimits, type Limits, type ParserEvents } from './state.ts';

export interface Parser {
  /** Never throws. The text may be cut anywhere, even within a surrogate pair. */
  feed(text: string): void;
  /** No event comes any more; may be called from within an event. */
  close(): void;
}

/** A parser for one stream, at its beginning. */
export function createParser(events: ParserEvents, limits: Limits = defaultLimits): Parser {
  const state = newState(events, limits);
  return {
    feed: (text) => feed(state, text),
    close: () => {
      state.done = true;
    },
  };
}

/** An unfinished tag longer than this is looked at again only when a piece brings a '>': else single characters would cost the square of their number. */
const CHEAP_REST = 1024;

function feed(state: State, piece: string): void {
  if (state.done || piece === '') return;
  const fresh = wholePairs(state, piece);
  const { rest } = state;
  load(state, rest, fresh);
  state.stanzaAt -= state.at;
  state.at = 0;
  if (rest.length > CHEAP_REST && !fresh.includes('>') && !isOver(state)) {
    state.rest = state.text;
    return;
  }
  if (rest !== '') state.text = inOnePiece(rest, fresh);
  try {
    let ready = true;
    while (ready && !state.done && state.at < state.text.length) ready = advance(state);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    state.done = true;
    state.events.error(error);
  } finally {
    state.rest = state.done ? '' : state.text.slice(state.at);
  }
}

/** A string that was added to stays two for good, and every look at a character of it goes by way of both. */
function inOnePiece(rest: string, fresh: string): string {
  return [rest, fresh].join('');
}

/** The piece without a first half of a surrogate pair at its end, which waits for the second. */
function wholePairs(state: State, piece: string): string {
  const text = state.half === '' ? piece : state.half + piece;
  const last = text.charCodeAt(text.length - 1);
  const cut = last >= 0xd800 && last <= 0xdbff;
  state.half = cut ? text.slice(-1) : '';
  return cut ? text.slice(0, -1) : text;
}

/** Reads one token. False: more must come first. */
function advance(state: State): boolean {
  if (state.skipping !== undefined) return passOver(state, state.skipping);
  if (!state.begun && !readDeclaration(state)) return false;
  return readToken(state) ? fits(state, state.at) || giveUp(state) : isOver(state) && giveUp(state);
}

function readToken(state: State): boolean {
  if (state.cdata) return readCdata(state);
  const { text, at } = state;
  if (text.charCodeAt(at) !== 60) return readText(state);
  if (at + 1 === text.length) return false;
  const next = text.charCodeAt(at + 1);
  if (next === 47) return readEnd(state);
  if (next === 33) return readBang(state);
  if (next === 63) throw new XmlError('restricted-xml', 'processing instruction');
  return readStart(state);
}

/** The stanza in hand, read up to `end`, is not too long. */
function fits(state: State, end: number): boolean {
  return state.depth < 2 || end - state.stanzaAt <= state.limits.maxLength;
}

/** The stanza in hand, or the tag that begins one, is too long by what is here of it already. */
function isOver(state: State): boolean {
  return state.text.length - (state.depth > 1 ? state.stanzaAt : state.at) > state.limits.maxLength;
}

const none: readonly Node[] = Object.freeze([]);

/** The stanza in hand breaks a limit: its author is named, and what is left of it passed over. */
function giveUp(state: State): true {
  if (state.depth === 0) throw new XmlError('policy-violation', 'stream header over the limits');
  const { tag, depth } = state;
  state.skipping = newSkip(depth - 1);
  if (state.cdata) state.skipping.state = 'cdata';
  state.cdata = false;
  state.depth = 1;
  const begun: Element | undefined = depth > 1 ? state.open[1] : undefined;
  const root = begun ?? { name: tag.name?.local ?? '', ns: tag.xmlns ?? state.defaults[0] ?? '', attrs: tag.attrs };
  state.events.oversized({ name: root.name, ns: root.ns, attrs: root.attrs, children: none });
  return true;
}

function passOver(state: State, skipping: Skip): boolean {
  const end = skip(skipping, state.text, state.at);
  state.at = end < 0 ? -end - 1 : end;
  if (end >= 0) state.skipping = undefined;
  return end >= 0;
}

const declaration =
  /^<\?xml\s+version\s*=\s*(?:'1\.0'|"1\.0")(?:\s+encoding\s*=\s*(?:'([\w.-]+)'|"([\w.-]+)"))?(?:\s+standalone\s*=\s*(?:'(?:yes|no)'|"(?:yes|no)"))?\s*\?>/;

/** RFC 6120 §11.5: an XML declaration may stand at the very beginning. */
function readDeclaration(state: State): boolean {
  const { text } = state;
  if (text.length < 6 && '<?xml '.startsWith(text)) return false;
  if (/^<\?xml\s/.test(text)) {
    const end = text.indexOf('?>');
    if (end === -1 && text.length < 256) return false;
    const found = declaration.exec(text) ?? malformed('XML declaration');
    if (!/^utf-8$/i.test(found[1] ?? found[2] ?? 'utf-8')) throw new XmlError('unsupported-encoding', 'not UTF-8');
    state.at = end + 2;
  }
  state.begun = true;
  return state.at < text.length;
}

function readStart(state: State): boolean {
  const { tag, limits, depth } = state;
  const next = readTag(tag, state, state.at, state.scopes[depth - 1], limits);
  if (next === INCOMPLETE) return false;
  if (depth < 2) {
    state.stanzaAt = state.at;
    state.elements = 0;
  }
  const tooMany = depth > limits.maxDepth || state.elements >= limits.maxElements;
  if (next === OVER || tooMany || next - state.stanzaAt > limits.maxLength) return giveUp(state);
  const element = elementOf(state, tag);
  state.elements++;
  state.at = next;
  const parent = depth > 1 ? state.open[depth - 1] : undefined;
  if (parent !== undefined) addChild(parent, element);
  if (!tag.empty) {
    state.names[depth] = tag.name?.text ?? '';
    state.open[depth] = element;
    state.defaults[depth] = tag.xmlns ?? state.defaults[depth - 1] ?? '';
    state.scopes[depth] = tag.scope;
    state.depth++;
  }
  if (depth === 0) state.events.start(element, tag.xmlns ?? '');
  if (tag.empty) complete(state, element);
  return true;
}

/** White space before an end tag's '>': as much as anybody writes. */
const MOST_SPACE = 64;

function readEnd(state: State): boolean {
  const { text, at } = state;
  const name = state.names[state.depth - 1];
  if (name === undefined || state.depth === 0) malformed('end tag without a start tag');
  if (!text.startsWith(name, at + 2)) {
    if (name.startsWith(text.slice(at + 2))) return false;
    malformed('end tag of another element');
  }
  let end = at + 2 + name.length;
  const most = end + MOST_SPACE;
  while (end < most && isSpace(text.charCodeAt(end))) end++;
  if (end === text.length) return false;
  if (text.charCodeAt(end) !== 62) malformed('end tag of another element');
  if (!fits(state, end + 1)) return giveUp(state);
  state.at = end + 1;
  state.depth--;
  const element = state.open[state.depth];
  if (element !== undefined) complete(state, element);
  return true;
}

/** An element has ended; the depth is that of its parent. */
function complete(state: State, element: Element): void {
  if (state.depth > 1) return;
  if (state.depth === 1) {
    state.events.element(element);
    return;
  }
  state.done = true;
  state.events.end();
}

const CDATA = '<![CDATA[';

function readBang(state: State): boolean {
  if (!state.text.startsWith(CDATA, state.at)) {
    if (CDATA.startsWith(state.text.slice(state.at))) return false;
    throw new XmlError('restricted-xml', 'comment or document type');
  }
  if (state.depth === 0) malformed('text outside of the stream');
  state.at += CDATA.length;
  state.cdata = true;
  return true;
}
