/** The tables at rest, as the query builder sees them. Times are epoch milliseconds; lists are JSON text, because nothing is ever searched in them. */

import type { Generated } from 'kysely';

export interface Tables {
  accounts: {
    id: string;
    domain: string;
    owner: string;
    on_server: string | null;
    nick: string | null;
    resume: string | null;
    /** Counts up with each of one user's; null: it was there before the others were counted. */
    number: number | null;
  };
  /** What users have registered: it stays when an account comes and goes. */
  logins: {
    id: string;
    domain: string;
    owner: string;
    on_server: string | null;
    label: string;
    /** Sealed (accounts/vault). */
    credentials: string;
    at: number;
    /** 'in' or 'out'. */
    state: string;
    /** A list in JSON; null: it is not shared. */
    admits: string | null;
  };
  memberships: {
    account: string;
    chat: string;
    local: string;
    nick: string;
    /** Sealed (accounts/vault). */
    password: string | null;
    clients: string;
    away: string;
    occupants: string;
  };
  /** Whose presence an account's owner wants. */
  contacts: {
    account: string;
    person: string;
  };
  /** Whom an account's owner has blocked. */
  blocked: {
    account: string;
    person: string;
  };
  /** Whom a network has on an account's list. */
  listed: {
    account: string;
    person: string;
    state: string;
    name: string;
    groups: string;
    at: number;
  };
  /** Rooms that were put into the bookmarks of an account's owner. */
  bookmarks: {
    account: string;
    chat: string;
    jid: string;
    name: string;
  };
  /** What users have set: one row a value. */
  settings: {
    domain: string;
    owner: string;
    /** '*': all servers; '': the domain's only one. */
    on_server: string;
    /** '': the whole server. */
    chat: string;
    name: string;
    /** JSON; a secret is `{"sealed": …}` (accounts/vault). */
    value: string;
  };
  /** Who may not use the gateway: bare JIDs and domains. */
  bans: {
    jid: string;
  };
  /** One row while the gateway is being worked at. */
  maintenance: {
    words: string;
  };
  redis_names: {
    name: string;
  };
  /** Texts that are read by a link. */
  uploads: {
    id: string;
    owner: string;
    /** '': not known. */
    domain: Generated<string>;
    /** null: a message. */
    kind: Generated<'export' | null>;
    at: number;
    bytes: number;
    body: string;
  };
  /** What networks call their pictures. */
  avatar_names: {
    network: string;
    name: string;
    /** '': none that could be shown. */
    hash: string;
    at: number;
  };
  pictures: {
    hash: string;
    type: string;
    width: number;
    height: number;
    bytes: number;
    /** Base64, as it is sent. */
    body: string;
  };
  /** What a network was given of an account's owner. */
  given_profiles: {
    account: string;
    /** '': that there is no picture. */
    hash: string | null;
    nick: string | null;
  };
  /** Rooms of networks that are joined with MUCs. */
  plumbings: {
    id: string;
    domain: string;
    account: string;
    on_server: string | null;
    chat: string;
    muc: string;
    nick: string;
    suffix: string;
    /** Who made it. */
    owner: string;
    at: number;
    /** null: an owner of the MUC has agreed. */
    token: string | null;
    /** How far the network has been told. */
    seen: string | null;
    seen_at: number | null;
    /** How far the MUC has been told. */
    told: string | null;
    /** Sealed; null: the MUC has none. */
    password: string | null;
    lang: string | null;
    /** JSON; null: nothing is wrong. */
    troubles: string | null;
  };
  /** What a plumbing's messages are called on both sides; `number` counts up. */
  plumbing_names: {
    plumbing: string;
    number: number;
    muc: string;
    room: string;
    /** JSON; null: it was said on the network. */
    speaker: string | null;
  };
  /** Files that expire on their networks; their bytes are no business of the database. */
  media: {
    id: string;
    account: string;
    domain: string;
    chat: string;
    message: string;
    at: number;
    name: string;
    source: string;
    until: number;
    again_at: number;
    tries: number;
    /** null, as the next two: it was not fetched yet. */
    bytes: number | null;
    type: string | null;
    tag: string | null;
    needed_at: number;
    /** 1: only the file is left to be removed. */
    gone: number;
  };
  /** Every (account, chat) that has a past, by a short number. */
  chats: {
    number: Generated<number>;
    account: string;
    chat: string;
  };
  archive: {
    /** chats.number */
    chat: number;
    at: number;
    id: string;
    nick: string;
    body: string;
    /** null: the same as `id`; '': none. */
    stanza: string | null;
    /** The network's name of it, as `archive-rows.ts` writes it. */
    ref: string | null;
    /** null: the same as `nick`; '': the account's own, or nobody's. */
    speaker: string | null;
    /** null: 'message'. */
    kind: string | null;
    /** The id of the row that it is about. */
    about: string | null;
    /** For whom a shared account said it. */
    author: string | null;
  };
}
