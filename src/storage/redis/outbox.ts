/** The outbox in Redis: one stream an account, its entries' ids the delivery keys. What belongs together happens in one script. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../bridge/contract.ts';
import { type AccountId, accountId, type DeliveryKey, deliveryKey } from '../../core/ids.ts';
import { type OutboxEntry, type OutboxStore, type Settled, StaleFence } from '../ports.ts';
import { type AppendLimits, Appends, createDue, markText, type Place, perCall, type Waiting } from './appends.ts';
import { evaluate, evaluateTogether, type Shared, script, scriptTogether } from './batch.ts';
import type { RedisLink } from './connect.ts';
import { accountKeys, accountKeysLike, accountOf, deadLike } from './keys.ts';
import { createLately } from './lately.ts';
import requeueText from './lua/requeue.lua';
import settleText from './lua/settle.lua';

const settleScript = scriptTogether(settleText);
const requeueScript = script(requeueText);

export interface OutboxLimits extends AppendLimits {
  readonly deadLetters: number;
  readonly deadLettersMs: number;
  /** How much of what was settled last is kept in mind for a Redis that comes back without it. 0: it never does. */
  readonly settled: number;
}

const usual: OutboxLimits = {
  timeoutMs: 10_000,
  marksMs: 600_000,
  marks: 50_000,
  deadLetters: 1_000,
  deadLettersMs: 30 * 86_400_000,
  settled: 1_024,
};

/** Where nothing runs that would forget them in time: they go by themselves, uncounted. */
const unsweptMs = 7 * 86_400_000;
/** Sets that are read at once. */
const setsAtOnce = 1_000;
/** Accounts whose keys are remembered. */
const placesKept = 10_000;

