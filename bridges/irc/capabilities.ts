/**
 * Capability negotiation (IRCv3 capability-negotiation, 302): what the server offers with its values, what we ask for, what is in force, and what
 * comes or goes later (cap-notify). irc-framework says the opening `CAP LS 302` and is told the outcome; the rest of the talk is ours.
 */
import { sparseMap, sparseSet } from '#bridge';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

/**
 * What is asked for wherever it is offered. Never `sts`, which is a policy and not asked for; `sasl` only where there is something to log in with. Nor
 * `draft/event-playback`: who came and went fills the pages of the past, and none of it is told.
 */
export const wanted: ReadonlySet<string> = new Set([
  'account-notify',
  'account-tag',
  'away-notify',
  'batch',
  'cap-notify',
  'chghost',
  'draft/account-registration',
  'draft/channel-rename',
  'draft/chathistory',
  'draft/message-redaction',
  'draft/multiline',
  'draft/read-marker',
  'echo-message',
  'extended-join',
  'extended-monitor',
  'invite-notify',
  'labeled-response',
  'message-tags',
  'multi-prefix',
  'server-time',
  'setname',
  'standard-replies',
  'userhost-in-names',
  // ZNC's own older names.
  'znc.in/self-message',
  'znc.in/server-time-iso',
]);

export interface Capabilities {
  /** Is it in force? */
  has(name: string): boolean;
  /** What the server says of it beyond its name, '' for nothing; undefined: it does not offer it. */
  value(name: string): string | undefined;
  enabled(): readonly string[];
  readonly offered: ReadonlyMap<string, string>;
  /** Takes a CAP line. */
  hear(line: Line): void;
}

export interface CapabilitiesOptions {
  /** Throws where the connection is over. */
  send(line: string): void;
  /** Is there something to log in with? */
  wantsLogin(): boolean;
  /** The list is whole (again, with `NEW`). False: nothing is to be asked for, as this connection will not be used. */
  listed(): boolean;
  /** Nothing that we asked for is undecided any more. */
  settled(): void;
  /** What is in force has changed. */
  changed(): void;
}

const maxOffered = 256;
const maxRequestBytes = 400;

/** The state of one connection's negotiation. */
export function createCapabilities(options: CapabilitiesOptions): Capabilities {
  return new Negotiation(options);
}

/** An object of a class: each connection has one, and every line asks it what is in force. */
class Negotiation implements Capabilities {
  readonly offered = sparseMap<string, string>();
  readonly #enabled = sparseSet<string>();
  /** Asked for and not decided, each with how many were asked for in one breath. */
  readonly #asked = sparseMap<string, number>();
  readonly #options: CapabilitiesOptions;

  constructor(options: CapabilitiesOptions) {
    this.#options = options;
  }

  has(name: string): boolean {
    return this.#enabled.has(name);
  }

  value(name: string): string | undefined {
    return this.offered.get(name);
  }

  enabled(): readonly string[] {
    return [...this.#enabled];
  }

  hear({ params }: Line): void {
    const tokens = (params.at(-1) ?? '').split(' ').filter((token) => token !== '');
    switch (params[1]?.toUpperCase()) {
      case 'LS':
        this.#offer(tokens);
        if (params[2] === '*' && params.length > 3) return;
        if (!this.#options.listed()) return;
        this.#request(this.offered.keys());
        if (this.#asked.size === 0) this.#options.settled();
        return;
      case 'NEW': {
        const names = this.#offer(tokens);
        if (this.#options.listed()) this.#request(names);
        return;
      }
      case 'ACK':
        this.#acknowledged(tokens);
        return;
      case 'NAK':
        this.#refused(tokens);
        return;
      case 'DEL':
        this.#gone(tokens);
    }
  }

  #offer(tokens: readonly string[]): readonly string[] {
    const names: string[] = [];
    for (const token of tokens) {
      const [name, value] = nameAndValue(token);
      if (name === '' || (!this.offered.has(name) && this.offered.size >= maxOffered)) continue;
      this.offered.set(name, value);
      names.push(name);
    }
    return names;
  }

  #isWanted(name: string): boolean {
    if (!wanted.has(name) && !(name === 'sasl' && this.#options.wantsLogin())) return false;
    return !this.#enabled.has(name) && !this.#asked.has(name);
  }

  /** As few lines as hold them. */
  #request(names: Iterable<string>): void {
    for (const group of inLines([...names].filter((name) => this.#isWanted(name)))) {
      for (const name of group) this.#asked.set(name, group.length);
      this.#options.send(compose('CAP', 'REQ', group.join(' ')));
    }
  }

  #decided(): void {
    this.#options.changed();
    if (this.#asked.size === 0) this.#options.settled();
  }

  #acknowledged(tokens: readonly string[]): void {
    for (const token of tokens) {
      const name = token.replace(/^[-~=]+/, '');
      this.#asked.delete(name);
      if (token.startsWith('-')) this.#enabled.delete(name);
      else if (this.offered.has(name)) this.#enabled.add(name);
    }
    this.#decided();
  }

  /** One that is refused takes its whole line with it: the others are asked for again, by themselves. */
  #refused(tokens: readonly string[]): void {
    const alone: string[] = [];
    for (const token of tokens) {
      const name = token.replace(/^[-~=]+/, '');
      if ((this.#asked.get(name) ?? 1) > 1) alone.push(name);
      this.#asked.delete(name);
    }
    for (const name of alone) {
      this.#asked.set(name, 1);
      this.#options.send(compose('CAP', 'REQ', name));
    }
    this.#decided();
  }

  #gone(names: readonly string[]): void {
    for (const name of names) {
      // A policy does not end because somebody says so (sts, Mechanism).
      if (name === 'sts') continue;
      this.offered.delete(name);
      this.#enabled.delete(name);
    }
    this.#options.changed();
  }
}

function nameAndValue(token: string): readonly [string, string] {
  const bare = token.replace(/^[-~=]+/, '');
  const equals = bare.indexOf('=');
  return equals < 0 ? [bare, ''] : [bare.slice(0, equals), bare.slice(equals + 1)];
}

function inLines(names: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  let bytes = 0;
  for (const name of names) {
    const size = Buffer.byteLength(name) + 1;
    const last = groups.at(-1);
    if (last === undefined || bytes + size > maxRequestBytes) {
      groups.push([name]);
      bytes = size;
    } else {
      last.push(name);
      bytes += size;
    }
  }
  return groups;
}
