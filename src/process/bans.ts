/** Who may not use the gateway, as this process knows it: stanzas are judged without a question to the database. */
import type { BanStore } from '../storage/operating-ports.ts';

export interface Bans {
  /** Bare JIDs and domains. */
  readonly now: ReadonlySet<string>;
  /** They may be others. */
  read(): Promise<void>;
  change(add: readonly string[], remove: readonly string[]): Promise<void>;
}

/** Nothing is read before `read`. */
export function createBans(store: BanStore): Bans {
  let now: ReadonlySet<string> = new Set();
  async function read(): Promise<void> {
    now = new Set(await store.all());
  }
  return {
    get now() {
      return now;
    },
    read,
    async change(add, remove) {
      await store.add(add);
      await store.remove(remove);
      await read();
    },
  };
}

/** Is that bare JID one of them, or of a domain that is? */
export const isBanned = (bans: ReadonlySet<string>, bare: string): boolean =>
  bans.has(bare) || bans.has(bare.slice(bare.indexOf('@') + 1));
