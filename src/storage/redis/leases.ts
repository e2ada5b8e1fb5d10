/**
 * Leases in Redis. A lease names its holder and that holder's life; it is good as long as the holder shows that life, so that a process renews one key
 * however many accounts it runs. The fence is a counter of its own that only grows; settling compares it.
 *
 * While Redis is away nobody can take anything over, and nothing is aborted: a restart of Redis must not drop a connection. When it is back, a worker
 * whose sign of life had expired looks which of its leases others have taken; what it wrote in between was refused by the fence. So it does whenever Redis was away:
 * a replica that took its master's place may lack the newest leases, which are put there again, unless another has taken them since.
 *
 * A cluster has leases and signs in different places: there a holder whose sign had expired has another life, which it writes into its leases (life.ts).
 */
import type { Log } from '../../bridge/contract.ts';
import type { AccountId } from '../../core/ids.ts';
import { type Lease, type Leases, StaleFence } from '../ports.ts';
import { evaluate, type Order, script } from './batch.ts';
import type { RedisLink } from './connect.ts';
import { accountKeys, erasedKey, lifeOf } from './keys.ts';
import { showsLife } from './life.ts';
import acquireText from './lua/acquire.lua';
import eraseText from './lua/erase.lua';
import releaseText from './lua/release.lua';
import renewText from './lua/renew.lua';
import type { RedisWorkers } from './workers.ts';

const acquireScript = script(acquireText);
const eraseScript = script(eraseText);
const releaseScript = script(releaseText);

const renewScript = script(renewText);
/** With what is settled, and in the order in which it is asked. */
const inTurn: Order = { behind: 'journals' };

const erasedKnownMs = 900_000;

interface Held {
  readonly lost: AbortController;
  readonly fence: number;
  /** As the lease is in Redis, when all that is under way has arrived. */
  as: string;
}

/** The leases of one worker. */
export function createLeases(link: RedisLink, workers: RedisWorkers, log: Log): Leases {
  const { redis, batch, names, isCluster } = link;
  const held = new Map<AccountId, Held>();
  const taking = new Set<AccountId>();
  /** The Redis that our leases are in (continuity.ts). */
  let name: string | undefined;
  const nameNow = async (): Promise<string | undefined> => (await redis.get(names.nameAt[0] ?? '')) ?? undefined;
  const ours = (): string => `${workers.self} ${workers.life}`;

  async function acquire(account: AccountId): Promise<Lease | undefined> {
    const { lease, fence, outbox } = accountKeys(account);
    name ??= await nameNow();
    const seen = (await redis.get(lease)) ?? '';
    const as = ours();
    const [holder = '', life = ''] = split(seen === '' ? as : seen);
    const sign = lifeOf(names, holder);
    if (isCluster && seen !== '' && seen !== as && showsLife(await redis.get(sign), life)) return undefined;
    const keys = isCluster ? [lease, fence] : [lease, fence, sign];
    const granted = Number(await batch.ask(evaluate(acquireScript, keys, [seen, as, life]), inTurn));
    if (granted === 0) return undefined;
    const mine: Held = { lost: new AbortController(), fence: granted, as };
    held.set(account, mine);
    if (as !== ours() && !(await renewed(account, mine))) return undefined;
    const giveBack = async (by: typeof releaseScript, ...keys: readonly string[]): Promise<void> => {
      if (held.get(account) !== mine) return;
      held.delete(account);
      await batch.ask(evaluate(by, keys, [mine.as]), inTurn);
    };
    return {
      fence: granted,
      lost: mine.lost.signal,
      release: () => giveBack(releaseScript, lease),
      async erase(as) {
        // Before anybody else can have it. Where Redis' memory is full, that the lease is nobody's has to say it.
        if (as !== undefined) await redis.set(erasedKey(as), '', 'PX', erasedKnownMs).catch(() => undefined);
        await giveBack(eraseScript, lease, fence, outbox);
      },
    };
  }

  function lose(account: AccountId, one: Held): void {
    if (held.get(account) !== one) return;
    one.lost.abort(new StaleFence());
    held.delete(account);
  }

  /** False: another has it. */
  async function renewed(account: AccountId, one: Held): Promise<boolean> {
    const before = one.as;
    one.as = ours();
    const { lease, fence } = accountKeys(account);
    const stands = await batch.ask(evaluate(renewScript, [lease, fence], [before, one.as, `${one.fence}`]), inTurn);
    if (stands !== 1) lose(account, one);
    return stands === 1;
  }

  async function lookAfter(): Promise<void> {
    const all = [...held];
    if (isCluster) {
      await Promise.all(all.map(([account, one]) => renewed(account, one)));
      return;
    }
    const look = () => Promise.all(all.map(([account]) => redis.get(accountKeys(account).lease)));
    const before = name;
    let found: readonly (string | null)[];
    [found, name] = await Promise.all([look(), nameNow()]);
    // One that has lost what it held: nobody has given it back.
    if (before !== undefined && name !== before) {
      await Promise.all(all.map(([account, one]) => putBack(account, one)));
      found = await look();
    }
    const unheardOf: Promise<boolean>[] = [];
    for (const [i, [account, one]] of all.entries()) {
      // It was given back meanwhile.
      if (held.get(account) !== one) continue;
      if (found[i] === null) unheardOf.push(renewed(account, one));
      else if (found[i] !== one.as) lose(account, one);
    }
    await Promise.all(unheardOf);
  }

  /** Unless another has it by now. */
  async function putBack(account: AccountId, one: Held): Promise<void> {
    if (held.get(account) === one) await redis.set(accountKeys(account).lease, one.as, 'NX');
  }

  workers.onRevived(async () => {
    await lookAfter().catch((error: unknown) => {
      log.error({ error }, 'leases could not be looked after; it is tried again');
      throw error;
    });
  });
  // It may be another one now, which has not heard of our newest.
  link.onBack(() => {
    lookAfter().catch((error: unknown) => log.warn({ error }, 'leases could not be looked after'));
  });

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
      return showsLife(await redis.get(lifeOf(names, holder)), life) ? holder : undefined;
    },
    erased: async (as) => (await redis.exists(erasedKey(as))) === 1,
  };
}

/** '<worker> <life>'; a worker's name may hold spaces, a life does not. */
function split(lease: string): [worker: string, life: string] {
  const at = lease.lastIndexOf(' ');
  return [lease.slice(0, at), lease.slice(at + 1)];
}
