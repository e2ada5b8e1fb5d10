/** Whom users have blocked, over all their accounts on a domain: kept in the database, and told to the account that it concerns wherever that runs. */
import { accountsOf, type PersonalDataParts } from '../accounts/personal-data.ts';
import { GatewayError } from '../core/errors.ts';
import type { Blocked, Powers } from '../gateway/commands/powers.ts';
import { accountKey, parseAccountId } from '../gateway/decode/account-key.ts';

/** More than anybody wants; each may cost the network a line when we connect. */
const mostBlocked = 1_000;

export function createBlocking(
  parts: Pick<PersonalDataParts, 'domain' | 'accountStore' | 'outboxStore' | 'order'>,
): Powers['blocking'] {
  const { domain, accountStore, order } = parts;
  return {
    async of(owner) {
      const found: Blocked[] = [];
      for (const id of await accountsOf({ domain, owner }, parts)) {
        const on = parseAccountId(id)?.on;
        for (const person of [...(await accountStore.blocked(id))].sort())
          found.push({ person, ...(on !== undefined && { on }) });
      }
      return found;
    },
    async change(owner, { on, person }, blocked) {
      const { id } = accountKey(domain, owner, on);
      if (!blocked) await accountStore.removeBlocked(id, person);
      else {
        if ((await accountStore.blocked(id)).length >= mostBlocked)
          throw new GatewayError('queue-full', { text: `At most ${mostBlocked} people on one server` });
        await accountStore.putBlocked(id, person);
      }
      await order(id, { is: 'block', person, blocked });
    },
  };
}
