/** Sends a file that never changes, or the part of it that was asked for: from the disk to the socket, never whole in memory. */
import { open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { partOf, rangeHolds, statusBefore } from './byte-ranges.ts';

/** A file on the disk, and what is said of it. */
export interface StoredFile {
  readonly path: string;
  /** As it must be on the disk. */
  readonly bytes: number;
  /** Letters, digits, `-` and `_`: another one for any other content. */
  readonly tag: string;
  /** Beside those that are said of every file; lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Answers GET or HEAD. Resolves with false, having said nothing, where the file is not there as it should be. */
export async function sendFile(file: StoredFile, req: IncomingMessage, res: ServerResponse): Promise<boolean> {
  const handle = await open(file.path).catch(() => undefined);
  if (handle === undefined) return false;
  try {
    const info = await handle.stat();
    if (!info.isFile() || info.size !== file.bytes) return false;
    const range = head(file, req, res);
    if (range === undefined || req.method === 'HEAD' || file.bytes === 0) res.end();
    else
      await pipeline(handle.createReadStream({ start: range.first, end: range.last, autoClose: false }), res).catch(
        () => res.destroy(),
      );
    return true;
  } finally {
    await handle.close();
  }
}

/** Says what is sent. Returns what of the file follows; undefined: nothing. */
function head(
  { bytes, tag, headers }: StoredFile,
  req: IncomingMessage,
  res: ServerResponse,
): { readonly first: number; readonly last: number } | undefined {
  const quoted = `"${tag}"`;
  const always = { etag: quoted, 'cache-control': headers['cache-control'] ?? 'private', 'accept-ranges': 'bytes' };
  const before = statusBefore(req.headers, quoted);
  if (before !== undefined) {
    res.writeHead(before, before === 304 ? always : { ...always, 'content-length': 0 });
    return undefined;
  }
  // Ranges are of GET alone (§14.2).
  const asked = req.method === 'GET' && rangeHolds(req.headers, quoted) ? req.headers.range : undefined;
  const part = partOf(asked, bytes);
  switch (part.is) {
    case 'none':
      res.writeHead(416, { ...always, 'content-range': `bytes */${bytes}`, 'content-length': 0 });
      return undefined;
    case 'whole':
      res.writeHead(200, { ...headers, ...always, 'content-length': bytes });
      return { first: 0, last: bytes - 1 };
    case 'part': {
      const { first, last } = part;
      const range = { 'content-range': `bytes ${first}-${last}/${bytes}`, 'content-length': last - first + 1 };
      res.writeHead(206, { ...headers, ...always, ...range });
      return part;
    }
    default:
      return part satisfies never;
  }
}
