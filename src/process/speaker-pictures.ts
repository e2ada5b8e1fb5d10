/** Pictures of people for whom accounts speak, served by the gateway's own HTTP port under names that only the gateway can make: what else the store holds is nobody's to try. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Config } from '../ops/config/config.ts';
import type { Mount } from '../ops/http.ts';
import type { AvatarStore } from '../storage/avatar-ports.ts';

/** Where they lie below the gateway's address. */
export const speakerPicturesPath = '/pictures/';

const signatureBytes = 18;
const name = /^([0-9a-f]{40})-([A-Za-z0-9_-]{24})$/;

/** They are pictures and nothing else, and no business of others' pages or of search engines. */
const headers = {
  'content-security-policy': "default-src 'none'; sandbox",
  'x-robots-tag': 'noindex, nofollow',
  'referrer-policy': 'no-referrer',
};

const signature = (key: Uint8Array, hash: string): string =>
  createHmac('sha256', key)
    .update(`speaker's picture\0${hash}`)
    .digest()
    .subarray(0, signatureBytes)
    .toString('base64url');

/** Makes their addresses; undefined: networks could not fetch them there, which takes https. */
export function speakerPictureLinks(
  { publicUrl }: Config['http'],
  key: Uint8Array,
): ((hash: string) => string) | undefined {
  if (publicUrl === undefined || new URL(publicUrl).protocol !== 'https:') return undefined;
  const base = new URL(`.${speakerPicturesPath}`, publicUrl.endsWith('/') ? publicUrl : `${publicUrl}/`);
  return (hash) => new URL(`${hash}-${signature(key, hash)}`, base).href;
}

/** For the HTTP port. @param open undefined as long as the stores are not open */
export const speakerPicturesMount = (
  open: () => { readonly store: Pick<AvatarStore, 'find'>; readonly key: Uint8Array } | undefined,
): Mount => ({
  postAtMost: 0,
  async answer({ method, rest }) {
    const stores = open();
    if (stores === undefined) throw new Error('the stores are not open');
    const [, hash = '', signed = ''] = name.exec(rest) ?? [];
    const isOurs = hash !== '' && timingSafeEqual(Buffer.from(signed), Buffer.from(signature(stores.key, hash)));
    const picture = isOurs && method !== 'POST' ? await stores.store.find(hash) : undefined;
    if (picture === undefined) return { status: 404, headers, body: 'not found\n' };
    return {
      status: 200,
      headers: { ...headers, 'content-type': picture.type },
      body: '',
      bytes: Buffer.from(picture.base64, 'base64'),
    };
  },
});
