/** From biboumi's contact lists to ours: which users have which servers in theirs. Run again, nothing changes. */
import type { Network } from '../bridge/contract.ts';
import { theServer } from '../core/ids.ts';
import { accountKey } from '../gateway/decode/account-key.ts';
import type { AccountStore } from '../storage/ports.ts';
import type { Biboumi } from '../storage/sql/biboumi.ts';
import { parseJid } from '../xmpp/jid.ts';

/** @param out told how many there are */
export async function importRoster(
  from: Biboumi,
  store: Pick<AccountStore, 'putContact'>,
  { domain, addresses }: { readonly domain: string } & Pick<Network, 'addresses'>,
  out: (text: string) => void,
): Promise<void> {
  let count = 0;
  for (const { local, remote } of await from.rows('roster')) {
    const owner = parseJid(String(remote ?? ''));
    const localpart = parseJid(String(local ?? ''))?.local;
    const address = localpart ? addresses.parse(localpart) : undefined;
    // The gateway itself needs no keeping: it is always there.
    if (owner === undefined || owner.local === '' || address?.is !== 'service') continue;
    await store.putContact(accountKey(domain, owner.bare, address.on).id, theServer);
    count++;
  }
  out(`contacts: ${count} servers in contact lists`);
}
