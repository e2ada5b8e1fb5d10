/** SQLite's file has one writer at a time, of whatever process. */

/** How often something is begun again that another process is at; each time is a wait. */
export const triesAtMost = 60;

/** Another process has the file. */
export const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
