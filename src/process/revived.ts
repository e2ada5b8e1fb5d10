/** A process that was taken for dead has missed what was told to those who lived: what it knows of the database may be old. */
import type { RedisWorkers } from '../storage/redis/workers.ts';

/** What is kept in memory as the database has it. */
interface Known {
  read(): Promise<void>;
}

/** Reads them all again when our sign of life had expired and is up again: from then on changes are told to us. Tried again where it fails. */
export function readWhenRevived({ onRevived }: Pick<RedisWorkers, 'onRevived'>, all: readonly Known[]): void {
  onRevived(async () => {
    await Promise.all(all.map((one) => one.read()));
  });
}
