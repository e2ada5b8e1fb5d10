/** Texts that are too long for a network: kept under names that nobody can guess, and served by the gateway's own HTTP port. */
import { createHmac } from 'node:crypto';
import type { Uploads } from '../accounts/uploading.ts';
import type { Log } from '../bridge/contract.ts';
import type { Config } from '../ops/config/config.ts';
import type { Mount } from '../ops/http.ts';
import type { UploadStore } from '../storage/ports.ts';

/** Where they lie below the gateway's address. */
export const uploadsPath = '/uploads/';

/** Of each half of a name. */
const halfBytes = 9;
const isName = (name: string): boolean => /^[A-Za-z0-9_-]{24}$/.test(name);

const dayMs = 24 * 3_600_000;
const megabyte = 1_000_000;

/** They are text and nothing else, whatever they say, and no business of others' pages or of search engines. */
const headers = {
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
  'referrer-policy': 'no-referrer',
};

export interface UploadsParts {
  readonly config: Pick<Config, 'http' | 'storage'>;
  readonly store: UploadStore;
  /** What the names are made of; never leaves the process. */
  readonly key: Uint8Array;
  readonly log: Log;
  now(): number;
}

/** undefined: the operator wants none. */
export function createUploads({ config, store, key, log, now }: UploadsParts): Uploads | undefined {
  const { uploads } = config.storage;
  const { publicUrl } = config.http;
  if (uploads === undefined || publicUrl === undefined) return undefined;
  const caps = { perUser: uploads.perUser, bytes: uploads.megabytes * megabyte };
  const base = new URL(`.${uploadsPath}`, publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`);
  const half = (of: string): string =>
    createHmac('sha256', key).update(of).digest().subarray(0, halfBytes).toString('base64url');
  /** All texts of a message have it in front. */
  const headOf = (message: string): string => half(`message\0${message}`);
  return {
    days: uploads.days,
    forget: ({ owner, message }) => store.remove(owner, headOf(message)),
    async keep({ about, message = about, ...upload }) {
      // The same again after a crash is the same text under the same name.
      const id = headOf(message) + half(`upload\0${about}\0${upload.text}`);
      if (await store.add({ id, at: now(), ...upload }, caps)) return new URL(id, base).href;
      log.info({ owner: upload.owner }, 'a text was not kept: storage.uploads has no room for it');
      return undefined;
    },
  };
}

/** Before which time texts are deleted; undefined: the operator wants none kept, nor deletes any. */
export const uploadsBefore = ({ storage }: Pick<Config, 'storage'>, now: number): number | undefined =>
  storage.uploads === undefined ? undefined : now - storage.uploads.days * dayMs;

/** For the HTTP port. @param store undefined as long as the stores are not open */
export const uploadsMount = (store: () => UploadStore | undefined): Mount => ({
  type: 'text/plain; charset=utf-8',
  headers,
  async find(name) {
    if (!isName(name)) return undefined;
    const open = store();
    if (open === undefined) throw new Error('the stores are not open');
    return open.find(name);
  },
});
