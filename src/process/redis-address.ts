/** Where the configuration says that Redis is. */
import type { Config } from '../ops/config/config.ts';
import type { RedisAddress } from '../storage/redis/address.ts';

/** For connectRedis; undefined: it is a child of ours. */
export function redisAddress({ storage: { redis } }: Config): RedisAddress | undefined {
  switch (redis.is) {
    case 'url':
      return {
        url: redis.url.reveal(),
        tls: redis.tls && { ...redis.tls, key: redis.tls.key?.reveal() },
        sentinelPassword: redis.sentinelPassword?.reveal(),
      };
    case 'unix':
      return { url: redis.path };
    case 'private':
      return undefined;
    default:
      return redis satisfies never;
  }
}
