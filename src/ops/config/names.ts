/** Names as the XMPP side of the configuration uses them: domains, bare JIDs, and the nearest of several words. */
import { isIPv6 } from 'node:net';

const label = /^[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;

/** A DNS name or an IPv4 address, without a port; internationalised names in either form. */
export function isDomain(text: string): boolean {
  return text.length <= 253 && text.split('.').every((part) => label.test(part));
}

/** A name or an address to connect to or to listen at, without a port. Names of containers have underscores, which domains have not. */
export const isHost = (text: string): boolean => isDomain(text.replaceAll('_', '-')) || isIPv6(text);

const isAscii = /^[\x20-\x7e]*$/;

/** Latin, Greek and Cyrillic: what older servers fold too, as in src/xmpp/jid.ts. */
const capitals = /[A-ZÀ-ÖØ-ÞĀ-ſΆ-ΫЀ-Я]/g;
const small = (capital: string): string => capital.toLowerCase();

/** A bare JID or a domain as XMPP servers have it: case counts for nothing. */
export const folded = (text: string): string =>
  isAscii.test(text) ? text.toLowerCase() : text.normalize('NFC').replace(capitals, small).normalize('NFC');

/** What is wrong with a bare JID or domain, as the end of a sentence with the fix; undefined: nothing. */
export function faultOfAddress(text: string): string | undefined {
  if (text.includes('/')) return 'has a resource; leave out the "/" and all behind it';
  const at = text.indexOf('@');
  const domain = text.slice(at + 1);
  if (domain.includes('*')) return 'has a wildcard; list each domain exactly';
  // A name that a JID may have, and that nobody who writes it means.
  if (text.startsWith('*@')) return `has a wildcard; for all of a domain write it alone: ${domain}`;
  if (at === 0) return 'has nothing in front of the "@"; write a JID (user@example.org) or a domain alone';
  if (/[\s"&'/:<>@]/u.test(text.slice(0, Math.max(0, at))))
    return 'has a character that no JID has in front of the "@"; write user@example.org';
  if (!isDomain(domain))
    return `has no valid domain; write ${at > 0 ? 'a JID as in user@example.org' : 'a domain as in example.org'}`;
  return undefined;
}

/**
 * What is wrong with the address of a Redis or of a PostgreSQL, of several hosts too, as a sentence with the fix; undefined: nothing. Never a part of it,
 * for it may hold a password.
 */
export function faultOfUrl(url: string): string | undefined {
  const [, hosts] = /^[a-z+]+:\/\/(?:[^/?#]*@)?([^/?#@]*)(?:\/[^?#@]*)?(?:\?[^#]*)?$/.exec(url) ?? [];
  if (hosts === undefined)
    return 'is no address; in a user or a password write "#" as %23, "/" as %2F, "?" as %3F and "@" as %40';
  const isReadable = hosts.split(',').every((host) => host === '' || URL.canParse(`host://${host}`));
  return isReadable ? undefined : 'names no host and port; write HOST:PORT, the port at most 65535';
}

/** The word that was probably meant; undefined where none is near. */
export function nearest(word: string, words: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of words) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that make `b` of `a`; `limit` where there are as many or more. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || a.length > 64) return limit;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const here = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      here[column] = Math.min(
        (above[column] ?? limit) + 1,
        (here[column - 1] ?? limit) + 1,
        (above[column - 1] ?? limit) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? limit) + 1 : limit,
      );
    }
    [before, above] = [above, here];
  }
  return above[b.length] ?? limit;
}
