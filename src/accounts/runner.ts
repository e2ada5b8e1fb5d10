/** Runs the accounts of one domain in this process: each under a lease, started when it is needed, closed when it has nothing left to do. */
import type { Network } from '../bridge/contract.ts';
import { GatewayError } from '../core/errors.ts';
import type { AccountId, ChatId } from '../core/ids.ts';
import type { AccountKey, Face } from '../gateway/face.ts';
import { stanzaIn } from '../gateway/stanza-text.ts';
import type { AccountRow, Lease, Leases, OutboxEntry, OutboxStore } from '../storage/ports.ts';
import { createAccount } from './account.ts';
import type { Account } from './account-port.ts';
import type { Erasure, Order } from './orders.ts';
import type { Plumbed } from './plumbed.ts';
import { restoreAll } from './restoring.ts';
import { createStartingAgain } from './starting-again.ts';
import { createWishes, noWishes, type Wishes } from './wishes.ts';
import type { AccountWorld } from './world.ts';

export interface Runner {
  get(id: AccountId): Account | undefined;
  /** The account, started if it was not; undefined: another worker runs it, or we stop. What waits in its outbox is looked after. */
  open(key: AccountKey): Promise<Account | undefined>;
  /** Starts it where it was running elsewhere, as it was written down. False: it runs nowhere, and nobody wanted it to. Where it rejects, it is tried again. */
  comeBack(id: AccountId): Promise<boolean>;
  /** Ends it here as at a stop, for another worker to start it; resolves when that one may. False: it does not run here. */
  moveAway(id: AccountId): Promise<boolean>;
  /** It is being started. */
  isOpening(id: AccountId): boolean;
  /** It ran until the gateway stopped, and does so again after the restart: what is accepted for it waits for that. */
  isResting(id: AccountId): boolean;
  /** Brings back the accounts that were running when the gateway stopped and those with something in the outbox, as they were written down. @param mine is asked of each when its turn has come */
  restore(mine: (id: AccountId) => boolean): Promise<void>;
  /** The XMPP server is there: accounts that were restored, and those to come, may begin. Said again: it was away, and what it tells of clients may have got lost. */
  begin(): void;
  /** Something waits in that account's outbox, or a time has come. An account that does not run is started where something waits. */
  poke(id: AccountId, chat?: ChatId): void;
  /** False: the account does not run here, and another worker has it where it is to be erased. */
  obey(id: AccountId, order: Order): Promise<boolean>;
  readonly size: number;
  /** Those that run. */
  all(): Iterable<Account>;
  count(state: Account['state']): number;
  stop(how: 'keep' | 'farewell', reason: string): Promise<void>;
}

export interface RunnerParts {
  readonly network: Network;
  readonly world: AccountWorld;
  readonly leases: Leases;
  readonly outbox: OutboxStore;
  /** Accounts that are to be connected whatever was running; absent: none. */
  readonly registered?: () => Promise<readonly AccountId[]>;
  readonly face: (key: AccountKey, wishes: Wishes) => Face;
  /** The plumbings of an account; absent: none has any. */
  readonly plumbed?: (row: AccountRow, face: Face, world: AccountWorld) => Plumbed;
  /** The parts of an account's id; undefined: it belongs to another domain. */
  readonly keyOf: (id: AccountId) => AccountKey | undefined;
}

interface Running {
  readonly account: Account;
  readonly lease: Lease;
}

/** One that could not be forgotten is looked at in half a minute, as if so many tries had failed. */
const forgetTries = 5;

