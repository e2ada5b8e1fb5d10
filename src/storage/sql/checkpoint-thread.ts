/** The thread of `checkpoints.ts`: where it is asked to it carries SQLite's log into the file, and answers; or it ends. It has a connection of its own. */
import { parentPort, workerData } from 'node:worker_threads';
import Driver from 'better-sqlite3';

/** What the thread is told. */
export type Asked = 'carry' | 'end';

/** What is written meanwhile is carried over in a further pass, each shorter than the one before: once nothing is left the log begins anew. */
const passes = 5;

const database = new Driver(String(workerData), { fileMustExist: true, timeout: 0 });
// In KiB: it copies pages from one file to the other and looks at none.
database.pragma('cache_size = -100');

function carry(): void {
  for (let pass = 0; pass < passes; pass++) {
    const [about] = database.pragma('wal_checkpoint(PASSIVE)') as { busy: number; log: number; checkpointed: number }[];
    if (about === undefined || about.busy !== 0 || about.log === about.checkpointed) return;
  }
}

parentPort?.on('message', (asked: Asked) => {
  if (asked === 'end') {
    database.close();
    parentPort?.close();
    return;
  }
  try {
    carry();
    parentPort?.postMessage(undefined);
  } catch (error) {
    parentPort?.postMessage(String(error));
  }
});
