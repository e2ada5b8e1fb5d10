/** What somebody's client shows to the gateway itself is for all accounts of theirs: the first hears it as it comes, those with labels are given it by order, wherever they run. */
import type { Log } from '../bridge/contract.ts';
import { isShared, readOn } from '../gateway/labels.ts';
import { stanzaText } from '../gateway/stanza-text.ts';
import type { AccountStore } from '../storage/ports.ts';
import type { Stanza } from '../xmpp/stanza.ts';
import type { GiveOrder } from './orders.ts';

export interface ShownToAllParts {
  readonly domain: string;
  readonly accountStore: Pick<AccountStore, 'owned'>;
  readonly order: GiveOrder;
  readonly log: Log;
}

const isShown = ({ kind, type, from, to }: Stanza): boolean =>
  kind === 'presence' && to.local === '' && from.resource !== '' && (type === undefined || type === 'unavailable');

/** Looks at every stanza; never throws. What one client shows reaches an account in its order. */
export function createShownToAll({ domain, accountStore, order, log }: ShownToAllParts): (stanza: Stanza) => void {
  const tails = new Map<string, Promise<void>>();

  async function tell(owner: string, stanza: string): Promise<void> {
    const further = (await accountStore.owned(domain, owner)).filter(({ on }) => readOn(on).label !== undefined);
    for (const { id, on } of further) if (!isShared(on)) await order(id, { is: 'shown', stanza });
  }

  return (stanza) => {
    if (!isShown(stanza)) return;
    const owner = stanza.from.bare;
    const text = stanzaText(stanza);
    const told = (tails.get(owner) ?? Promise.resolve())
      .then(() => tell(owner, text))
      .catch((error: unknown) => log.warn({ error }, 'what somebody shows could not be told to all accounts of theirs'))
      .finally(() => {
        if (tails.get(owner) === told) tails.delete(owner);
      });
    tails.set(owner, told);
  };
}
