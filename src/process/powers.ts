/** What commands may do beyond answering: settings, connections of accounts wherever they run, and the operators' part. */
import type { Account } from '../accounts/account-port.ts';
import { unmark } from '../accounts/bookmarks.ts';
import { accountsOf, createPersonalData } from '../accounts/personal-data.ts';
import type { Preferences } from '../accounts/preferences.ts';
import { takeOut } from '../accounts/rosters.ts';
import type { AccountId, PersonId } from '../core/ids.ts';
import { bareOf } from '../core/jids.ts';
import type { SettingsPlace } from '../core/settings.ts';
import type { KnownAccount, Powers } from '../gateway/commands/powers.ts';
import { parseAccountId } from '../gateway/decode/account-key.ts';
import type { DecoderOptions } from '../gateway/decode/scope.ts';
import { isShared } from '../gateway/labels.ts';
import { withoutThem } from '../gateway/talks.ts';
import { type Level, levels } from '../ops/log.ts';
import { createBanning, reloadFor, unplumb } from './admitting.ts';
import { createBlocking } from './blocking.ts';
import { createDeliveries } from './deliveries.ts';
import type { Shared } from './domain.ts';
import { createPlumbingPowers } from './plumbing-powers.ts';
import type { Registering } from './registering.ts';
import type { UserServers } from './user-servers.ts';

type Parts = Pick<Shared, 'accountStore' | 'order' | 'reload'>;

/** What they need of the domain. */
export interface PowersParts extends Pick<Registering, 'powers'> {
  readonly servers: UserServers;
  /** Of an account; undefined: it does not run here. */
  stateOf(account: AccountId): Account['state'] | undefined;
}

export function createPowers(
  shared: Shared,
  { domain, addresses, registration }: Pick<DecoderOptions, 'domain' | 'addresses' | 'registration'>,
  settings: Preferences,
  { powers: loginPowers, servers, stateOf }: PowersParts,
): Powers {
  const { accountStore, order, reload, archiving: archive } = shared;
  const theirs = createPersonalData({ ...shared, domain, addresses, archive });
  const personalData: typeof theirs = {
    ...theirs,
    async eraseOne(id, reason, signal) {
      await unplumb(({ account }) => account === id, shared);
      const marked = await bookmarksOf([id], accountStore);
      const owner = parseAccountId(id)?.owner ?? '';
      const contacts = await theirs.eraseOne(id, reason, signal);
      const isLast = (await shared.loginStore.owned({ domain, owner })).length === 0;
      await takeOut(servers.rosters, owner, isLast ? [...contacts, domain] : contacts, signal);
      await unmark(servers.bookmarks, owner, marked, signal);
      return contacts;
    },
    async erase(owner, reason, signal) {
      const ids = await accountsOf({ domain, owner }, shared);
      await unplumb(({ account }) => ids.includes(account), shared);
      const marked = await bookmarksOf(ids, accountStore);
      await endTalks(owner, domain, shared, settings);
      const contacts = await theirs.erase(owner, reason, signal);
      await takeOut(servers.rosters, owner, [...contacts, domain], signal);
      await unmark(servers.bookmarks, owner, marked, signal);
      await shared.plumbings.forget(domain, owner);
      return contacts;
    },
  };
  return {
    settings,
    deliveries: createDeliveries({ ...shared, domain }),
    blocking: createBlocking({ ...shared, domain }),
    personalData,
    logins: loginPowers(personalData, servers.rosters),
    async accounts(owner) {
      const rows = await (owner === undefined ? accountStore.all(domain) : accountStore.owned(domain, owner));
      return rows.map(
        ({ id, owner: whose, on }): KnownAccount => ({ id, owner: whose, ...(on !== undefined && { on }) }),
      );
    },
    isConnected(account) {
      const state = stateOf(account);
      return state && state === 'ready';
    },
    privileges: () => servers.privileges.all(),
    async contacts(account) {
      const listed = await accountStore.listed(account);
      const known = new Set<PersonId>(listed.map(({ person }) => person));
      const others = (await accountStore.contacts(account)).filter((person) => !known.has(person));
      return [...listed, ...others.map((person) => ({ person, name: person, groups: [], state: 'placed' as const }))];
    },
    async rooms(account) {
      return (await accountStore.memberships(account)).map(({ chat, local }) => ({ chat, local }));
    },
    present: () => presentOn(domain, shared),
    bans: createBanning(shared),
    operating: createOperating(shared),
    plumbings: createPlumbingPowers(domain, { registration, addresses }, shared),
    ...(reload !== undefined && { reload: () => reloadFor(shared, reload) }),
    disconnect: (account, reason) => order(account, { is: 'disconnect', reason }),
  };
}

/** An account's owner is in its rooms, with or without a client; in a shared one's, those whose clients are. The clients of a plumbing are the MUC itself. */
async function presentOn(domain: string, { accountStore, plumbings }: Pick<Shared, 'accountStore' | 'plumbings'>) {
  const people = new Set<string>();
  for (const { id, owner, on } of await accountStore.all(domain)) {
    for (const { clients } of await accountStore.memberships(id)) {
      if (!isShared(on)) people.add(owner);
      for (const client of clients) people.add(bareOf(client));
    }
  }
  const mucs = plumbings.mucs(domain);
  return [...people].filter((jid) => !mucs.has(jid));
}

/** The addresses of the rooms that those accounts have put into their owner's bookmarks. */
const bookmarksOf = async (ids: readonly AccountId[], store: Shared['accountStore']): Promise<readonly string[]> =>
  (await Promise.all(ids.map((id) => store.bookmarks(id)))).flatMap((rows) => rows.map(({ jid }) => jid));

/** Nobody talks with them by an account that others share. */
async function endTalks(owner: string, domain: string, { shares }: Pick<Shared, 'shares'>, settings: Preferences) {
  for (const { id, owner: whose } of shares.now.values()) {
    const share = parseAccountId(id);
    if (share?.domain !== domain || whose === owner) continue;
    for (const { place, settings: there } of await settings.ofRooms(whose)) {
      const change = place.on === share.on ? withoutThem(there, owner) : undefined;
      if (change !== undefined) await settings.change(whose, place, change);
    }
  }
}

const isLevel = (name: string): name is Level => (levels as readonly string[]).includes(name);

function createOperating({ maintenance, levels: switched, log }: Shared): Powers['operating'] {
  return {
    did: (deed) => log.info(deed, 'an operator ran a command'),
    maintenance: { now: () => maintenance.now, set: (words) => maintenance.set(words) },
    ...(switched && {
      log: {
        levels,
        now: () => switched.now(),
        async set(level) {
          if (isLevel(level)) await switched.set(level);
        },
      },
    }),
  };
}

/** To the accounts whose sessions and rooms a change of settings concerns. */
export async function tellOfChange(
  { accountStore, order }: Parts,
  domain: string,
  owner: string,
  place: SettingsPlace,
): Promise<void> {
  const concerned = (await accountStore.owned(domain, owner)).filter(
    (row) => place.level === 'all' || row.on === place.on,
  );
  await Promise.all(concerned.map(({ id }) => order(id, { is: 'reconfigure' })));
}
