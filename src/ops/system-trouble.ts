/** What the system refuses, as a sentence with the remedy: a file of somebody else's, a full disk, a damaged database are no bugs of ours. */
import { Remedy } from './fatal.ts';

const rights =
  'Give it, and the folder that it lies in, to the user that Isthmus runs as (chown), or name another place';
const room = 'Make room on its disk, and start again';
const place = 'Move it away, or name another place';

const remedies: Readonly<Record<string, string>> = {
  EACCES: rights,
  EPERM: rights,
  EROFS: rights,
  ENOSPC: room,
  EDQUOT: room,
  EEXIST: place,
  EISDIR: place,
  ENOTDIR: place,
  SQLITE_CANTOPEN: rights,
  SQLITE_PERM: rights,
  SQLITE_READONLY: rights,
  SQLITE_FULL: room,
  SQLITE_IOERR: 'See whether its disk is full or failing (df, dmesg), and start again',
  SQLITE_BUSY: 'Another program has kept it for long (a copy, a check): wait for it, or end it, and start again',
  SQLITE_CORRUPT: 'Move it away, and bring back a backup (`isthmus restore`)',
  SQLITE_NOTADB: 'Move it away, and bring back a backup (`isthmus restore`)',
};

/** undefined: nothing that an operator could mend. @param file that was meant, where the error does not say it (SQLite's never does) */
export function systemTrouble(error: unknown, file?: string): Remedy | undefined {
  if (!(error instanceof Error) || error instanceof Remedy) return undefined;
  const { code, path, dest, address } = error as { code?: unknown; path?: unknown; dest?: unknown; address?: unknown };
  if (typeof code !== 'string') return undefined;
  // SQLite has words for where it met what it met: SQLITE_IOERR_WRITE.
  const remedy = remedies[/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code];
  if (remedy === undefined) return undefined;
  // A copy has no room where it is to be, not where it comes from. A socket's path is its address.
  const meant =
    [remedy === room ? dest : undefined, path, address, file].find((one) => typeof one === 'string') ??
    'What has to be written';
  return new Remedy(`${meant} can't be used (${code})`, remedy, error);
}

/** Does that code of the system's say that a file is somebody else's? */
export const isNotOurs = (code: string | undefined): code is 'EACCES' | 'EPERM' =>
  code === 'EACCES' || code === 'EPERM';
