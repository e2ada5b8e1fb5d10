/**
 * The life of a process, as its sign shows it. With one Redis it is the same from its start to its end: whoever takes a lease looks at lease and sign at one moment.
 * A cluster has them in two places, so that a holder could come to itself between the look at its sign and the taking of its lease. There a process whose sign had
 * expired begins another life, and writes that into its leases by comparing them, as whoever takes one does: one of both fails.
 */
import { randomBytes } from 'node:crypto';

export interface Life {
  /** Names it: what leases are taken under. */
  readonly now: string;
  /** What the sign is to say; another text each time where lives change, so that it is known whether it was this that stood there. */
  nextSign(): string;
  /** The sign had expired. True: there will be another life, which the next sign shows; when that is up it begins. */
  expired(): boolean;
  begin(): void;
  /** All leases stand under that life, or a later one: until then the sign shows those before it too, or every outage of Redis would be an invitation to take them. */
  renewed(life: string): void;
}

/** What no lease has come out of by then is given up. */
const livesShown = 16;

const newLife = (place: string): string => place + randomBytes(9).toString('base64url');

/** One that stays. @param place begins its name */
export function oneLife(place = ''): Life {
  const now = newLife(place);
  const nothing = (): void => undefined;
  return { now, nextSign: () => now, expired: () => false, begin: nothing, renewed: nothing };
}

/** One after the other. @param place begins their names */
export function manyLives(place = ''): Life {
  let lives = [newLife(place)];
  let next: string | undefined;
  let signs = 0;
  return {
    get now() {
      return lives[0] ?? '';
    },
    nextSign: () => `${next === undefined ? '' : `${next} `}${lives.join(' ')} #${signs++}`,
    expired() {
      next ??= newLife(place);
      return true;
    },
    begin() {
      if (next !== undefined) lives = [next, ...lives].slice(0, livesShown);
      next = undefined;
    },
    renewed(life) {
      const at = lives.indexOf(life);
      if (at >= 0) lives = lives.slice(0, at + 1);
    },
  };
}

/** Does the sign show that life? @param sign null: there is none */
export const showsLife = (sign: string | null, life: string): boolean => sign?.split(' ').includes(life) === true;
