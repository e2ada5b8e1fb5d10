/** Does Redis take what we write? Asked by writing: one that is full, a replica, or without its disk answers everything else. */
import { succeeds } from '../succeeds.ts';
import type { RedisLink } from './connect.ts';

/** No longer than that what was written for it is there. */
const keptMs = 1_000;
const key = 'isthmus:probe';

/** What it gives may be called at any time. In a cluster it is one master that is asked. */
export function redisTakes(link: Pick<RedisLink, 'redis' | 'up'>): () => Promise<boolean> {
  const takes = succeeds(() => link.redis.set(key, '', 'PX', keptMs));
  return () => (link.up ? takes() : Promise.resolve(false));
}