/** The outbox over one link; see the port for what it promises. @param onForgotten hears of dead letters that were too old or too many */
export function createOutboxStore(
  { redis, batch, names, keysLike, onBack }: RedisLink,
  clock: Clock,
  limits: Partial<OutboxLimits> = {},
  onForgotten: (account: AccountId, letters: number) => void = () => undefined,
): OutboxStore {
  const bounds: OutboxLimits = { ...usual, ...limits };
  const due = createDue(clock, bounds.timeoutMs);
  const process = randomBytes(6).toString('base64url');
  let count = 0;
  const known = new Map<AccountId, Place>();

  function placeOf(account: AccountId): Place {
    let place = known.get(account);
    if (place === undefined) {
      if (known.size >= placesKept) known.clear();
      place = { keys: accountKeys(account), waiting: names.waiting(account), open: undefined, newest: undefined };
      known.set(account, place);
    }
    return place;
  }

  const nextToken = (): string => `${process}-${(count++).toString(36)}`;

  function enqueue(account: AccountId, entry: Waiting, cap: number): void {
    const place = placeOf(account);
    if (place.open?.push(entry, cap)) return;
    const group = new Appends(account, place, nextToken(), cap, bounds, due);
    group.push(entry, cap);
    place.open = group;
    due.add(group);
    batch.add(group);
  }

  const lately = createLately(bounds.settled);
  // A replica that took its master's place may not have heard of it: it would be sent again by whoever reads the outbox next, hours later.
  onBack(() => {
    for (const { account, fence, settled } of lately.all()) settleAll(account, fence, settled).catch(() => undefined);
  });

  /** What is the same for all that are settled in the same second. */
  function sharedIn(waiting: string): Shared {
    const forgotten = Math.floor((clock.now() - bounds.deadLettersMs) / 1_000) * 1_000;
    return {
      keys: [waiting],
      args: [String(forgotten), String(bounds.deadLetters), String(bounds.deadLettersMs + unsweptMs)],
    };
  }

  function settle(account: AccountId, fence: number, settled: readonly Settled[]): Promise<void> {
    const { keys, waiting } = placeOf(account);
    const { outbox, fence: fenceKey, young, old, dead } = keys;
    const args: string[] = [account, String(fence)];
    for (const { key, mark = '', result, dead } of settled)
      args.push(key, markText(mark), optional(result), optional(dead));
    const call = evaluateTogether(settleScript, sharedIn(waiting), [outbox, fenceKey, young, old, dead], args);
    return new Promise((resolve, reject) =>
      batch.add({
        key: outbox,
        // What its sender is told is in the journal, or the entry is still here: whoever dies in between.
        behind: 'journals',
        seal: () => call,
        done(reply) {
          if (typeof reply === 'number') onForgotten(account, reply);
          if (reply === 'stale') return reject(new StaleFence());
          lately.add(account, fence, settled);
          resolve();
        },
        failed: reject,
      }),
    );
  }

  async function settleAll(account: AccountId, fence: number, settled: readonly Settled[]): Promise<void> {
    if (settled.length <= perCall) return settle(account, fence, settled);
    for (let i = 0; i < settled.length; i += perCall) await settle(account, fence, settled.slice(i, i + perCall));
  }

  const accept: OutboxStore['accept'] = (account, { intent, origin }, mark = '', caps, told) => {
    enqueue(account, { mark, body: JSON.stringify([intent, origin]), told }, caps.account);
  };

  return {
    append: (account, entry, mark, caps) =>
      new Promise((done, failed) => accept(account, entry, mark, caps, { done, failed })),
    accept,
    async after(account, key, max) {
      const entries = await redis.xrange(
        accountKeys(account).outbox,
        key === undefined ? '-' : `(${key}`,
        '+',
        'COUNT',
        max,
      );
      return entries.map(([id, fields]) => entryOf(id, fields));
    },
    settle: settleAll,
    size: (account) => redis.xlen(accountKeys(account).outbox),
    async waiting() {
      const sets = names.allWaiting();
      const found: AccountId[] = [];
      for (let i = 0; i < sets.length; i += setsAtOnce) {
        const some = sets.slice(i, i + setsAtOnce).map((key) => batch.ask({ command: ['smembers', key] }));
        for (const members of await Promise.all(some)) found.push(...(members as string[]).map(accountId));
      }
      return found;
    },
    async deadLetters(account, max, which = 'oldest') {
      const { dead } = accountKeys(account);
      const entries =
        which === 'oldest'
          ? await redis.xrange(dead, '-', '+', 'COUNT', max)
          : (await redis.xrevrange(dead, '+', '-', 'COUNT', max)).reverse();
      return entries.map(([id, fields]) => ({
        ...entryOf(id, fields),
        reason: fields[3] ?? '',
        at: Number.parseInt(id, 10),
      }));
    },
    deadSize: (account) => redis.xlen(accountKeys(account).dead),
    async dead(max) {
      const found = new Map<AccountId, number>();
      for await (const keys of keysLike(deadLike)) {
        const sizes = await Promise.all(keys.map((key) => redis.xlen(key)));
        for (const [i, key] of keys.entries()) if (sizes[i] !== 0) found.set(accountOf(key), sizes[i] ?? 0);
        if (found.size >= max) break;
      }
      return new Map([...found].slice(0, max));
    },
    async forgetDead() {
      const before = clock.now() - bounds.deadLettersMs;
      for await (const keys of keysLike(deadLike)) {
        const gone = await Promise.all(keys.map((key) => redis.xtrim(key, 'MINID', before)));
        for (const [i, key] of keys.entries()) if (gone[i] !== 0) onForgotten(accountOf(key), gone[i] ?? 0);
      }
    },
    async requeue(account, key) {
      const { outbox, dead, young, old } = accountKeys(account);
      const [letter] = await redis.xrange(dead, key, key);
      if (letter === undefined) return false;
      const { intent, origin } = entryOf(...letter);
      const body = JSON.stringify([intent, { ...origin, at: clock.now() }]);
      const keys = [outbox, dead, names.waiting(account), young, old];
      const args = [account, key, body, nextToken(), String(bounds.marksMs)];
      return (await batch.ask(evaluate(requeueScript, keys, args))) === 1;
    },
    async drop(account, key) {
      const { dead } = accountKeys(account);
      // How many are deleted says a second copy wrong.
      const [letter] = await redis.xrange(dead, key, key);
      await redis.xdel(dead, key);
      return letter !== undefined;
    },
    async ids(begin, end) {
      const found = new Set<AccountId>();
      for await (const keys of keysLike(accountKeysLike(begin, end))) for (const key of keys) found.add(accountOf(key));
      return [...found];
    },
    async erase(account) {
      const { outbox, young, old, dead } = accountKeys(account);
      const all = redis.multi().xrange(outbox, '-', '+');
      const [waited] = (await all.del(outbox, young, old, dead).srem(names.waiting(account), account).exec()) ?? [];
      return ((waited?.[1] ?? []) as [string, string[]][]).map(([id, fields]) => entryOf(id, fields));
    },
  };
}

const optional = (text: string | undefined): string => (text === undefined ? '' : ` ${text}`);

function entryOf(id: string, fields: readonly string[]): OutboxEntry {
  const [intent, origin]: [OutboxEntry['intent'], OutboxEntry['origin']] = JSON.parse(fields[1] ?? '');
  const key: DeliveryKey = deliveryKey(id);
  return { key, intent, origin };
}
