/** What commands may do beyond answering: settings, connections of accounts wherever they run, and the operators' part. */
import { unmark } from '../accounts/bookmarks.ts';
import { accountsOf, createPersonalData } from '../accounts/personal-data.ts';
import type { Preferences } from '../accounts/preferences.ts';
import { takeOut } from '../accounts/rosters.ts';
import type { AccountId, PersonId } from '../core/ids.ts';
import type { SettingsPlace } from '../core/settings.ts';
import type { KnownAccount, Powers } from '../gateway/commands/powers.ts';
import { parseAccountId } from '../gateway/decode/account-key.ts';
import type { DecoderOptions } from '../gateway/decode/scope.ts';
import { type Level, levels } from '../ops/log.ts';
import { isBanned } from './bans.ts';
import { createBlocking } from './blocking.ts';
import { createDeliveries } from './deliveries.ts';
import type { Shared } from './domain.ts';
import { createPlumbingPowers } from './plumbing-powers.ts';
import type { Registering } from './registering.ts';
import type { UserServers } from './user-servers.ts';

type Parts = Pick<Shared, 'accountStore' | 'order' | 'reload'>;

export function createPowers(
  shared: Shared,
  { domain, addresses, registration }: Pick<DecoderOptions, 'domain' | 'addresses' | 'registration'>,
  settings: Preferences,
  { powers: loginPowers, servers }: Pick<Registering, 'powers'> & { readonly servers: UserServers },
): Powers {
  const { accountStore, order, reload, archiving: archive } = shared;
  const theirs = createPersonalData({ ...shared, domain, addresses, archive });
  const personalData: typeof theirs = {
    ...theirs,
    async eraseOne(id, reason, signal) {
      const marked = await bookmarksOf([id], accountStore);
      const owner = parseAccountId(id)?.owner ?? '';
      const contacts = await theirs.eraseOne(id, reason, signal);
      const isLast = (await shared.loginStore.owned({ domain, owner })).length === 0;
      await takeOut(servers.rosters, owner, isLast ? [...contacts, domain] : contacts, signal);
      await unmark(servers.bookmarks, owner, marked, signal);
      return contacts;
    },
    async erase(owner, reason, signal) {
      const marked = await bookmarksOf(await accountsOf({ domain, owner }, shared), accountStore);
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
    logins: loginPowers(personalData),
    async accounts(owner) {
      const rows = await (owner === undefined ? accountStore.all(domain) : accountStore.owned(domain, owner));
      return rows.map(
        ({ id, owner: whose, on }): KnownAccount => ({ id, owner: whose, ...(on !== undefined && { on }) }),
      );
    },
    privileges: () => servers.privileges.all(),
    async contacts(account) {
      const listed = await accountStore.listed(account);
      const known = new Set<PersonId>(listed.map(({ person }) => person));
      const others = (await accountStore.contacts(account)).filter((person) => !known.has(person));
      return [...listed, ...others.map((person) => ({ person, name: person, groups: [], state: 'placed' as const }))];
    },
    async rooms(account) {
      return (await accountStore.memberships(account)).map(({ chat }) => chat);
    },
    bans: createBanning(shared),
    operating: createOperating(shared),
    plumbings: createPlumbingPowers(domain, { registration, addresses }, shared),
    ...(reload !== undefined && { reload: () => reload(true) }),
    disconnect: (account, reason) => order(account, { is: 'disconnect', reason }),
  };
}

/** The addresses of the rooms that those accounts have put into their owner's bookmarks. */
const bookmarksOf = async (ids: readonly AccountId[], store: Shared['accountStore']): Promise<readonly string[]> =>
  (await Promise.all(ids.map((id) => store.bookmarks(id)))).flatMap((rows) => rows.map(({ jid }) => jid));

const isLevel = (name: string): name is Level => (levels as readonly string[]).includes(name);

function createOperating({ maintenance, levels: switched }: Shared): Powers['operating'] {
  return {
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

/** Of the whole gateway: connections end on every domain. */
function createBanning({ config, bans, shares, plumbings, accountStore, order }: Shared): Powers['bans'] {
  return {
    list: async () => [...bans.now],
    async ban(jids, reason) {
      await bans.change(jids, []);
      for (const { domain } of config.bridges) {
        const theirs = (await accountStore.all(domain)).filter(({ owner }) => isBanned(new Set(jids), owner));
        await Promise.all(theirs.map(({ id }) => order(id, { is: 'disconnect', reason })));
      }
      await Promise.all([...shares.now.values()].map(({ id }) => order(id, { is: 'readmit' })));
      for (const { id, account } of plumbings.all.filter(({ muc }) => isBanned(new Set(jids), muc))) {
        await plumbings.remove(id);
        await order(account, { is: 'replumb' });
      }
    },
    unban: (jids) => bans.change([], jids),
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
