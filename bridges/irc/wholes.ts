/**
 * Batches that mean something as a whole (IRCv3 batch): a message of several lines (draft/multiline) becomes one line whose text has line ends, a piece of
 * the past (chathistory, and what ZNC plays back) is handed over when it is complete. Other batches are passed through line by line. Bounded, as servers may open what they never close.
 */
import { sparseMap } from '#bridge';
import type { Line } from './wire/line.ts';

/** A piece of the past, oldest first. */
export interface Past {
  readonly target: string;
  readonly lines: readonly Line[];
  /** The server told more of it than is kept. */
  readonly isCut: boolean;
}

export interface Wholes {
  /** A BATCH line; true: it begins or ends one of ours. */
  batch(line: Line): boolean;
  /** A line within one; true: it was taken, and comes with the whole. */
  take(line: Line): boolean;
  /** Is one open? */
  any(): boolean;
  /** The connection is gone, and what was half said with it. */
  lost(): void;
}

export interface WholesOptions {
  /** One line for all of them; its tags are those of the batch. */
  onMessage(line: Line): void;
  onPast(past: Past): void;
}

interface Open {
  readonly kind: 'multiline' | 'past' | 'buffer';
  readonly opening: Line;
  readonly target: string;
  readonly lines: Line[];
  chars: number;
  isCut: boolean;
}

const openAtMost = 32;
const linesAtMost = 1000;
/** A batch's text: more is no message. */
const charsAtMost = 262_144;
const kinds: ReadonlyMap<string, Open['kind']> = new Map([
  ['draft/multiline', 'multiline'],
  ['multiline', 'multiline'],
  ['chathistory', 'past'],
  ['znc.in/playback', 'buffer'],
]);

/** For one session. */
export const createWholes = ({ onMessage, onPast }: WholesOptions): Wholes => new Gathering(onMessage, onPast);

/** An object of a class: each session has one, and every line with tags asks it. */
class Gathering implements Wholes {
  readonly #onMessage: WholesOptions['onMessage'];
  readonly #onPast: WholesOptions['onPast'];
  readonly #open = sparseMap<string, Open>();

  constructor(onMessage: WholesOptions['onMessage'], onPast: WholesOptions['onPast']) {
    this.#onMessage = onMessage;
    this.#onPast = onPast;
  }

  batch(line: Line): boolean {
    const [signed = '', type = '', target = ''] = line.params;
    const ref = signed.slice(1);
    if (signed.startsWith('-')) return this.#end(ref);
    const kind = kinds.get(type);
    if (kind === undefined || ref === '' || this.#open.size >= openAtMost) return false;
    this.#open.set(ref, { kind, opening: line, target, lines: [], chars: 0, isCut: false });
    return true;
  }

  take(line: Line): boolean {
    const one = this.#within(line);
    if (one === undefined || line.command === 'BATCH') return false;
    put(one, line);
    return true;
  }

  any(): boolean {
    return this.#open.size > 0;
  }

  lost(): void {
    this.#open.clear();
  }

  #within(line: Line): Open | undefined {
    const ref = line.tags?.get('batch');
    return ref === undefined ? undefined : this.#open.get(ref);
  }

  #end(ref: string): boolean {
    const one = this.#open.get(ref);
    if (one === undefined) return false;
    this.#open.delete(ref);
    if (one.kind !== 'multiline') {
      this.#onPast({ target: one.target, lines: one.lines, isCut: one.isCut });
      return true;
    }
    const whole = combined(one);
    if (whole === undefined) return true;
    const around = this.#within(one.opening);
    if (around === undefined) this.#onMessage(whole);
    else put(around, whole);
    return true;
  }
}

/** Of too much, what was asked for can be asked for again, less of it at once. A bouncer's buffer is as long as its user likes and comes once: of that the last lines are kept. */
function put(into: Open, line: Line): void {
  const { kind, lines } = into;
  into.chars += charsOf(line);
  if (kind !== 'buffer') {
    if (lines.length < linesAtMost && into.chars <= charsAtMost) lines.push(line);
    else into.isCut = true;
    return;
  }
  lines.push(line);
  while (lines.length > linesAtMost || into.chars > charsAtMost) into.chars -= charsOf(lines.shift());
}

const charsOf = (line: Line | undefined): number => line?.params.at(-1)?.length ?? 0;

const isText = ({ command }: Line): boolean => command === 'PRIVMSG' || command === 'NOTICE';
const codes = /[\x02-\x04\x0f\x11\x16\x1d-\x1f]/;

/** One line of all, by who opened it; formatting ends with each line, as it does on IRC. */
function combined({ opening, target, lines }: Open): Line | undefined {
  const said = lines.filter(isText);
  const [first] = said;
  if (first === undefined) return undefined;
  let text = '';
  for (const [at, line] of said.entries()) {
    const joins = at === 0 || line.tags?.has('draft/multiline-concat') === true;
    if (!joins) text += codes.test(text) ? '\x0f\n' : '\n';
    text += line.params[1] ?? '';
  }
  const { nick, user, host, source } = opening.source === '' ? first : opening;
  return { tags: opening.tags, nick, user, host, source, command: first.command, params: [target, text] };
}
