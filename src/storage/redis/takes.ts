/** Does Redis take what we write? Asked by writing: one that is full, a replica, or without its disk answers everything else. */
import type { RedisLink } from './connect.ts';

/** No longer than that what was written for it is there. */
const keptMs = 1_000;
const key = 'isthmus:probe';

/** What it gives may be called at any time; where the answer to the last call is not there yet, it is waited for. In a cluster it is one master that is asked. */
export function redisTakes(link: Pick<RedisLink, 'redis' | 'up'>): () => Promise<boolean> {
  let asked: Promise<boolean> | undefined;
  return () => {
    if (!link.up) return Promise.resolve(false);
    asked ??= link.redis
      .set(key, '', 'PX', keptMs)
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        asked = undefined;
      });
    return asked;
  };
}
