/** What commands may ask of the rest of the gateway. Given to them by whoever puts a domain together. */

import type { LoginAnswer, LoginForm, LoginWait } from '../../bridge/login.ts';
import type { GatewayError } from '../../core/errors.ts';
import type { AccountId, ChatId, DeliveryKey, PersonId } from '../../core/ids.ts';
import type { ListedState } from '../../core/listed.ts';
import type { SettingsChange, SettingsPlace, UserSettings } from '../../core/settings.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { Privilege } from '../privileges.ts';
import type { Deed } from './deeds-of-operators.ts';

/** A login that runs somewhere, or will when the gateway is whole again. */
export interface KnownAccount {
  readonly id: AccountId;
  /** Bare JID. */
  readonly owner: string;
  readonly on?: string;
}

/** What came of reading the configuration again: what counts from now on, and what changed but counts only after a restart. */
export interface Reloaded {
  readonly now: readonly string[];
  readonly later: readonly string[];
}

/** All that is kept of somebody on this domain. */
export interface PersonalData {
  /** A line of JSON for each thing. */
  lines(owner: string): AsyncIterable<string>;
  /** Has it read by links for some days; undefined: that can't be done here. */
  publish(
    owner: string,
    signal: AbortSignal,
  ): Promise<{ readonly links: readonly string[]; readonly days: number } | undefined>;
  /** Ends all connections, `reason` is what people read, and deletes everything. Resolves with the addresses of their contacts. */
  erase(owner: string, reason: string, signal: AbortSignal): Promise<readonly string[]>;
}

/** Something that could not be delivered. */
export interface Undelivered {
  readonly account: AccountId;
  readonly key: DeliveryKey;
  readonly on?: string;
  readonly chat: ChatId;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly reason: string;
  /** Who sent it: a bare JID. */
  readonly sender: string;
  /** Of what it says, in octets. */
  readonly bytes: number;
  /** What it says, or what kind of thing it is. For its sender's eyes alone. */
  readonly about: string;
}

/** An account that somebody registered. */
export interface KnownLogin {
  readonly id: AccountId;
  readonly owner: string;
  readonly on?: string;
  /** What the network calls it. */
  readonly label: string;
  /** Its owner has logged out. */
  readonly isOut: boolean;
  /** Bare JIDs and domains that have its rooms too; absent: it is its owner's alone. */
  readonly admits?: readonly string[];
}

export type LoginStage =
  | { readonly is: 'working' }
  | { readonly is: 'form'; readonly form: LoginForm }
  | { readonly is: 'wait'; readonly wait: LoginWait }
  | { readonly is: 'done'; readonly login: KnownLogin }
  | { readonly is: 'failed'; readonly error: GatewayError };

/** A login that is under way (accounts/login-flow.ts). */
export interface LoginFlow {
  readonly stage: LoginStage;
  /** The account that is to be changed; undefined: a new one. */
  readonly id: AccountId | undefined;
  /** Something has been answered. */
  readonly isTouched: boolean;
  answer(answer: LoginAnswer): void;
  /** The stage once it is another one than `after` and something that can be shown; as it is, where it stays for so long. */
  next(after: LoginStage | undefined, withinMs: number, signal: AbortSignal): Promise<LoginStage>;
  /** Told of the next stage where it comes while nobody waits for it. */
  whenUnseen(tell: (stage: LoginStage) => void): void;
  cancel(): void;
}

/** Who logs in, and where. */
export interface LoginAsked {
  readonly owner: string;
  readonly on?: string | undefined;
  /** The one that is to be changed. */
  readonly id?: AccountId;
  readonly language: string;
  readonly admits?: readonly string[] | undefined;
}

/** A room of this domain that is joined with a MUC, or is to be. */
export interface KnownPlumbing {
  readonly id: string;
  readonly on?: string;
  readonly chat: ChatId;
  /** Its bare JID. */
  readonly muc: string;
  /** Who made it. */
  readonly by: string;
  /** What an owner of the MUC has yet to say in it. */
  readonly token?: string;
  /** What is wrong with it, in words. */
  readonly troubles: readonly string[];
}

/** For operators. */
export interface PlumbingPowers {
  /** @param language of the words */
  list(language: string): Promise<readonly KnownPlumbing[]>;
  /**
   * It waits for an owner of the MUC, or, where the two are joined already, has another password now. Rejects with the GatewayError due where they can't be
   * joined. @param plumbing `nick` may be ''; `language` is that of who makes it
   */
  add(plumbing: {
    readonly on: string | undefined;
    readonly chat: ChatId;
    readonly muc: string;
    readonly nick: string;
    readonly suffix: string;
    readonly password: string | undefined;
    readonly by: string;
    readonly language: string;
  }): Promise<KnownPlumbing>;
  remove(id: string): Promise<void>;
}

/** For operators: of the whole gateway, in all its processes. */
export interface OperatingPowers {
  /** Writes it into the log. */
  did(deed: Deed): void;
  /** From which level on the log is written; absent: it can't be changed here. */
  readonly log?: {
    readonly levels: readonly string[];
    now(): string;
    /** Until the next restart. */
    set(level: string): Promise<void>;
  };
  readonly maintenance: {
    /** The operator's words, '' where they had none; undefined: there is none. */
    now(): string | undefined;
    set(words: string | undefined): Promise<void>;
  };
}

