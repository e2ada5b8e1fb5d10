/** What operators and the metrics see of lanes. */
import { expect, test } from 'vitest';
import { accountId } from '../../../src/core/ids.ts';
import { createLanes, type Outcome } from '../../../src/delivery/lanes.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { createMemoryStores } from '../../harness/memory-stores.ts';
import { silentLog } from '../../harness/silent-log.ts';
import { origin, send } from './entries.ts';

test('what waits can be looked at, and what came of tries is told', async () => {
  const clock = createManualClock();
  const store = createMemoryStores(clock).outbox;
  const account = accountId('a');
  const tried: string[] = [];
  const ends: ((outcome: Outcome) => void)[] = [];
  const lanes = createLanes({
    ...{ account, fence: 1, store, clock, log: silentLog, signal: new AbortController().signal },
    limits: () => ({ concurrency: 2, window: 1 }),
    execute: () => new Promise((resolve) => ends.push(resolve)),
    wake: async () => undefined,
    onFailed: () => undefined,
    onLost: () => undefined,
    onTried: (outcome) => tried.push(outcome),
  });
  let count = 0;
  const offer = async (chat: string, at: number): Promise<void> => {
    const entry = { intent: send(chat, 'text'), origin: origin(`s${count++}`, at) };
    const appended = await store.append(account, entry, undefined, { account: 100 });
    if (appended.is === 'new') lanes.offer({ key: appended.key, ...entry });
  };
  const end = async (index: number, outcome: Outcome): Promise<void> => {
    ends[index]?.(outcome);
    await settle();
    await settle();
  };
  lanes.poke();
  await settle();
  const at = clock.now();
  expect(lanes.view()).toEqual([]);
  await offer('#a', at - 500);
  await offer('#a', at);
  await offer('#b', at);
  expect(lanes.view()).toEqual([
    { chat: '#a', entries: 2, flying: 1, isHeld: false, since: at - 500 },
    { chat: '#b', entries: 1, flying: 1, isHeld: false, since: at },
  ]);
  await end(0, { is: 'again', afterMs: 1_000 });
  await end(1, { is: 'done', result: 'ok' });
  expect(lanes.view()).toEqual([{ chat: '#a', entries: 2, flying: 0, isHeld: true, since: at - 500 }]);
  expect(tried).toEqual(['again', 'done']);
});
