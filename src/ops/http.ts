/** The gateway's own HTTP port: /healthz, /readyz, /metrics, and pages that whoever starts it mounts. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Log } from '../bridge/contract.ts';
import type { Metrics } from './metrics.ts';
import { readPosted } from './posted.ts';
import type { Readiness } from './readiness.ts';
import { cannotListen, portInUse } from './remedies.ts';
import { serveFile } from './static-files.ts';
import { type StoredFile, sendFile } from './stored-file.ts';

/** What lies under a path that ends in '/': a directory, texts that are looked for by the rest of the path, or (under the path exactly) one text. */
export type Mount =
  | { readonly directory: string }
  | ({ readonly text: string } & Looks)
  /** Resolves with undefined where there is none; what it throws is told as "not now". */
  | ({ readonly find: (name: string) => Promise<string | undefined> } & Looks)
  /** Files that are looked for by the rest of the path, of which parts can be asked for. The same of what it throws. */
  | { readonly file: (name: string) => Promise<StoredFile | NoFile> }
  /** Pages that answer for themselves, forms of theirs too. `postAtMost`: octets. What it throws is told as "not now". */
  | { readonly answer: (asked: Asked) => Promise<Answered>; readonly postAtMost: number };

/** What a page is asked. Its address may be a secret: it is never logged. */
export interface Asked {
  readonly method: 'GET' | 'HEAD' | 'POST';
  /** What stands behind the mount's path, and behind `?`. */
  readonly rest: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Of a form (application/x-www-form-urlencoded); '' where nothing was sent. */
  readonly posted: string;
}

/** What it says. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Instead of the body: what is no text. */
  readonly bytes?: Uint8Array;
}

/** Why there is none, in words for people. 503: not now. */
export interface NoFile {
  readonly status: 404 | 410 | 503;
  readonly text: string;
}

interface Looks {
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpOptions {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly log: Log;
  readonly readiness: Readiness;
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>;
  /** By path; those of directories end in '/'. */
  readonly mounts?: Readonly<Record<string, Mount>>;
}

export interface Http {
  readonly host: string;
  /** The real one, where 0 was asked for. */
  readonly port: number;
  /** Stops listening and ends what is under way within a second. */
  close(): Promise<void>;
}

const caps = { maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 10_000, keepAliveTimeout: 5_000 };
/** Pages that are answered at once; what is still being read counts. */
const mostPages = 512;
/** More, so that who looks after the gateway is answered whatever the pages have. */
const maxConnections = mostPages + 64;
const probes: readonly string[] = ['/healthz', '/readyz', '/metrics'];
/** Of whoever has asked for something and takes nothing of it. */
const silentMs = 60_000;
const setting = '`http.port` in the configuration, or --http HOST:PORT';

/** Resolves once it listens. Throws a Remedy where the port is taken. */
export async function openHttp(options: HttpOptions): Promise<Http> {
  let pages = 0;
  const server = createServer({ ...caps, connectionsCheckingInterval: 5_000 }, (req, res) => {
    if (!probes.includes(targetOf(req).path)) {
      if (pages >= mostPages) return notNow(res.setHeader('connection', 'close'));
      pages++;
      res.once('close', () => pages--);
    }
    answer(options, req, res).catch((error: unknown) => {
      const [first = ''] = targetOf(req).path.slice(1).split('/', 1);
      options.log.error({ err: error, path: `/${first}` }, 'an HTTP request failed');
      if (res.headersSent) res.destroy();
      else plain(res, 500, 'internal error');
    });
  });
  server.maxConnections = maxConnections;
  server.timeout = silentMs;
  server.on('clientError', (_error, socket) => socket.destroy());
  await listen(server, options.host, options.port);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return { host: options.host, port, close: () => close(server) };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      reject(
        inUse
          ? portInUse(host, port, 'HTTP', setting)
          : cannotListen(host, port, 'HTTP', setting, error.code ?? error.message),
      );
    });
    server.listen(port, host, resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), 1_000);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}

async function answer(options: HttpOptions, req: IncomingMessage, res: ServerResponse): Promise<void> {
  res.setHeader('x-content-type-options', 'nosniff');
  const { path } = targetOf(req);
  if (await answered(options, path, req, res)) return;
  if (req.method !== 'GET' && req.method !== 'HEAD') {
    refuse(res.setHeader('allow', 'GET, HEAD'), 405, 'only GET and HEAD');
    return;
  }
  switch (path) {
    case '/healthz':
      plain(res, 200, 'alive');
      return;
    case '/readyz': {
      const ready = options.readiness.ready();
      send(
        res,
        ready ? 200 : 503,
        'application/json',
        `${JSON.stringify({ ready, checks: options.readiness.checks() })}\n`,
      );
      return;
    }
    case '/metrics':
      send(res, 200, options.metrics.contentType, await options.metrics.text());
      return;
    default:
      if (!(await mounted(options, path, req, res))) plain(res, 404, 'not found');
  }
}

