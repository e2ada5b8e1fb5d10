/** What one domain's decoder is made from, and what all its parts ask: who may, what an address is, whose account it concerns. */

import type { NetworkCommand } from '../../bridge/commands.ts';
import type { Address, Addresses, Certificates, Network } from '../../bridge/contract.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ChatId, PersonId } from '../../core/ids.ts';
import type { SettingsForms } from '../../core/settings.ts';
import { type Jid, parseJid } from '../../xmpp/jid.ts';
import { remembering } from '../../xmpp/remembering.ts';
import type { Contacts } from '../../xmpp/xep/0157-contact-addresses.ts';
import { type Catalogue, createCatalogue } from '../commands/catalogue.ts';
import type { AccountKey } from '../face.ts';
import { isShared } from '../labels.ts';
import { type Share, type Shares, shareName } from '../shares.ts';
import type { Translate } from '../translation.ts';
import { accountKey } from './account-key.ts';

export interface DecoderOptions {
  readonly domain: string;
  readonly addresses: Addresses;
  /** Bare JIDs or exact domains that may use the domain, beside operators; '*': anybody; empty: nobody else. */
  readonly allow: readonly string[];
  /** Bare JIDs and exact domains that may not, whatever is allowed; operators may all the same. May be another set than it was. */
  readonly banned?: ReadonlySet<string> | undefined;
  /** Accounts that serve several people. May be others than they were. Absent: there are none. */
  readonly shares?: Shares | undefined;
  /** Does the server of that user (a bare JID) tell us the presence of all of its users (XEP-0356 §7)? Absent: no server does. */
  overhears?(owner: string): boolean;
  /** The MUCs that rooms of the network are joined with: bare JIDs. May be others than they were. Absent: none is. */
  readonly plumbed?: ReadonlySet<string> | undefined;
  /** Bare JIDs. */
  readonly admins: readonly string[];
  /** As in `Bridge.about`. */
  readonly about: { readonly type: string; readonly name: string };
  /** Of Isthmus (XEP-0092). */
  readonly version: string;
  readonly registration: 'none' | 'required';
  /** As in `Network`. */
  readonly settings?: SettingsForms | undefined;
  readonly commands?: readonly NetworkCommand[] | undefined;
  readonly knowsPeople?: boolean | undefined;
  readonly keepsContacts?: boolean | undefined;
  readonly findsPeople?: boolean | undefined;
  readonly certificates?: Certificates | undefined;
  readonly registersAccounts?: Network['registersAccounts'] | undefined;
  /** People can add accounts of theirs. */
  readonly takesLogins?: boolean | undefined;
  readonly takesProfiles?: boolean | undefined;
  /** Its rooms can be listed. */
  readonly browsable?: boolean;
  /** Its rooms stand in groups. */
  readonly groupsRooms?: boolean | undefined;
  readonly servers?: Network['servers'] | undefined;
  /** What the bridge says, in other languages. */
  readonly translate?: Translate | undefined;
  /** The configuration can be read again by command. `allow` and `admins` may then be others than they were. */
  readonly reloads?: boolean | undefined;
  /** Is the past of rooms kept? Absent: it is. */
  readonly archive?: boolean;
  /** How long messages are kept at most. */
  readonly retentionHours?: number | 'infinite' | 'unknown';
  /** All that goes to the network is encrypted on its way. */
  readonly encrypts?: boolean | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  now(): number;
  /** The same, and never twice the same: which of a join and a leave came first. Absent: as `now`. */
  moment?(): number;
  /** Whom to turn to (XEP-0157); the admins where it is absent. */
  readonly serverInfo?: Contacts;
}

/** What an address on our domain stands for. */
export type Target =
  | { readonly is: 'gateway'; readonly on?: undefined }
  | ({ readonly is: 'server' } & Place)
  | ({ readonly is: 'room'; readonly chat: ChatId } & Place)
  | ({ readonly is: 'contact'; readonly person: PersonId } & Place);

interface Place {
  readonly on?: string;
  readonly address: Address;
  /** Why it may not be used here, if so. */
  readonly barred: GatewayError | undefined;
}

