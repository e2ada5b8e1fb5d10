/** The ids of accounts: who owns it, on which server of the network, on which domain of ours. '/' stands in none of the three, so an id can be read back. */
import { type AccountId, accountId } from '../../core/ids.ts';
import type { AccountKey } from '../face.ts';

/** @param owner a bare JID @param on the network's server, where it has many */
export function accountKey(domain: string, owner: string, on?: string): AccountKey {
  const id = accountId(`${owner}/${on === undefined ? '' : encodeURIComponent(on)}/${domain}`);
  return on === undefined ? { id, owner } : { id, owner, on };
}

/** What `accountKey` made the id of; undefined where it did not. */
export function parseAccountId(
  id: AccountId,
): { readonly domain: string; readonly owner: string; readonly on?: string } | undefined {
  const [owner, on, domain, ...more] = id.split('/');
  if (!owner || on === undefined || !domain || more.length > 0) return undefined;
  try {
    return on === '' ? { domain, owner } : { domain, owner, on: decodeURIComponent(on) };
  } catch {
    return undefined;
  }
}
