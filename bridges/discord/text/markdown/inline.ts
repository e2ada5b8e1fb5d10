/** Text within a block: what is bold, a link, a name. Walked through once; what is not closed, and all that is unknown, stays as it was written. */
import { plainText, type RichText } from '#bridge';
import type { Names } from '../names.ts';
import { angleAt } from './angles.ts';
import { type Brackets, createBrackets } from './brackets.ts';
import { type Code, createCode } from './code.ts';
import { createDelimiters, type Delimiters, type Work } from './delimiters.ts';
import { createSaid, type Said } from './said.ts';
import { endOfUrl, isEscapable, isSpace, joiner, schemeAt } from './syntax.ts';

/** A text while it is read. */
interface Reading {
  readonly text: string;
  readonly names: Names;
  readonly work: Work;
  readonly delimiters: Delimiters;
  readonly brackets: Brackets;
  readonly code: Code;
  /** Where the next space or '<' is. Asked from left to right, so that each is looked for once. */
  nextBreak(from: number, limit: number): number;
  readonly said: Said;
}

const shrug = '¯\\_(ツ)_/¯';
/** Where something can begin. */
const special = /[\\`<[*_~|¯\u2060]|https?:\/\/|steam:\/\//g;

/** Reads a run of text that holds no blocks. */
export function readInline(text: string, names: Names, work: Work): RichText {
  if (text.search(special) < 0) return plainText(text);
  const said = createSaid();
  const reading: Reading = {
    text,
    names,
    work,
    delimiters: createDelimiters(text, work),
    brackets: createBrackets(text, work),
    code: createCode(text, work),
    nextBreak: createBreaks(text, work),
    said,
  };
  for (let at = said.finish(0); at < text.length; at = said.finish(at)) {
    work.steps++;
    const limit = said.limit() ?? text.length;
    const next = readSpecial(reading, at, limit);
    if (next !== undefined) {
      at = next;
      continue;
    }
    special.lastIndex = at + 1;
    const to = Math.min(special.exec(text)?.index ?? text.length, limit);
    said.say(text.slice(at, to));
    at = to;
  }
  return said.result();
}

/** Reads what begins at `at`: where to go on; undefined: it is nothing but a character. */
function readSpecial(reading: Reading, at: number, limit: number): number | undefined {
  const { text, said } = reading;
  switch (text[at]) {
    case '\\':
      if (at + 1 >= limit || !isEscapable(text.charAt(at + 1))) return undefined;
      said.say(text.charAt(at + 1));
      return at + 2;
    case '¯':
      if (!text.startsWith(shrug, at) || at + shrug.length > limit) return undefined;
      said.say(shrug);
      return at + shrug.length;
    case joiner:
      return at + 1;
    case '`':
      return readCode(reading, at, limit);
    case '<':
      return readAngle(reading, at, limit);
    case '[':
      return readLink(reading, at, limit);
    case 'h':
    case 's':
      return readUrl(reading, at, limit);
    default:
      return readSpan(reading, at, limit);
  }
}

function readCode({ text, code, said }: Reading, at: number, limit: number): number {
  const { content, end } = code.at(at, limit);
  if (content === undefined) said.say(text.slice(at, end));
  else said.say(content, { is: 'code' });
  return end;
}

/** A name, a time; or an address that is to have no preview. */
function readAngle({ text, names, work, said, nextBreak }: Reading, at: number, limit: number): number | undefined {
  const angle = angleAt(text, at, names);
  if (angle !== undefined && angle.end <= limit) {
    said.say(angle.text, angle.mark);
    return angle.end;
  }
  if (schemeAt(text, at + 1) === 0) return undefined;
  const reach = text.slice(at + 1, nextBreak(at + 1, limit));
  work.steps += reach.length;
  const end = reach.indexOf('>');
  if (end < 0) return undefined;
  said.say(reach.slice(0, end));
  return at + end + 2;
}

function readLink({ brackets, said }: Reading, at: number, limit: number): number | undefined {
  const link = said.isInLink ? undefined : brackets.linkAt(at, limit);
  if (link === undefined) return undefined;
  said.begin({ is: 'link', href: link.href }, link.close, link.end);
  return at + 1;
}

function readUrl({ text, work, said, nextBreak }: Reading, at: number, limit: number): number | undefined {
  if (said.isInLink || schemeAt(text, at) === 0) return undefined;
  const reach = nextBreak(at, limit);
  work.steps += reach - at;
  const end = endOfUrl(text, at, reach);
  if (end === undefined) return undefined;
  said.say(text.slice(at, end));
  return end;
}

function readSpan({ delimiters, said }: Reading, at: number, limit: number): number | undefined {
  const span = delimiters.opened(at, limit);
  if (span === undefined) return undefined;
  said.begin({ is: span.is }, span.close, span.end);
  return at + span.opening;
}

/** Where the next space or '<' is, up to a limit. */
export function createBreaks(text: string, work: Work): Reading['nextBreak'] {
  let found = -1;
  return (from, limit) => {
    if (found < from) {
      found = from;
      while (found < text.length && text[found] !== '<' && !isSpace(text.charAt(found))) found++;
      work.steps += found - from;
    }
    return Math.min(found, limit);
  };
}
