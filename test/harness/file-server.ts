/** Where an XMPP server keeps its users' files, for tests: an HTTP server on loopback with files that can be broken in all ways. */
import { createServer, type ServerResponse } from 'node:http';

export interface ServedFile {
  readonly bytes: Uint8Array;
  readonly type?: string;
  readonly status?: number;
  /** Its size is not told beforehand. */
  readonly isUnsized?: boolean;
  /** The connection ends behind so many octets, each time or so many times. */
  readonly cutAfter?: number;
  readonly cuts?: number;
}

export interface FileServer extends AsyncDisposable {
  readonly origin: string;
  /** Lays a file there; returns its address. */
  put(path: string, file: ServedFile): string;
  /** How often it was fetched. */
  fetched(path: string): number;
  /** Connections that are open for something not yet given. */
  readonly busy: number;
}

export async function startFileServer(): Promise<FileServer> {
  const files = new Map<string, ServedFile>();
  const counts = new Map<string, number>();
  let busy = 0;
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://files.test').pathname;
    counts.set(path, (counts.get(path) ?? 0) + 1);
    busy++;
    response.on('close', () => {
      busy--;
    });
    give(response, files.get(path), counts.get(path) ?? 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
  return {
    origin,
    put(path, file) {
      files.set(path, file);
      return origin + path;
    },
    fetched: (path) => counts.get(path) ?? 0,
    get busy() {
      return busy;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function give(response: ServerResponse, file: ServedFile | undefined, time: number): void {
  if (file === undefined) {
    response.writeHead(404).end();
    return;
  }
  const {
    bytes,
    type = 'application/octet-stream',
    status = 200,
    isUnsized,
    cutAfter,
    cuts = Number.POSITIVE_INFINITY,
  } = file;
  response.writeHead(status, {
    'content-type': type,
    ...(isUnsized !== true && { 'content-length': bytes.length }),
  });
  if (cutAfter === undefined || time > cuts) response.end(bytes);
  else response.write(bytes.subarray(0, cutAfter), () => response.socket?.resetAndDestroy());
}
