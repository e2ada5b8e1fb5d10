/**
 * Connections to PostgreSQL, so many and no more, to that of its servers which takes what is written. Who finds all of them in use waits, so long and so many
 * and no more. A connection that turns out to be to a replica is dropped with all beside it, and others are sought.
 */
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { ClientBase, Pool, PoolClient } from 'pg';
import type { Log } from '../../bridge/contract.ts';
import { StorageProblem } from '../problem.ts';
import { seen, spoils, stateOf, storageAway } from './postgres-away.ts';
import { noneLeft, prepare, readOnly, type Wanted } from './postgres-servers.ts';

/** What a check of a new connection calls: with an error it is dropped. */
type Verify = (client: ClientBase, done: (error?: Error) => void) => void;

export interface PoolParts extends Wanted {
  /** One for each server, in the order in which they are tried; each connects when it is first used, and asks `verify` of each connection. */
  readonly servers: readonly ((verify: Verify) => Pool)[];
  /** Of each server at most. */
  readonly connections: number;
  /** Who finds more than so many waiting before them is refused at once. */
  readonly waitingAtMost: number;
  readonly log?: Pick<Log, 'info' | 'warn'> | undefined;
}

/** Its failures are `storage-away`, with what is the matter as the cause. */
export function createPostgresPool({ servers, connections, waitingAtMost, log, ...wanted }: PoolParts): PostgresPool {
  const verify: Verify = (client, done) => {
    prepare(client, wanted).then(() => done(), done);
  };
  const pools = servers.map((open) => open(verify));
  let chosen = 0;
  let waiting = 0;
  let isAway = false;
  let inUse = 0;
  let releases = 0;
  /** For those whom the server takes no further connection of. */
  const released: (() => void)[] = [];

  /** Of the first that takes us, beginning with the one that did last. */
  async function anyOf(): Promise<{ readonly client: PoolClient; readonly server: number }> {
    const refusals: unknown[] = [];
    for (let i = 0; i < pools.length; i++) {
      const server = (chosen + i) % pools.length;
      try {
        const client = await pools[server]?.connect();
        if (client === undefined) continue;
        chosen = server;
        return { client, server };
      } catch (error) {
        refusals.push(isFull(error) ? noneLeft(connections, error) : error);
        // Its connections are there, and in use: no other server is better.
        if (isBusy(error)) break;
      }
    }
    throw refusals.find((error) => error instanceof StorageProblem) ?? refusals[0];
  }

  /** Where the server has no further one for us, one of ours has to do: each is given back within the time of a statement. */
  async function enough(): ReturnType<typeof anyOf> {
    for (;;) {
      const givenBack = releases;
      try {
        return await anyOf();
      } catch (error) {
        if (!(error instanceof Error && isFull(error.cause))) throw error;
        // One that was given back while the server refused us lies in the pool.
        if (givenBack !== releases) continue;
        if (inUse === 0) throw error;
        await new Promise<void>((resolve) => released.push(resolve));
      }
    }
  }

  function away(cause: unknown): Error {
    if (!isAway)
      log?.warn({ error: messageOf(cause) }, 'PostgreSQL has no connection for us; what waits is tried again');
    isAway = true;
    return storageAway(cause);
  }

  /** None of its connections is used again; those in use go when they are given back. */
  function drop(server: number): void {
    const open = servers[server];
    const before = pools[server];
    if (open === undefined || before === undefined) return;
    pools[server] = open(verify);
    before.end().catch(() => undefined);
  }

  function used(client: PoolClient, server: number): PostgresPoolClient {
    const from = pools[server];
    let spoilt: Error | undefined;
    const query = async (text: string, parameters: unknown[]): Promise<unknown> => {
      try {
        return await client.query(text, parameters);
      } catch (error) {
        if (!spoils(error)) throw seen(error);
        spoilt = error;
        if (stateOf(error) !== '25006') throw seen(error);
        if (pools[server] === from) drop(server);
        throw away(readOnly(error));
      }
    };
    inUse++;
    const release = (): void => {
      inUse--;
      releases++;
      client.release(spoilt);
      released.shift()?.();
    };
    return { query: query as PostgresPoolClient['query'], release };
  }

  return {
    async connect() {
      if (waiting >= waitingAtMost) throw away(new Error(`${waiting} wait for a connection already`));
      waiting++;
      try {
        const { client, server } = await enough();
        if (isAway) log?.info({}, 'PostgreSQL is back');
        isAway = false;
        return used(client, server);
      } catch (error) {
        // Nothing is given back by us that could wake them: they are refused in their turn.
        released.shift()?.();
        throw away(error);
      } finally {
        waiting--;
      }
    },
    async end() {
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}

/** too_many_connections: of the server, the database or the user. */
const isFull = (error: unknown): boolean => error instanceof Error && stateOf(error) === '53300';

const isBusy = (error: unknown): boolean =>
  error instanceof Error && error.message === 'timeout exceeded when trying to connect';

/** Node's errors of several addresses have no message of their own. */
const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message || (stateOf(error) ?? error.name) : String(error);
