/** The rows of a conversation around one moment after the other, with what they say: each is read and taken apart once, however many moments it is near. */

import type { AccountId, ChatId } from '../core/ids.ts';
import { textIn } from '../gateway/relearn.ts';
import type { Archive, ArchiveRow } from '../storage/ports.ts';

/** At a time. */
const pageRows = 500;
/** Of one stretch: ten seconds of a thousand lines each. */
const rowsAtMost = 10_000;

/** For one look at messages of about one time, in about their order. */
export class Surroundings {
  readonly #archive: Pick<Archive, 'page'>;
  readonly #of: { readonly account: AccountId; readonly chat: ChatId };
  #rows: ArchiveRow[] = [];
  readonly #texts = new Map<ArchiveRow, string | undefined>();
  /** What is here is all from this moment to that one. */
  #from = Number.POSITIVE_INFINITY;
  #to = Number.NEGATIVE_INFINITY;

  constructor(archive: Pick<Archive, 'page'>, account: AccountId, chat: ChatId) {
    this.#archive = archive;
    this.#of = { account, chat };
  }

  /** Those from `start` to `end` (ms), both with them, oldest first; rejects where the archive can't be read. */
  async between(start: number, end: number): Promise<readonly ArchiveRow[]> {
    if (start < this.#from || start > this.#to + 1 || this.#rows.length >= rowsAtMost) this.#forget(start);
    if (end > this.#to) {
      await this.#read(this.#to + 1, end);
      this.#to = end;
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

  async #read(start: number, end: number): Promise<void> {
    const of = { ...this.#of, start, end, max: pageRows, order: 'oldest' } as const;
    let page = await this.#archive.page(of);
    for (;;) {
      if (page !== undefined) this.#rows.push(...page.rows);
      const last = page?.rows.at(-1);
      if (last === undefined || page?.complete !== false || this.#rows.length >= rowsAtMost) return;
      page = await this.#archive.page({ ...of, after: last.id });
    }
  }
}
