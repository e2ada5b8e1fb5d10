/** What commands may do beyond answering: settings, connections of accounts wherever they run, and the operators' part. */
import { createPersonalData } from '../accounts/personal-data.ts';
import type { Preferences } from '../accounts/preferences.ts';
import type { SettingsPlace } from '../core/settings.ts';
import type { KnownAccount, Powers } from '../gateway/commands/powers.ts';
import type { DecoderOptions } from '../gateway/decode/scope.ts';
import { createDeliveries } from './deliveries.ts';
import type { Shared } from './domain.ts';

type Parts = Pick<Shared, 'accountStore' | 'order' | 'reload'>;

export function createPowers(
  shared: Shared,
  { domain, addresses }: Pick<DecoderOptions, 'domain' | 'addresses'>,
  settings: Preferences,
): Powers {
  const { accountStore, order, reload, archiving: archive } = shared;
  return {
    settings,
    deliveries: createDeliveries({ ...shared, domain }),
    personalData: createPersonalData({ ...shared, domain, addresses, archive }),
    async accounts(owner) {
      const rows = await (owner === undefined ? accountStore.all(domain) : accountStore.owned(domain, owner));
      return rows.map(
        ({ id, owner: whose, on }): KnownAccount => ({ id, owner: whose, ...(on !== undefined && { on }) }),
      );
    },
    async rooms(account) {
      return (await accountStore.memberships(account)).map(({ chat }) => chat);
    },
    ...(reload !== undefined && { reload: () => reload(true) }),
    disconnect: (account, reason) => order(account, { is: 'disconnect', reason }),
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
