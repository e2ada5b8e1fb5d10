/**
 * Several accounts of one person on one network (src/design/several-accounts.md): the first has the network's own addresses, each further one a label behind
 * them, `#room=~work@…`. Inside the gateway the label is part of `on`, so that all that is kept by server is kept by account; bridges never see it.
 */
import type { Address, Addresses, Network } from '../bridge/contract.ts';

/** Never what a bridge's own localpart ends in without being marked: see `format`. */
const mark = '=~';
const marked = /^(.*)=~(\+?[a-z0-9-]*)$/s;
/** Stands before the label of an account that serves several people: nobody's own label begins so. */
const sharedMark = '+';
const longest = 20;

export interface OnAs {
  /** The network's. */
  readonly server?: string;
  /** Of one's further accounts there. */
  readonly label?: string;
}

/** The parts of an account's `on`. */
export function readOn(on: string | undefined): OnAs {
  const [, server = '', label = ''] = marked.exec(on ?? '') ?? [undefined, on];
  return { ...(server !== '' && { server }), ...(label !== '' && { label }) };
}

/** What `readOn` reads. */
export const writeOn = ({ server, label }: OnAs): string | undefined =>
  label === undefined ? server : `${server ?? ''}${mark}${label}`;

/** Where an account is, for people: its server, or else our domain, and which of several it is. */
export function placeName(on: string | undefined, domain: string): string {
  const { server = domain, label } = readOn(on);
  return label === undefined ? server : `${server} (${label})`;
}

/** A label made of what an account is called, another one than those. */
export function labelOf(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longest)
    .replace(/^-|-$/g, '');
  const begin = plain === '' ? 'account' : plain;
  let label = begin;
  for (let number = 2; taken.has(label); number++) label = `${begin}-${number}`;
  return label;
}

/** Is it, as part of an address or an account, one that serves several people? */
export const isShared = (on: string | undefined): boolean =>
  // Asked for every stanza, of which hardly any has a label.
  on?.includes(mark + sharedMark) === true && readOn(on).label?.startsWith(sharedMark) === true;

/** The label of a shared account, another one than those. */
export const sharedLabelOf = (name: string, taken: ReadonlySet<string>): string =>
  sharedMark + labelOf(name, new Set([...taken].map((label) => label.replace(sharedMark, ''))));

/** What such an account is called where its addresses say so. */
export const sharedName = (on: string | undefined): string => (readOn(on).label ?? '').replace(sharedMark, '');

function without<T extends { readonly on?: string }>(thing: T): T {
  const { on, ...rest } = thing;
  const { server } = readOn(on);
  return { ...rest, ...(server !== undefined && { on: server }) } as T;
}

function labelledAddresses(inner: Addresses): Addresses {
  const { refuse } = inner;
  return {
    ...inner,
    format(address) {
      const { label } = readOn(address.on);
      const local = inner.format(without(address));
      return label === undefined && !marked.test(local) ? local : `${local}${mark}${label ?? ''}`;
    },
    parse(local) {
      const [, before, label = ''] = marked.exec(local) ?? [];
      if (before === undefined) return inner.parse(local);
      const address = inner.parse(before);
      if (address === undefined || label.length > longest + 4) return undefined;
      return label === '' ? address : withLabel(address, label);
    },
    title(address) {
      const { label } = readOn(address.on);
      const title = inner.title(without(address));
      return label === undefined ? title : `${title} (${label})`;
    },
    ...(refuse !== undefined && { refuse: (address) => refuse.call(inner, without(address)) }),
  };
}

function withLabel(address: Address, label: string): Address {
  const on = writeOn({ ...(address.on !== undefined && { server: address.on }), label });
  return { ...address, ...(on !== undefined && { on }) };
}

/** Can logins be registered there? */
export const takesLogins = ({ login, loginFields }: Pick<Network, 'login' | 'loginFields'>): boolean =>
  login !== undefined || loginFields !== undefined;

/** The same network with further accounts; itself where logins can't be registered. */
export function withLabels(network: Network): Network {
  if (!takesLogins(network)) return network;
  return {
    ...network,
    addresses: labelledAddresses(network.addresses),
    stay: (on) => network.stay(readOn(on).server),
    connect: (account, host, signal) => network.connect(without(account), host, signal),
  };
}
