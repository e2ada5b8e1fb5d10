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
  /** What that account connects with; undefined: nothing is needed. Rejects where its owner has to register first, or has logged out. */
  of(account: Pick<AccountRow, 'id' | 'on'>): Promise<unknown>;
  seal(account: AccountId, kept: Kept): string;
  /** Rejects where it was sealed with a key that is gone. */
  open(row: Pick<LoginRow, 'id' | 'credentials'>): Kept;
}

export interface CredentialsParts {
  readonly network: Pick<Network, 'registration'>;
  readonly schema: Schema<unknown>;
  readonly store: Pick<LoginStore, 'get'>;
  readonly vault: Vault;
}

const refused = (text: string): GatewayError => new GatewayError('not-registered', { text });

export function createCredentials({ network, schema, store, vault }: CredentialsParts): Credentials {
  function open({ id, credentials }: Pick<LoginRow, 'id' | 'credentials'>): Kept {
    const text = vault.open(credentials, id);
    if (text === undefined) throw refused('Your login can not be read any more; register it once more');
    return JSON.parse(text) as Kept;
  }

  return {
    seal: (account, kept) => vault.seal(JSON.stringify(kept), account),
    open,
    async of({ id, on }) {
      const row = await store.get(id);
      if (row === undefined) {
        if (network.registration === 'none' && readOn(on).label === undefined) return undefined;
        throw refused('You have no such account here; write register to the gateway to add it');
      }
      if (row.isOut) throw refused('You have logged out; write login to the gateway to come back');
      const { credentials } = open(row);
      return credentials === undefined ? undefined : schema.parse(credentials);
    },
  };
}
