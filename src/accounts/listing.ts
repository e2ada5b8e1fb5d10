/**
 * The network's own list of people and the owner's contact list, kept alike: whoever comes to one comes to the other, whoever is taken off one goes from the
 * other. What has been done for each is written down, so that nobody is asked twice and nothing that the owner declined comes back (CHECKLIST 7.2 to 7.4).
 */

import type { ContactList } from '../bridge/contact-list.ts';
import type { Log, Network, Session } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { NetworkEvent } from '../core/event.ts';
import { type PersonId, personId } from '../core/ids.ts';
import type { DurableIntent } from '../core/intent.ts';
import type { ListedRow, ListedState } from '../core/listed.ts';
import { sparseMap, sparseSet } from '../core/sparse.ts';
import { contactAddress } from '../gateway/contacts/addresses.ts';
import { type Entry, entryIn, entryOf, merged, type RosterItem, sameEntry } from '../gateway/contacts/placing.ts';
import type { Face } from '../gateway/face.ts';
import type { AccountRow } from '../storage/ports.ts';
import { createAskingOwner } from './asking-owner.ts';
import type { Contacts } from './contacts.ts';
import type { AccountWorld } from './world.ts';

export interface Listing {
  /** As it was written down. */
  load(): Promise<void>;
  /** There is a session: all of its list is gone through. */
  connected(session: Session): void;
  /** Somebody came to the network's list, went from it, or is called otherwise. */
  heard(event: Extract<NetworkEvent, { kind: 'contact' | 'person' }>): void;
  /** The owner wants to see somebody: onto the network's list with them. Rejects with what the network says. */
  add(person: PersonId, session: Session | undefined, signal: AbortSignal): Promise<void>;
  /** What the network calls them is looked up, if they are on its list. */
  look(person: PersonId): void;
  /** Does the owner let that person see them, as far as is known? */
  maySee(person: PersonId): boolean;
  /** The owner has said whether they see that person, or that person them. */
  said(intent: Extract<DurableIntent, { kind: 'contact' | 'seen' }>): Promise<void>;
}

/** Where the network has no list of people. */
export const noListing: Listing = {
  load: async () => {},
  connected: () => {},
  heard: () => {},
  add: async () => {},
  look: () => {},
  maySee: () => false,
  said: async () => {},
};

export interface ListingParts {
  readonly addresses: Network['addresses'];
  readonly signal: AbortSignal;
  /** Those whom the session tells of. */
  readonly contacts: Pick<Contacts, 'watch'>;
  /** The live session. */
  session(): Session | undefined;
}

type World = Pick<
  AccountWorld,
  'store' | 'rosters' | 'requests' | 'capabilities' | 'pace' | 'clock' | 'log' | 'send' | 'domain' | 'settled'
>;

/** Of one network's list more are not brought over. */
const listedAtMost = 2_000;
/** Whoever has not been answered for is asked for again. */
const askAgainMs = 3 * 24 * 3_600_000;
/** More removals than that in a minute are no decision about people, but the loss of a contact list (ROS-23). */
const removalsAtMost = 5;
const removalsWithinMs = 60_000;