export interface Scope {
  readonly options: DecoderOptions;
  /** May whoever writes use this domain? */
  allows(jid: Jid): boolean;
  /** Is it one of the operators? */
  isAdmin(jid: Jid): boolean;
  readonly catalogue: Catalogue;
  /** Why not, for people. */
  denial(jid: Jid): GatewayError;
  /** undefined: no address of this network (CHECKLIST JID-15). */
  target(jid: Jid): Target | undefined;
  /** The shared account at such an address, if there is one. */
  share(on: string | undefined): Share | undefined;
  /** The account that a stanza from `jid` concerns; of a shared one whoever is not admitted was refused before. */
  key(jid: Jid, on: string | undefined): AccountKey;
}

function targetOf(address: Address, barred: GatewayError | undefined): Target {
  const { on } = address;
  const place: Place = on === undefined ? { address, barred } : { on, address, barred };
  switch (address.is) {
    case 'service':
      return on === undefined ? { is: 'gateway' } : { is: 'server', ...place };
    case 'room':
      return { is: 'room', chat: address.id, ...place };
    case 'person':
      return { is: 'contact', person: address.id, ...place };
    default:
      return address satisfies never;
  }
}

/** Made anew when the list is another one. */
function createAllowed(options: Pick<DecoderOptions, 'allow'>): () => ReadonlySet<string> {
  const made = new WeakMap<readonly string[], ReadonlySet<string>>();
  return () => {
    const { allow } = options;
    const known = made.get(allow);
    if (known !== undefined) return known;
    const set = new Set(allow.map((entry) => parseJid(entry)?.bare ?? entry));
    made.set(allow, set);
    return set;
  };
}

/** May whoever it is use the domain? As what it is made from says when it is asked. */
export function createAllows(
  options: Pick<DecoderOptions, 'allow' | 'banned' | 'plumbed' | 'admins'>,
): (jid: Jid) => boolean {
  const allowed = createAllowed(options);
  const isBanned = (jid: Jid): boolean =>
    options.banned?.has(jid.bare) === true || options.banned?.has(jid.domain) === true;
  return (jid) => {
    const all = allowed();
    if (options.plumbed?.has(jid.bare) === true) return true;
    const isAllowed = all.has('*') || all.has(jid.bare) || all.has(jid.domain);
    return (isAllowed && !isBanned(jid)) || options.admins.includes(jid.bare);
  };
}

/** May any user of a host use the domain? As what it is made from says when it is asked. */
export function createAllowsHost(
  options: Pick<DecoderOptions, 'allow' | 'banned' | 'admins'>,
): (host: string) => boolean {
  const allowed = createAllowed(options);
  return (host) => {
    const all = allowed();
    const isThere = (one: string): boolean => one.endsWith(`@${host}`);
    if (options.admins.some(isThere)) return true;
    if (options.banned?.has(host) === true) return false;
    return all.has('*') || all.has(host) || [...all].some(isThere);
  };
}

export function createScope(options: DecoderOptions): Scope {
  const { domain, addresses } = options;
  const targetAt = remembering(
    (local): Target | undefined => {
      const address = addresses.parse(local);
      return address === undefined ? undefined : targetOf(address, addresses.refuse?.(address));
    },
    4096,
    256,
  );
  /** The account that each JID wrote to last; `parseJid` shares its values. */
  const keys = new WeakMap<Jid, AccountKey>();
  const share = (on: string | undefined): Share | undefined => options.shares?.get(shareName(domain, on));
  return {
    options,
    allows: createAllows(options),
    isAdmin: (jid) => options.admins.includes(jid.bare),
    catalogue: createCatalogue(options),
    denial: (jid) =>
      new GatewayError('not-permitted', {
        text: `${jid.bare} may not use ${domain}. Its operator can allow this under "allow" in the configuration.`,
      }),
    target: (jid) => (jid.local === '' ? { is: 'gateway' } : targetAt(jid.local)),
    share,
    key(jid, on) {
      if (isShared(on)) return accountKey(domain, share(on)?.owner ?? jid.bare, on);
      const known = keys.get(jid);
      if (known !== undefined && known.on === on) return known;
      const key = accountKey(domain, jid.bare, on);
      keys.set(jid, key);
      return key;
    },
  };
}
