/**
 * Writes rows of the archive together, cheaply: half of what a message costs with history is this (design/archive-rows.md). PostgreSQL gets one statement with
 * one parameter, the batch as JSON. SQLite gets statements of many rows that are prepared once, in the order of its tree.
 */
import type { Database as SqliteFile } from 'better-sqlite3';
import { sql } from 'kysely';
import { columns, type Values } from './archive-rows.ts';
import type { Database } from './database.ts';

/** Rows of one statement: eleven values each, of the 32,766 that SQLite takes. */
const together = 64;
/** Rows of one piece: some four milliseconds. Fewer cost more: what the pages have above them is written once a piece. */
const perPiece = 8 * together;

/** What is there already stays as it is: where not all could be written, all of them may be written again. */
export function createBatchWriter({
  db,
  file,
  checkpoints,
}: Database): (values: readonly Values[], breathe?: () => Promise<void>) => Promise<void> {
  if (file !== undefined) {
    const write = intoFile(file);
    return async (values, breathe = turn) => {
      for (const [i, some] of piecesOf(values).entries()) {
        if (i > 0) await breathe();
        // Nobody else's transaction is under way on the connection then.
        await db.connection().execute(async () => write(some));
        checkpoints?.wrote(some.length);
      }
    };
  }
  return async (values) => {
    const source = sql`select (v->>0)::integer, (v->>1)::bigint, ${sql.raw(texts)} from jsonb_array_elements(${JSON.stringify(values)}::jsonb) as v`;
    await sql`insert into archive (${sql.raw(columns)}) ${source} on conflict do nothing`.execute(db);
  };
}

const names = columns.split(', ');
/** `v->>2, v->>3, …`: all but the chat and the time. */
const texts = names
  .map((_, i) => `v->>${i}`)
  .slice(2)
  .join(', ');

function intoFile(file: SqliteFile): (values: readonly Values[]) => void {
  const row = `(${names.map(() => '?').join(', ')})`;
  const insert = (rows: number) =>
    file.prepare(`insert into archive (${columns}) values ${Array(rows).fill(row).join(', ')} on conflict do nothing`);
  const [many, one] = [insert(together), insert(1)];
  const write = file.transaction((values: readonly Values[]) => {
    let i = 0;
    for (; i + together <= values.length; i += together) many.run(...values.slice(i, i + together).flat());
    for (; i < values.length; i++) one.run(...(values[i] ?? []));
  });
  return (values) => write.immediate(values);
}

/** Everybody else has one: what SQLite answers comes within ours. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A transaction each. Rows of one chat lie side by side, so each page of it is looked for, and written to the log, in one piece or two. */
function piecesOf(values: readonly Values[]): readonly (readonly Values[])[] {
  const sorted = values.toSorted(([a], [b]) => Number(a) - Number(b));
  const pieces: (readonly Values[])[] = [];
  for (let at = 0; at < sorted.length; at += perPiece) pieces.push(sorted.slice(at, at + perPiece));
  return pieces;
}
