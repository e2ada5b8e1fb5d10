/** The CDN: attachments behind links that expire, avatars, icons, emoji and stickers (API reference, "Image Formatting"). */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isGood } from './deeds/attachments.ts';
import type { State } from './state.ts';

/** Answers GET and HEAD. @param path behind /cdn */
export function serveFile(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: URLSearchParams,
): void {
  const plain = decodeURIComponent(path);
  const expired = plain.startsWith('/attachments/') && !isGood(state, plain, query);
  const remote = state.remote.get(bare(plain));
  const file = expired ? undefined : (state.files.get(plain) ?? state.files.get(bare(plain)));
  if (remote !== undefined) {
    response.writeHead(302, { location: remote });
    response.end();
  } else if (file === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain;charset=UTF-8' });
    response.end(expired ? 'This content is no longer available.' : '');
  } else {
    response.writeHead(200, {
      'content-type': file.type,
      'content-length': file.bytes.length,
      'cache-control': 'public, max-age=31536000',
    });
    response.end(request.method === 'HEAD' ? undefined : file.bytes);
  }
}

/** Without the ending that says in which format a picture is wanted. */
const bare = (path: string): string => path.replace(/\.\w+$/, '');
