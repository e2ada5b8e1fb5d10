/** Code within a line: as many backticks as opened it close it. */
import type { Work } from './delimiters.ts';

export interface Code {
  /** The backticks that stand at `at` up to `limit`, and what is between them and those that close; no content: they are text. Asked from left to right. */
  at(at: number, limit: number): { readonly content?: string; readonly end: number };
}

/** The next run of each length: its places, and how many of them have been passed. */
interface Places {
  readonly starts: number[];
  passed: number;
}

/** The code of one text. */
export function createCode(text: string, work: Work): Code {
  const byLength = new Map<number, Places>();
  for (let at = text.indexOf('`'); at >= 0; at = text.indexOf('`', at)) {
    const from = at;
    while (text[at] === '`') at++;
    work.steps += at - from;
    const places = byLength.get(at - from);
    if (places === undefined) byLength.set(at - from, { starts: [from], passed: 0 });
    else places.starts.push(from);
  }
  return {
    at(at, limit) {
      let opened = at;
      while (opened < limit && text[opened] === '`') opened++;
      work.steps += opened - at;
      const places = byLength.get(opened - at);
      if (places === undefined) return { end: opened };
      while ((places.starts[places.passed] ?? text.length) < opened) {
        work.steps++;
        places.passed++;
      }
      const close = places.starts[places.passed];
      const end = (close ?? limit) + opened - at;
      if (close === undefined || end > limit) return { end: opened };
      return { content: unpadded(text.slice(opened, close)), end };
    },
  };
}

/** The space that keeps a backtick from those around the code is no part of it. */
function unpadded(code: string): string {
  const head = /^ +`/.test(code) ? 1 : 0;
  const last = endOfWords(code);
  const tail = last < code.length && last > head && code[last - 1] === '`' ? 1 : 0;
  return code.slice(head, code.length - tail);
}

function endOfWords(code: string): number {
  let last = code.length;
  while (last > 0 && code[last - 1] === ' ') last--;
  return last;
}

/** `code` between as many backticks as it takes; undefined: none do. Three and more would be a block. */
export function writeCode(code: string): string | undefined {
  const runs = new Set((code.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = runs.has(1) ? '``' : '`';
  if (runs.has(fence.length)) return undefined;
  const head = /^ *`/.test(code) ? ' ' : '';
  const tail = code[endOfWords(code) - 1] === '`' ? ' ' : '';
  return `${fence}${head}${code}${tail}${fence}`;
}