/** For one account; nothing happens before `load` and a session with a list. */
export function createListing(row: AccountRow, face: Face, world: World, parts: ListingParts): Listing {
  const { store, rosters, clock, log } = world;
  const { owner } = row;
  const rows = sparseMap<PersonId, ListedRow>();
  const due = new Set<PersonId>();
  const removals: number[] = [];
  /** Those whom the owner is just adding: the network's word of it is no news. */
  const adding = sparseSet<PersonId>();
  /** Those for whom something was done since the owner's list was read: by what was read they would be taken for removed. */
  const changed = sparseSet<PersonId>();
  /** Those who went from the network's list while that was gone through. */
  const gone = sparseSet<PersonId>();
  let list: ContactList | undefined;
  let wholeList = false;
  let running = false;

  const where = placeOf(row, parts);
  const jidOf = (person: PersonId): string => contactAddress(where, person);
  const watch = (): void => parts.contacts.watch(parts.session());
  const onBug = (error: unknown): void => log.error({ account: row.id, error }, 'the contact list met a bug');

  const asking = createAskingOwner({
    owner,
    face,
    requests: world.requests,
    clients: world.capabilities,
    pace: world.pace,
    send: world.send,
    signal: parts.signal,
    onBug,
    entry(person) {
      const known = rows.get(person);
      return known === undefined ? undefined : { jid: jidOf(person), entry: known };
    },
    did: (person, how) => put(person, how),
  });

  /** Written down, with what the network calls them where that is known anew. */
  async function put(person: PersonId, state: ListedState, entry?: Entry): Promise<void> {
    const before = rows.get(person);
    const { name, groups } = entry ?? before ?? entryOf(undefined, undefined, person);
    if (before?.state === state && sameEntry(before, { name, groups })) return;
    const at = before?.state === state ? before.at : clock.now();
    const now: ListedRow = { account: row.id, person, state, name, groups, at };
    rows.set(person, now);
    changed.add(person);
    face.listed.name(person, name);
    await store.putListed(now);
  }

  async function forget(person: PersonId): Promise<void> {
    rows.delete(person);
    asking.remove(person);
    await store.removeListed(row.id, person);
  }

  async function place(person: PersonId, entry: Entry): Promise<void> {
    asking.remove(person);
    face.listed.place(person);
    await store.putContact(row.id, person);
    await put(person, 'placed', entry);
  }

  // ── the network's list into the owner's ────────────────────────────────────

  /** Somebody who is on the network's list. */
  async function bring(person: PersonId, about: Entry, roster: Roster): Promise<void> {
    const state = rows.get(person)?.state ?? 'listed';
    const jid = jidOf(person);
    if (jid.includes('/')) return;
    const there = roster?.get(jid);
    switch (state) {
      case 'placed':
        // Taken out while nobody of ours was there to hear it: it stays out.
        if (roster !== undefined && there === undefined) return decline(person, about);
        if (there !== undefined) await rename(jid, there, rows.get(person), about);
        return place(person, about);
      case 'listed':
      case 'suggested':
      case 'asked':
        return offer(person, state, about, jid, there);
      case 'accepted':
        return put(person, 'listed', about).then(() => offer(person, 'listed', about, jid, there));
      default:
        return put(person, state, about);
    }
  }

  async function offer(
    person: PersonId,
    state: ListedState,
    about: Entry,
    jid: string,
    there: RosterItem | undefined,
  ): Promise<void> {
    const isThere = there?.subscription === 'both' || there?.subscription === 'to' || face.contacts().includes(person);
    const wanted = there === undefined ? about : merged(entryIn(there), undefined, about);
    if (await (isThere || rosters.put(owner, jid, wanted))) return place(person, about);
    await put(person, state, about);
    const at = rows.get(person)?.at ?? 0;
    if (state === 'listed' || clock.now() - at > askAgainMs) asking.add(person);
  }

  /** What the owner called them stays (356-12). */
  async function rename(jid: string, there: RosterItem, before: Entry | undefined, now: Entry): Promise<void> {
    const wanted = merged(entryIn(there), before, now);
    if (!sameEntry(wanted, entryIn(there))) await rosters.put(owner, jid, wanted);
  }

  async function decline(person: PersonId, about: Entry): Promise<void> {
    await store.removeContact(row.id, person);
    world.send(face.listed.drop(person, true));
    await put(person, 'declined', about);
  }

  /** Somebody who is on it no more. */
  async function takeAway(person: PersonId): Promise<void> {
    const known = rows.get(person);
    if (known === undefined || known.state === 'asks') return;
    await forget(person);
    await store.removeContact(row.id, person);
    const isShown = known.state === 'placed' || known.state === 'unseen' || known.state === 'unwatched';
    const isTaken = !isShown || (await rosters.remove(owner, jidOf(person)));
    world.send(face.listed.drop(person, isTaken));
  }

  // ── the owner's into the network's ─────────────────────────────────────────

  async function tellNetwork(to: ContactList, { person, state }: ListedRow): Promise<void> {
    try {
      if (state === 'leaving') await to.remove?.(person, parts.signal);
      else await to.answer?.(person, state === 'accepted', parts.signal);
    } catch (error) {
      log.info({ account: row.id, state, error }, 'the network did not take what the owner decided about a contact');
      // It is told with the next session.
      if (parts.signal.aborted || (error instanceof GatewayError && error.next === 'later')) return;
    }
    if (state === 'accepted') await put(person, 'listed');
    else await forget(person);
  }

  /** The owner has taken them out of the contact list. */
  async function leave(person: PersonId): Promise<void> {
    const now = clock.now();
    while (removals[0] !== undefined && removals[0] <= now - removalsWithinMs) removals.shift();
    if (removals.length < removalsAtMost) removals.push(now);
    else {
      log.warn(
        { account: row.id },
        'a contact list loses people faster than anybody removes them; the network keeps them',
      );
      return put(person, 'declined');
    }
    await put(person, 'leaving');
    wake(person);
  }

  // ── one thing after the other ──────────────────────────────────────────────

  async function look(person: PersonId, from: ContactList, roster: Roster): Promise<void> {
    const known = rows.get(person);
    if (known?.state === 'leaving' || known?.state === 'accepted' || known?.state === 'refused') {
      await tellNetwork(from, known);
      if (rows.get(person)?.state !== 'listed') return;
    }
    if (rows.size >= listedAtMost && known === undefined) return;
    const about = await aboutOf(person, from, log);
    if (about !== undefined) await bring(person, about, roster);
  }

  /** Everybody who is there, and of those who were known whoever is not. */
  async function lookAtAll(from: ContactList): Promise<void> {
    wholeList = false;
    const left = new Set(rows.keys());
    for await (const person of from.list()) {
      left.delete(person);
      if (due.size < listedAtMost) due.add(person);
      // Whoever was known may stand further behind.
      else if (left.size === 0) break;
    }
    for (const person of left) {
      const known = rows.get(person);
      if (known?.state === 'accepted' || known?.state === 'refused') await tellNetwork(from, known);
      else await takeAway(person);
    }
  }

  async function run(): Promise<void> {
    await world.settled(owner);
    const from = list;
    if (from === undefined) return;
    if (wholeList) await lookAtAll(from);
    let roster: Roster | 'unread' = 'unread';
    for (const person of due) {
      due.delete(person);
      if (parts.signal.aborted || list !== from) return;
      if (roster === 'unread' || changed.has(person)) {
        changed.clear();
        roster = await rosters.read(owner);
      }
      gone.delete(person);
      await look(person, from, roster);
      if (gone.delete(person)) await takeAway(person);
    }
    asking.begin();
    watch();
  }

  function wake(person?: PersonId): void {
    if (person !== undefined) due.add(person);
    if (running || list === undefined || parts.signal.aborted) return;
    running = true;
    run()
      .catch((error: unknown) => {
        due.clear();
        if (!parts.signal.aborted) onBug(error);
      })
      .finally(() => {
        running = false;
        gone.clear();
        if (due.size > 0 || wholeList) wake();
      });
  }

  return {
    async load() {
      for (const one of await store.listed(row.id)) {
        rows.set(one.person, one);
        face.listed.name(one.person, one.name);
        if (one.state === 'asked' || one.state === 'asks') face.listed.wait(one.person);
      }
    },
    connected({ contacts }) {
      list = contacts;
      wholeList = contacts !== undefined;
      wake();
    },
    heard(event) {
      const { person } = event;
      if (event.kind === 'person') {
        if (rows.has(person)) wake(person);
      } else if (event.is === 'listed') {
        gone.delete(person);
        if (!adding.has(person)) wake(person);
      } else if (event.is === 'unlisted') {
        // Of whoever is not on it the network would tell something all the same.
        due.delete(person);
        if (running) gone.add(person);
        takeAway(person).then(watch, onBug);
      } else if (rows.has(person) || rows.size < listedAtMost) {
        asking.add(person, event.text ?? '');
        asking.begin();
      }
    },
    async add(person, session, signal) {
      if (session?.contacts?.add === undefined || face.contacts().includes(person)) return;
      adding.add(person);
      try {
        await session.contacts.add(person, signal);
      } finally {
        adding.delete(person);
      }
      if (rows.get(person) === undefined) await put(person, 'placed');
    },
    look(person) {
      if (rows.has(person)) wake(person);
    },
    maySee: (person) => rows.get(person)?.state === 'placed',
    async said(intent) {
      const person = personId(intent.chat);
      const known = rows.get(person);
      if (known === undefined) return;
      const { state } = known;
      const wanted = intent.kind === 'contact' ? intent.wanted : intent.may;
      const next = wanted ? after.yes[intent.kind][state] : after.no[intent.kind][state];
      if (next === 'leaving') return leave(person);
      if (next === undefined) return;
      asking.remove(person);
      await put(person, next);
      if (next === 'accepted' || next === 'refused') wake(person);
    },
  };
}

