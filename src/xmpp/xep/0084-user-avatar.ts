/** XEP-0084 User Avatar, version 1.1.4: §4, a picture in one node and what there is to know of it in another; the id of both is the SHA-1 of its bytes. */
import { all, attr, element, optionalAttr, text, whole } from '../codec.ts';

export const AVATAR_DATA = 'urn:xmpp:avatar:data';
export const AVATAR_METADATA = 'urn:xmpp:avatar:metadata';

const info = element(AVATAR_METADATA, 'info', {
  bytes: attr('bytes', whole),
  id: attr('id'),
  type: attr('type'),
  width: optionalAttr('width', whole),
  height: optionalAttr('height', whole),
  /** It lies elsewhere (§4.2.2). */
  url: optionalAttr('url'),
});

/** Without an `<info/>`: there is no picture. */
export const avatarMetadata = element(AVATAR_METADATA, 'metadata', { infos: all(info) });

/** Base64, in one line; on its way in there may be several. */
export const avatarData = element(AVATAR_DATA, 'data', { base64: text() });
