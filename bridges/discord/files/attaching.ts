/** Which files of a message are attached to it on Discord: none where the operator wants none, the bot may not, or it has come to nothing before. */
import { type Attempt, type Content, createRemembered, type FileLink, GatewayError } from '#bridge';
import { type Core, placeOf } from '../core.ts';
import { may, permissionsIn } from '../permissions.ts';
import { multipartForm } from './multipart.ts';
import { type Attached, FileTrouble, type OpeningParts, openFiles } from './opening.ts';
import type { Upload } from './posting.ts';

export interface Attaching {
  /** Those of its files that go along, opened. */
  open(content: Content, channel: string, to: Attempt, isPuppet: boolean): Promise<Opened>;
  /** What became of an upload is not known: it may be the upload's fault. */
  failed(key: string): void;
}

export interface Opened {
  /** The files of the content. */
  readonly files: ReadonlySet<FileLink>;
  /** The call with those of them, passed through. */
  body(fields: object, files: readonly FileLink[], signal: AbortSignal): Upload;
  /** They are wanted no more. */
  close(): void;
}

const mebibyte = 1024 * 1024;
/** By how far a guild is boosted (API reference, "Uploading Files"). */
const mostByTier: readonly number[] = [10, 10, 50, 100];
const keysAtMost = 500;
const triesAtMost = 2;

/** Octets of one file. @param tier the guild's */
export const largestFile = (tier: number): number => (mostByTier[tier] ?? 10) * mebibyte;

/** For one session. */
export function createAttaching(core: Core, parts: Omit<OpeningParts, 'from' | 'log'>): Attaching {
  const failures = createRemembered<number>(keysAtMost);
  const { upload, from } = core.config.attachments;

  function mayAttach(channel: string, isPuppet: boolean): boolean {
    const place = placeOf(core, channel);
    if (place === undefined || isPuppet) return true;
    const me = place.guild.members.get(core.me);
    return me !== undefined && (permissionsIn(place.guild, place.channel, me, core.clock.now()) & may.attach) !== 0n;
  }

  return {
    async open({ files = [] }, channel, { key, signal }, isPuppet) {
      const isHopeless = (failures.get(key) ?? 0) >= triesAtMost;
      if (files.length === 0 || !upload || isHopeless || !mayAttach(channel, isPuppet)) return nothing;
      const most = largestFile(placeOf(core, channel)?.guild.premiumTier ?? 0);
      return openedOf(await openFiles(files, most, { ...parts, log: core.log, from }, signal));
    },
    failed(key) {
      failures.put(key, (failures.get(key) ?? 0) + 1);
    },
  };
}

function openedOf(all: readonly Attached[]): Opened {
  return {
    files: new Set(all.map(({ file }) => file)),
    body(fields, files, signal) {
      const going = all.filter(({ file }) => files.includes(file));
      const attachments = going.map(({ file: { description }, name, title }, id) => ({
        id,
        filename: name,
        ...(title !== undefined && { title }),
        ...(description !== undefined && { description }),
      }));
      return { form: multipartForm({ ...fields, attachments }, going, `isthmus-${crypto.randomUUID()}`), signal };
    },
    close() {
      for (const one of all) one.close();
    },
  };
}

const nothing = openedOf([]);

/** Those of the files that Discord, or their own servers, do not want passed on; undefined: it went wrong by something else. */
export function refusedFiles(error: unknown, files: readonly FileLink[]): ReadonlySet<FileLink> | undefined {
  if (files.length === 0) return undefined;
  if (error instanceof FileTrouble) return new Set(error.file === undefined ? files : [error.file]);
  return error instanceof GatewayError && error.next === 'stop' && error.code !== 'not-in-room'
    ? new Set(files)
    : undefined;
}
