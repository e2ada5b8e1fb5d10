/** The credentials of registered logins: sealed for their account, opened when it connects, so that what was changed meanwhile counts at once. */
import type { Network, Schema } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { AccountId } from '../core/ids.ts';
import { readOn } from '../gateway/labels.ts';
import type { LoginRow, LoginStore } from '../storage/login-ports.ts';
import type { AccountRow } from '../storage/ports.ts';
import type { Vault } from './vault.ts';

/** What lies sealed with a login. */
export interface Kept {
  readonly credentials?: unknown;
  /** The names of the settings that were set with it, to be removed with it. */
  readonly settings: readonly string[];
}

export interface Credentials {
  /** What that account connects with; undefined: nothing is needed. Rejects where its owner is banned, has to register first, has logged out, or may not use the gateway. */
  of(account: Pick<AccountRow, 'id' | 'on' | 'owner'>): Promise<unknown>;
  /** Is one registered for that account, whatever may be done with it now? */
  has(account: AccountId): Promise<boolean>;
  seal(account: AccountId, kept: Kept): string;
  /** Rejects where it was sealed with a key that is gone. */
  open(row: Pick<LoginRow, 'id' | 'credentials'>): Kept;
}

export interface CredentialsParts {
  readonly network: Pick<Network, 'registration'>;
  readonly schema: Schema<unknown>;
  readonly store: Pick<LoginStore, 'get'>;
  readonly vault: Vault;
  /** Throws the GatewayError due where that owner (a bare JID) is banned: of accounts that nobody registers, too. */
  mustBeWelcome(owner: string): void;
  /** May that person (a bare JID) use the gateway, now? */
  mayUse(owner: string): boolean;
}

const refused = (text: string): GatewayError => new GatewayError('not-registered', { text });

export function createCredentials(parts: CredentialsParts): Credentials {
  const { network, schema, store, vault, mustBeWelcome, mayUse } = parts;

  function open({ id, credentials }: Pick<LoginRow, 'id' | 'credentials'>): Kept {
    const text = vault.open(credentials, id);
    if (text === undefined) throw refused('Your login can not be read any more; register it once more');
    return JSON.parse(text) as Kept;
  }

  return {
    has: async (account) => (await store.get(account)) !== undefined,
    seal: (account, kept) => vault.seal(JSON.stringify(kept), account),
    open,
    async of({ id, on, owner }) {
      mustBeWelcome(owner);
      const row = await store.get(id);
      if (row === undefined && (network.registration !== 'none' || readOn(on).label !== undefined))
        throw refused('You have no such account here; write register to the gateway to add it');
      if (row?.isOut === true) throw refused('You have logged out; write login to the gateway to come back');
      if (!mayUse(owner)) throw refused('This account may not be used at present');
      if (row === undefined) return undefined;
      const { credentials } = open(row);
      return credentials === undefined ? undefined : schema.parse(credentials);
    },
  };
}
