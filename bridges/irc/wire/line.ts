/** One line from an IRC server, taken apart. Linear in its length, and no text makes it throw. */
import { readTags } from './tags.ts';

export interface Line {
  readonly tags: ReadonlyMap<string, string> | undefined;
  /** Who it is from, as it stood: `nick!user@host` or a server; empty where the line names none. */
  readonly source: string;
  readonly nick: string;
  readonly user: string;
  readonly host: string;
  /** As the server wrote it; upper case in practice. */
  readonly command: string;
  readonly params: readonly string[];
}

/** Takes a line without its line end apart; undefined where it has no command. */
export function parseLine(text: string): Line | undefined {
  const end = text.length;
  let at = 0;
  let tags: ReadonlyMap<string, string> | undefined;
  if (text.charCodeAt(0) === 0x40) {
    const space = text.indexOf(' ');
    if (space < 0) return undefined;
    tags = readTags(text.slice(1, space));
    at = skipSpaces(text, space);
  }
  let source = '';
  let nick = '';
  let user = '';
  let host = '';
  if (text.charCodeAt(at) === 0x3a) {
    const space = text.indexOf(' ', at);
    if (space < 0) return undefined;
    source = text.slice(at + 1, space);
    const bang = source.indexOf('!');
    const sign = source.indexOf('@', bang + 1);
    if (sign >= 0) host = source.slice(sign + 1);
    const left = sign < 0 ? source.length : sign;
    if (bang >= 0) user = source.slice(bang + 1, left);
    nick = bang >= 0 ? source.slice(0, bang) : left === source.length ? source : source.slice(0, left);
    at = skipSpaces(text, space);
  } else {
    at = skipSpaces(text, at);
  }
  if (at >= end) return undefined;
  let space = text.indexOf(' ', at);
  if (space < 0) space = end;
  const command = text.slice(at, space);
  const params: string[] = [];
  at = skipSpaces(text, space);
  while (at < end) {
    if (text.charCodeAt(at) === 0x3a) {
      params.push(text.slice(at + 1));
      break;
    }
    space = text.indexOf(' ', at);
    if (space < 0) {
      params.push(text.slice(at));
      break;
    }
    params.push(text.slice(at, space));
    at = skipSpaces(text, space);
  }
  return { tags, source, nick, user, host, command, params };
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 0x20) at++;
  return at;
}

/** Enough for a read of many lines that others read too. */
const slots = 256;
const remembered = 1_024;

/** `parseLine` for connections that hear the same: what was taken apart just now is not taken apart again for the next one. */
export function createLineReader(): (text: string) => Line | undefined {
  const texts: string[] = new Array(slots).fill('');
  const lines: (Line | undefined)[] = new Array(slots).fill(undefined);
  return (text) => {
    if (text.length > remembered) return parseLine(text);
    const slot = slotOf(text);
    if (texts[slot] === text) return lines[slot];
    const line = parseLine(text);
    texts[slot] = text;
    lines[slot] = line;
    return line;
  };
}

/** Of its length and its end: lines that come together begin alike. */
function slotOf(text: string): number {
  let sum = text.length;
  for (let at = Math.max(0, text.length - 8); at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) | 0;
  return (sum ^ (sum >>> 11)) & (slots - 1);
}
