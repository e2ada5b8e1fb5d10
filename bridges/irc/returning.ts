/**
 * Who is shown as away, and may be back without our having heard of it: where no server tells of that (away-notify, and extended-monitor for those who are
 * only watched) ours is asked now and then. Of a few at a time, however many are away.
 */
import { type Clock, GatewayError } from '#bridge';
import type { Core } from './core.ts';
import { askUserhost } from './userhost.ts';

const everyMs = 300_000;
const mostAsked = 50;

export interface Returning {
  /** A connection is there. */
  up(): void;
  lost(): void;
}

export const createReturning = (core: () => Core, clock: Pick<Clock, 'after'>): Returning => new Asking(core, clock);

/** An object of a class: each session has one. */
class Asking implements Returning {
  readonly #core: () => Core;
  readonly #clock: Pick<Clock, 'after'>;
  #cancel: (() => void) | undefined;
  /** So many have been asked about: the others come next. */
  #turn = 0;

  constructor(core: () => Core, clock: Pick<Clock, 'after'>) {
    this.#core = core;
    this.#clock = clock;
  }

  up(): void {
    this.lost();
    this.#cancel = this.#clock.after(everyMs, () => {
      this.#ask();
      this.up();
    });
  }

  lost(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #ask(): void {
    const unsure = [...unsureOf(this.#core())];
    const from = this.#turn < unsure.length ? this.#turn : 0;
    this.#turn = from + mostAsked;
    try {
      askUserhost(this.#core(), unsure.slice(from, from + mostAsked));
    } catch (error) {
      // Too much waits to be sent: in five minutes, then.
      if (!(error instanceof GatewayError)) throw error;
    }
  }
}

function unsureOf(core: Core): ReadonlySet<string> {
  const { link, profiles, self, watching } = core;
  const unsure = new Set<string>();
  const isTold = link?.has('away-notify') === true;
  if (!isTold) for (const [person, { show }] of profiles) if (show !== undefined) unsure.add(person);
  for (const person of watching.awayUnheard()) if (!isTold || !profiles.has(person)) unsure.add(person);
  unsure.delete(self);
  return unsure;
}
