/**
 * What the wire holds: bursts, one a turn of the loop, from the first that the server has not answered for to the one that is being put together. Three
 * marks move along them: written to the stream, recorded in the journal, answered for. No I/O.
 */

import { blanksBehind, hasBlanks } from '../xml/blanks.ts';
import { parseStanzas } from '../xml/document.ts';
import { write } from '../xml/writer.ts';

export interface Burst {
  /** All of it, until it is written for the first time. */
  all: string;
  /** What must not be lost. */
  kept: string;
  stanzas: number;
  keptStanzas: number;
  bytes: number;
  /** Characters of its longest stanza. */
  longest: number;
  /** When it was cut. */
  at: number;
  /** The journal's entry that holds `kept`, perhaps with others. */
  id: string | undefined;
  /** The journal of a dead worker that it came from. */
  readonly foreign: string | undefined;
}

export interface Bursts {
  put(text: string, keep: boolean): void;
  /** The burst that is being put together. */
  open(): { readonly bytes: number };
  /** Ends it; the next `put` begins another. @param at epoch milliseconds */
  cut(at: number): void;
  /** Something that was in a journal before us: a dead worker's, or (`foreign` undefined) our own, under this id. */
  adopt(text: string, id: string, foreign: string | undefined): void;
  nextToWrite(): Burst | undefined;
  /** Of the next to be written its first stanza as a burst of its own; the same burst where it is no more than one. */
  single(burst: Burst): Burst;
  /** Is it not answered for yet? */
  holds(burst: Burst): boolean;
  /** The text to write now; the burst then counts as written. Only the kept part is held on to. */
  written(burst: Burst): string;
  lastWritten(): Burst | undefined;
  /** Something kept was written and is not answered for. */
  unanswered(): boolean;
  /** The connection is a new one: what is not answered for is to be written again. */
  rewind(): void;
  /** Forgets everything up to with this burst. `trim`: up to where the journal may be trimmed; `foreign`: journals that are done with. */
  answered(upTo: Burst): { readonly trim: string | undefined; readonly foreign: readonly string[] };
  /** Forgets what was written where nothing of it was kept. */
  forgetUnkept(): void;
  /** All that is to be recorded; of what a dead worker left, which may be more than the window, some megabytes. */
  toRecord(): { readonly text: string; readonly upTo: Burst } | undefined;
  /** It was, under this id; the result is to be trimmed at once where the server was faster. */
  recorded(upTo: Burst, id: string): string | undefined;
  isEmpty(): boolean;
  /** How many are held, and since when the oldest. */
  held(): { readonly bursts: number; readonly since: number | undefined };
  stanzas(): number;
  bytes(): number;
  /** Kept stanzas that are not in the journal. */
  unrecorded(): number;
}

const recordAtMost = 4 * 1_048_576;
const noText = '';

/**
 * Looking at a character makes one piece of a string that was put together of many. The socket and the journal both take it, each with something behind it:
 * else each would make a piece of its own, and the many would be in memory until the server has answered.
 */
function flatten(text: string): void {
  text.charCodeAt(0);
}

/** Here, so that text with its blanks is put together once, for the socket and for the journal. */
function addBlanks(burst: Burst): void {
  const { all, kept, longest } = burst;
  const isAllKept = burst.keptStanzas === burst.stanzas;
  burst.all = all + blanksBehind(all.length, longest);
  burst.kept = isAllKept ? burst.all : kept + blanksBehind(kept.length, longest);
}

const create = (foreign?: string): Burst => ({
  all: noText,
  kept: noText,
  stanzas: 0,
  keptStanzas: 0,
  bytes: 0,
  longest: 0,
  at: 0,
  id: undefined,
  foreign,
});

/** The stanzas of what was written here; as one, where it can't be taken apart. */
export function stanzasIn(text: string): string[] {
  try {
    return parseStanzas(text).map((stanza) => write(stanza).text);
  } catch {
    return [text];
  }
}

const tagAtMost = 4_096;

/** What a log may say of a stanza: what it is, from whom and to whom, and nothing of what is in it. In attributes as written here no '>' stands. */
export const tagOf = (stanza: string): string => stanza.slice(0, Math.min(stanza.indexOf('>') + 1, tagAtMost));

/** One stanza of it, which is kept. */
const alone = ({ at, id, foreign }: Burst, text: string): Burst => ({
  ...create(foreign),
  all: text,
  kept: text,
  stanzas: 1,
  keptStanzas: 1,
  bytes: text.length,
  longest: text.length,
  at,
  id,
});

