/** A text and its marks as Discord's Markdown: whoever reads it sees what was said, and nothing that was only typed means anything. */
import type { RichText } from '#bridge';
import type { Names } from '../names.ts';
import type { Escaping } from './escape.ts';
import { type Piece, styles } from './line.ts';
import { partsOf } from './parts.ts';
import { type Row, rowsOf } from './rows.ts';

export interface Markdown {
  readonly parts: readonly string[];
  /** The people and roles who are meant, as they are written; the same in a block of code means nobody. */
  readonly mentions: ReadonlySet<string>;
}

/** @param limit the characters of one message @param isAction said as "/me", which Discord writes `_so_` */
export function writeMarkdown(text: RichText, names: Names, limit: number, isAction: boolean): Markdown {
  const rows = rowsOf(text, names);
  const closes = rows.some(hasLoneUnderscore);
  const isPlain = rows.every(({ is, isQuoted }) => is === 'line' && !isQuoted);
  const wraps = isAction && isPlain && !closes;
  const shown = isAction && !wraps ? rowsOf(emphasised(text), names) : rows;
  const parts = partsOf(shown, escapingOf(shown, closes || wraps), wraps ? limit - 2 : limit);
  const mentions = new Set(rows.flatMap(piecesIn).flatMap(({ atom }) => (atom === undefined ? [] : [atom.written])));
  return { parts: wraps ? parts.map((part) => `_${part.trim()}_`) : parts, mentions };
}

const piecesIn = (row: Row): readonly Piece[] => (row.is === 'line' ? row.pieces : []);

/** Something that is written as it stands could close what an underscore before it seems to open. */
function hasLoneUnderscore(row: Row): boolean {
  const closing = /_(?!\w)/;
  if (row.is === 'code') return row.lines.some((line) => closing.test(line));
  return row.pieces.some(({ atom }) => atom !== undefined && closing.test(atom.written));
}

function escapingOf(rows: readonly Row[], escapesUnderscores: boolean): Escaping {
  let used = 0;
  for (const row of rows) for (const { styles: held } of piecesIn(row)) used |= held;
  const has = (style: (typeof styles)[number]): boolean => (used & (1 << styles.indexOf(style))) !== 0;
  return {
    keepsUnderscores: !escapesUnderscores && !has('underline'),
    hasDeleted: has('deleted'),
    hasSpoilers: has('spoiler'),
    hasLinks: rows.some((row) =>
      piecesIn(row)
        .map(({ shown }) => shown)
        .join('')
        .includes(']('),
    ),
  };
}

const emphasised = ({ plain, marks }: RichText): RichText => ({
  plain,
  marks: [...marks, { is: 'emphasis', from: 0, to: plain.length }],
});