export function createRunner(parts: RunnerParts): Runner {
  const { network, world, leases, outbox, face, keyOf } = parts;
  const running = new Map<AccountId, Running>();
  const opening = new Map<AccountId, Promise<Account | undefined>>();
  const closing = new Map<AccountId, Promise<void>>();
  const resting = new Set<AccountId>();
  const again = createStartingAgain({ ...world, startIfWanted });
  /** Closed when that could not be written down. */
  const unforgotten = new Set<AccountId>();
  let stopped = false;
  let begun = false;

  async function start(key: AccountKey): Promise<Account | undefined> {
    await closing.get(key.id);
    if (stopped) return undefined;
    const lease = await leases.acquire(key.id);
    // What is written down of it is another's by now.
    if (lease === undefined) unforgotten.delete(key.id);
    if (lease === undefined) return undefined;
    try {
      const account = await load(key, lease);
      unforgotten.delete(key.id);
      if (!stopped && !lease.lost.aborted) return run(account, lease);
      await account.stop('lost', 'The gateway stops');
    } catch (error) {
      await letGo(lease);
      throw error;
    }
    await letGo(lease);
    return undefined;
  }

  async function load(key: AccountKey, lease: Lease): Promise<Account> {
    const { id, owner, on } = key;
    world.archive.renew(id);
    world.outbox.renew(id);
    const known = await world.store.get(id);
    const row: AccountRow = known ?? { id, domain: world.domain, owner, ...(on !== undefined && { on }) };
    if (known === undefined) await world.store.put(row);
    const wishes = createWishes(row.on, await world.preferences.of(owner));
    const its = face(key, wishes);
    const plumbed = parts.plumbed?.(row, its, world);
    const whose = {
      over: () => void (plumbed?.isOn() === true || close(id)),
      lost: () => lost(id, lease),
    };
    const leased = { ...world, ...plumbed?.ways, fence: lease.fence, wishes };
    const made = createAccount(row, network, its, leased, whose);
    const account = plumbed?.around(made) ?? made;
    // What could not be removed then may well be read by now, and not be removed yet: a full disk.
    await account.load(unforgotten.has(id));
    return account;
  }

  function run(account: Account, lease: Lease): Account {
    const { id } = account.row;
    running.set(id, { account, lease });
    lease.lost.addEventListener('abort', () => lost(id, lease), { once: true });
    if (begun) account.begin();
    return account;
  }

  function open(key: AccountKey): Promise<Account | undefined> {
    const here = running.get(key.id);
    if (here !== undefined) return Promise.resolve(here.account);
    let started = opening.get(key.id);
    if (started === undefined) {
      started = start(key).finally(() => opening.delete(key.id));
      opening.set(key.id, started);
    }
    return started;
  }

  /** Where it rejects, it is tried again. */
  async function surely<T>(id: AccountId, start: () => Promise<T>): Promise<T> {
    try {
      return await start();
    } catch (error) {
      again.later(id);
      throw error;
    }
  }

  async function letGo(lease: Lease, isForgotten = false): Promise<void> {
    const free = isForgotten ? lease.erase() : lease.release();
    await free.catch((error: unknown) => world.log.warn({ error }, 'a lease could not be given back'));
  }

  /** The account has nothing left: it is forgotten, unless something was accepted for it at the last moment. */
  function close(id: AccountId): Promise<void> {
    const here = running.get(id);
    if (here === undefined || stopped) return closing.get(id) ?? Promise.resolve();
    running.delete(id);
    const closed = end(id, here).finally(() => {
      closing.delete(id);
      reopenIfWaiting(id);
    });
    closing.set(id, closed);
    return closed;
  }

  async function end(id: AccountId, { account, lease }: Running): Promise<void> {
    await account
      .stop('keep', 'Nobody is left')
      .catch((error: unknown) => world.log.error({ account: id, error }, 'an account did not close cleanly'));
    await letGo(lease, await forget(id));
  }

  /** It is in no room: of one that is still written down, as the database was away when it was left, it would come back into that. True: it is as if it had never been. */
  async function forget(id: AccountId): Promise<boolean> {
    const { store, log } = world;
    try {
      const isEmpty = (await outbox.size(id)) === 0;
      if (isEmpty) await store.remove(id);
      else for (const { chat } of await store.memberships(id)) await store.removeMembership(id, chat);
      unforgotten.delete(id);
      return isEmpty;
    } catch (error) {
      unforgotten.add(id);
      log.error({ account: id, error }, 'an account could not be forgotten; it is tried again');
      // It is started for that alone, and has nothing to do then.
      again.later(id, forgetTries);
      return false;
    }
  }

  async function leave(id: AccountId, { account, lease }: Running, reason: string): Promise<void> {
    await account
      .stop('keep', reason)
      .catch((error: unknown) => world.log.error({ account: id, error }, 'an account did not stop cleanly'));
    await letGo(lease);
  }

  /** What runs by the login of somebody else on the network ends as at a restart: its rooms are kept, and are entered as who it is now. */
  async function beginAnew(key: AccountKey): Promise<void> {
    const { id } = key;
    await opening.get(id)?.catch(() => undefined);
    const here = running.get(id);
    if (here === undefined || stopped) return;
    running.delete(id);
    const left = leave(id, here, 'Logging in')
      .then(() => forgetSession(id))
      .finally(() => closing.delete(id));
    closing.set(id, left);
    await restoreOne(key);
  }

  /** Where that of somebody else was goes on with nothing. */
  async function forgetSession(id: AccountId): Promise<void> {
    try {
      const known = await world.store.get(id);
      if (known?.resume === undefined) return;
      const { resume: _, ...row } = known;
      await world.store.put(row);
    } catch (error) {
      world.log.warn({ account: id, error }, 'what the last session left could not be forgotten');
    }
  }

  function reopenIfWaiting(id: AccountId): void {
    const key = keyOf(id);
    if (stopped || key === undefined) return;
    void again.start(id, async () => {
      if ((await outbox.size(id)) > 0) await open(key);
    });
  }

  async function startIfWanted(id: AccountId): Promise<void> {
    const key = keyOf(id);
    if (key !== undefined && (await isWanted(id))) await open(key);
  }

  /** Something waits for it, it is to come back as it was written down, or it is to be connected whatever was running. */
  async function isWanted(id: AccountId): Promise<boolean> {
    if ((await outbox.size(id)) > 0 || (await world.store.get(id)) !== undefined) return true;
    return (await parts.registered?.())?.includes(id) === true;
  }

  /** False: it does not run here. */
  function show(id: AccountId, text: string): boolean {
    const stanza = stanzaIn(text);
    const here = running.get(id)?.account;
    if (stanza !== undefined) here?.mail({ is: 'stanza', stanza });
    return here !== undefined;
  }

  /** Under the lease, so that it runs nowhere meanwhile; whoever comes for it waits, and finds it as if it had never been. */
  async function erase(id: AccountId, order: Erasure): Promise<boolean> {
    // Not awaited where there is nothing to wait for: whoever opened it meanwhile would have its lease.
    while (opening.has(id) || closing.has(id)) await Promise.allSettled([opening.get(id), closing.get(id)]);
    const here = running.get(id);
    // From here on it neither closes nor is opened again.
    running.delete(id);
    const erased = eraseUnder(id, here, order).finally(() => closing.delete(id));
    closing.set(
      id,
      erased.then(
        () => undefined,
        () => undefined,
      ),
    );
    return erased;
  }

  async function eraseUnder(id: AccountId, here: Running | undefined, { reason, as }: Erasure): Promise<boolean> {
    const lease = here?.lease ?? (await leases.acquire(id));
    if (lease === undefined) return false;
    try {
      await here?.account.obey({ is: 'disconnect', reason });
      await here?.account.stop('keep', reason);
      tellErased(id, await world.erase(id));
    } catch (error) {
      await letGo(lease);
      // What is left of it is in use until its owner tries once more.
      again.later(id);
      throw error;
    }
    await lease.erase(as);
    return true;
  }

  /** It was accepted, and will not be sent any more. */
  function tellErased(id: AccountId, waited: readonly OutboxEntry[]): void {
    const key = keyOf(id);
    if (key === undefined || waited.length === 0) return;
    const error = new GatewayError('not-connected', { text: 'It was not sent: its account has been removed' });
    const its = face(key, noWishes);
    for (const { key: of, intent, origin } of waited) world.send(its.failed(of, intent, origin, error).stanzas);
  }

  /** One that runs nowhere at this moment, but did, is on its way to another worker: there it would go on as if nothing had been said. */
  async function mayBegin(id: AccountId, { is }: Order): Promise<boolean> {
    if (is !== 'disconnect') return is === 'login' || is === 'replumb';
    return !running.has(id) && !opening.has(id) && (await world.store.get(id)) !== undefined;
  }

  function lost(id: AccountId, lease: Lease): void {
    const here = running.get(id);
    if (here?.lease !== lease || stopped) return;
    running.delete(id);
    world.log.warn({ account: id }, 'the lease was lost: this account ends here');
    here.account.stop('lost', 'The account moved').catch(world.ignore);
    void startIfNobodys(id);
  }

  /** A Redis that has not heard of a lease says the same as one in which another has it: nobody else would come for the account. */
  async function startIfNobodys(id: AccountId): Promise<void> {
    const holder = await leases.holder(id).catch(() => undefined);
    if (holder === undefined) again.later(id);
  }

  const restoreOne = (key: AccountKey): Promise<void> => again.start(key.id, () => open(key));

  return {
    get: (id) => running.get(id)?.account,
    open,
    async comeBack(id) {
      const key = keyOf(id);
      if (key === undefined) return false;
      return surely(id, async () => {
        if ((await world.store.get(id)) === undefined) return false;
        await open(key);
        return true;
      });
    },
    async moveAway(id) {
      const here = running.get(id);
      if (here === undefined || stopped) return false;
      running.delete(id);
      const left = leave(id, here, 'The account moves to another worker').finally(() => closing.delete(id));
      closing.set(id, left);
      await left;
      return true;
    },
    isOpening: (id) => opening.has(id),
    isResting: (id) => resting.has(id),
    async restore(mine) {
      const ids = new Set((await world.store.all(world.domain)).map((row) => row.id));
      for (const id of await outbox.waiting()) ids.add(id);
      for (const id of (await parts.registered?.()) ?? []) ids.add(id);
      await restoreAll(ids, { clock: world.clock, mine, keyOf, restore: restoreOne });
    },
    begin() {
      for (const { account } of running.values()) {
        if (begun) account.askAround();
        else account.begin();
      }
      begun = true;
    },
    poke(id, chat) {
      const here = running.get(id);
      if (here === undefined) reopenIfWaiting(id);
      else here.account.poke(chat);
    },
    async obey(id, order) {
      if (order.is === 'erase') return erase(id, order);
      if (order.is === 'shown') return show(id, order.stanza);
      const key = (await mayBegin(id, order)) ? keyOf(id) : undefined;
      if (order.is === 'login' && order.isOther === true && key !== undefined) await beginAnew(key);
      // One that is being opened may have read what was so before.
      const here = async (): Promise<Account | undefined> => opening.get(id)?.catch(() => undefined);
      const account =
        key === undefined ? (running.get(id)?.account ?? (await here())) : await surely(id, () => open(key));
      await account?.obey(order);
      return account !== undefined;
    },
    get size() {
      return running.size;
    },
    all: () => [...running.values()].map(({ account }) => account),
    count(state) {
      let n = 0;
      for (const { account } of running.values()) if (account.state === state) n++;
      return n;
    },
    async stop(how, reason) {
      stopped = true;
      again.close();
      await Promise.allSettled([...opening.values(), ...closing.values()]);
      const ends = [...running].map(([id, { account, lease }]) => {
        // Until it rests it hears what comes; who is told farewell is out at once.
        if (how === 'farewell') running.delete(id);
        return account.stop(how, reason).finally(() => {
          if (running.delete(id)) resting.add(id);
          return letGo(lease);
        });
      });
      for (const end of await Promise.allSettled(ends)) {
        if (end.status === 'rejected') world.log.error({ error: end.reason }, 'an account did not stop cleanly');
      }
    },
  };
}