export function createBursts(): Bursts {
  /** Those that were cut, in order; the marks are places in it. */
  let list: Burst[] = [];
  let written = 0;
  let recorded = 0;
  let open = create();
  let stanzas = 0;
  let bytes = 0;
  let unrecorded = 0;
  let keptWritten = 0;

  /** An id may be trimmed once no burst that is still held shares it. */
  function forget(count: number): { trim: string | undefined; foreign: string[] } {
    let trim: string | undefined;
    const foreign = new Set<string>();
    for (let i = 0; i < count; i++) {
      const burst = list[i];
      if (burst === undefined) break;
      stanzas -= burst.stanzas;
      bytes -= burst.bytes;
      keptWritten -= burst.keptStanzas;
      if (i >= recorded) unrecorded -= burst.keptStanzas;
      if (burst.foreign !== undefined) foreign.add(burst.foreign);
      if (burst.id !== undefined && list[i + 1]?.id !== burst.id) trim = burst.id;
    }
    list = list.slice(count);
    written -= count;
    recorded = Math.max(0, recorded - count);
    if (foreign.size > 0) for (const burst of list) foreign.delete(burst.foreign ?? '');
    return { trim, foreign: [...foreign] };
  }

  return {
    put(text, keep) {
      const isAllKept = open.keptStanzas === open.stanzas;
      open.all += text;
      open.bytes += text.length;
      if (text.length > open.longest) open.longest = text.length;
      open.stanzas++;
      stanzas++;
      bytes += text.length;
      if (!keep) return;
      // The same string where it is the same text: put together once, for the socket and for the journal.
      open.kept = isAllKept ? open.all : open.kept + text;
      open.keptStanzas++;
      unrecorded++;
    },
    open: () => open,
    cut(at) {
      if (open.stanzas === 0) return;
      open.at = at;
      addBlanks(open);
      flatten(open.all);
      flatten(open.kept);
      list.push(open);
      open = create();
    },
    adopt(text, id, foreign) {
      const burst = create(foreign);
      // An older version's entries have none.
      const whole = hasBlanks(text) ? text : text + blanksBehind(text.length, text.length);
      if (foreign === undefined) burst.id = id;
      burst.all = whole;
      burst.kept = whole;
      burst.stanzas = 1;
      burst.keptStanzas = 1;
      burst.bytes = text.length;
      burst.at = Number.parseInt(id, 10);
      stanzas++;
      bytes += text.length;
      list.push(burst);
      if (recorded === list.length - 1) recorded++;
      else unrecorded++;
    },
    nextToWrite: () => list[written],
    single(burst) {
      const texts = stanzasIn(burst.kept);
      const last = texts.pop();
      if (last === undefined || texts.length === 0) return burst;
      // The burst itself stays the last of them: it may be on its way into the journal, which holds all of them under one id.
      const before = texts.map((text) => alone(burst, text));
      bytes += before.reduce((sum, one) => sum + one.bytes, 0) + last.length - burst.bytes;
      const kept = before.length + 1;
      stanzas += kept - burst.stanzas;
      if (written >= recorded) unrecorded += kept - burst.keptStanzas;
      Object.assign(burst, alone(burst, last));
      if (written < recorded) recorded += before.length;
      list.splice(written, 0, ...before);
      return before[0] ?? burst;
    },
    holds: (burst) => list.includes(burst),
    written(burst) {
      const text = burst.all;
      written++;
      keptWritten += burst.keptStanzas;
      stanzas -= burst.stanzas - burst.keptStanzas;
      bytes -= burst.bytes - burst.kept.length;
      burst.stanzas = burst.keptStanzas;
      burst.bytes = burst.kept.length;
      burst.all = burst.kept;
      return text;
    },
    lastWritten: () => list[written - 1],
    unanswered: () => keptWritten > 0,
    rewind() {
      written = 0;
      keptWritten = 0;
    },
    answered(upTo) {
      return forget(list.indexOf(upTo) + 1);
    },
    forgetUnkept() {
      if (keptWritten === 0 && written > 0) forget(written);
    },
    toRecord() {
      let text = '';
      let at = recorded;
      for (; at < list.length && text.length < recordAtMost; at++) text += list[at]?.kept ?? '';
      const upTo = list[at - 1];
      if (upTo === undefined || at === recorded) return undefined;
      if (text !== '') return { text, upTo };
      recorded = at;
      return undefined;
    },
    recorded(upTo, id) {
      const last = list.indexOf(upTo);
      if (last < 0) return id;
      for (let i = recorded; i <= last; i++) {
        const burst = list[i];
        if (burst === undefined) continue;
        burst.id = id;
        unrecorded -= burst.keptStanzas;
      }
      recorded = last + 1;
      return undefined;
    },
    held: () => ({ bursts: list.length, since: list[0]?.at }),
    isEmpty: () => list.length === 0 && open.stanzas === 0,
    stanzas: () => stanzas,
    bytes: () => bytes,
    unrecorded: () => unrecorded,
  };
}
