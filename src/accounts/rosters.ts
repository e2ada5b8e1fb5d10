/** The contact lists of our users on their servers, as far as those let us at them (XEP-0356 §4); what they refuse is done without, and logged once (356-06). */
import type { Log } from '../bridge/contract.ts';
import {
  allEntries,
  type Entry,
  entriesIn,
  type RosterItem,
  removalOf,
  settingOf,
} from '../gateway/contacts/placing.ts';
import type { Privilege, Privileges } from '../gateway/privileges.ts';
import type { Requests } from './requests.ts';

export interface Rosters {
  /** What may be done with that user's list. */
  may(owner: string): 'write' | 'read' | 'nothing';
  /** Our part of it, by bare JID; undefined: it can't be read. */
  read(owner: string): Promise<ReadonlyMap<string, RosterItem> | undefined>;
  /** False: it can't be done. */
  put(owner: string, jid: string, entry: Entry): Promise<boolean>;
  /** True also where there was none. */
  remove(owner: string, jid: string): Promise<boolean>;
}

/** Takes all of these out of that user's list, where that may be done; those that are not in it are no matter (100-41). */
export async function takeOut(
  rosters: Rosters,
  owner: string,
  jids: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const jid of jids) {
    if (signal.aborted || rosters.may(owner) !== 'write') return;
    if (!jid.includes('/')) await rosters.remove(owner, jid);
  }
}

export interface RosterParts {
  readonly domain: string;
  readonly privileges: Pick<Privileges, 'of'>;
  readonly requests: Pick<Requests, 'ask'>;
  readonly log: Log;
}

/** One who was never told, and one whose module is broken: both are "not here". */
export const refusals: ReadonlySet<string> = new Set([
  'forbidden',
  'service-unavailable',
  'internal-server-error',
  'not-allowed',
]);

/** For one domain. */
export function createRosters({ domain, privileges, requests, log }: RosterParts): Rosters {
  /** Whose was refused although it was announced. Not all of their host: one whom Prosody knows no more is refused in the same words (`service-unavailable`). */
  const broken = { get: new WeakMap<Privilege, Set<string>>(), set: new WeakMap<Privilege, Set<string>>() };

  function can(owner: string, privilege: Privilege, what: 'get' | 'set'): boolean {
    // What the older namespace's servers do with a set is a fault of theirs or ignores the subscription (356-13).
    if (what === 'set' && privilege.ns !== 'urn:xmpp:privilege:2') return false;
    if (privilege.roster !== what && privilege.roster !== 'both') return false;
    return broken[what].get(privilege)?.has(owner) !== true;
  }

  function may(owner: string): 'write' | 'read' | 'nothing' {
    const privilege = privileges.of(owner);
    if (privilege === undefined || !can(owner, privilege, 'get')) return 'nothing';
    return can(owner, privilege, 'set') ? 'write' : 'read';
  }

  /** For that owner nothing of the kind is asked any more, until their host says again what it lets us do. */
  function refused(owner: string, what: 'get' | 'set', condition: string): void {
    const privilege = privileges.of(owner);
    if (privilege === undefined || !refusals.has(condition)) return;
    const known = broken[what].get(privilege);
    if (known !== undefined) {
      known.add(owner);
      return;
    }
    broken[what].set(privilege, new Set([owner]));
    log.warn(
      { host: owner.split('@').at(-1), what, condition },
      'a privilege on contact lists was announced, and is refused',
    );
  }

  async function set(owner: string, body: RosterSet, fine: ReadonlySet<string>): Promise<boolean> {
    const answer = await requests.ask({ to: owner, type: 'set', body });
    if (answer.is === 'result' || fine.has(answer.condition)) return true;
    refused(owner, 'set', answer.condition);
    return false;
  }

  return {
    may,
    async read(owner) {
      if (may(owner) === 'nothing') return undefined;
      const answer = await requests.ask({ to: owner, type: 'get', body: allEntries });
      if (answer.is === 'result') return entriesIn(answer.payload, domain);
      refused(owner, 'get', answer.condition);
      return undefined;
    },
    async put(owner, jid, entry) {
      return may(owner) === 'write' && set(owner, settingOf(jid, entry), noErrors);
    },
    async remove(owner, jid) {
      return may(owner) === 'write' && set(owner, removalOf(jid), isGone);
    },
  };
}

type RosterSet = ReturnType<typeof settingOf>;
const noErrors: ReadonlySet<string> = new Set();
const isGone: ReadonlySet<string> = new Set(['item-not-found']);
