/**
 * Commands: what people may do with a network beside talking. One description serves forms (XEP-0050) and lines of chat: a run asks with `yield`, gets
 * what was filled in, and returns what it came to.
 */
import type { ChatId, PersonId } from '../core/ids.ts';
import type { SettingField, Settings, SettingsChange, SettingValue } from '../core/settings.ts';
import type { Session } from './contract.ts';

/** The kind of address at which a command is found, and which it concerns. */
export type Scene = 'gateway' | 'server' | 'room' | 'contact';

/** One thing to fill in. `choices` is several of a list. */
export interface FormField extends Omit<SettingField, 'type'> {
  readonly type: SettingField['type'] | 'choices';
  /** As it is; what is left out of an answer stays so. Never given for a secret. */
  readonly value?: SettingValue;
  /** A secret is set already: left empty it stays, and it can be forgotten. */
  readonly isSet?: boolean;
  readonly required?: boolean;
}

export interface CommandForm {
  readonly title: string;
  /** What it is about, a line each. */
  readonly text?: readonly string[];
  readonly fields: readonly FormField[];
  /** What kind of form it is, where a specification says so (XEP-0068). */
  readonly formType?: string;
  /** Another form may follow. */
  readonly more?: boolean;
  /** What was answered before has been done: there is no way back from this form. */
  readonly isSettled?: boolean;
  /** The text of a QR code that is shown with it, for the eyes of another device. */
  readonly qr?: { readonly text: string; readonly label: string };
  /** What was wrong with the answer before: the form is asked once more. */
  readonly fault?: string;
}

/** What was filled in, by name and checked against the fields; null: to be as if never set. What was left out is not there. */
export type FormAnswer = SettingsChange;

export interface CommandNote {
  readonly is: 'info' | 'warn' | 'error';
  readonly text: string;
}

export interface CommandResult {
  readonly notes?: readonly CommandNote[];
  /** One thing after the other: ("Server", "irc.example.org"); under names of their own where a specification has some. */
  readonly facts?: readonly { readonly label: string; readonly value: string; readonly name?: string }[];
  /** What kind of form the facts are, where a specification says so (XEP-0068). */
  readonly formType?: string;
  readonly table?: {
    readonly columns: readonly { readonly name: string; readonly label: string }[];
    readonly rows: readonly Readonly<Record<string, string>>[];
  };
}

/**
 * Law: what it does before a form that is not `isSettled` can be done again without harm, for going back to an earlier form runs it anew with the answers
 * before that.
 * What it throws as a GatewayError is told to whoever asked.
 */
export type CommandRun = AsyncGenerator<CommandForm, CommandResult, FormAnswer>;

/** Where a command was asked for, and what it may use. The getters tell of the moment of the last answer. */
export interface CommandPlace {
  readonly is: Scene;
  readonly on?: string;
  /** In a room. */
  readonly chat?: ChatId;
  /** With a contact. */
  readonly person?: PersonId;
  /** undefined: not connected. */
  readonly session: Session | undefined;
  readonly signal: AbortSignal;
  /** Of whoever asks, in which all is said (RFC 5646: `de`); English where the bridge does not know it. */
  readonly language: string;
  /** What its owner has set there, secrets too. */
  settings(): Promise<Settings>;
  /** Sets something for the server or room that it concerns (at the gateway: for all). What is no field of a form is sealed and never shown. */
  set(change: SettingsChange): Promise<void>;
}

/** What of a command is for people before it is run, in another language. */
export interface CommandWords {
  readonly title: string;
  readonly help?: string;
}

/** A command of the network's own. */
export interface NetworkCommand {
  /** A word in lower case: the node, and what is typed in chat. */
  readonly node: string;
  readonly title: string;
  /** A sentence or two for `help`. */
  readonly help?: string;
  /** The same in other languages, by their codes; what is missing is said in English. */
  readonly words?: Readonly<Record<string, CommandWords>>;
  readonly where: readonly Scene[];
  run(place: CommandPlace): CommandRun;
}
