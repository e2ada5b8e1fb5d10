/** The accounts that serve several people, as this process knows them. */
import type { AccountKey } from '../gateway/face.ts';
import { isShared } from '../gateway/labels.ts';
import { admits, type Share, type Shares, shareName } from '../gateway/shares.ts';
import type { LoginStore } from '../storage/login-ports.ts';
import { parseJid } from '../xmpp/jid.ts';
import { type Bans, isBanned } from './bans.ts';
import type { Plumbings } from './plumbings.ts';

export interface SharedAccounts {
  readonly now: Shares;
  /** They may be others. */
  read(): Promise<void>;
  /** They are others now: whoever else has to know is told. */
  changed(): Promise<void>;
}

/** Nothing is read before `read`. @param tellOthers that they have changed */
export function createShares(
  store: Pick<LoginStore, 'shared'>,
  tellOthers?: () => Promise<void> | undefined,
): SharedAccounts {
  let now: Shares = new Map();
  async function read(): Promise<void> {
    const rows = await store.shared();
    now = new Map(
      rows.map(({ id, domain, on, owner, admits }): [string, Share] => [
        shareName(domain, on),
        { id, owner, admits: new Set(admits) },
      ]),
    );
  }
  return {
    get now() {
      return now;
    },
    read,
    async changed() {
      await read();
      await tellOthers?.();
    },
  };
}

interface Served {
  readonly shares: Pick<SharedAccounts, 'now'>;
  readonly bans: Pick<Bans, 'now'>;
  readonly plumbings: Pick<Plumbings, 'mucs'>;
}

/** Is that client its owner's, a MUC's that its rooms are joined with or, of a shared account, one of those whom it admits and who may use the gateway? */
export function isServed(
  { on, owner }: Pick<AccountKey, 'on' | 'owner'>,
  client: string,
  domain: string,
  { shares, bans, plumbings }: Served,
): boolean {
  if (!isShared(on)) return true;
  const jid = parseJid(client);
  if (jid === undefined || jid.bare === owner) return jid !== undefined;
  if (plumbings.mucs(domain).has(jid.bare)) return true;
  const share = shares.now.get(shareName(domain, on));
  return share !== undefined && admits(share, jid) && !isBanned(bans.now, jid.bare);
}
