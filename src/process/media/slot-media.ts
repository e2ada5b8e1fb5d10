/** Files that expire on their network, put on the upload service of their account's owner's server (XEP-0363) before anybody is told. What lies there is that server's to delete. */
import type { LastingFiles } from '../../accounts/lasting-files.ts';
import type { Slots } from '../../accounts/slots.ts';
import type { Clock, Log } from '../../bridge/contract.ts';
import type { Fetch, Fetched } from '../../bridge/fetching.ts';
import type { FileLink } from '../../core/content.ts';
import { headBytes, typeOf } from './types.ts';

export interface SlotMediaParts {
  readonly slots: Slots;
  readonly fetch: Fetch;
  /** `Network.filesAt`. */
  readonly filesAt: string | undefined;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly log: Log;
}

/** All other messages of the account wait too. */
const patienceMs = 8_000;
/** Octets: what passes in that time, where the service has no smaller limit of its own. */
const largest = 50_000_000;
/** Side by side, for one domain; beyond that files are told as they are. */
const transfersAtMost = 8;

/** For one domain. */
export function createSlotMedia({ slots, fetch, filesAt, clock, log }: SlotMediaParts): LastingFiles {
  let running = 0;

  async function moved(file: FileLink, owner: string, signal: AbortSignal): Promise<FileLink> {
    const listed = filesAt === undefined ? {} : { listed: filesAt };
    const { body, headers } = await fetch(file.url, { signal, atMost: largest, ...listed });
    const size = sizeIn(headers) ?? file.size;
    if (body === null || size === undefined) return file;
    const from = body[Symbol.asyncIterator]();
    try {
      const head = await from.next();
      const first = head.done === true ? new Uint8Array() : head.value;
      const type = typeOf(first.subarray(0, headBytes));
      const pieces = behind(first, from, size);
      const url = await slots.store(owner, { name: file.name, type }, { size, pieces }, signal);
      return url === undefined ? file : lasting(file, url);
    } finally {
      await from.return?.();
    }
  }

  async function movedOrNot(file: FileLink, owner: string, signal: AbortSignal): Promise<FileLink> {
    if (running >= transfersAtMost) return file;
    running++;
    try {
      return await moved(file, owner, signal);
    } catch (error) {
      // Its message may have the address in it, with which anybody has the file.
      log.info(
        { reason: error instanceof Error ? error.name : 'unknown' },
        'a file of a network could not be put on an upload service',
      );
      return file;
    } finally {
      running--;
    }
  }

  return {
    // What one file lacks then is no reason to give up the others.
    patienceMs: patienceMs + 1_000,
    takes: ({ until = 0, size = 0 }) => until > clock.now() && size <= largest,
    async last(files, { owner }) {
      const late = new AbortController();
      const cancel = clock.after(patienceMs, () => late.abort(new Error('it took too long')));
      try {
        return await Promise.all(files.map((file) => movedOrNot(file, owner, late.signal)));
      } finally {
        cancel();
      }
    },
    forget: async () => 0,
  };
}

const lasting = ({ until: _, ...file }: FileLink, url: string): FileLink => ({ ...file, url });

/** A slot is asked for by an exact size: where neither the source nor the network says it, it can't be passed on. */
function sizeIn(headers: Fetched['headers']): number | undefined {
  const said = headers.get('content-length') ?? '';
  return /^\d{1,15}$/.test(said) ? Number(said) : undefined;
}

/** Throws where it is not of that size. */
async function* behind(first: Uint8Array, rest: AsyncIterator<Uint8Array>, size: number): AsyncIterable<Uint8Array> {
  let left = size - first.length;
  yield first;
  for (let next = await rest.next(); next.done !== true && left >= 0; next = await rest.next()) {
    left -= next.value.length;
    yield next.value;
  }
  if (left !== 0) throw new Error('it has another size than was said');
}
