/** XEP-0300 Use of Cryptographic Hash Functions in XMPP, version 1.0.0: §3 and §5, what the bytes of a file come to, read where somebody says it of one. */
import { attr, element, text } from '../codec.ts';

export const HASHES = 'urn:xmpp:hashes:2';

export const hash = element(HASHES, 'hash', { algo: attr('algo'), value: text() });
