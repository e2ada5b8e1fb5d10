/** XEP-0446 File metadata element, version 0.2.0: §2, what of a file is worth knowing before it is fetched. */
import { childText, element, type TypeOf, whole } from '../codec.ts';

export const FILE_METADATA = 'urn:xmpp:file:metadata:0';

/** Under other names the same is said elsewhere. */
export const metadata = {
  mediaType: childText('media-type'),
  name: childText('name'),
  size: childText('size', whole),
  width: childText('width', whole),
  height: childText('height', whole),
  length: childText('length', whole),
  desc: childText('desc'),
};
export const fileMetadata = element(FILE_METADATA, 'file', metadata);
export type FileMetadata = TypeOf<typeof fileMetadata>;
