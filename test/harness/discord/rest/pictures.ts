/** Pictures in bodies: data URIs, kept at the CDN under a hash (API reference, "Image Data"). */
import { createHash } from 'node:crypto';
import type { State } from '../state.ts';
import { wrongField } from './problems.ts';

/** What a picture is of. */
export type PictureFolder = 'avatars' | 'icons' | `guilds/${string}/users`;

/** Stores one, and says its hash; null where there shall be none. */
export function storePicture(
  state: State,
  folder: PictureFolder,
  ownerId: string,
  field: string,
  uri: string | null,
): string | null {
  if (uri === null) return null;
  const [, type = '', data = ''] = /^data:(image\/(?:png|jpe?g|gif|webp));base64,(.+)$/s.exec(uri) ?? [];
  if (type === '') throw wrongField(field, 'BINARY_TYPE_CONVERT', 'Invalid image data.');
  const bytes = Buffer.from(data, 'base64');
  if (bytes.length > 10 * 1024 * 1024)
    throw wrongField(field, 'BINARY_TYPE_MAX_SIZE', 'File cannot be larger than 10240.0 kb.');
  return keepPicture(state, folder, ownerId, bytes, type);
}

/** Stores bytes, and says the hash. */
export function keepPicture(
  state: State,
  folder: PictureFolder,
  ownerId: string,
  bytes: Uint8Array,
  type = 'image/png',
): string {
  const hash = (type === 'image/gif' ? 'a_' : '') + createHash('md5').update(bytes).digest('hex');
  const place = folder.startsWith('guilds/') ? `${ownerId}/avatars` : ownerId;
  state.files.set(`/${folder}/${place}/${hash}`, { bytes, type });
  return hash;
}

/** A picture that lies elsewhere: it has a hash of its own, and is not fetched. */
export function keepRemotePicture(state: State, ownerId: string, link: string): string {
  const hash = createHash('md5').update(link).digest('hex');
  state.remote.set(`/avatars/${ownerId}/${hash}`, link);
  return hash;
}
