/**
 * Leases in Redis. A lease names its holder and that holder's life; it is good as long as the holder shows that life, so that a process renews one key
 * however many accounts it runs. The fence is a counter of its own that only grows; settling compares it.
 *
 * While Redis is away nobody can take anything over, and nothing is aborted: a restart of Redis must not drop a connection. When it is back, a worker
 * whose sign of life had expired looks which of its leases others have taken; what it wrote in between was refused by the fence.
 */
import type { Log } from '../../bridge/contract.ts';
import type { AccountId } from '../../core/ids.ts';
import { type Lease, type Leases, StaleFence } from '../ports.ts';
import { evaluate, script } from './batch.ts';
import type { RedisLink } from './connect.ts';
import { accountKeys, lifeKey } from './keys.ts';
import acquireText from './lua/acquire.lua';
import eraseText from './lua/erase.lua';
import releaseText from './lua/release.lua';
import type { RedisWorkers } from './workers.ts';

const acquireScript = script(acquireText);
const eraseScript = script(eraseText);
const releaseScript = script(releaseText);

/** The leases of one worker. */
export function createLeases({ redis, batch }: RedisLink, workers: RedisWorkers, log: Log): Leases {
  const ours = `${workers.self} ${workers.life}`;
  const held = new Map<AccountId, AbortController>();
  const taking = new Set<AccountId>();

  async function acquire(account: AccountId): Promise<Lease | undefined> {
    const { lease, fence } = accountKeys(account);
    const seen = (await redis.get(lease)) ?? '';
    const [holder = '', life = ''] = split(seen === '' ? ours : seen);
    const keys = [lease, fence, lifeKey(holder)];
    const granted = Number(await batch.ask(evaluate(acquireScript, keys, [seen, ours, life])));
    if (granted === 0) return undefined;
    const lost = new AbortController();
    held.set(account, lost);
    return {
      fence: granted,
      lost: lost.signal,
      async release() {
        if (held.get(account) !== lost) return;
        held.delete(account);
        await batch.ask(evaluate(releaseScript, [lease], [ours]));
      },
      async erase() {
        if (held.get(account) !== lost) return;
        held.delete(account);
        await batch.ask(evaluate(eraseScript, [lease, fence], [ours]));
      },
    };
  }

  async function lookAfter(): Promise<void> {
    const accounts = [...held.keys()];
    if (accounts.length === 0) return;
    const found = await Promise.all(accounts.map((account) => redis.get(accountKeys(account).lease)));
    accounts.forEach((account, i) => {
      if (found[i] === ours) return;
      held.get(account)?.abort(new StaleFence());
      held.delete(account);
    });
  }

  workers.onRevived(() =>
    lookAfter().catch((error: unknown) => {
      log.error({ error }, 'leases could not be looked after; it is tried again');
      throw error;
    }),
  );

  return {
    async acquire(account) {
      if (held.has(account) || taking.has(account)) return undefined;
      taking.add(account);
      try {
        return await acquire(account);
      } finally {
        taking.delete(account);
      }
    },
    async holder(account) {
      const lease = await redis.get(accountKeys(account).lease);
      if (lease === null) return undefined;
      const [holder, life] = split(lease);
      return (await redis.get(lifeKey(holder))) === life ? holder : undefined;
    },
  };
}

/** '<worker> <life>'; a worker's name may hold spaces, a life does not. */
function split(lease: string): [worker: string, life: string] {
  const at = lease.lastIndexOf(' ');
  return [lease.slice(0, at), lease.slice(at + 1)];
}
