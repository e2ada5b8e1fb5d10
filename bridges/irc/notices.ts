/** What the server and its services tell the account's owner: MOTD, notices, errors that answer nothing. Bounded, as servers may say anything. */
import { type NetworkEvent, plainText, type RichText, sparseSet } from '#bridge';
import { readFormat } from './wire/format.ts';

export interface Notices {
  say(text: string): void;
  /** With IRC's formatting in it, and who said it in front. */
  from(who: string, text: string): void;
  /** A server lets us in. */
  begins(): void;
  /** What it says to whomever it lets in: the same with the next connection is not told again. */
  greeting(text: string): void;
  /** 372 and 376: one notice for all of it, without the "- " that servers put before each line. */
  motdLine(text: string): void;
  motdEnd(): void;
  /** We have said goodbye: what the server says to that (ngIRCd counts bytes) is no news to anybody. */
  over(): void;
}

const maxMotdLines = 300;
const maxGreetings = 32;

/** @param isNews was this MOTD not told before? The same once more, as after a reconnect or a refused join, is noise. */
export const createNotices = (
  emit: (event: NetworkEvent) => void,
  now: () => number,
  isNews: (motd: string) => boolean,
): Notices => new NoticesTold(emit, now, isNews);

/** An object of a class: each session has one. */
class NoticesTold implements Notices {
  readonly #emit: (event: NetworkEvent) => void;
  readonly #now: () => number;
  readonly #isNews: (motd: string) => boolean;
  /** Told with the connections before, and with this one. */
  readonly #greetingsBefore = sparseSet<string>();
  readonly #greetings = sparseSet<string>();
  #motd: string[] = [];
  #isOver = false;

  constructor(emit: (event: NetworkEvent) => void, now: () => number, isNews: (motd: string) => boolean) {
    this.#emit = emit;
    this.#now = now;
    this.#isNews = isNews;
  }

  say(text: string): void {
    this.#tell(plainText(text));
  }

  from(who: string, text: string): void {
    this.#tell(who === '' ? readFormat(text) : behind(`${who}: `, readFormat(text)));
  }

  begins(): void {
    for (const text of this.#greetings) {
      if (this.#greetingsBefore.size < maxGreetings) this.#greetingsBefore.add(text);
    }
    this.#greetings.clear();
  }

  greeting(text: string): void {
    if (this.#greetingsBefore.has(text)) return;
    if (this.#greetings.size < maxGreetings) this.#greetings.add(text);
    this.from('', text);
  }

  motdLine(text: string): void {
    if (this.#motd.length < maxMotdLines) this.#motd.push(text.replace(/^- ?/, ''));
  }

  motdEnd(): void {
    const text = this.#motd.map((line) => readFormat(line).plain).join('\n');
    this.#motd = [];
    if (text !== '' && this.#isNews(text)) this.#tell(plainText(text));
  }

  over(): void {
    this.#isOver = true;
  }

  #tell(text: RichText): void {
    if (!this.#isOver) this.#emit({ kind: 'notice', at: new Date(this.#now()), text });
  }
}

/** Text with words in front of it, its marks moved. */
export function behind(words: string, { plain, marks }: RichText): RichText {
  const by = words.length;
  return { plain: words + plain, marks: marks.map((mark) => ({ ...mark, from: mark.from + by, to: mark.to + by })) };
}
