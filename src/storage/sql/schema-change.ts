/** What one migration may be: exactly one kind of change, so that whatever cuts it short, the next start knows how far it came (design/schema-changes.md). */
import type { Migration } from 'kysely';

/** Migrations know no tables as they are today: those change, history does not. */
export type AnySchema = Parameters<Migration['up']>[0];

/** Quick changes: new tables with their indexes, new columns that may be empty or have a constant. */
export interface Shape {
  /** One transaction, with its mark. On PostgreSQL it is run again where it does not get its locks soon. */
  up(db: AnySchema): Promise<void>;
  /**
   * Only where something is taken away (a column, a table): the first migration whose programs use none of it any more, of a release before. Programs that
   * don't know that one refuse to start from then on.
   */
  readonly needs?: string;
}

/** An index of a table that has rows already; on PostgreSQL it is built while others write. */
export interface Lookup {
  readonly index: {
    readonly name: string;
    readonly on: string;
    /** What stands behind the table's name: `(chat, author) where author is not null`. */
    readonly by: string;
  };
}

/** Values for rows that are there already. */
export interface Filling {
  /** One batch of some hundreds of rows, a transaction of its own, found by what they lack: it may be done twice. False: none was left. */
  fill(db: AnySchema): Promise<boolean>;
}

export type SchemaChange = Shape | Lookup | Filling;

/** By name; they are done in the order of their names. */
export type SchemaChanges = Readonly<Record<string, SchemaChange>>;