/** What people's addresses are made of. */
const placeOf = ({ id, owner, on, domain }: AccountRow, { addresses }: Pick<ListingParts, 'addresses'>) => ({
  account: { id, owner, ...(on !== undefined && { on }) },
  addresses,
  domain,
});

/** As the network has them; undefined: it does not say, which keeps nobody else out. */
async function aboutOf(person: PersonId, from: ContactList, log: Log): Promise<Entry | undefined> {
  try {
    const { name, groups } = await from.about(person);
    return entryOf(name, groups, person);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    log.debug({ error }, 'the network does not say what somebody on its list is called');
    return undefined;
  }
}

type Roster = ReadonlyMap<string, RosterItem> | undefined;
type Next = Partial<Record<ListedState, ListedState>>;

/** What becomes of a state when the owner says yes or no to seeing somebody (`contact`), or to being seen (`seen`). Absent: it stays. */
const after: Readonly<Record<'yes' | 'no', Readonly<Record<'contact' | 'seen', Next>>>> = {
  yes: {
    contact: {
      listed: 'placed',
      suggested: 'placed',
      asked: 'placed',
      declined: 'placed',
      unwatched: 'placed',
      leaving: 'placed',
    },
    seen: { asks: 'accepted', asked: 'placed', unseen: 'placed', suggested: 'placed' },
  },
  no: {
    contact: { placed: 'unwatched', unseen: 'leaving', suggested: 'declined' },
    seen: { placed: 'unseen', unwatched: 'leaving', asked: 'declined', suggested: 'declined', asks: 'refused' },
  },
};
