/** A log that says nothing, for tests in which faults are made on purpose. */
import type { Log } from '../../src/bridge/contract.ts';

const nothing = (): void => {};

export const silentLog: Log = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLog,
};
