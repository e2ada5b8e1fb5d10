/** Who may use the gateway changes while it runs, by bans and by the configuration that is read again: those who may no more are turned out, those who may again are let in. */
import type { Powers, Reloaded } from '../gateway/commands/powers.ts';
import { createAllows } from '../gateway/decode/scope.ts';
import type { LoginRow } from '../storage/login-ports.ts';
import type { PlumbingRow } from '../storage/plumbing-ports.ts';
import { parseJid } from '../xmpp/jid.ts';
import { isBanned } from './bans.ts';
import type { Shared } from './domain.ts';

type Owners = (owner: string, domain: string) => boolean;
type Doors = Pick<Shared, 'config' | 'accountStore' | 'loginStore' | 'order'>;

/** What people read on the networks and in the rooms of somebody who may not use the gateway any more. */
const noMore = 'This account may not be used any more';

/** Of the whole gateway: connections end on every domain, and begin again where somebody is logged in. */
export function createBanning(shared: Doors & Pick<Shared, 'bans' | 'shares' | 'plumbings'>): Powers['bans'] {
  const { bans, shares, plumbings, order } = shared;
  return {
    list: async () => [...bans.now],
    async ban(jids, reason) {
      let untold: { readonly error: unknown } | undefined;
      await bans.change(jids, []).catch((error: unknown) => {
        // Once it is written down, those who could not be told of it are no reason to leave anybody in.
        if (!jids.every((jid) => bans.now.has(jid))) throw error;
        untold = { error };
      });
      await turnOut((owner) => isBanned(new Set(jids), owner), reason, shared);
      await Promise.all([...shares.now.values()].map(({ id }) => order(id, { is: 'readmit' })));
      await unplumb(({ muc }) => isBanned(new Set(jids), muc), { plumbings, order });
      if (untold !== undefined) throw untold.error;
    },
    async unban(jids) {
      const logins = await wantedLogins(shared);
      await bans.change([], jids);
      await letIn(logins, (owner) => isBanned(new Set(jids), owner), shared);
    },
  };
}

/** What it says of who may use the gateway counts for those who are in, too. */
export async function reloadFor(shared: Shared, reload: NonNullable<Shared['reload']>): Promise<Reloaded> {
  const logins = await wantedLogins(shared);
  const before = owners(shared);
  const reloaded = await reload(true);
  const now = owners(shared);
  // Those, too, who could not be turned out when the last one was read.
  await turnOut((...who) => !now(...who), noMore, shared);
  await letIn(logins, (...who) => now(...who) && !before(...who), shared);
  return reloaded;
}

/** Those who may use a domain, by the configuration that holds now. */
function owners({ config, bans, plumbings }: Shared): Owners {
  const allows = new Map(
    config.bridges.map(({ domain, allow }) => [
      domain,
      createAllows({ allow, admins: config.admins, banned: bans.now, plumbed: plumbings.mucs(domain) }),
    ]),
  );
  return (owner, domain) => {
    const jid = parseJid(owner);
    return jid !== undefined && allows.get(domain)?.(jid) === true;
  };
}

async function turnOut(whom: Owners, reason: string, { config, accountStore, order }: Doors): Promise<void> {
  for (const { domain } of config.bridges) {
    const theirs = (await accountStore.all(domain)).filter(({ owner }) => whom(owner, domain));
    await Promise.all(theirs.map(({ id }) => order(id, { is: 'disconnect', reason })));
  }
}

/** Read before anybody may come in: where the database is away all stays as it was, and can be asked for again. */
async function wantedLogins({
  config,
  loginStore,
}: Pick<Doors, 'config' | 'loginStore'>): Promise<readonly LoginRow[]> {
  const all = await Promise.all(config.bridges.map(({ domain }) => loginStore.all(domain)));
  return all.flat().filter(({ isOut }) => !isOut);
}

async function letIn(logins: readonly LoginRow[], whom: Owners, { order }: Pick<Doors, 'order'>): Promise<void> {
  const theirs = logins.filter(({ owner, domain }) => whom(owner, domain));
  await Promise.all(theirs.map(({ id }) => order(id, { is: 'login' })));
}

/** Ends them, and has their occupants leave the MUCs: an account that is gone would come back for one that stayed. */
export async function unplumb(
  which: (row: PlumbingRow) => boolean,
  { plumbings, order }: Pick<Shared, 'plumbings' | 'order'>,
): Promise<void> {
  for (const { id, account } of plumbings.all.filter(which)) {
    await plumbings.remove(id);
    await order(account, { is: 'replumb' });
  }
}