/** Whose page answers for itself. */
async function answered({ mounts = {}, log }: HttpOptions, path: string, req: IncomingMessage, res: ServerResponse) {
  const method = (['GET', 'HEAD', 'POST'] as const).find((one) => one === req.method);
  const under = Object.keys(mounts).find((one) => path.startsWith(one) && 'answer' in (mounts[one] ?? {}));
  const mount = mounts[under ?? ''];
  if (method === undefined || under === undefined || mount === undefined || !('answer' in mount)) return false;
  const posted = method === 'POST' ? await readPosted(req, mount.postAtMost) : { text: '' };
  if ('refused' in posted) {
    refuse(res, posted.refused, refusals[posted.refused]);
    return true;
  }
  const { query } = targetOf(req);
  const headers = Object.fromEntries(Object.entries(req.headers).map(([name, value]) => [name, String(value)]));
  try {
    const answer = await mount.answer({ method, rest: path.slice(under.length), query, headers, posted: posted.text });
    for (const [name, value] of Object.entries(answer.headers)) res.setHeader(name, value);
    send(
      res,
      answer.status,
      answer.headers['content-type'] ?? 'text/plain; charset=utf-8',
      answer.bytes ?? answer.body,
    );
  } catch (error) {
    log.warn({ err: error }, 'a page could not answer');
    notNow(res);
  }
  return true;
}

async function mounted({ mounts = {}, log }: HttpOptions, path: string, req: IncomingMessage, res: ServerResponse) {
  for (const [under, mount] of Object.entries(mounts)) {
    if ('text' in mount) {
      if (path !== under) continue;
      show(res, mount, mount.text);
      return true;
    }
    if ('answer' in mount || !path.startsWith(under)) continue;
    const rest = path.slice(under.length);
    if ('file' in mount) {
      await stored(mount, rest, req, res, log);
      return true;
    }
    if ('directory' in mount ? await serveFile(mount.directory, rest, req, res) : await found(mount, rest, res, log))
      return true;
  }
  return false;
}

async function found(
  mount: Extract<Mount, { find: unknown }>,
  name: string,
  res: ServerResponse,
  log: Log,
): Promise<boolean> {
  try {
    const text = await mount.find(name);
    if (text !== undefined) show(res, mount, text);
    return text !== undefined;
  } catch (error) {
    log.warn({ err: error }, 'a text that was asked for by HTTP could not be read');
    notNow(res);
    return true;
  }
}

const nowhere: NoFile = { status: 404, text: 'not found' };

async function stored(
  { file }: Extract<Mount, { file: unknown }>,
  name: string,
  req: IncomingMessage,
  res: ServerResponse,
  log: Log,
): Promise<void> {
  let missing: StoredFile | NoFile = nowhere;
  try {
    missing = await file(name);
    if ('path' in missing) {
      if (await sendFile(missing, req, res)) return;
      missing = nowhere;
    }
  } catch (error) {
    log.warn({ err: error }, 'a file that was asked for by HTTP could not be looked for');
    missing = { status: 503, text: 'not now, try again' };
  }
  if (missing.status === 503) res.setHeader('retry-after', '30');
  plain(res, missing.status, missing.text);
}

function show(res: ServerResponse, { type, headers = {} }: Looks, text: string): void {
  for (const [name, value] of Object.entries(headers)) res.setHeader(name, value);
  send(res, 200, type, text);
}

const refusals = { 400: 'cut off', 413: 'too large', 415: 'only forms' } as const;

/** What stands before and behind the first `?`, also of a whole address (RFC 9112 §3.2.2). */
function targetOf({ url = '/' }: IncomingMessage): { readonly path: string; readonly query: string } {
  const [, path = '', query = ''] = /^(?:https?:\/\/[^/?]*)?([^?]*)\??(.*)$/is.exec(url) ?? [];
  return { path: path === '' ? '/' : path, query };
}

function notNow(res: ServerResponse): void {
  res.setHeader('retry-after', '30');
  plain(res, 503, 'not now, try again');
}

/** What was sent with it is not read. */
function refuse(res: ServerResponse, status: number, text: string): void {
  res.setHeader('connection', 'close');
  plain(res, status, text);
}

const plain = (res: ServerResponse, status: number, text: string) =>
  send(res, status, 'text/plain; charset=utf-8', `${text}\n`);

/** Node leaves the body out of an answer to HEAD. */
function send(res: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  res
    .writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), 'cache-control': 'no-store' })
    .end(body);
}
