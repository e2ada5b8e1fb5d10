/** Which of several workers looks after an account: by rendezvous hashing, so that all agree without talking, and a change moves as little as can be. */
import { hash } from 'node:crypto';

/** undefined: there is no worker. */
export function responsible(workers: readonly string[], account: string): string | undefined {
  let best: string | undefined;
  let highest = '';
  for (const worker of workers) {
    const weight = hash('sha256', `${worker}\0${account}`);
    if (best === undefined || weight > highest) {
      best = worker;
      highest = weight;
    }
  }
  return best;
}
