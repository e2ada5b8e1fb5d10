/** What accounts and rooms are known by to the outside: unguessable message ids, and occupants' ids that tell nobody who they are. */
import { createHmac, randomBytes } from 'node:crypto';

/** Ids of one account: a random prefix that only its owner ever sees, and a counter, so that they sort as they were made. */
export function createIds(): () => string {
  const prefix = randomBytes(16).toString('base64url');
  let counter = 0;
  return () => prefix + (counter++).toString(36).padStart(7, '0');
}

const idBytes = 18;
const cachedAtMost = 20_000;

/**
 * XEP-0421 §4.1: the same for one identity in one room over restarts, different in each room, and not to be computed by others. The same occupant is
 * asked for by every account in the channel: the last answers are kept.
 */
export function createOccupantIds(key: Uint8Array): (room: string, identity: string) => string {
  let young = new Map<string, string>();
  let old = new Map<string, string>();
  return (room, identity) => {
    const both = `${room}\0${identity}`;
    let id = young.get(both);
    if (id !== undefined) return id;
    id =
      old.get(both) ??
      createHmac('sha256', key).update(`occupant\0${both}`).digest().subarray(0, idBytes).toString('base64url');
    if (young.size >= cachedAtMost) {
      old = young;
      young = new Map();
    }
    young.set(both, id);
    return id;
  };
}
