/** While an operator works at the gateway nobody comes into a room or adds an account; who is in stays, and what they say is delivered. As this process knows it. */
import type { Log } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { MaintenanceStore } from '../storage/operating-ports.ts';

export interface Maintenance {
  /** The operator's words, '' where they had none; undefined: there is none. */
  readonly now: string | undefined;
  /** It may be another. */
  read(): Promise<void>;
  set(words: string | undefined): Promise<void>;
}

/** Nothing is read before `read`. @param log gets a line when it begins and ends, and at a start while it lasts @param tellOthers that it has changed */
export function createMaintenance(
  store: MaintenanceStore,
  log: Pick<Log, 'info' | 'warn'>,
  tellOthers?: () => Promise<void> | undefined,
): Maintenance {
  let now: string | undefined;
  async function read(): Promise<void> {
    const before = now;
    now = await store.get();
    if (before === undefined && now !== undefined)
      log.warn(
        {},
        'maintenance is on: nobody but operators comes in until one of them ends it (the command `maintenance`)',
      );
    else if (before !== undefined && now === undefined) log.info({}, 'maintenance is over');
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
