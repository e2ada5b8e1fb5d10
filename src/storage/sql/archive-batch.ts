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
/** Rows of one turn of the loop: some five milliseconds. Fewer cost more: what the pages have above them is written once a piece. */
const perTurn = 8 * together;

/** What is there already stays as it is: where not all could be written, all of them may be written again. */
export function createBatchWriter({ db, file }: Database): (values: readonly Values[]) => Promise<void> {
  if (file !== undefined) {
    const write = intoFile(file);
    return async (values) => {
      for (const some of inTurns(values)) {
        // Nobody else's transaction is under way on the connection then.
        await db.connection().execute(async () => write(some));
        await new Promise<void>((resolve) => setImmediate(resolve));
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

/**
 * In pieces of a transaction each, between which everybody else has a turn of the loop. Rows of one chat lie side by side, so each page of it is looked for, and written to the log, in one piece or two.
 */
function* inTurns(values: readonly Values[]): Iterable<readonly Values[]> {
  const sorted = values.toSorted(([a], [b]) => Number(a) - Number(b));
  for (let at = 0; at < sorted.length; at += perTurn) yield sorted.slice(at, at + perTurn);
}
