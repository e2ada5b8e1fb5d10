/** The rows of a conversation around one moment after the other, with what they say: each is read and taken apart once, however many moments it is near. */

import type { AccountId, ChatId } from '../core/ids.ts';
import { textIn } from '../gateway/relearn.ts';
import type { Archive, ArchiveRow } from '../storage/ports.ts';

/** At a time. */
const pageRows = 500;
/** Around one moment: ten seconds of a thousand lines each. What a flood has beyond them is not looked at. */
const rowsAtMost = 10_000;
/** From so many on those that lie behind are let go, so that there is room. */
const rowsToKeep = 5_000;
/** Some five milliseconds: behind so many everybody else has a turn. */
const rowsPerTurn = 50_000;

/** For one look at messages of about one time, in about their order. */
export class Surroundings {
  readonly #archive: Pick<Archive, 'page'>;
  readonly #of: { readonly account: AccountId; readonly chat: ChatId };
  #rows: ArchiveRow[] = [];
  readonly #texts = new Map<ArchiveRow, string | undefined>();
  /** What is here is all from this moment to that one. */
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;
  /** Of this turn. */
  #looked = 0;

  constructor(archive: Pick<Archive, 'page'>, account: AccountId, chat: ChatId) {
    this.#archive = archive;
    this.#of = { account, chat };
  }

  /** Those from `start` to `end` (ms), both with them, oldest first; rejects where the archive can't be read. */
  async between(start: number, end: number): Promise<readonly ArchiveRow[]> {
    if (start < this.#from || start > this.#to + 1) this.#forget(start);
    if (end > this.#to) {
      if (this.#rows.length >= rowsToKeep) this.#drop(start);
      await this.#read(end);
    }
    this.#looked += this.#rows.length;
    if (this.#looked >= rowsPerTurn) {
      this.#looked = 0;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    return this.#rows.filter(({ at }) => at >= start && at <= end);
  }

  /** See `textIn`. */
  textOf(row: ArchiveRow): string | undefined {
    if (!this.#texts.has(row)) this.#texts.set(row, textIn(row));
    return this.#texts.get(row);
  }

  #forget(from: number): void {
    this.#rows = [];
    this.#texts.clear();
    this.#from = from;
    this.#to = from - 1;
  }

  /** What lies before that. */
  #drop(before: number): void {
    const gone = this.#rows.findIndex(({ at }) => at >= before);
    if (gone === 0) return;
    for (const row of this.#rows.splice(0, gone < 0 ? this.#rows.length : gone)) this.#texts.delete(row);
    this.#from = before;
  }

  /** On from what is here, as far as there is room. */
  async #read(end: number): Promise<void> {
    const of = { ...this.#of, start: this.#to + 1, end, max: pageRows, order: 'oldest' } as const;
    let after: string | undefined;
    while (this.#rows.length < rowsAtMost) {
      const page = await this.#archive.page({ ...of, ...(after !== undefined && { after }) });
      if (page !== undefined) this.#rows.push(...page.rows);
      const last = page?.rows.at(-1);
      if (last === undefined || page?.complete !== false) {
        this.#to = end;
        return;
      }
      this.#to = last.at;
      after = last.id;
    }
  }
}
