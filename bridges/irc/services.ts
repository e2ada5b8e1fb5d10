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
const nickServ = 'NickServ';

/** For one login. */
export function createServices(core: () => Core): Services {
  let identity: Identity | undefined;
  let aliasKnown = true;
  let said: readonly (readonly string[])[] = [];
  /** The words that are left to try; undefined: we are not asking for the nick. */
  let left: string[] | undefined;
  let released = false;

  /** As a command of the server, which reaches nobody but the services; where it has none, as a message. */
  function say(...words: string[]): void {
    const { send } = core();
    if (aliasKnown) {
      said = [...said, words].slice(-4);
      send(compose('NICKSERV', ...words), 1);
    } else {
      send(compose('PRIVMSG', nickServ, words.join(' ')), 1);
    }
  }

  const password = (): string[] => {
    const secret = core().link?.account() === undefined ? identity?.nickservPassword : undefined;
    return secret === undefined ? [] : [secret];
  };

  function next(): void {
    const word = left?.shift();
    if (word !== undefined) say(word, core().wanted, ...password());
  }

  return {
    start(now) {
      identity = now;
      said = [];
      left = undefined;
      aliasKnown = true;
      const secret = now.nickservPassword;
      const { link, nick, wanted, fold } = core();
      if (secret === undefined || link?.account() !== undefined) return;
      if (fold(nick) === fold(wanted)) say('IDENTIFY', secret);
      else say('IDENTIFY', wanted, secret);
    },
    regain() {
      if (core().link?.account() === undefined && identity?.nickservPassword === undefined) return false;
      left = [...regains];
      released = false;
      next();
      return true;
    },
    release() {
      if (left === undefined || released) return;
      released = true;
      left = [];
      say('RELEASE', core().wanted, ...password());
    },
    hear(line) {
      if (line.command === '421' && line.params[1]?.toUpperCase() === 'NICKSERV' && aliasKnown) {
        aliasKnown = false;
        const again = said;
        said = [];
        for (const words of again) say(...words);
        return false;
      }
      if (line.command !== 'NOTICE' || left === undefined || line.nick.toLowerCase() !== 'nickserv') return false;
      if (!unknownCommand.test(line.params[1] ?? '')) return true;
      next();
      return false;
    },
    stop() {
      left = undefined;
    },
  };
}
