/**
 * Gets us the nick that we wish when we had to come in under another, or lost it to somebody behind a split: by the services at once, else in the moment in which whoever has it (our own
 * ghost, mostly) is gone. MONITOR tells of that; where there is none USERHOST is asked each minute (not
 * ISON, whose answers are told apart by their order), and what is seen in channels counts too.
 */
import type { Core } from './core.ts';
import type { Services } from './services.ts';
import { compose } from './wire/compose.ts';
import type { Line } from './wire/line.ts';

export interface Regain {
  /** A connection is up. */
  start(): void;
  /** Looks at a line behind all others that do; never takes it. */
  hear(line: Line): void;
  stop(): void;
}

const askMs = 60_000;
const maxAsks = 60;
/** Servers limit changes of nick; a second word that it is free may come with the first. */
const againMs = 5000;
const maxSigns = 5;
/** A server's number and ours on it (TS6): what InspIRCd, Solanum and IRCnet call who loses a nick to somebody. */
const numberOfNetwork = /^[0-9][A-Z0-9]{8}$/;

/** For one login. */
export const createRegain = (core: () => Core, services: Services): Regain => new Regaining(core, services);

/** An object of a class: each session has one. */
class Regaining implements Regain {
  readonly #core: () => Core;
  readonly #services: Services;
  /** The nick that is watched for. */
  #watched: string | undefined;
  #monitored = false;
  #cancelTimer: (() => void) | undefined;
  #triedAt = Number.NEGATIVE_INFINITY;
  /** Words of the services that were taken for a sign. */
  #signs = 0;

  constructor(core: () => Core, services: Services) {
    this.#core = core;
    this.#services = services;
  }

  start(): void {
    const { nick, wanted, fold, support, send } = this.#core();
    this.stop();
    this.#triedAt = Number.NEGATIVE_INFINITY;
    this.#signs = 0;
    if (fold(nick) === fold(wanted)) return;
    // Cut by the server, which gives nobody a longer one.
    if (nick.length >= support.nickLength && fold(wanted).startsWith(fold(nick))) return;
    this.#watched = wanted;
    this.#services.regain();
    if (support.monitor !== undefined) {
      this.#monitored = true;
      send(compose('MONITOR', '+', wanted), 1);
    } else {
      this.#ask(maxAsks);
    }
  }

  hear(line: Line): void {
    const done = this.#services.hear(line);
    if (this.#watched === undefined) {
      if (line.command === 'NICK' && this.#isNumbered(line)) this.start();
      return;
    }
    if (this.#isOver()) this.stop();
    else if (line.command === '734') this.#unmonitored(line);
    else if (done) this.#take(this.#signs++ < maxSigns);
    else if (this.#isFree(line)) this.#take();
    // 432 is what a nick that services hold back can look like, too.
    else if (/^43[237]$/.test(line.command) && this.#isWatched(line.params[1] ?? '')) this.#services.release();
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#monitored && this.#watched !== undefined && this.#core().ready)
      this.#core().send(compose('MONITOR', '-', this.#watched), 1);
    this.#watched = undefined;
    this.#monitored = false;
    this.#services.stop();
  }

  #isWatched(nick: string): boolean {
    return this.#watched !== undefined && nick !== '' && this.#core().fold(nick) === this.#core().fold(this.#watched);
  }

  /**
   * Has the network taken our nick because two had it when a split was over? Only then are we called by our number on it, which nobody can choose.
   * Another new name is somebody's will: of an operator, of the services, of our owner's other client, and is left to us.
   */
  #isNumbered({ nick, params }: Line): boolean {
    const { nick: now, wanted, fold } = this.#core();
    return fold(nick) === fold(wanted) && params[0] === now && numberOfNetwork.test(now);
  }

  /** We have it, or do not wish it any more. */
  #isOver(): boolean {
    const { nick, wanted, fold, ready } = this.#core();
    return !ready || fold(nick) === fold(wanted) || !this.#isWatched(wanted);
  }

  #take(anyway = false): void {
    const { clock, send, wanted } = this.#core();
    if (!anyway && clock.now() - this.#triedAt < againMs) return;
    this.#triedAt = clock.now();
    send(compose('NICK', wanted), 1);
  }

  #ask(left: number): void {
    this.#cancelTimer =
      left === 0
        ? undefined
        : this.#core().clock.after(askMs, () => {
            if (this.#isOver()) {
              this.stop();
              return;
            }
            try {
              this.#core().send(compose('USERHOST', this.#core().wanted), 1);
            } catch {
              // Too much waits to be sent: it is asked in a minute.
            }
            this.#ask(left - 1);
          });
  }

  /** The server's list is full: of those whom our owner wants to see, most often. */
  #unmonitored({ params }: Line): void {
    if (!this.#monitored || !(params[2] ?? '').split(',').some((one) => this.#isWatched(one))) return;
    this.#monitored = false;
    this.#ask(maxAsks);
  }

  #isFree({ command, nick, params }: Line): boolean {
    switch (command) {
      case '731':
        return (params.at(-1) ?? '').split(',').some((one) => this.#isWatched(one.split('!', 1)[0] ?? ''));
      case '302':
        // Who asks for one nick is told of nobody, then; what is told of others was asked for another reason.
        return !this.#monitored && params.slice(1).join('').trim() === '';
      case 'QUIT':
      case 'NICK':
      case 'KILL':
        return this.#isWatched(command === 'KILL' ? (params[0] ?? '') : nick);
      default:
        return false;
    }
  }
}
