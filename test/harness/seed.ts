/**
 * Properties are tried on the same cases each time, so that a run that fails can be repeated and one that passes stays so; FC_SEED=random (or a number)
 * tries others, as the long runs do.
 */
import fc from 'fast-check';

const wish = process.env.FC_SEED;
if (wish !== 'random') fc.configureGlobal({ seed: wish === undefined ? 20_261_121 : Number(wish) });

/** How many cases a property is tried on: more in the long runs, by FC_RUNS. */
export const runsOf = (usual: number): number => Number(process.env.FC_RUNS ?? usual);

/** The same numbers for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
