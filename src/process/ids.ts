/** What accounts and rooms are known by to the outside: unguessable message ids, and occupants' ids that tell nobody who they are. */
import { hash, randomBytes } from 'node:crypto';
import { countingIds } from '../core/counting.ts';
import { ownCopy } from '../xml/own-copy.ts';

/** Ids of one account: a random prefix that only its owner ever sees, and a counter, so that they sort as they were made. */
export function createIds(): () => string {
  return countingIds(randomBytes(16).toString('base64url'));
}

const blockBytes = 64;

/** HMAC-SHA-256 (RFC 2104) as two hashes at once, a quarter of what an object for each takes: ten thousand occupants may come in a moment. */
function createMac(key: Uint8Array): (text: string) => Buffer {
  const padded = Buffer.alloc(blockBytes);
  padded.set(key.length > blockBytes ? hash('sha256', key, 'buffer') : key);
  const inner = padded.map((byte) => byte ^ 0x36);
  const outer = padded.map((byte) => byte ^ 0x5c);
  return (text) => {
    const first = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'buffer');
    return hash('sha256', Buffer.concat([outer, first]), 'buffer');
  };
}

const idBytes = 18;
const cachedAtMost = 20_000;

/**
 * XEP-0421 §4.1: the same for one identity in one room over restarts, different in each room, and not to be computed by others. The same occupant is
 * asked for by every account in the channel: the last answers are kept.
 */
export function createOccupantIds(key: Uint8Array): (room: string, identity: string) => string {
  const mac = createMac(key);
  let young = new Map<string, string>();
  let old = new Map<string, string>();
  return (room, identity) => {
    const both = `${room}\0${identity}`;
    let id = young.get(both);
    if (id !== undefined) return id;
    id = old.get(both) ?? mac(`occupant\0${both}`).subarray(0, idBytes).toString('base64url');
    if (young.size >= cachedAtMost) {
      old = young;
      young = new Map();
    }
    // An identity may be a part of the line by which somebody came.
    young.set(ownCopy(both), id);
    return id;
  };
}
