/** The CDN: attachments behind links that expire, avatars, icons, emoji and stickers (API reference, "Image Formatting"). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isGood } from './deeds/attachments.ts';
import type { State, Stored } from './state.ts';

/** Answers GET and HEAD. @param path behind /cdn */
export async function serveFile(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: URLSearchParams,
): Promise<void> {
  const plain = decodeURIComponent(path);
  const expired = plain.startsWith('/attachments/') && !isGood(state, plain, query);
  const file = expired ? undefined : await find(state, plain);
  if (file === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain;charset=UTF-8' });
    response.end(expired ? 'This content is no longer available.' : '');
    return;
  }
  response.writeHead(200, {
    'content-type': file.type,
    'content-length': file.bytes.length,
    'cache-control': 'public, max-age=31536000',
  });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

/** Without the ending that says in which format a picture is wanted. */
const bare = (path: string): string => path.replace(/\.\w+$/, '');

async function find(state: State, path: string): Promise<Stored | undefined> {
  const kept = state.files.get(path) ?? state.files.get(bare(path));
  if (kept !== undefined) return kept;
  if (/^\/embed\/avatars\/[0-5]\.png$/.test(path)) return { bytes: nobody, type: 'image/png' };
  const link = state.remote.get(bare(path));
  return link === undefined ? undefined : fetched(link);
}

/** The face of those who have none: one pixel. */
const nobody = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
  'base64',
);

/** A picture that lies elsewhere, as it is there now. */
async function fetched(link: string): Promise<Stored | undefined> {
  try {
    const response = await fetch(link, { signal: AbortSignal.timeout(5_000) });
    const type = response.headers.get('content-type') ?? '';
    if (!response.ok || !type.startsWith('image/')) return undefined;
    return { bytes: new Uint8Array(await response.arrayBuffer()), type };
  } catch {
    return undefined;
  }
}
