/**
 * Discord's Markdown as a text and its marks. Quotes and blocks of code keep their signs in the text, just as XMPP's styling has them (XEP-0393): whoever
 * knows no marks sees what they are. Of everything within a line the signs go. Takes time in proportion to the text's length, whatever it holds.
 */
import { type Mark, plainText, type RichText } from '#bridge';
import type { Names } from '../names.ts';
import { createCode } from './code.ts';
import type { Work } from './delimiters.ts';
import { createBreaks, readInline } from './inline.ts';
import { joined, quoted } from './pieces.ts';
import { endOfUrl, languageName, schemeAt } from './syntax.ts';

const fence = '```';
const quoteAll = / *>>> /y;
const quoteLine = / *> /y;
const heading = / *#{1,3} +(?=\S)/y;
const subtext = /-# +(?=\S)/y;

/** @param work counts the steps, for whoever wants to know */
export function readMarkdown(markdown: string, names: Names, work: Work = { steps: 0 }): RichText {
  const text = markdown.includes('\r') ? markdown.replace(/\r\n?/g, '\n') : markdown;
  if (!/[\\`<[*_~|¯\u2060>#]|-#|:\/\//.test(text)) return plainText(text);
  return readBlocks(text, names, work, false);
}

/** The end of what matches at that place; undefined: it does not. */
function matched(form: RegExp, text: string, at: number): number | undefined {
  form.lastIndex = at;
  return form.test(text) ? form.lastIndex : undefined;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** What begins at a line's beginning, and where the next line is. */
interface Block {
  readonly text: RichText;
  readonly end: number;
}

function readBlocks(text: string, names: Names, work: Work, isQuoted: boolean): RichText {
  const pieces: RichText[] = [];
  const code = createCode(text, work);
  const fences = createFences(text, work);
  const nextBreak = createBreaks(text, work);
  let from = 0;

  function flush(to: number): void {
    if (from >= to) return;
    const run = text.slice(from, to);
    if (to === text.length) pieces.push(readInline(run, names, work));
    else if (run.endsWith('\n')) pieces.push(readInline(run.slice(0, -1), names, work));
    else if (run.trim() !== '') pieces.push(readInline(run.trimEnd(), names, work));
  }
  function take(at: number, block: Block): number {
    flush(at);
    pieces.push(block.text);
    from = block.end;
    return block.end;
  }

  for (let at = 0; at < text.length; ) {
    work.steps++;
    const begins = at === from || text[at - 1] === '\n';
    const block = begins ? blockAt(text, at, names, work, isQuoted) : undefined;
    if (block !== undefined) {
      at = take(at, block);
    } else if (text[at] === '\\') {
      at += 2;
    } else if (schemeAt(text, at) > 0) {
      const reach = nextBreak(at, text.length);
      work.steps += reach - at;
      at = endOfUrl(text, at, reach) ?? at + 1;
    } else if (text[at] === '`') {
      const found = text.startsWith(fence, at) ? fences.at(at) : undefined;
      at = found === undefined ? code.at(at, text.length).end : take(at, found);
    } else {
      at++;
    }
  }
  flush(text.length);
  return joined(pieces);
}

function blockAt(text: string, at: number, names: Names, work: Work, isQuoted: boolean): Block | undefined {
  if (!isQuoted) {
    const all = matched(quoteAll, text, at);
    if (all !== undefined) return quote(text.slice(all), text.length, names, work);
    if (matched(quoteLine, text, at) !== undefined) return quoteLines(text, at, names, work);
  }
  const line = matched(heading, text, at);
  const small = line === undefined ? matched(subtext, text, at) : undefined;
  const begin = line ?? small;
  if (begin === undefined) return undefined;
  const end = endOfLine(text, begin);
  const { plain, marks } = readInline(text.slice(begin, end), names, work);
  const all: readonly Mark[] = small === undefined ? [{ is: 'strong', from: 0, to: plain.length }] : [];
  return { text: { plain, marks: [...all, ...marks] }, end: end + 1 };
}

/** Lines that are quoted one by one; an empty one among them may have lost its space. */
function quoteLines(text: string, at: number, names: Names, work: Work): Block {
  const lines: string[] = [];
  let next = at;
  while (next < text.length) {
    work.steps++;
    const begin = matched(quoteLine, text, next);
    const end = endOfLine(text, next);
    if (begin === undefined && (lines.length === 0 || text.slice(next, end) !== '>')) break;
    lines.push(begin === undefined ? '' : text.slice(begin, end));
    next = end + 1;
  }
  return quote(lines.join('\n'), next, names, work);
}

const quote = (text: string, end: number, names: Names, work: Work): Block => ({
  text: quoted(readBlocks(text, names, work, true)),
  end,
});

interface Fences {
  /** The block that the fence at `at` begins. Asked from left to right. */
  at(at: number): Block | undefined;
}

function createFences(text: string, work: Work): Fences {
  let found = -1;
  function closing(from: number): number {
    if (found < from) {
      const at = text.indexOf(fence, from);
      work.steps += (at < 0 ? text.length : at) - Math.max(from, found);
      found = at < 0 ? Number.POSITIVE_INFINITY : at;
    }
    return found;
  }
  return {
    at(at) {
      const head = endOfLine(text, at);
      const name = text.slice(at + fence.length, Math.min(head, at + fence.length + 100));
      const hasName = head < text.length && languageName.test(name);
      let from = hasName ? head : at + fence.length;
      while (text[from] === '\n') from++;
      work.steps += from - at;
      const close = from < text.length ? closing(from + 1) : Number.POSITIVE_INFINITY;
      if (close === Number.POSITIVE_INFINITY) return undefined;
      let to = close;
      while (text[to - 1] === '\n') to--;
      let end = close + fence.length;
      while (text[end] === ' ') end++;
      if (text[end] === '\n') end++;
      const plain = `${fence}${hasName ? name : ''}\n${text.slice(from, to)}\n${fence}`;
      return { text: { plain, marks: [{ is: 'block', from: 0, to: plain.length }] }, end };
    },
  };
}
