/** What the harness' IRC server knows: people, channels, accounts, what was said. */
import type { Line, Tags } from './line.ts';
import type { Link } from './link.ts';
import type { Faults, Settings } from './settings.ts';

/** Ranks of members, the highest first, with their modes and signs. */
export const ranks = ['q', 'a', 'o', 'h', 'v'] as const;
export type Rank = (typeof ranks)[number];
export const signs: Readonly<Record<Rank, string>> = { q: '~', a: '&', o: '@', h: '%', v: '+' };

/** A message to somebody, before it is known which tags and words they may have. */
export interface Message {
  readonly source?: string;
  readonly command: string;
  readonly params: readonly string[];
  readonly tags?: Tags;
  /** Who caused it: their account and whether they are a bot is told with it. */
  readonly by?: Client;
  /** When it happened, where that is not now. */
  readonly at?: number;
}

export interface Client {
  readonly link: Link;
  nick: string;
  user: string;
  host: string;
  realname: string;
  password: string;
  account: string | undefined;
  away: string | undefined;
  registered: boolean;
  /** CAP LS or REQ has been sent, CAP END has not. */
  negotiating: boolean;
  capVersion: number;
  readonly caps: Set<string>;
  readonly modes: Set<string>;
  readonly channels: Set<Channel>;
  /** Folded nick → as it was asked for. */
  readonly monitors: Map<string, string>;
  /** A SASL exchange that has begun. */
  sasl: ((data: Buffer) => void) | undefined;
  saslText: string;
  /** A batch that the client has opened. */
  batch: OpenBatch | undefined;
  signedOnAt: number;
  activeAt: number;
  /** On the other side of a split: the rooms and ranks to come back with. */
  parked: readonly { readonly channel: string; readonly ranks: readonly Rank[] }[] | undefined;
}

export interface OpenBatch {
  readonly reference: string;
  readonly target: string;
  readonly tags: Tags;
  readonly lines: Line[];
  /** It is no good: the rest of it is ignored. */
  spoiled: boolean;
}

export interface Channel {
  readonly name: string;
  readonly createdAt: number;
  readonly members: Map<Client, Set<Rank>>;
  readonly flags: Set<string>;
  readonly lists: Readonly<Record<'b' | 'e' | 'I', Map<string, ListEntry>>>;
  readonly invited: Set<Client>;
  key: string | undefined;
  limit: number | undefined;
  /** Where those go for whom there is no room. */
  forward: string | undefined;
  topic: { readonly text: string; readonly by: string; readonly at: number } | undefined;
}

export interface ListEntry {
  readonly mask: string;
  readonly by: string;
  readonly at: number;
}

export interface Account {
  readonly name: string;
  readonly password: string;
  fingerprint: string | undefined;
  /** Not yet verified: the code that was mailed. */
  code: string | undefined;
}

/** Something that was said or done where history is kept. */
export interface Entry {
  readonly id: string;
  readonly at: number;
  readonly source: string;
  readonly account: string | undefined;
  readonly bot: boolean;
  readonly command: string;
  /** The parameters but for the last text of a message, which are `lines`. */
  readonly params: readonly string[];
  /** A message's text; more than one: multiline, with those that join the line before. */
  readonly lines?: readonly { readonly text: string; readonly joins: boolean }[];
  readonly tags: Tags;
  redaction?: { readonly source: string; readonly reason: string | undefined; readonly at: number };
}

export interface Server {
  readonly settings: Settings;
  readonly faults: Faults;
  readonly clients: Set<Client>;
  /** Folded nick → its owner, registered or about to be. */
  readonly nicks: Map<string, Client>;
  readonly channels: Map<string, Channel>;
  readonly accounts: Map<string, Account>;
  /** Folded channel, or the pair of folded nicks → oldest first. */
  readonly history: Map<string, Entry[]>;
  /** Owner and folded target → the time that was read. */
  readonly marks: Map<string, string>;
  /** Who was here: folded nick → the mask and name. */
  readonly past: Map<
    string,
    { readonly nick: string; readonly user: string; readonly host: string; readonly realname: string }
  >;
  /** Messages to mail addresses, with the codes of VERIFY. */
  readonly mails: { readonly to: string; readonly account: string; readonly code: string }[];
  /** Names of capabilities that it offers now. */
  readonly offered: Set<string>;
  /** The port of TLS, for sts. */
  tlsPort: number | undefined;
  /** A labelled command is being answered. */
  answering: { readonly to: Client; readonly label: string; readonly messages: Message[] } | undefined;
  numbers: number;
}

/** Names are the same where these are. */
export function fold(server: Server, name: string): string {
  const lower = name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return server.settings.casemapping === 'ascii'
    ? lower
    : lower.replace(/[[\]\\~]/g, (one) => ({ '[': '{', ']': '}', '\\': '|', '~': '^' })[one] ?? one);
}

export const isChannel = (name: string): boolean => name.startsWith('#');

/** A registered person of that nick. */
export function personOf(server: Server, nick: string): Client | undefined {
  const found = server.nicks.get(fold(server, nick));
  return found?.registered === true ? found : undefined;
}

export const channelOf = (server: Server, name: string): Channel | undefined => server.channels.get(fold(server, name));

export const maskOf = ({ nick, user, host }: Client): string => `${nick}!${user}@${host}`;

/** How high somebody stands: 0 the highest, 5 nothing. */
export function rankOf(channel: Channel, client: Client): number {
  const held = channel.members.get(client);
  const index = ranks.findIndex((rank) => held?.has(rank));
  return index < 0 ? ranks.length : index;
}

export const halfop = 3;

/** The signs in front of a nick: all of them, or the highest alone. */
export function signsOf(channel: Channel, client: Client, all: boolean): string {
  const held = ranks.filter((rank) => channel.members.get(client)?.has(rank)).map((rank) => signs[rank]);
  return all ? held.join('') : (held[0] ?? '');
}

/** Everybody who shares a channel with them, and themselves. */
export function neighbours(client: Client): Set<Client> {
  const found = new Set<Client>([client]);
  for (const channel of client.channels) for (const one of channel.members.keys()) found.add(one);
  return found;
}

/** A word that was never used before. */
export function fresh(server: Server, prefix = ''): string {
  server.numbers += 1;
  return `${prefix}${server.settings.now().toString(36)}${server.numbers.toString(36).padStart(4, '0')}`;
}

/** A time as tags and commands write it. */
export const stamp = (at: number): string => new Date(at).toISOString();

/** Does a mask with * and ? fit? An extended ban names an account. */
export function fits(server: Server, mask: string, client: Client): boolean {
  const account = /^~(?:a|account):(.*)$/.exec(mask)?.[1];
  if (account !== undefined)
    return client.account !== undefined && globbed(fold(server, account)).test(fold(server, client.account));
  return globbed(fold(server, mask)).test(fold(server, maskOf(client)));
}

/** A pattern of * and ?. */
export const globbed = (mask: string): RegExp =>
  new RegExp(
    `^${mask
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );
