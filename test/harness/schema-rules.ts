/** What a change of the schema may not do while programs of the version before go on with it; design/schema-changes.md says why. Looked for in what it did, not in its words. */
import { sql } from 'kysely';
import type { AnySchema as Db, SchemaChange } from '../../src/storage/sql/schema-change.ts';

/** A schema as a program depends on it. */
interface Sight {
  readonly tables: ReadonlySet<string>;
  /** `table.column` → what it takes. */
  readonly columns: ReadonlyMap<
    string,
    { readonly type: string; readonly mayLack: boolean; readonly isNullable: boolean }
  >;
  readonly constraints: ReadonlyMap<string, string>;
  /** Where each table lies: somewhere else, once all its rows were written anew. */
  readonly files: ReadonlyMap<string, string>;
}

async function look(db: Db): Promise<Sight> {
  const tables = (await db.introspection.getTables()).filter(({ name }) => !name.startsWith('kysely_'));
  const files = await sql<{ name: string; file: string }>`
    select relname as name, relfilenode::text as file from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`.execute(
    db,
  );
  const constraints = await sql<{ name: string; of: string }>`
    select conname as name, conrelid::regclass::text as of from pg_constraint where connamespace = 'public'::regnamespace`.execute(
    db,
  );
  return {
    tables: new Set(tables.map(({ name }) => name)),
    columns: new Map(
      tables.flatMap(({ name, columns }) =>
        columns.map(
          (column) =>
            [
              `${name}.${column.name}`,
              {
                type: column.dataType,
                isNullable: column.isNullable,
                mayLack: column.isNullable || column.hasDefaultValue || column.isAutoIncrementing,
              },
            ] as const,
        ),
      ),
    ),
    constraints: new Map(constraints.rows.map(({ name, of }) => [name, of])),
    files: new Map(files.rows.map(({ name, file }) => [name, file])),
  };
}

/** What each kind of lock keeps others from, for those that do. */
const locks: Readonly<Record<string, string>> = {
  ShareLock: 'keeps writers off while an index is built: make it a migration of the kind `index`',
  RowExclusiveLock: 'holds rows that it writes until its end: make it a migration of the kind `fill`',
  ShareRowExclusiveLock: 'keeps writers off while it looks at every row',
  ExclusiveLock: 'keeps writers off',
};

const tableOf = (column: string): string => column.slice(0, column.indexOf('.'));

/** Does it within a transaction on PostgreSQL, and says what the version before would notice of it. */
export async function doAndJudge(
  transaction: Db,
  name: string,
  change: SchemaChange,
  known: readonly string[],
): Promise<readonly string[]> {
  if (!('up' in change)) return [];
  const before = await look(transaction);
  await change.up(transaction);
  const { rows: held } = await sql<{ name: string; mode: string }>`
    select distinct c.relname as name, l.mode as mode from pg_locks l join pg_class c on c.oid = l.relation
    where l.pid = pg_backend_pid() and l.granted and c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`.execute(
    transaction,
  );
  const after = await look(transaction);
  const faults: string[] = [];
  for (const { name: table, mode } of held)
    if (before.tables.has(table) && locks[mode] !== undefined) faults.push(`${table}: ${locks[mode]}`);
  for (const [table, file] of before.files)
    if (after.files.has(table) && after.files.get(table) !== file)
      faults.push(`${table}: every row is written anew, while nobody can read`);
  for (const [constraint, table] of after.constraints)
    if (before.tables.has(table) && !before.constraints.has(constraint))
      faults.push(`${table}: ${constraint} refuses what the version before writes`);
  faults.push(...columnFaults(before, after, change.needs !== undefined));
  if (change.needs !== undefined && !(known.includes(change.needs) && change.needs < name))
    faults.push(`needs ${change.needs}, which is no migration before it`);
  return faults;
}

function columnFaults(before: Sight, after: Sight, mayTakeAway: boolean): readonly string[] {
  const faults: string[] = [];
  for (const [column, was] of before.columns) {
    const is = after.columns.get(column);
    if (is === undefined && !mayTakeAway) faults.push(`${column}: gone, and the version before uses it (\`needs\`)`);
    if (is !== undefined && is.type !== was.type) faults.push(`${column}: of another type`);
    if (is !== undefined && was.mayLack && !is.mayLack)
      faults.push(`${column}: has to be there, and the version before may leave it out`);
    if (is !== undefined && was.isNullable && !is.isNullable) faults.push(`${column}: may not be null any more`);
  }
  for (const [column, { mayLack }] of after.columns)
    if (before.tables.has(tableOf(column)) && !before.columns.has(column) && !mayLack)
      faults.push(`${column}: new, and the version before does not write it (null, or a default)`);
  return faults;
}
