/** SQLite's file has one writer at a time, of whatever process. */
import { GatewayError } from '../../core/errors.ts';

/** How often something is begun again that another process is at; each time is a wait. */
export const triesAtMost = 60;

/** Another process has the file. */
export function isBusy(error: unknown): boolean {
  const behind = error instanceof GatewayError ? error.cause : error;
  return behind instanceof Error && 'code' in behind && behind.code === 'SQLITE_BUSY';
}
