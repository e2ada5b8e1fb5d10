/** Calls of the REST API: each finds its route, is counted, read, run and answered. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { inTime } from '../../lag.ts';
import type { Faults, Mishap } from '../faults.ts';
import type { Hub } from '../gateway/hub.ts';
import { applicationBy } from '../gateway/identify.ts';
import type { Application, State } from '../state.ts';
import { bytesOf, readBody } from './body.ts';
import { createLimiter, LimitProblem, limited } from './buckets.ts';
import type { Route } from './call.ts';
import { Problem as AnyProblem, type Problem, plainProblem } from './problems.ts';
import { routes } from './routes/index.ts';

/** Bytes of a request. */
const largest = 25 * 1024 * 1024;

/** What was asked and how it was answered. */
export interface Exchange {
  readonly method: string;
  /** Behind /api/v10, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly files: readonly string[];
  readonly authorization: string | undefined;
  readonly status: number;
  readonly answer: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined: nothing. */
  readonly body: unknown;
}

interface Found {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

const parted = routes
  .map((route) => ({ route, parts: route.path.split('/').slice(1) }))
  .sort((a, b) => names(a.parts) - names(b.parts));

function names(parts: readonly string[]): number {
  return parts.filter((part) => part.startsWith(':')).length;
}

function paramsOf(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (name.startsWith(':')) params[name.slice(1)] = decoded(part);
    else if (name !== part) return undefined;
  }
  return params;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw plainProblem(400, 'Bad Request');
  }
}

function find(method: string, path: string): Found {
  const parts = path.split('/').slice(1);
  let known = false;
  for (const { route, parts: pattern } of parted) {
    const params = paramsOf(pattern, parts);
    if (params === undefined) continue;
    if (route.method === method) return { route, params };
    known = true;
  }
  throw known ? plainProblem(405, 'Method Not Allowed') : plainProblem(404, 'Not Found');
}

/** Serves the API of one server. @param seen told of each exchange when it is over */
export function createApi(hub: Hub, faults: Faults, seen: (exchange: Exchange) => void) {
  const { state } = hub;
  const limiter = createLimiter(state);

  /** Whose call it is; routes that need nobody take whoever comes. */
  function callerOf(route: Route, authorization: string | undefined): Application | undefined {
    const application = authorization?.startsWith('Bot ') === true ? applicationBy(state, authorization) : undefined;
    if (application === undefined && route.open !== true) throw plainProblem(401, 'Unauthorized');
    return application;
  }

  async function answer(request: IncomingMessage, path: string, query: URLSearchParams, bytes: Buffer | undefined) {
    const { method = 'GET', headers } = request;
    let shown: Pick<Exchange, 'body' | 'files'> = { body: undefined, files: [] };
    let more: Readonly<Record<string, string>> = {};
    const result = await tried(async () => {
      const { route, params } = find(method, path);
      const application = callerOf(route, headers.authorization);
      if (application !== undefined && route.open !== true) limiter.countAll(application.id);
      more = limiter.count(route.open === true ? '' : (application?.id ?? ''), route, params);
      const { fields, files } = await readBody(bytes, headers['content-type'] ?? '');
      shown = { body: fields, files: [...files.values()].map(({ filename }) => filename) };
      if (method === 'PATCH' && route.path === '/channels/:channel' && renames(fields))
        limiter.countRenaming(params.channel ?? '');
      if (route.bucket === 'webhook') {
        const webhook = state.webhooks.get(params.webhook ?? '');
        if (webhook !== undefined) limiter.countWebhooks(webhook.channel.id);
      }
      const body = route.run({
        state,
        hub,
        params,
        query,
        body: fields,
        files,
        reason: reasonOf(headers),
        application,
      });
      return { status: body === undefined ? 204 : (route.status ?? 200), headers: {}, body };
    });
    seen({
      method,
      path,
      query,
      ...shown,
      authorization: headers.authorization,
      status: result.status,
      answer: result.body,
    });
    return { ...result, headers: { ...more, ...result.headers } };
  }

  return async (request: IncomingMessage, response: ServerResponse, path: string, query: URLSearchParams) => {
    const bytes = await bytesOf(request, Math.max(largest, 11 * state.settings.fileBytes));
    const met = faults.meet(request.method ?? 'GET', path, whose(state, request.headers.authorization, path));
    if (met !== undefined && !(await survives(met.mishap, met.lifted, request, response))) return;
    if (response.destroyed) return;
    const result = await answer(request, path, query, bytes);
    if (met?.mishap.kind === 'late') await met.lifted;
    if (met?.mishap.kind === 'drop') hangUp(request, met.mishap.by);
    else if (met?.mishap.kind !== 'mute') inTime('rest', () => write(response, result));
  };
}

/** Whose call it is, by its token or by the webhook that it names. */
function whose(state: State, authorization: string | undefined, path: string): Application | undefined {
  const webhook = state.webhooks.get(/^\/webhooks\/(\d+)/.exec(path)?.[1] ?? '');
  const owner = webhook?.applicationId;
  if (owner !== undefined && owner !== null) return state.applications.get(owner);
  return applicationBy(state, authorization);
}

const reasonOf = (headers: IncomingHttpHeaders): string | undefined => {
  const found = headers['x-audit-log-reason'];
  return typeof found === 'string' ? decodeURIComponent(found) : undefined;
};

const renames = (fields: unknown): boolean =>
  typeof fields === 'object' && fields !== null && ('name' in fields || 'topic' in fields);

async function tried(run: () => Promise<Answer>): Promise<Answer> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof AnyProblem)) throw error;
    return refusal(error);
  }
}

const refusal = (error: Problem): Answer => ({
  status: error.status,
  headers: error instanceof LimitProblem ? error.headers : {},
  body: error.body,
});

/** What happens before a call takes effect; false: it has been dealt with. */
async function survives(
  mishap: Mishap,
  lifted: Promise<void>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  switch (mishap.kind) {
    case 'status':
      if (mishap.code === undefined) return page(response, mishap.status);
      write(response, { status: mishap.status, headers: {}, body: { code: mishap.code, message: 'Refused' } });
      return false;
    case 'limit':
      write(response, refusal(limited(mishap.seconds, mishap.scope ?? 'user', {}, mishap.code)));
      return false;
    case 'cut':
      hangUp(request, mishap.by);
      return false;
    case 'delay':
      await new Promise((resolve) => setTimeout(resolve, mishap.ms));
      return true;
    case 'stall':
      await lifted;
      return true;
    case 'drop':
    case 'mute':
    case 'late':
      return true;
    default:
      return mishap satisfies never;
  }
}

function hangUp({ socket }: IncomingMessage, by: 'reset' | 'end' = 'reset'): void {
  if (by === 'reset') socket.resetAndDestroy();
  else socket.end();
}

function page(response: ServerResponse, status: number): false {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end(`<html><head><title>${status}</title></head><body>upstream connect error</body></html>`);
  return false;
}

/** Sends an answer: JSON, or nothing at all. */
export function write(response: ServerResponse, { status, headers, body }: Answer): void {
  if (body === undefined) {
    response.writeHead(status, { ...headers });
    response.end();
    return;
  }
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...headers,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
