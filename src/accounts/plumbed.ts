/**
 * An account whose rooms are joined with MUCs (src/design/plumbing.md): what is for the plumbings' clients of its rooms goes to them instead of going out, what
 * the MUCs say to their occupants comes to them first. Around every account, for one may become plumbed at any time.
 */

import type { Addresses } from '../bridge/contract.ts';
import type { AccountId } from '../core/ids.ts';
import { withFunctions } from '../core/sharing-functions.ts';
import type { Face } from '../gateway/face.ts';
import type { Plumbing } from '../plumbing/plumbing.ts';
import type { PlumbingRow, PlumbingStore } from '../storage/plumbing-ports.ts';
import type { AccountRow } from '../storage/ports.ts';
import type { Xml } from '../xml/writer.ts';
import type { Account } from './account-port.ts';
import { createPlumbings, type Plumbings } from './plumbings.ts';
import type { AccountWorld } from './world.ts';

/** What plumbings need of the rest of the gateway. */
export interface PlumbedParts {
  readonly addresses: Pick<Addresses, 'format' | 'title'>;
  readonly store: Pick<PlumbingStore, 'marks' | 'names' | 'move' | 'trouble'>;
  /** The MUC's. */
  passwordOf(row: PlumbingRow): string | undefined;
  /** Those of that account, as they are now. */
  of(account: AccountId): readonly PlumbingRow[];
  /** An owner of the MUC has agreed. @param at epoch milliseconds */
  granted(row: PlumbingRow, at: number): Promise<void>;
  /** It is over. */
  over(row: PlumbingRow): Promise<void>;
  /** Those that run, by their ids: told as they come and go. */
  readonly running: Map<string, Pick<Plumbing, 'state'>>;
  /** As `FaceContext.occupantId`. */
  mac(place: string, text: string): string;
  newId(): string;
  /** The room's past is kept. */
  readonly isArchived: boolean;
  /** What presence says of the picture that the network calls so; of none where it is absent. */
  photo(on: string | undefined, avatar: string | undefined): Xml;
}

export interface Plumbed {
  /** What the account gets instead of the world's own. */
  readonly ways: Pick<AccountWorld, 'send' | 'pings'>;
  /** It has plumbings: it stays. */
  isOn(): boolean;
  /** The account with its plumbings. Called once. */
  around(account: Account): Account;
}

/** What an account knows of its plumbings; there are none before it has one. */
interface Held {
  readonly inner: Account;
  /** Makes them, where there are any to make. */
  readonly change: () => Promise<void>;
  readonly plumbings: () => Plumbings | undefined;
  begun: boolean;
}

/** The account itself, and around it what its plumbings need: one table, for most accounts have none. */
const functions: Omit<Account, 'row'> & ThisType<Held> = {
  async load(isOut) {
    await this.inner.load(isOut);
    await this.change();
  },
  begin() {
    this.begun = true;
    this.inner.begin();
    this.plumbings()?.begin();
  },
  askAround() {
    this.inner.askAround();
  },
  offer(entry) {
    this.inner.offer(entry);
  },
  poke(chat) {
    this.inner.poke(chat);
  },
  mail(mail) {
    if (mail.is !== 'stanza' || this.plumbings()?.heard(mail.stanza) !== true) this.inner.mail(mail);
  },
  async obey(order) {
    if (order.is === 'replumb') await this.change();
    await this.inner.obey(order);
  },
  get live() {
    return this.inner.live;
  },
  get session() {
    return this.inner.session;
  },
  get state() {
    return this.inner.state;
  },
  get lanes() {
    return this.inner.lanes;
  },
  async stop(how, reason) {
    // Whoever runs it now has begun already, and waits for nothing that we have yet to write.
    if (how === 'lost') await this.inner.stop(how, reason);
    await this.plumbings()?.close(how, reason);
    if (how !== 'lost') await this.inner.stop(how, reason);
  },
};

/** Of one account. */
export function createPlumbed(row: AccountRow, face: Face, world: AccountWorld, parts: PlumbedParts): Plumbed {
  let plumbings: Plumbings | undefined;
  const isGuest = (client: string): boolean => plumbings?.isGuest(client) === true;
  return {
    ways: {
      send: (stanzas) => (plumbings ?? world).send(stanzas),
      pings: {
        isOnline: (client, from) => (isGuest(client) ? Promise.resolve(true) : world.pings.isOnline(client, from)),
        isGone: (client, from) => (isGuest(client) ? Promise.resolve(false) : world.pings.isGone(client, from)),
      },
    },
    isOn: () => parts.of(row.id).length > 0,
    around(inner) {
      const held: Held = {
        inner,
        async change() {
          if (parts.of(row.id).length > 0) {
            plumbings ??= createPlumbings(row, face, world, parts, inner, () => held.begun);
          }
          await plumbings?.change();
        },
        plumbings: () => plumbings,
        begun: false,
      };
      return withFunctions(functions, Object.assign(held, { row }));
    },
  };
}
