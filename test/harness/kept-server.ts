/** A server that a test starts, kills and starts again, in a directory that goes with it. */
import type { Running } from './process.ts';
import type { TempDir } from './temp.ts';

export interface KeptServer extends AsyncDisposable {
  /** The process of now; another one after a restart. */
  readonly running: Running;
  /** kill -9 unless another signal is named; resolves when it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Again, with the same data and ports; where it still runs it is ended first, by kill -9 unless another signal is named. */
  restart(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts it by `launch`; at the end of the test it is killed and its directory removed. What it prints stays in `running`. */
export async function keepServer(dir: TempDir, launch: () => Promise<Running>): Promise<KeptServer> {
  const forget = (error: unknown): never => {
    dir.remove();
    throw error;
  };
  let running = await launch().catch(forget);
  return {
    get running() {
      return running;
    },
    async kill(signal = 'SIGKILL') {
      await running.stop(signal);
    },
    async restart(signal = 'SIGKILL') {
      await running.stop(signal);
      running = await launch();
    },
    async [Symbol.asyncDispose]() {
      await running.kill();
      dir.remove();
    },
  };
}
