/**
 * Where what `**`, `_`, `~~` and the like open is closed, by the rules of Discord's clients: the nearest place that can close it does, and of two readings
 * the longer counts. Everything is looked up in tables that are made in one pass, or by searches that only go on.
 */
import { isSpace } from './syntax.ts';

/** Counts what is done for a text: tests hold it against the text's length. */
export interface Work {
  steps: number;
}

/** What has been opened: its text ends at `close`, and the text goes on at `end`. */
export interface Span {
  readonly is: 'strong' | 'emphasis' | 'underline' | 'deleted' | 'spoiler';
  readonly opening: number;
  readonly close: number;
  readonly end: number;
}

export interface Delimiters {
  /** What begins at `at`, if it is closed by `limit`, where what is around it ends. Asked from left to right. */
  opened(at: number, limit: number): Span | undefined;
}

/** Runs of one character that no backslash stands before. */
interface Runs {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** The number of the first run that ends behind that place. */
  at(place: number): number;
  /** For each run the next from it on whose length is odd; their count where there is none. */
  readonly odd: readonly number[];
}

function runsOf(text: string, char: string, escaped: Uint8Array, work: Work): Runs {
  const starts: number[] = [];
  const ends: number[] = [];
  const numbers = new Int32Array(text.length + 1);
  let at = 0;
  while (at < text.length) {
    work.steps++;
    numbers[at] = starts.length;
    if (text[at] !== char || escaped[at] === 1) {
      at++;
      continue;
    }
    const from = at;
    while (at < text.length && text[at] === char) numbers[at++] = starts.length;
    starts.push(from);
    ends.push(at);
  }
  numbers[text.length] = starts.length;
  const odd: number[] = new Array<number>(starts.length + 1).fill(starts.length);
  for (let run = starts.length - 1; run >= 0; run--) {
    work.steps++;
    odd[run] = ((ends[run] ?? 0) - (starts[run] ?? 0)) % 2 === 1 ? run : (odd[run + 1] ?? starts.length);
  }
  return { starts, ends, at: (place) => numbers[place] ?? starts.length, odd };
}

const isWord = (char: string): boolean => /^\w$/.test(char);

/** `*` and `_`: one is emphasis, two are something of their own. */
function createStars(text: string, char: '*' | '_', escaped: Uint8Array, work: Work) {
  const runs = runsOf(text, char, escaped, work);
  const double = char === '*' ? 'strong' : 'underline';

  /** Two that close, none behind them: the last two of a run, or what `limit` leaves of it. */
  function doubled(at: number, limit: number): Span | undefined {
    const least = at + 3;
    let run = runs.at(Math.min(least, text.length));
    for (;;) {
      work.steps++;
      const start = runs.starts[run];
      if (start === undefined || start >= limit) return undefined;
      const end = Math.min(runs.ends[run] ?? limit, limit);
      if (end - 2 >= Math.max(start, least)) return { is: double, opening: 2, close: end - 2, end };
      if (end === limit) return undefined;
      run = next(run);
    }
  }

  /** Runs that can close nothing of two are passed over at once by whoever asks next. */
  const skip: number[] = [];
  function next(run: number): number {
    const known = skip[run];
    if (known !== undefined) return known;
    let to = run + 1;
    while (to < runs.starts.length && (runs.ends[to] ?? 0) - (runs.starts[to] ?? 0) < 2) {
      work.steps++;
      to++;
    }
    for (let one = run; one < to; one++) {
      work.steps++;
      skip[one] = to;
    }
    return to;
  }

  /** A space that no backslash stands before. */
  const isFree = (at: number): boolean => escaped[at] === 0 && isSpace(text.charAt(at));

  /** Pairs are part of the text, the first that is alone closes; if it can't, nothing does. */
  function single(at: number, limit: number): Span | undefined {
    const first = text.charAt(at + 1);
    if (at + 1 >= limit || (char === '*' && isSpace(first))) return undefined;
    const own = runs.at(at);
    const left = Math.min(runs.ends[own] ?? at + 1, limit) - at - 1;
    if (left % 2 === 1) return undefined;
    let run = runs.odd[own + 1] ?? runs.starts.length;
    const around = runs.at(limit - 1);
    const cut = runs.starts[around] ?? limit;
    const odd = cut < limit && around > own && (limit - cut) % 2 === 1 && limit < (runs.ends[around] ?? limit);
    if (run >= around && around > own && limit < (runs.ends[around] ?? limit)) run = odd ? around : runs.starts.length;
    const start = runs.starts[run];
    if (start === undefined || start >= limit) return undefined;
    const close = Math.min(runs.ends[run] ?? limit, limit) - 1;
    if (close <= at + 1 && left === 0) return undefined;
    if (char === '*' && close === start && isFree(close - 1)) return undefined;
    if (char === '_' && close + 1 < limit && isWord(text.charAt(close + 1))) return undefined;
    return { is: 'emphasis', opening: 1, close, end: close + 1 };
  }

  return (at: number, limit: number): Span | undefined => {
    const two = text[at + 1] === char && at + 1 < limit ? doubled(at, limit) : undefined;
    const one = single(at, limit);
    if (two === undefined || one === undefined) return two ?? one;
    return one.end >= two.end ? one : two;
  };
}

/** `~~` and `||`: the next two close, whatever stands before them. */
function createPairs(text: string, char: '~' | '|', work: Work) {
  const pair = char + char;
  let found = -1;
  const isFree = (at: number) => char !== '~' || text[at + 2] !== '_';
  function search(from: number): number {
    if (found >= from) return found;
    let at = text.indexOf(pair, from);
    while (at >= 0 && !isFree(at)) at = text.indexOf(pair, at + 1);
    const to = at < 0 ? text.length : at;
    work.steps += to - Math.max(from, found) + 1;
    found = at < 0 ? Number.POSITIVE_INFINITY : at;
    return found;
  }
  return (at: number, limit: number): Span | undefined => {
    if (text[at + 1] !== char || at + 5 > limit) return undefined;
    const close = search(at + 3);
    const last = limit - 2;
    const is = char === '~' ? 'deleted' : 'spoiler';
    if (close <= last) return { is, opening: 2, close, end: close + 2 };
    return text.startsWith(pair, last) ? { is, opening: 2, close: last, end: limit } : undefined;
  };
}

/** What a backslash stands before: pairs are told from the left. */
function escapesIn(text: string, work: Work): Uint8Array {
  const escaped = new Uint8Array(text.length + 1);
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 2)) {
    work.steps++;
    escaped[at + 1] = 1;
  }
  return escaped;
}

const nothing = (): undefined => undefined;

/** The tables of one text; what does not occur in it costs nothing. */
export function createDelimiters(text: string, work: Work): Delimiters {
  const escaped = escapesIn(text, work);
  const stars = text.includes('*') ? createStars(text, '*', escaped, work) : nothing;
  const lines = text.includes('_') ? createStars(text, '_', escaped, work) : nothing;
  const tildes = text.includes('~~') ? createPairs(text, '~', work) : nothing;
  const bars = text.includes('||') ? createPairs(text, '|', work) : nothing;
  return {
    opened(at, limit) {
      switch (text[at]) {
        case '*':
          return stars(at, limit);
        case '_':
          return lines(at, limit);
        case '~':
          return tildes(at, limit);
        case '|':
          return bars(at, limit);
        default:
          return undefined;
      }
    },
  };
}
