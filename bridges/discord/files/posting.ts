/**
 * How calls with files go out: the library would hold all of them in memory, and give them fifteen seconds. They are written as they come, and take as long as an upload may.
 * What was not given whole, Discord has not taken: only then is something else said instead (design/sent-once.md).
 */
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { RESTOptions } from 'discord.js';
import type { MultipartForm } from './multipart.ts';
import { FileTrouble } from './opening.ts';

/** As the body of a call that is passed through. */
export interface Upload {
  readonly form: MultipartForm;
  /** Whoever wants it sent. */
  readonly signal: AbortSignal;
}

type Strategy = RESTOptions['makeRequest'];
type Init = Parameters<Strategy>[1];

const withinMs = 90_000;

const isUpload = (body: unknown): body is Upload => typeof body === 'object' && body !== null && 'form' in body;

/** Uploads by ourselves, all else by the library. */
export const withUploads =
  (usual: Strategy): Strategy =>
  (url, init) =>
    isUpload(init.body) ? post(url, init, init.body) : usual(url, init);

async function post(url: string, { method, headers }: Init, { form, signal }: Upload): Promise<Response> {
  const answered = new AbortController();
  const late = AbortSignal.timeout(withinMs);
  const asking = (url.startsWith('http:') ? plain : secure)(url, {
    method: method ?? 'POST',
    headers: {
      ...(headers as Readonly<Record<string, string>>),
      'content-type': form.type,
      ...(form.length !== undefined && { 'content-length': form.length }),
    },
    signal: AbortSignal.any([signal, late]),
  });
  const coming = new Promise<IncomingMessage>((resolve, reject) => {
    asking.once('response', resolve);
    asking.on('error', reject);
  });
  let isGiven = false;
  const giving = give(form, asking, answered.signal).then((all) => {
    isGiven = all;
  });
  // What went wrong with a file is what the call comes to.
  giving.catch((error: unknown) => asking.destroy(error instanceof Error ? error : undefined));
  try {
    const answer = await coming;
    return new Response(await buffer(answer), {
      status: answer.statusCode ?? 0,
      headers: headersOf(answer),
    });
  } catch (error) {
    throw late.aborted && !isGiven && !signal.aborted ? new FileTrouble(undefined, error) : error;
  } finally {
    answered.abort();
  }
}

/** Resolves with whether all of it was given: who has answered already wants no more. */
async function give(form: MultipartForm, asking: ClientRequest, enough: AbortSignal): Promise<boolean> {
  const closed = new AbortController();
  asking.once('close', () => closed.abort());
  const over = AbortSignal.any([enough, closed.signal]);
  for await (const piece of form.pieces()) {
    if (over.aborted) return false;
    if (!asking.write(piece)) await once(asking, 'drain', { signal: over }).catch(() => undefined);
  }
  if (over.aborted) return false;
  asking.end();
  return true;
}

function headersOf({ headers }: IncomingMessage): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) all.set(name, String(value));
  return all;
}