/** One's own accounts on the network. */
export interface LoginPowers {
  /** The oldest first. */
  list(owner: string): Promise<readonly KnownLogin[]>;
  pending(owner: string): LoginFlow | undefined;
  /** In the place of what was pending. */
  begin(who: LoginAsked): Promise<LoginFlow>;
  /** In a browser; absent: the gateway has no address for them. */
  readonly byWeb?: {
    /** The address of a page that begins it, or that goes on with what was begun. Its owner is told when it is kept. */
    link(who: LoginAsked, begun?: LoginFlow): string;
    /** Is one open there? */
    isOpen(owner: string): boolean;
  };
  /** Of a shared account: those, and nobody else but its owner, have its rooms from now on. */
  share(id: AccountId, admits: readonly string[]): Promise<void>;
  login(id: AccountId): Promise<void>;
  logout(id: AccountId, reason: string): Promise<void>;
  /** Everything of it is deleted. Resolves with the addresses of its contacts. */
  remove(id: AccountId, reason: string, signal: AbortSignal): Promise<readonly string[]>;
  /** Whoever has registered gets the gateway among their contacts, by that name; returns what is to be sent for it behind the answer. */
  befriend(owner: string, name: string, lang: string): readonly Outgoing[];
  /** Unasked, from the gateway to somebody. */
  tell(owner: string, text: string, lang: string): void;
}

/** What is on its way for somebody, and what got stuck. */
/** Of one user, on all their accounts. */
export interface DeliveriesOf {
  /** How many messages wait to be delivered, and how many could not be. */
  readonly waiting: number;
  readonly failed: number;
  /** The oldest of these. */
  readonly undelivered: readonly Undelivered[];
}

export interface Deliveries {
  of(owner: string, max: number): Promise<DeliveriesOf>;
  /** Behind everything that waits; false: it is not there any more. */
  requeue(one: Undelivered): Promise<boolean>;
  drop(one: Undelivered): Promise<boolean>;
}

/** Somebody whom a user knows on a network. */
export interface KnownContact {
  readonly person: PersonId;
  readonly name: string;
  readonly groups: readonly string[];
  readonly state: ListedState;
}

/** Somebody whom a user has blocked. */
export interface Blocked {
  /** The server that they are on, where the domain has many. */
  readonly on?: string;
  readonly person: PersonId;
}

export interface Powers {
  readonly settings: {
    of(owner: string): Promise<UserSettings>;
    /** Written down and told to the accounts that it concerns. */
    change(owner: string, place: SettingsPlace, change: SettingsChange): Promise<void>;
    /** They have asked something in that language (RFC 5646); undefined: they did not say in which. */
    heard(owner: string, lang: string | undefined): Promise<void>;
    /** In which they asked last; undefined: that is not known. */
    language(owner: string): Promise<string | undefined>;
  };
  readonly personalData: PersonalData;
  readonly deliveries: Deliveries;
  readonly blocking: {
    /** All of that user's on this domain, in order. */
    of(owner: string): Promise<readonly Blocked[]>;
    /** Written down and told to the account. Throws a GatewayError where it would be too many. */
    change(owner: string, whom: Blocked, blocked: boolean): Promise<void>;
  };
  /** Absent: accounts are not registered here. */
  readonly logins?: LoginPowers | undefined;
  /** Of one user, or of all; whatever process runs them. */
  accounts(owner?: string): Promise<readonly KnownAccount[]>;
  /** Has it a session? undefined: it does not run here, and nobody knows. */
  isConnected(account: AccountId): boolean | undefined;
  /** Its contacts, and whom the network has on its list. */
  contacts(account: AccountId): Promise<readonly KnownContact[]>;
  /** What each host of users lets us do in their names, as far as this process was told. */
  privileges(): ReadonlyMap<string, Privilege>;
  /** The rooms that it is in, each with the localpart by which its clients are in: one room may be written in several ways. */
  rooms(account: AccountId): Promise<readonly { readonly chat: ChatId; readonly local: string }[]>;
  /** All who are in a room, by whatever account: bare JIDs, without the MUCs that rooms are joined with. */
  present(): Promise<readonly string[]>;
  /** Ends its connection and takes its clients out of their rooms; `reason` is what people read. */
  disconnect(account: AccountId, reason: string): Promise<void>;
  /** Who may not use the gateway, whatever its configuration says: bare JIDs and domains. */
  readonly bans: {
    list(): Promise<readonly string[]>;
    /** Ends their connections too; `reason` is what people read. */
    ban(jids: readonly string[], reason: string): Promise<void>;
    /** Those of them who are logged in are connected again. */
    unban(jids: readonly string[]): Promise<void>;
  };
  readonly plumbings: PlumbingPowers;
  readonly operating: OperatingPowers;
  /** Throws a GatewayError where the configuration is wrong: then nothing changes. */
  reload?(): Promise<Reloaded>;
}
