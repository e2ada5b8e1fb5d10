/** Why people go who are put out: what our users have the bot do, and what a guild tells of others, kept for the moment until their going is told (XEP-0045 §8.2, §9.1). */
import type { Clock, MemberChange } from '#bridge';

/** As the room is told. */
export type Why = Pick<Extract<MemberChange, { is: 'out' }>, 'how' | 'by' | 'reason'>;

/** Nobody has put them out. */
export const left: Why = { how: 'left' };

/** Who did it and why, as far as it is said. @param by their nick */
export const whyOf = (by: string | undefined, reason: string | null | undefined): Pick<Why, 'by' | 'reason'> => ({
  ...(by !== undefined && { by }),
  ...(reason !== undefined && reason !== null && reason !== '' && { reason }),
});

export interface Partings {
  /** They are put out of that guild or thread. What is known already of who did it stays. Returns how to take that back. */
  note(place: string, person: string, why: Why): () => void;
  /** They have gone: why, as far as that is known; it is told once. */
  take(place: string, person: string): Why | undefined;
  /** The same, and it stays. */
  look(place: string, person: string): Why | undefined;
}

/** Whoever has not gone by then was not there. */
const keptMs = 10_000;

/** Nobody is put out. */
export function createPartings(clock: Pick<Clock, 'after'>): Partings {
  const noted = new Map<string, { readonly why: Why; readonly cancel: () => void }>();

  function take(place: string, person: string): Why | undefined {
    const key = `${place} ${person}`;
    const found = noted.get(key);
    found?.cancel();
    noted.delete(key);
    return found?.why;
  }

  return {
    take,
    look: (place, person) => noted.get(`${place} ${person}`)?.why,
    note(place, person, why) {
      const before = take(place, person);
      const known = before?.how === why.how ? { ...why, ...before } : why;
      const withdraw = (): void => void take(place, person);
      noted.set(`${place} ${person}`, { why: known, cancel: clock.after(keptMs, withdraw) });
      return withdraw;
    },
  };
}
