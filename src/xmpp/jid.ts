/**
 * JIDs (RFC 7622) as immutable values. They come prepared by the server (§3.1: comparison is of prepared JIDs), so what is done here is: split,
 * validate, and fold case where a person wrote one (configuration, forms). Two JIDs are the same where their `full` (or `bare`) strings are equal.
 */

import { remembering } from './remembering.ts';

export interface Jid {
  /** '' where there is none. */
  readonly local: string;
  readonly domain: string;
  /** '' where there is none. */
  readonly resource: string;
  readonly bare: string;
  readonly full: string;
}

const maxOctets = 1023;
const longest = 3 * maxOctets + 2;
/** Below that no text of UTF-16 units can pass the cap in octets. */
const surelyShort = Math.floor(maxOctets / 3);

/** RFC 7622 §3.3.1, and controls, white space and surrogates, none of which any preparation leaves in a localpart. */
const notInLocal = /["&'/:<>@\s\u0000-\u001f\u007f-\u009f\ud800-\udfff\ufffe\uffff]/;
const notInDomain = /["&'/:<>@\\\s\u0000-\u001f\u007f-\u009f\ufffd-\uffff]|^\.|\.\.|\.$/;
const notInResource = /[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/;
const isAscii = /^[\x20-\x7e]*$/;
const astral = /[\ud800-\udbff][\udc00-\udfff]/g;

const fits = (part: string): boolean => part.length <= surelyShort || Buffer.byteLength(part) <= maxOctets;

function isLocal(local: string): boolean {
  const bare = isAscii.test(local) ? local : local.replace(astral, '');
  return !notInLocal.test(bare) && fits(local);
}

/** Latin, Greek and Cyrillic capitals. What became a capital after Unicode 3.2 is left by servers that prepare by it (JID-05), and so by us. */
const capitals = /[A-ZÀ-ÖØ-ÞĀ-ſΆ-ΫЀ-Я]/g;
const small = (capital: string): string => capital.toLowerCase();

/** Folds what no server would leave as it is; a prepared text comes back unchanged. */
const fold = (part: string): string =>
  isAscii.test(part) ? part.toLowerCase() : part.normalize('NFC').replace(capitals, small).normalize('NFC');

/** RFC 7622 §3.2 (split at the first '/', then at the first '@' before it), without the cache. */
function read(text: string): Jid | undefined {
  if (text.length > longest) return undefined;
  const slash = text.indexOf('/');
  const front = slash === -1 ? text : text.slice(0, slash);
  const at = front.indexOf('@');
  const local = at === -1 ? '' : fold(front.slice(0, at));
  let domain = fold(front.slice(at + 1));
  if (domain.endsWith('.')) domain = domain.slice(0, -1);
  const resource = slash === -1 ? '' : text.slice(slash + 1);
  if (at !== -1 && (local === '' || !isLocal(local))) return undefined;
  if (domain === '' || notInDomain.test(domain) || !domain.isWellFormed() || !fits(domain)) return undefined;
  if (slash !== -1 && (resource === '' || notInResource.test(resource) || !resource.isWellFormed())) return undefined;
  if (!fits(resource)) return undefined;
  const bare = local === '' ? domain : `${local}@${domain}`;
  return { local, domain, resource, bare, full: resource === '' ? bare : `${bare}/${resource}` };
}

/** A JID, or undefined where `text` is none. The same few JIDs come in every stanza, so values are shared. */
export const parseJid: (text: string) => Jid | undefined = remembering(read, 8192, 256);

/** RFC 5122 §2.2: for links. Everything but letters, digits and `-._~@` is percent-encoded (CHECKLIST JID-18). */
export function xmppUri({ local, domain, resource }: Jid, query?: string): string {
  const front = local === '' ? domain : `${encode(local)}@${domain}`;
  const path = resource === '' ? front : `${front}/${encode(resource)}`;
  return query === undefined ? `xmpp:${path}` : `xmpp:${path}?${query}`;
}

const encode = (part: string): string =>
  encodeURIComponent(part).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
