/** Which servers a postgres:// URL names, and which of them takes what is written: as libpq has it with target_session_attrs=read-write. */
import type { ClientBase } from 'pg';
import { StorageProblem } from '../problem.ts';

/** A URL for each host of `postgres://USER:PASSWORD@HOST1:PORT1,HOST2:PORT2/DATABASE?…`, in its order. */
export function serversOf(url: string): readonly string[] {
  const [, scheme = '', user = '', hosts = '', rest = ''] =
    /^(postgres(?:ql)?:\/\/)([^/?]*@)?([^/?]*)(.*)$/s.exec(url) ?? [];
  if (!hosts.includes(',')) return [url];
  return hosts.split(',').map((host) => `${scheme}${user}${host}${rest}`);
}

/** How a connection is to be. */
export interface Wanted {
  /** After so long a statement is given up; 0: never. */
  readonly statementMs: number;
  /** A replica will do. */
  readonly onlyReads: boolean;
}

/**
 * The first word on a connection: poolers (PgBouncer) refuse whoever says with the greeting how long statements may take. Rejects with a StorageProblem where nothing
 * can be written: a replica, or one that an operator has made read-only; or not what people write: one batch of everybody's messages is lost for one letter of one of them.
 */
export async function prepare(client: ClientBase, { statementMs, onlyReads }: Wanted): Promise<void> {
  const { rows } = await client.query<{ only: boolean; encoding: string }>(
    `select pg_is_in_recovery() or current_setting('transaction_read_only') = 'on' as only,
      current_setting('server_encoding') as encoding, set_config('statement_timeout', $1, false)`,
    [`${statementMs}`],
  );
  if (onlyReads) return;
  if (rows[0]?.only === true) throw readOnly();
  const { encoding = '' } = rows[0] ?? {};
  if (!holdsAll.has(encoding)) throw cannotHold(encoding);
}

/** SQL_ASCII holds whatever octets it is given. */
const holdsAll: ReadonlySet<string> = new Set(['UTF8', 'SQL_ASCII']);

const cannotHold = (encoding: string): StorageProblem =>
  new StorageProblem(
    `The database has the encoding ${encoding}, which lacks most letters that people write: make one in UTF-8 (createdb -O USER -E UTF8 -T template0 NAME); what is in this one comes into it by \`isthmus backup\` and \`isthmus restore\``,
  );

/** What is said of a server that nothing is written to. */
export const readOnly = (cause?: unknown): StorageProblem =>
  new StorageProblem(
    'PostgreSQL can only be read there (a replica, or default_transaction_read_only): give the address of the server that is written to in `storage.sql`, or of all of them (postgres://USER:PASSWORD@HOST1,HOST2/DATABASE), of which that one is taken',
    cause,
  );

/** What is said of a server whose connections are all in use. */
export const noneLeft = (connections: number, cause: unknown): StorageProblem =>
  new StorageProblem(
    `PostgreSQL has no connection left (too many connections): raise its max_connections, or use a pooler such as PgBouncer; each process of Isthmus uses ${connections} at most, and one more while it starts`,
    cause,
  );
