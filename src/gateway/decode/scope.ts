/** What one domain's decoder is made from, and what all its parts ask: who may, what an address is, whose account it concerns. */
import type { Address, Addresses } from '../../bridge/contract.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ChatId, PersonId } from '../../core/ids.ts';
import { type Jid, parseJid } from '../../xmpp/jid.ts';
import type { Contacts } from '../../xmpp/xep/0157-contact-addresses.ts';
import type { AccountKey } from '../face.ts';
import { accountKey } from './account-key.ts';

export interface DecoderOptions {
  readonly domain: string;
  readonly addresses: Addresses;
  /** Bare JIDs or exact domains that may use the domain; '*': anybody; empty: nobody. */
  readonly allow: readonly string[];
  /** Bare JIDs. */
  readonly admins: readonly string[];
  /** As in `Bridge.about`. */
  readonly about: { readonly type: string; readonly name: string };
  /** Of Isthmus (XEP-0092). */
  readonly version: string;
  readonly registration: 'none' | 'required';
  /** Epoch milliseconds. */
  readonly startedAt: number;
  now(): number;
  /** Whom to turn to (XEP-0157); the admins where it is absent. */
  readonly serverInfo?: Contacts;
}

/** What an address on our domain stands for. */
export type Target =
  | { readonly is: 'gateway' }
  | { readonly is: 'server'; readonly on?: string; readonly address: Address }
  | { readonly is: 'room'; readonly chat: ChatId; readonly on?: string; readonly address: Address }
  | { readonly is: 'contact'; readonly person: PersonId; readonly on?: string; readonly address: Address };

export interface Scope {
  readonly options: DecoderOptions;
  /** May whoever writes use this domain? */
  allows(jid: Jid): boolean;
  /** Why not, for people. */
  denial(jid: Jid): GatewayError;
  /** undefined: no address of this network (CHECKLIST JID-15). */
  target(jid: Jid): Target | undefined;
  /** The account that a stanza from `jid` concerns. */
  key(jid: Jid, on: string | undefined): AccountKey;
}

const onOf = ({ on }: Address): { readonly on?: string } => (on === undefined ? {} : { on });

function targetOf(address: Address): Target {
  switch (address.is) {
    case 'service':
      return address.on === undefined ? { is: 'gateway' } : { is: 'server', ...onOf(address), address };
    case 'room':
      return { is: 'room', chat: address.id, ...onOf(address), address };
    case 'person':
      return { is: 'contact', person: address.id, ...onOf(address), address };
    default:
      return address satisfies never;
  }
}

export function createScope(options: DecoderOptions): Scope {
  const { domain, addresses } = options;
  const allowed = new Set(options.allow.map((entry) => parseJid(entry)?.bare ?? entry));
  return {
    options,
    allows: (jid) => allowed.has('*') || allowed.has(jid.bare) || allowed.has(jid.domain),
    denial: (jid) =>
      new GatewayError('not-permitted', {
        text: `${jid.bare} may not use ${domain}. Its operator can allow this under "allow" in the configuration.`,
      }),
    target(jid) {
      if (jid.local === '') return { is: 'gateway' };
      const address = addresses.parse(jid.local);
      return address === undefined ? undefined : targetOf(address);
    },
    key: (jid, on) => accountKey(domain, jid.bare, on),
  };
}
