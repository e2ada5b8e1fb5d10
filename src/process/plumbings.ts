/** Rooms of networks that are joined with MUCs (src/design/plumbing.md), as this process knows them; made, granted and ended here. */
import type { AccountId } from '../core/ids.ts';
import type { PlumbingRow, PlumbingStore } from '../storage/plumbing-ports.ts';

export interface Plumbings {
  readonly all: readonly PlumbingRow[];
  of(account: AccountId): readonly PlumbingRow[];
  /** The MUCs that a domain has occupants in: bare JIDs. */
  mucs(domain: string): ReadonlySet<string>;
  /** They may be others. */
  read(): Promise<void>;
  put(row: PlumbingRow): Promise<void>;
  remove(id: string): Promise<void>;
  /** Those that somebody made stay, and nobody knows who did. @param by a bare JID */
  forget(domain: string, by: string): Promise<void>;
}

const none: ReadonlySet<string> = new Set();

/** Nothing is read before `read`. @param tellOthers that they have changed */
export function createPlumbings(
  store: Pick<PlumbingStore, 'all' | 'put' | 'remove' | 'forget'>,
  tellOthers?: () => Promise<void> | undefined,
): Plumbings {
  let all: readonly PlumbingRow[] = [];
  let mucs: ReadonlyMap<string, ReadonlySet<string>> = new Map();

  async function read(): Promise<void> {
    all = await store.all();
    const found = new Map<string, Set<string>>();
    for (const { domain, muc } of all) found.set(domain, (found.get(domain) ?? new Set()).add(muc));
    mucs = found;
  }

  async function changed(): Promise<void> {
    await read();
    await tellOthers?.();
  }

  return {
    get all() {
      return all;
    },
    of: (account) => all.filter((row) => row.account === account),
    mucs: (domain) => mucs.get(domain) ?? none,
    read,
    async put(row) {
      await store.put(row);
      await changed();
    },
    async remove(id) {
      await store.remove(id);
      await changed();
    },
    async forget(domain, by) {
      if ((await store.forget(domain, by)) > 0) await changed();
    },
  };
}
