/**
 * SQLite's log is carried into its file by a thread, where much is written: by itself SQLite does so within whichever statement finds the log long, and
 * everybody waits for the disk meanwhile, which takes longer than what was to be written (design/archive-rows.md). While there is no thread, it does.
 */
import { Worker } from 'node:worker_threads';
import type { Database as SqliteFile } from 'better-sqlite3';
import type { Log } from '../../bridge/contract.ts';
import type { Asked } from './checkpoint-thread.ts';

export interface Checkpoints {
  /** So many rows were written. Never waits. */
  wrote(rows: number): void;
  /** Resolves when the thread has let go of the file. */
  close(): Promise<void>;
}

/** Pages of the log (4 KiB each) at which SQLite does it by itself: its own default, and where a thread that has fallen behind is helped. */
const pages = { alone: 1_000, withThread: 8_000 };
/** Some eight hundred pages, where they go to many chats. */
const everyRows = 2_000;

const thread = new URL(
  import.meta.url.endsWith('.ts') ? './checkpoint-thread.ts' : './checkpoint-thread.js',
  import.meta.url,
);

/** Of one file that is open by `file`, from then on. The thread begins with the first few thousand rows: most processes of few users never have one. */
export function createCheckpoints(file: SqliteFile, log: Pick<Log, 'warn'> | undefined): Checkpoints {
  let worker: Worker | undefined;
  const gone = Promise.withResolvers<void>();
  let rows = 0;
  let isCarrying = false;
  let isOver = false;

  function begin(): Worker {
    const begun = new Worker(thread, {
      workerData: file.name,
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
    });
    begun.unref();
    begun.on('message', (trouble?: string) => {
      isCarrying = false;
      if (trouble !== undefined) log?.warn({ error: trouble }, "SQLite's log could not be carried into its file");
      else file.pragma(`wal_autocheckpoint = ${pages.withThread}`);
    });
    begun.once('error', (error) => log?.warn({ error }, "the thread for SQLite's log has ended; it goes on without"));
    begun.once('exit', () => {
      isOver = true;
      gone.resolve();
      if (file.open) file.pragma(`wal_autocheckpoint = ${pages.alone}`);
    });
    return begun;
  }

  return {
    wrote(more) {
      rows += more;
      if (rows < everyRows || isCarrying || isOver) return;
      rows = 0;
      isCarrying = true;
      worker ??= begin();
      worker.postMessage('carry' satisfies Asked);
    },
    async close() {
      isOver = true;
      if (worker === undefined) return;
      // It ends by itself: stopped from here while it loads SQLite, it takes the process along.
      worker.ref();
      worker.postMessage('end' satisfies Asked);
      await gone.promise;
    },
  };
}
