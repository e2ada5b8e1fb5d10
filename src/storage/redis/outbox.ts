/** The outbox in Redis: one stream an account, its entries' ids the delivery keys. What belongs together happens in one script. */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../bridge/contract.ts';
import { GatewayError } from '../../core/errors.ts';
import { type AccountId, accountId, type DeliveryKey, deliveryKey } from '../../core/ids.ts';
import { type Appended, type OutboxEntry, type OutboxStore, type Settled, StaleFence } from '../ports.ts';
import { evaluate, type Load, script, scriptTogether } from './batch.ts';
import type { RedisLink } from './connect.ts';
import { accountKeys, accountKeysLike, accountOf, waitingKey } from './keys.ts';
import appendText from './lua/append.lua';
import requeueText from './lua/requeue.lua';
import settleText from './lua/settle.lua';

const appendScript = scriptTogether(appendText);
const settleScript = scriptTogether(settleText);
const requeueScript = script(requeueText);

export interface OutboxLimits {
  /** How long an append may wait for Redis before its sender is told `storage-away`. */
  readonly timeoutMs: number;
  /** How long a mark is remembered at least… */
  readonly marksMs: number;
  /** …unless an account has used so many in that time. */
  readonly marks: number;
  readonly deadLetters: number;
  readonly deadLettersMs: number;
}

const usual: OutboxLimits = {
  timeoutMs: 10_000,
  marksMs: 600_000,
  marks: 50_000,
  deadLetters: 1_000,
  deadLettersMs: 30 * 86_400_000,
};

/** Keys that one look at what there is goes over. */
const perLook = 1_000;
/** Entries that one call of a script takes: it keeps everything else in Redis waiting meanwhile. */
const perCall = 500;

interface Waiting {
  readonly mark: string;
  readonly body: string;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: Error) => void;
}

/** One account's appends that go out together. */
class Appends implements Load {
  readonly #account: AccountId;
  /** Names this call, so that a copy of it is known. */
  readonly #token: string;
  readonly #cap: number;
  readonly #limits: OutboxLimits;
  readonly #open: Map<AccountId, Appends>;
  readonly #cancel: () => void;
  #entries: readonly Waiting[];
  readonly #pushed: Waiting[] = [];

