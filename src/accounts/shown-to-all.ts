/** What somebody's client shows to the gateway itself is for all accounts of theirs: the first hears it as it comes, those with labels are given it by order, wherever they run. */
import type { Log } from '../bridge/contract.ts';
import { isShared, readOn } from '../gateway/labels.ts';
import { stanzaText } from '../gateway/stanza-text.ts';
import type { AccountStore } from '../storage/ports.ts';
import type { Jid } from '../xmpp/jid.ts';
import type { Stanza } from '../xmpp/stanza.ts';
import type { GiveOrder } from './orders.ts';

export interface ShownToAllParts {
  readonly domain: string;
  readonly accountStore: Pick<AccountStore, 'owned'>;
  readonly order: GiveOrder;
  /** Whoever may not use the domain is not looked up. */
  allows(jid: Jid): boolean;
  readonly log: Log;
}

const isShown = ({ kind, type, from, to }: Stanza): boolean =>
  kind === 'presence' && to.local === '' && from.resource !== '' && (type === undefined || type === 'unavailable');

/** Of one user: more than clients show in a moment, and while the database is away the newest are what counts. */
const waitingAtMost = 50;

/** Looks at every stanza; never throws. What one client shows reaches an account in its order. */
export function createShownToAll(parts: ShownToAllParts): (stanza: Stanza) => void {
  const { domain, accountStore, order, allows, log } = parts;
  const waiting = new Map<string, string[]>();

  async function tell(owner: string, stanza: string): Promise<void> {
    const further = (await accountStore.owned(domain, owner)).filter(({ on }) => readOn(on).label !== undefined);
    for (const { id, on } of further) if (!isShared(on)) await order(id, { is: 'shown', stanza });
  }

  async function tellAll(owner: string, shown: string[]): Promise<void> {
    for (let next = shown.shift(); next !== undefined; next = shown.shift()) {
      try {
        await tell(owner, next);
      } catch (error) {
        log.warn({ error }, 'what somebody shows could not be told to all accounts of theirs');
      }
    }
    waiting.delete(owner);
  }

  return (stanza) => {
    if (!isShown(stanza) || !allows(stanza.from)) return;
    const owner = stanza.from.bare;
    const text = stanzaText(stanza);
    const known = waiting.get(owner);
    if (known === undefined) {
      const shown = [text];
      waiting.set(owner, shown);
      void tellAll(owner, shown);
      return;
    }
    known.push(text);
    if (known.length > waitingAtMost) known.shift();
  };
}
