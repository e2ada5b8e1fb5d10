/**
 * The long runs of what `npm test` has short (`npm run soak`): faults last as long as outages do, come in an order that a seed decides, and come again. The
 * same seed plays the same.
 */
import { seededRandom } from './seed.ts';

const rounds = Number(process.env.ISTHMUS_SOAK ?? 0);

/** Decides the order of faults, and what gets lost on bad lines. */
export const soakSeed = Number(process.env.ISTHMUS_SEED ?? 1);

/** In the short run as they stand, each once; in the long one shuffled, as many rounds as were asked for. */
export function inSoak<T extends { readonly name: string }>(rows: readonly T[]): readonly T[] {
  if (rounds === 0) return rows;
  const random = seededRandom(soakSeed);
  return Array.from({ length: rounds }, (_, round) =>
    shuffled(rows, random).map((row) => ({ ...row, name: `${row.name} (round ${round + 1})` })),
  ).flat();
}

inSoak.isOn = rounds > 0;

function shuffled<T>(rows: readonly T[], random: () => number): readonly T[] {
  return rows
    .map((row) => ({ row, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row);
}
