/**
 * NickServ, as far as we speak to it ourselves: identifying where there is no SASL, and taking our nick back. Services know different words for the
 * same; one that does not know ours is asked with the next.
 */
import type { Core } from './core.ts';
import type { Identity } from './identity.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

export interface Services {
  /** A connection is up; says our password where there is one and no other login. */
  start(identity: Identity): void;
  /** Asks for our nick back, where there is anything that shows that it is ours. False: there is not. */
  regain(): boolean;
  /** The nick was freed, but is still held back. */
  release(): void;
  /** Looks at a line; never takes it. True: the services have done something, and the nick may be free. */
  hear(line: Line): boolean;
  stop(): void;
}

/** Anope 2 and Atheme know REGAIN or RECOVER so; the older ones only throw the other out. */
const regains = ['REGAIN', 'RECOVER', 'GHOST'] as const;
const unknownCommand =
  /(?:unknown|invalid|no such) command|command .*(?:unknown|not (?:found|recogni[sz]ed|available))|is not a (?:valid )?command/i;
/** What they say of a nick whose owner has not shown to be it: at the beginning, and when they come back after having been away. */
const asksWhoWeAre = /this nick(?:name)? is (?:registered|owned)|\/msg nickserv\S* identify/i;
const againMs = 60_000;
const nickServ = 'NickServ';

/** For one login. */
export const createServices = (core: () => Core): Services => new Asking(core);

/** An object of a class: each session has one. */
class Asking implements Services {
  readonly #core: () => Core;
  #identity: Identity | undefined;
  #aliasKnown = true;
  #said: readonly (readonly string[])[] = [];
  /** The words that are left to try; undefined: we are not asking for the nick. */
  #left: string[] | undefined;
  #released = false;
  #identifiedAt = Number.NEGATIVE_INFINITY;

  constructor(core: () => Core) {
    this.#core = core;
  }

  start(now: Identity): void {
    this.#identity = now;
    this.#said = [];
    this.#left = undefined;
    this.#aliasKnown = true;
    this.#identify();
  }

  #identify(): void {
    const secret = this.#identity?.nickservPassword;
    const { link, nick, wanted, fold, clock } = this.#core();
    if (secret === undefined || link?.account() !== undefined) return;
    this.#identifiedAt = clock.now();
    if (fold(nick) === fold(wanted)) this.#say('IDENTIFY', secret);
    else this.#say('IDENTIFY', wanted, secret);
  }

  regain(): boolean {
    if (this.#core().link?.account() === undefined && this.#identity?.nickservPassword === undefined) return false;
    this.#left = [...regains];
    this.#released = false;
    this.#next();
    return true;
  }

  release(): void {
    if (this.#left === undefined || this.#released) return;
    this.#released = true;
    this.#left = [];
    this.#say('RELEASE', this.#core().wanted, ...this.#password());
  }

  hear(line: Line): boolean {
    if (line.command === '421' && line.params[1]?.toUpperCase() === 'NICKSERV' && this.#aliasKnown) {
      this.#aliasKnown = false;
      const again = this.#said;
      this.#said = [];
      for (const words of again) this.#say(...words);
      return false;
    }
    if (line.command !== 'NOTICE' || line.nick.toLowerCase() !== 'nickserv') return false;
    if (asksWhoWeAre.test(line.params[1] ?? '')) this.#identifyAgain();
    if (this.#left === undefined) return false;
    if (!unknownCommand.test(line.params[1] ?? '')) return true;
    this.#next();
    return false;
  }

  stop(): void {
    this.#left = undefined;
  }

  /** By the server's command alone: whoever has taken their name while they were away must not learn it for asking. */
  #identifyAgain(): void {
    if (this.#aliasKnown && this.#core().clock.now() - this.#identifiedAt >= againMs) this.#identify();
  }

  /** As a command of the server, which reaches nobody but the services; where it has none, as a message. */
  #say(...words: string[]): void {
    const { send } = this.#core();
    if (this.#aliasKnown) {
      this.#said = [...this.#said, words].slice(-4);
      send(compose('NICKSERV', ...words), 1);
    } else {
      send(compose('PRIVMSG', nickServ, words.join(' ')), 1);
    }
  }

  #password(): string[] {
    const secret = this.#core().link?.account() === undefined ? this.#identity?.nickservPassword : undefined;
    return secret === undefined ? [] : [secret];
  }

  #next(): void {
    const word = this.#left?.shift();
    if (word !== undefined) this.#say(word, this.#core().wanted, ...this.#password());
  }
}
