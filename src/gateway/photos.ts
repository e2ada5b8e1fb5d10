/** What presences say of a picture (XEP-0153 §4.1, CHECKLIST 153-01): rendered in one place for contacts and occupants. */
import type { PictureInfo } from '../storage/avatar-ports.ts';
import { empty, type Xml } from '../xml/writer.ts';
import { avatarHash, avatarUnknown, noAvatar } from '../xmpp/xep/0153-avatar-hash.ts';
import type { FaceState } from './rooms/feature.ts';

/** A hash; 'none'; 'unknown' as long as the picture is on its way; undefined where the network has no pictures at all. */
export type Photo = string | undefined;

/** @param avatar what the network calls it; none where it is absent */
export function photoOf({ session, context }: FaceState, avatar: string | null | undefined): Photo {
  if (avatar === undefined || avatar === null) return session?.avatars === undefined ? undefined : 'none';
  const picture = context.pictureOf?.(avatar);
  return picture === undefined ? 'unknown' : (picture?.hash ?? 'none');
}

/** The picture itself; undefined: there is none, or it is not here yet. */
export function pictureOf({ context }: FaceState, avatar: string | null | undefined): PictureInfo | undefined {
  return (avatar && context.pictureOf?.(avatar)) || undefined;
}

/** `<x xmlns='vcard-temp:x:update'/>`; nothing where there is nothing to say. */
export function writePhoto(photo: Photo): Xml {
  switch (photo) {
    case undefined:
      return empty;
    case 'none':
      return noAvatar;
    case 'unknown':
      return avatarUnknown;
    default:
      return avatarHash(photo);
  }
}
