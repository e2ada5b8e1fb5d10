/** Files that our users share, opened where they lie: what can be given to Discord as an attachment, and its bytes, piece by piece as they come. */
import { createHash } from 'node:crypto';
import { type Digest, type Fetched, type FileLink, isBelow, type Log, type Tools } from '#bridge';
import { type AttachmentName, attachmentName } from './names.ts';

/** Something is wrong with a file on its way: it is no attachment. */
export class FileTrouble extends Error {
  /** undefined: all of the message's took too long. */
  readonly file: FileLink | undefined;
  constructor(file: FileLink | undefined, cause?: unknown) {
    super('a file could not be passed on', { cause });
    this.name = 'FileTrouble';
    this.file = file;
  }
}

export interface Attached extends AttachmentName {
  readonly file: FileLink;
  /** A media type. */
  readonly type: string;
  /** Octets; undefined: its server does not say. */
  readonly size: number | undefined;
  /** From the beginning, fetched anew each time but the first. Fails with FileTrouble. */
  pieces(): AsyncIterable<Uint8Array>;
  /** It is not wanted any more. */
  close(): void;
}

export interface OpeningParts {
  readonly fetch: Tools['fetch'];
  readonly log: Log;
  /** Addresses that the operator has listed: what lies below them may be in a private network. */
  readonly from: readonly string[];
}

/** How a file is got, once. */
interface Source {
  readonly type: string | undefined;
  readonly size: number | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/** So many connections are held for one message; the files behind them are opened when it is their turn. */
const aheadAtMost = 4;
const mediaType = /^[\w!#$&^.+-]{1,60}\/[\w!#$&^.+-]{1,60}$/;
const unknownType = 'application/octet-stream';

/** Those that can be attached, in their order: a page is none, nor what is larger, nor what can't be had. @param atMost octets of each */
export async function openFiles(
  files: readonly FileLink[],
  atMost: number,
  { fetch, log, from }: OpeningParts,
  signal: AbortSignal,
): Promise<readonly Attached[]> {
  async function source(file: FileLink, until: AbortSignal): Promise<Source> {
    const listed = from.find((one) => isBelow(new URL(file.url), one));
    const answer = await fetch(file.url, { signal: until, atMost, ...(listed !== undefined && { listed }) });
    if (answer.body === null) throw new Error(`its server answered ${answer.status}`);
    const type = typeIn(answer);
    if (type === 'text/html' && file.type !== type) throw new Error('it is a page');
    const body = file.digest === undefined ? answer.body : verified(answer.body, file.digest);
    return { type: file.type ?? type, size: lengthIn(answer), body };
  }

  async function opened(file: FileLink, isAhead: boolean): Promise<Attached | undefined> {
    if ((file.size ?? 0) > atMost) return undefined;
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    try {
      const first = isAhead ? await source(file, until) : undefined;
      return attached(file, first, () => source(file, until), over);
    } catch (error) {
      over.abort();
      if (signal.aborted) throw signal.reason;
      log.debug({ err: error }, 'a file cannot be attached; its address is said');
      return undefined;
    }
  }

  const all = await Promise.all(files.map((file, at) => opened(file, at < aheadAtMost)));
  return all.filter((one) => one !== undefined);
}

/** The same, which fails at its end where it is another file than was said: what has not come whole, Discord does not take. */
async function* verified(body: AsyncIterable<Uint8Array>, { by, value }: Digest): AsyncIterable<Uint8Array> {
  const digest = createHash(by);
  for await (const piece of body) {
    digest.update(piece);
    yield piece;
  }
  const [found, said] = [digest.digest(), Buffer.from(value, 'base64')];
  // What can't be one of that function's says nothing.
  if (said.length === found.length && !found.equals(said)) throw new Error('it is another file than was shared');
}

function attached(
  file: FileLink,
  first: Source | undefined,
  again: () => Promise<Source>,
  over: AbortController,
): Attached {
  let fresh = first;
  /** What was opened ahead, the first time. Resolves with whether that was all: who waits for long is cut off, and then nothing of it has come. */
  async function* ahead(): AsyncGenerator<Uint8Array, boolean> {
    const { body } = fresh ?? {};
    fresh = undefined;
    if (body === undefined) return false;
    let hasBegun = false;
    try {
      for await (const piece of body) {
        hasBegun = true;
        yield piece;
      }
      return true;
    } catch (error) {
      if (hasBegun) throw error;
      return false;
    }
  }
  async function* pieces(): AsyncIterable<Uint8Array> {
    try {
      if (!(yield* ahead())) yield* (await again()).body;
    } catch (error) {
      throw new FileTrouble(file, error);
    }
  }
  const type = first?.type ?? file.type ?? '';
  return {
    file,
    ...attachmentName(file),
    type: mediaType.test(type) ? type : unknownType,
    size: first?.size,
    pieces,
    close: () => over.abort(),
  };
}

const typeIn = ({ headers }: Fetched): string | undefined =>
  headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();

function lengthIn({ headers }: Fetched): number | undefined {
  const length = headers.get('content-length');
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}