  constructor(
    account: AccountId,
    token: string,
    cap: number,
    limits: OutboxLimits,
    clock: Clock,
    open: Map<AccountId, Appends>,
  ) {
    this.#account = account;
    this.#token = token;
    this.#cap = cap;
    this.#limits = limits;
    this.#open = open;
    this.#entries = this.#pushed;
    this.#cancel = clock.after(limits.timeoutMs, () =>
      this.#give(new GatewayError('storage-away', { text: 'The gateway could not store this; try again in a moment' })),
    );
  }

  /** False: there is no room in this call, or it was of another cap. */
  push(entry: Waiting, cap: number): boolean {
    if (cap !== this.#cap || this.#pushed.length >= perCall) return false;
    this.#pushed.push(entry);
    return true;
  }

  seal() {
    this.#leave();
    if (this.#entries.length === 0) return undefined;
    const { outbox, young, old } = accountKeys(this.#account);
    const args = [this.#account, String(this.#cap), String(this.#limits.marksMs), String(this.#limits.marks)];
    args.push(this.#token);
    for (const { mark, body } of this.#entries) args.push(mark, body);
    return evaluate(appendScript, [outbox, young, old, waitingKey], args);
  }

  done(reply: unknown): void {
    this.#cancel();
    const answers = Array.isArray(reply) ? reply : [];
    for (let i = 0; i < this.#entries.length; i++) this.#entries[i]?.resolve(appended(String(answers[i])));
  }

  failed(error: Error): void {
    this.#cancel();
    this.#give(
      new GatewayError('storage-away', {
        text: 'The gateway could not store this; try again in a moment',
        cause: error,
      }),
    );
  }

  /** Unsent entries are not sent any more. Those on their way may still be accepted: then a sender who was told to try again is known by its mark. */
  #give(error: GatewayError): void {
    this.#leave();
    for (const entry of this.#entries) entry.reject(error);
    this.#entries = [];
  }

  #leave(): void {
    if (this.#open.get(this.#account) === this) this.#open.delete(this.#account);
  }
}

function appended(answer: string): Appended {
  if (answer.startsWith('n')) return { is: 'new', key: deliveryKey(answer.slice(1)) };
  if (answer === 'a') return { is: 'again' };
  if (answer.startsWith('a=')) return { is: 'again', result: answer.slice(2) };
  return { is: 'full' };
}

/** The outbox over one link; see the port for what it promises. */
export function createOutboxStore(
  { redis, batch }: RedisLink,
  clock: Clock,
  limits: Partial<OutboxLimits> = {},
): OutboxStore {
  const bounds: OutboxLimits = { ...usual, ...limits };
  const open = new Map<AccountId, Appends>();
  const process = randomBytes(6).toString('base64url');
  let count = 0;

  function enqueue(account: AccountId, entry: Waiting, cap: number): void {
    if (open.get(account)?.push(entry, cap)) return;
    const group = new Appends(account, `${process}-${(count++).toString(36)}`, cap, bounds, clock, open);
    group.push(entry, cap);
    open.set(account, group);
    batch.add(group);
  }

  async function settle(account: AccountId, fence: number, settled: readonly Settled[]): Promise<void> {
    const { outbox, fence: fenceKey, young, old, dead } = accountKeys(account);
    const forgotten = clock.now() - bounds.deadLettersMs;
    const args = [account, String(fence), String(forgotten), String(bounds.deadLetters), String(bounds.deadLettersMs)];
    for (const { key, mark, result, dead } of settled) args.push(key, mark ?? '', optional(result), optional(dead));
    const keys = [outbox, fenceKey, young, old, dead, waitingKey];
    if ((await batch.ask(evaluate(settleScript, keys, args))) === 'stale') throw new StaleFence();
  }

  return {
    append(account, entry, mark, caps) {
      const body = JSON.stringify([entry.intent, entry.origin]);
      return new Promise((resolve, reject) =>
        enqueue(account, { mark: mark ?? '', body, resolve, reject }, caps.account),
      );
    },
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
    async settle(account, fence, settled) {
      for (let i = 0; i < settled.length; i += perCall) await settle(account, fence, settled.slice(i, i + perCall));
    },
    size: (account) => redis.xlen(accountKeys(account).outbox),
    waiting: async () => (await redis.smembers(waitingKey)).map(accountId),
    async deadLetters(account, max) {
      const entries = await redis.xrange(accountKeys(account).dead, '-', '+', 'COUNT', max);
      return entries.map(([id, fields]) => ({
        ...entryOf(id, fields),
        reason: fields[3] ?? '',
        at: Number.parseInt(id, 10),
      }));
    },
    async requeue(account, key) {
      const { outbox, dead } = accountKeys(account);
      const [letter] = await redis.xrange(dead, key, key);
      if (letter === undefined) return false;
      const { intent, origin } = entryOf(...letter);
      const body = JSON.stringify([intent, { ...origin, at: clock.now() }]);
      return (await batch.ask(evaluate(requeueScript, [outbox, dead, waitingKey], [account, key, body]))) === 1;
    },
    drop: async (account, key) => (await redis.xdel(accountKeys(account).dead, key)) === 1,
    async ids(begin, end) {
      const found = new Set<AccountId>();
      let cursor = '0';
      do {
        const [next, keys] = await redis.scan(cursor, 'MATCH', accountKeysLike(begin, end), 'COUNT', perLook);
        for (const key of keys) found.add(accountOf(key));
        cursor = next;
      } while (cursor !== '0');
      return [...found];
    },
    async erase(account) {
      const { outbox, young, old, dead } = accountKeys(account);
      await redis.multi().del(outbox, young, old, dead).srem(waitingKey, account).exec();
    },
  };
}

const optional = (text: string | undefined): string => (text === undefined ? '' : `+${text}`);

function entryOf(id: string, fields: readonly string[]): OutboxEntry {
  const [intent, origin]: [OutboxEntry['intent'], OutboxEntry['origin']] = JSON.parse(fields[1] ?? '');
  const key: DeliveryKey = deliveryKey(id);
  return { key, intent, origin };
}
