/** XEP-0221 Data Forms Media Element, version 1.0: §2, what a field of a form shows, and where it is found. */
import { all, attr, element, optionalAttr, text, whole } from '../codec.ts';

export const MEDIA = 'urn:xmpp:media-element';

const uri = element(MEDIA, 'uri', { type: attr('type'), address: text() });

/** In pixels; the same thing under each address. */
export const media = element(MEDIA, 'media', {
  height: optionalAttr('height', whole),
  width: optionalAttr('width', whole),
  uris: all(uri),
});
