/**
 * How an account of a network is logged in to: one description serves forms (XEP-0050, XEP-0077), lines of chat and pages. A login asks with `yield`, gets what
 * was filled in, and returns what to keep; nothing is kept before the network has taken it.
 */
import type { Settings, SettingsChange } from '../core/settings.ts';
import type { FormAnswer, FormField } from './commands.ts';

export type LoginStep = LoginForm | LoginWait;

/** Something to fill in: names, secrets (`type: 'secret'`), choices, a code that the network sent elsewhere. */
export interface LoginForm {
  readonly ask: 'form';
  readonly title: string;
  /** What it is about, a line each. */
  readonly text?: readonly string[];
  readonly fields: readonly FormField[];
  /** What was wrong with the answer before: the same step is asked once more, and nothing else has to be said again. */
  readonly fault?: string;
}

/** Something to do elsewhere, or to wait for. The next step, or the end, is what became of it; a step a change is progress. */
export interface LoginWait {
  readonly ask: 'wait';
  readonly title: string;
  readonly text?: readonly string[];
  readonly show?: LoginShown;
  /**
   * Resolves when the login can go on, also where what is shown is not good any more and another one is to be shown. What it rejects with is thrown
   * into the login. Called once.
   */
  until(signal: AbortSignal): Promise<void>;
}

/** What is shown beside the text, each for who can use it: the text of a QR code, an address to open, a code to type on another device. */
export interface LoginShown {
  readonly qr?: string;
  readonly url?: string;
  readonly code?: string;
}

/** What was filled in, by name and checked against the fields. */
export type LoginAnswer = FormAnswer;

/** For whom, and with what help. */
export interface LoginPlace<Credentials = unknown> {
  /** Bare JID. */
  readonly owner: string;
  /** The server, where that is settled already. */
  readonly on?: string;
  /** Theirs, in which they are asked (RFC 5646: `de`); English where the bridge does not know it. */
  readonly language: string;
  /** The login that is to be mended or changed. */
  readonly known?: { readonly credentials: Credentials; readonly label: string };
  /** What its owner has set there. */
  settings(on: string | undefined): Promise<Settings>;
  /** It was cancelled, or took too long: nothing may be left of it on the network. */
  readonly signal: AbortSignal;
  /** Logs in with that and out again. Rejects with the GatewayError of the network; then the step can be asked once more. */
  verify(kept: LoggedIn<Credentials>): Promise<void>;
}

/** What a login came to. */
export interface LoggedIn<Credentials = unknown> {
  readonly credentials: Credentials;
  /** What the network calls the account: "romeo". Who logs in to the same one again changes it, another one stands beside it. */
  readonly label: string;
  /** The server, where the network has many. */
  readonly on?: string;
  /** To be set for that server along with it: for networks whose logins are settings. */
  readonly settings?: SettingsChange;
}

/** Law: given up in any step (`signal`, or `return` of the generator), nothing is left of it. A wrong answer yields its step again with `fault`. */
export type LoginRun<Credentials = unknown> = AsyncGenerator<LoginStep, LoggedIn<Credentials>, LoginAnswer>;
