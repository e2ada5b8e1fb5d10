/** Writes a number of things, at a rate or as fast as they are taken. */

export interface Load {
  readonly count: number;
  /** 0: as fast as `mayWrite` lets. */
  readonly perSecond: number;
  /** How many at once where there is no rate. */
  readonly batch: number;
  readonly mayWrite: (written: number) => boolean;
  readonly write: (from: number, count: number) => void;
}

/** Resolves when all is written (not: delivered). */
export function pump(load: Load): Promise<void> {
  return new Promise((resolve) => {
    let written = 0;
    const began = performance.now();
    const due = (): number => {
      if (load.perSecond === 0) return load.mayWrite(written) ? load.batch : 0;
      return Math.floor(((performance.now() - began) / 1000) * load.perSecond) - written;
    };
    const turn = (): void => {
      const now = Math.min(due(), load.count - written);
      if (now > 0) {
        load.write(written, now);
        written += now;
      }
      if (written >= load.count) resolve();
      else if (load.perSecond === 0 && now > 0) setImmediate(turn);
      else setTimeout(turn, 1);
    };
    turn();
  });
}
