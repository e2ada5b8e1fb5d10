/** Whatever happens to attempts, whenever wake-ups and pokes come: nothing is overtaken, lost or settled twice, and the bounds hold. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GatewayError } from '../../../src/core/errors.ts';
import { accountId, type ChatId, chatId, type DeliveryKey } from '../../../src/core/ids.ts';
import { compareKeys } from '../../../src/delivery/lane.ts';
import { createLanes, type Lanes, type Outcome, type Taken } from '../../../src/delivery/lanes.ts';
import type { OutboxEntry, OutboxStore } from '../../../src/storage/ports.ts';
import { createManualClock, type ManualClock, settle } from '../../harness/manual-clock.ts';
import { createMemoryStores } from '../../harness/memory-stores.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { origin, send } from './entries.ts';

const account = accountId('a');
const caps = { account: 1_000 };

type Fate = 'done' | 'later' | 'pause' | 'stop' | 'bug';

interface Flight {
  readonly taken: Taken;
  readonly end: (fate: Fate) => void;
}

/**
 * A network that keeps the bridge's law: when one is to be tried later, those of its chat behind it fail so too, one that is started before the news of
 * the failure has come through included. One that is started later than that overtakes.
 */
class World {
  readonly clock: ManualClock = createManualClock();
  readonly store: OutboxStore = createMemoryStores(this.clock).outbox;
  readonly flights: Flight[] = [];
  readonly ends = new Map<DeliveryKey, string>();
  readonly done = new Map<ChatId, DeliveryKey[]>();
  readonly accepted = new Map<ChatId, DeliveryKey[]>();
  readonly attempts = new Map<DeliveryKey, number[]>();
  readonly faults: string[] = [];
  readonly limits: { readonly concurrency: number; readonly window: number };
  readonly lanes: Lanes;
  /** The failed one of each chat, until it is tried again. */
  readonly broken = new Map<ChatId, { readonly key: DeliveryKey; known: boolean }>();
  count = 0;

  constructor(limits: { readonly concurrency: number; readonly window: number }) {
    this.limits = limits;
    this.lanes = createLanes({
      account,
      fence: 1,
      store: { ...this.store, settle: (id, fence, settled) => this.settle(id, fence, settled) },
      execute: (taken) => this.execute(taken),
      limits: () => limits,
      clock: this.clock,
      wake: async (chat, afterMs) => void this.clock.after(afterMs, () => this.lanes.poke(chat)),
      onFailed: (entry) => this.note(entry, 'failed'),
      onLost: () => this.faults.push('lost'),
      log: silentLog,
      signal: new AbortController().signal,
    });
  }

  async append(chat: string, offered: boolean): Promise<void> {
    const entry = { intent: send(chat, `${this.count}`), origin: origin(`${this.count++}`, this.clock.now()) };
    const appended = await this.store.append(account, entry, undefined, caps);
    if (appended.is !== 'new') throw new Error('not new');
    push(this.accepted, entry.intent.chat, appended.key);
    if (offered) this.lanes.offer({ key: appended.key, ...entry });
    else this.lanes.poke();
  }

  execute(taken: Taken): Promise<Outcome> {
    const { chat } = taken.intent;
    const inChat = this.flights.filter((flight) => flight.taken.intent.chat === chat);
    if (this.flights.length >= this.limits.concurrency) this.faults.push('concurrency');
    if (inChat.length >= this.limits.window) this.faults.push('window');
    if (this.ends.has(taken.key)) this.faults.push('tried after its end');
    push(this.attempts, taken.key, taken.attempt);
    const broken = this.broken.get(chat);
    if (broken !== undefined && compareKeys(taken.key, broken.key) <= 0) this.broken.delete(chat);
    else if (broken?.known === true) this.faults.push('overtaken');
    else if (broken !== undefined) return Promise.reject(errors.later());
    return new Promise((resolve, reject) => {
      const end = (fate: Fate): void => {
        this.flights.splice(
          this.flights.findIndex((flight) => flight.taken === taken),
          1,
        );
        if (fate === 'later' || fate === 'pause') this.break(taken);
        if (fate === 'done') {
          push(this.done, chat, taken.key);
          this.note(taken, 'done');
          resolve({ is: 'done', result: 'r' });
        } else if (fate === 'pause') resolve({ is: 'again' });
        else reject(errors[fate]());
      };
      this.flights.push({ taken, end });
    });
  }

