/** Plumbings must not make a circle: what is said in one of its rooms would come round for ever. */

/** Two rooms that are joined, each by any name that tells it from all others. */
export type Joint = readonly [string, string];

/** Are these two connected already, by whatever way? */
export function isConnected(joints: readonly Joint[], [from, to]: Joint): boolean {
  const reached = new Set([from]);
  for (const room of reached) {
    for (const [one, other] of joints) {
      if (one === room) reached.add(other);
      if (other === room) reached.add(one);
    }
  }
  return reached.has(to);
}
