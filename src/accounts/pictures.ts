/**
 * Pictures of a network's people, for all accounts of a domain: each is fetched once, by whichever account meets it first, and kept (CHECKLIST 084-04). What the
 * network gives is believed in nothing: too large, or no picture by its own bytes, is none.
 */
import { createHash } from 'node:crypto';
import type { Clock, Log } from '../bridge/contract.ts';
import { fitPicture, type Picture } from '../core/picture.ts';
import type { AvatarStore, PictureInfo, PictureRow } from '../storage/avatar-ports.ts';
import { createMemory } from './memory.ts';

export interface Pictures {
  /** The picture of that name; null: none that can be shown; undefined: not known yet. */
  known(name: string): PictureInfo | null | undefined;
  /** Looks for them in the store; undefined: there is nothing to wait for. Never rejects. */
  learn(names: readonly string[]): Promise<void> | undefined;
  /** Has it fetched where it is not known; undefined: it can't be had now. Never rejects. */
  get(name: string, load: Load, signal: AbortSignal): Promise<PictureInfo | null | undefined>;
  /** With its bytes, fetched again where they are lost. */
  find(name: string, load: Load, signal: AbortSignal): Promise<PictureRow | undefined>;
}

/** Fetches it from the network. */
export type Load = (signal: AbortSignal) => Promise<Picture | undefined>;

export interface PicturesParts {
  /** Under which the names are kept. */
  readonly network: string;
  readonly store: Pick<AvatarStore, 'known' | 'find' | 'keep'>;
  readonly clock: Clock;
  readonly log: Log;
}

const rememberedAtMost = 20_000;
const fetchedAtOnce = 8;
const waitingAtMost = 2_000;
const fetchedWithinMs = 30_000;
/** How long one that could not be had is left alone. */
const againAfterMs = 600_000;
/** Longer names are of no use: nobody's picture is called so. */
const longestName = 512;

/** So many at once, and so many that wait. */
function createTurnstile(atOnce: number, atMost: number): <T>(work: () => Promise<T>) => Promise<T | undefined> {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (work) => {
    if (inside >= atOnce) {
      if (waiting.length >= atMost) return undefined;
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else inside++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) inside--;
      else next();
    }
  };
}

/** As it is kept and passed on; undefined: it is none that could be shown. */
export function rowOf(picture: Picture): PictureRow | undefined {
  const facts = fitPicture(picture);
  if (facts === undefined) return undefined;
  const bytes = Buffer.from(picture.bytes);
  const hash = createHash('sha1').update(bytes).digest('hex');
  return { hash, ...facts, bytes: bytes.length, base64: bytes.toString('base64') };
}

export function createPictures({ network, store, clock, log }: PicturesParts): Pictures {
  const remembered = createMemory<PictureInfo | null>(rememberedAtMost);
  /** Names of which the store knows nothing. */
  const strange = createMemory<true>(rememberedAtMost);
  const failed = createMemory<number>(rememberedAtMost);
  const learning = new Map<string, Promise<void>>();
  const coming = new Map<string, Promise<PictureInfo | null | undefined>>();
  const enter = createTurnstile(fetchedAtOnce, waitingAtMost);

  const known = (name: string): PictureInfo | null | undefined =>
    name.length > longestName ? null : remembered.get(name);

  async function look(names: readonly string[]): Promise<void> {
    try {
      const found = await store.known(network, names);
      for (const name of names) {
        const picture = found.get(name);
        if (picture === undefined) strange.set(name, true);
        else remembered.set(name, picture);
      }
    } catch (error) {
      log.warn({ error }, 'pictures could not be looked up');
      for (const name of names) strange.set(name, true);
    } finally {
      for (const name of names) learning.delete(name);
    }
  }

  function learn(names: readonly string[]): Promise<void> | undefined {
    const unknown = new Set(names.filter((name) => known(name) === undefined && strange.get(name) === undefined));
    const fresh = [...unknown].filter((name) => !learning.has(name));
    if (fresh.length > 0) {
      const looking = look(fresh);
      for (const name of fresh) learning.set(name, looking);
    }
    const all = new Set([...unknown].flatMap((name) => learning.get(name) ?? []));
    return all.size === 0 ? undefined : Promise.all(all).then(() => undefined);
  }

  async function load(name: string, from: Load, signal: AbortSignal): Promise<PictureRow | null | undefined> {
    const late = new AbortController();
    const cancel = clock.after(fetchedWithinMs, () => late.abort(new Error('it took too long')));
    try {
      const picture = await from(AbortSignal.any([signal, late.signal]));
      const row = picture === undefined ? undefined : rowOf(picture);
      await store.keep(network, name, row, clock.now()).catch((error: unknown) => {
        log.warn({ error }, 'a picture could not be kept');
      });
      remembered.set(name, row === undefined ? null : infoOf(row));
      return row ?? null;
    } catch (error) {
      log.debug({ error }, 'a picture could not be fetched');
      if (!signal.aborted) failed.set(name, clock.now() + againAfterMs);
      return undefined;
    } finally {
      cancel();
    }
  }

  const isTooEarly = (name: string): boolean => (failed.get(name) ?? 0) > clock.now();

  function get(name: string, from: Load, signal: AbortSignal): Promise<PictureInfo | null | undefined> {
    const found = known(name);
    if (found !== undefined || isTooEarly(name)) return Promise.resolve(found);
    const theirs = coming.get(name);
    // Whoever fetches it may end over that; what has failed is known to be too early.
    if (theirs !== undefined)
      return theirs.then((got) => (got === undefined && !signal.aborted ? get(name, from, signal) : got));
    const fetching = enter(async () => {
      await learn([name]);
      const kept = known(name);
      if (kept !== undefined) return kept;
      const row = await load(name, from, signal);
      return row && infoOf(row);
    }).finally(() => coming.delete(name));
    coming.set(name, fetching);
    return fetching;
  }

  return {
    known,
    learn,
    get,
    async find(name, from, signal) {
      const info = await get(name, from, signal);
      if (info === undefined || info === null) return undefined;
      const row = await store.find(info.hash);
      if (row !== undefined) return row;
      return (await enter(() => load(name, from, signal))) ?? undefined;
    },
  };
}

const infoOf = ({ base64: _, ...info }: PictureRow): PictureInfo => info;