  /** Ends one flight; the chat's law is kept for those behind it. */
  end(index: number, fate: Fate): void {
    const flight = this.flights[index % Math.max(1, this.flights.length)];
    if (flight === undefined) return;
    const { chat } = flight.taken.intent;
    const inChat = this.flights.filter((one) => one.taken.intent.chat === chat);
    const behind = inChat.slice(inChat.indexOf(flight) + 1);
    const before = inChat.slice(0, inChat.indexOf(flight));
    if (fate === 'done') for (const one of before) one.end('done');
    flight.end(fate);
    if (fate === 'later' || fate === 'pause') for (const one of behind.reverse()) one.end('later');
  }

  break({ key, intent: { chat } }: Taken): void {
    const before = this.broken.get(chat);
    if (before !== undefined && compareKeys(before.key, key) < 0) return;
    const broken = { key, known: false };
    this.broken.set(chat, broken);
    setImmediate(() => {
      broken.known = true;
    });
  }

  async settle(...[id, fence, settled]: Parameters<OutboxStore['settle']>): Promise<void> {
    const present = new Set((await this.store.after(id, undefined, 10_000)).map((entry) => entry.key));
    for (const { key } of settled) if (!present.has(key)) this.faults.push('settled twice');
    await this.store.settle(id, fence, settled);
  }

  note(entry: OutboxEntry, how: string): void {
    if (this.ends.has(entry.key)) this.faults.push('ended twice');
    this.ends.set(entry.key, how);
  }
}

const errors: Record<'later' | 'stop' | 'bug', () => Error> = {
  later: () => new GatewayError('network-away'),
  stop: () => new GatewayError('not-allowed-there'),
  bug: () => new TypeError('a bug'),
};

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

type Step =
  | { readonly is: 'append'; readonly chat: string; readonly offered: boolean }
  | { readonly is: 'end'; readonly index: number; readonly fate: Fate }
  | { readonly is: 'poke'; readonly chat: string | undefined }
  | { readonly is: 'time'; readonly ms: number }
  | { readonly is: 'turn' };

const chats = fc.constantFrom('#a', '#b', '#c');
const fates = fc.constantFrom<Fate>('done', 'done', 'done', 'later', 'later', 'pause', 'stop', 'bug');
const steps = fc.array(
  fc.oneof(
    fc.record({ is: fc.constant('append' as const), chat: chats, offered: fc.boolean() }),
    fc.record({ is: fc.constant('end' as const), index: fc.nat(20), fate: fates }),
    fc.record({ is: fc.constant('poke' as const), chat: fc.option(chats, { nil: undefined }) }),
    fc.record({ is: fc.constant('time' as const), ms: fc.nat(400_000) }),
    fc.constant({ is: 'turn' as const }),
  ),
  { maxLength: 40 },
);

async function take(world: World, step: Step): Promise<void> {
  switch (step.is) {
    case 'append':
      return world.append(step.chat, step.offered);
    case 'end':
      return world.end(step.index, step.fate);
    case 'poke':
      return world.lanes.poke(step.chat === undefined ? undefined : chatId(step.chat));
    case 'time':
      return world.clock.advance(step.ms);
    case 'turn':
      return settle();
    default:
      return step satisfies never;
  }
}

test('random outcomes, delays and pokes keep order, settle each once and stay within window and concurrency', async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, window, concurrency) => {
        const world = new World({ window, concurrency });
        for (const chat of ['#a', '#b']) await world.append(chat, false);
        for (const step of steps) await take(world, step);
        for (let round = 0; world.ends.size < world.count && round < 400; round++) {
          world.lanes.poke();
          await settle();
          while (world.flights.length > 0) {
            world.end(0, 'done');
            await settle();
          }
        }
        await settle();
        expect(world.faults).toEqual([]);
        expect(world.ends.size).toBe(world.count);
        expect(await world.store.size(account)).toBe(0);
        expect(world.lanes.idle()).toBe(true);
        for (const [chat, keys] of world.done)
          expect(keys).toEqual(world.accepted.get(chat)?.filter((key) => world.ends.get(key) === 'done'));
        for (const numbers of world.attempts.values())
          expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i));
      },
    ),
    { numRuns: 1_000 },
  );
});
