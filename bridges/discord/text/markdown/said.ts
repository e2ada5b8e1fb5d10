/** What reading has come to: the text, its marks, and what is still open. */
import type { Mark, RichText } from '#bridge';
import type { MarkKind } from './angles.ts';

/** Its text ends at `close`, and what comes behind it begins at `end`. */
interface Open {
  readonly close: number;
  readonly end: number;
  readonly from: number;
  readonly mark: MarkKind;
}

export interface Said {
  /** @param mark over all of that */
  say(text: string, mark?: MarkKind): void;
  begin(mark: MarkKind, close: number, end: number): void;
  /** Ends what ends at `at`. Returns where to go on. */
  finish(at: number): number;
  /** Where what is open ends; undefined: nothing is. */
  limit(): number | undefined;
  readonly isInLink: boolean;
  result(): RichText;
}

export function createSaid(): Said {
  const marks: Mark[] = [];
  const open: Open[] = [];
  let links = 0;
  let plain = '';

  const add = (mark: MarkKind, from: number): void => {
    if (from < plain.length) marks.push({ ...mark, from, to: plain.length });
  };

  return {
    say(text, mark) {
      const from = plain.length;
      plain += text;
      if (mark !== undefined) add(mark, from);
    },
    begin(mark, close, end) {
      open.push({ mark, close, end, from: plain.length });
      if (mark.is === 'link') links++;
    },
    finish(at) {
      let to = at;
      for (let last = open.at(-1); last !== undefined && last.close <= to; last = open.at(-1)) {
        open.pop();
        to = last.end;
        const { mark, from } = last;
        if (mark.is !== 'link') {
          add(mark, from);
          continue;
        }
        links--;
        if (from === plain.length || plain.slice(from) === mark.href) continue;
        add(mark, from);
        // Nobody should be led anywhere unseen.
        plain += ` (${mark.href})`;
      }
      return to;
    },
    limit: () => open.at(-1)?.close,
    get isInLink() {
      return links > 0;
    },
    result: () => ({ plain, marks }),
  };
}
