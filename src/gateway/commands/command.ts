/** What a command is, here in the gateway: who finds it where, what it says of itself, and its run. */
import type { CommandPlace, CommandRun, Scene } from '../../bridge/commands.ts';
import type { Addresses } from '../../bridge/contract.ts';
import type { GatewayError } from '../../core/errors.ts';
import type { Outgoing } from '../../xmpp/outgoing.ts';
import type { AccountKey } from '../face.ts';
import type { Powers } from './powers.ts';
import type { Texts } from './texts.ts';

/** Where and for whom it runs. */
export interface Here extends CommandPlace {
  readonly account: AccountKey;
  readonly isAdmin: boolean;
  /** The bare JID of whoever runs it: of a shared account it need not be the owner. */
  readonly asker: string;
  /** Epoch milliseconds. */
  now(): number;
  /** The address, for people. */
  readonly title: string;
  readonly texts: Texts;
  /** What is said where nobody is connected there: how one comes to be. */
  notConnected(): string;
  /** What an error says to whoever runs it, in their language where it is known. */
  worded(error: GatewayError): string;
  /** What the bridge says in an answer, in their language where it is known. */
  said(text: string): string;
  readonly powers: Powers;
  readonly addresses: Addresses;
  /** What follows is done to its end, and is the end: where it takes long, whoever runs it is told that it goes on, and then what came of it. */
  goesOn(): void;
  /** Sends these behind the answer. */
  afterwards(stanzas: readonly Outgoing[]): void;
}

export interface Command {
  readonly adminsOnly?: boolean;
  /** Found at a shared account's addresses alone, and there by all whom it admits. */
  readonly ofShared?: boolean;
  /** Needs no connection: a line of chat to the gateway may name the server or room that it is for. */
  readonly anywhere?: boolean;
  title(texts: Texts): string;
  /** A clause for the list of commands. */
  help(texts: Texts): string;
  run(here: Here): CommandRun;
}

/** A command at one kind of address. */
export interface Offer {
  /** The kind of address at which it is found. */
  readonly at: Scene;
  /** What it concerns: the gateway's own address stands for the server too where a domain has one server only. */
  readonly scene: Scene;
  readonly node: string;
  /** What is typed in chat. */
  readonly word: string;
  readonly command: Command;
}
