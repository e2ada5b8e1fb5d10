/** XEP-0231 Bits of Binary, version 1.1: §2.3 and §2.5, small data by the name that is made of it. */
import { createHash } from 'node:crypto';
import { attr, element, optionalAttr, text, whole } from '../codec.ts';

/** Namespace and feature (§3). */
export const BITS = 'urn:xmpp:bob';

/** A question is empty; `maxAge` in seconds, 0: not to be kept (§2.4). */
export const bits = element(BITS, 'data', {
  cid: attr('cid'),
  maxAge: optionalAttr('max-age', whole),
  type: optionalAttr('type'),
  base64: text(),
});

/** §2.6: SHA-1 has the label "sha1", which is the one that every client reads. */
export const cidOf = (bytes: Uint8Array): string =>
  `sha1+${createHash('sha1').update(bytes).digest('hex')}@bob.xmpp.org`;
