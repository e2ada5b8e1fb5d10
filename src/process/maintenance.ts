/** While an operator works at the gateway nobody comes into a room or adds an account; who is in stays, and what they say is delivered. As this process knows it. */
import { GatewayError } from '../core/errors.ts';
import type { MaintenanceStore } from '../storage/operating-ports.ts';

export interface Maintenance {
  /** The operator's words, '' where they had none; undefined: there is none. */
  readonly now: string | undefined;
  /** It may be another. */
  read(): Promise<void>;
  set(words: string | undefined): Promise<void>;
}

/** Nothing is read before `read`. @param tellOthers that it has changed */
export function createMaintenance(store: MaintenanceStore, tellOthers?: () => Promise<void> | undefined): Maintenance {
  let now: string | undefined;
  async function read(): Promise<void> {
    now = await store.get();
  }
  return {
    get now() {
      return now;
    },
    read,
    async set(words) {
      await store.set(words);
      await read();
      await tellOthers?.();
    },
  };
}

/** Operators come in all the same: they have to see that it works; and a MUC that is joined with a room is nobody new. Throws `maintenance`. @param owner bare JID */
export function mustBeOpen(
  { now }: Pick<Maintenance, 'now'>,
  { admins }: { readonly admins: readonly string[] },
  owner: string,
  mucs: ReadonlySet<string> = new Set(),
): void {
  if (now === undefined || admins.includes(owner) || mucs.has(owner)) return;
  const text =
    now === ''
      ? 'The gateway is being worked at: nobody new comes in for now; try again later'
      : `The gateway is being worked at: nobody new comes in for now; try again later. ${now}`;
  throw new GatewayError('maintenance', { text });
}
