/** What a user may have and do: counted for each account, told in a sentence, forgotten with time. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSpending, mustBeWithin } from '../../../src/accounts/quotas.ts';
import { accountId, chatId } from '../../../src/core/ids.ts';
import type { AccountRow } from '../../../src/storage/ports.ts';
import { mantua } from './account-world.ts';
import { accept, calm, join, key, origin, setUp } from './runner-world.ts';

const romeo = accountId('romeo');
const chat = chatId('#verona');
const say = { kind: 'send', chat, content: {} } as const;

function spending(messagesPerMinute: number | undefined) {
  const clock = { at: 0, now: () => clock.at };
  const spend = createSpending({ servers: 1, rooms: 1, messagesPerMinute }, clock);
  const says = (account = romeo, speaker = 'romeo@verona'): boolean => {
    try {
      spend(account, speaker, say);
      return true;
    } catch {
      return false;
    }
  };
  return { clock, spend, says };
}

describe('messages a minute', () => {
  test('as many at once, then one each part of the minute, and the wait is told', () => {
    const { clock, spend, says } = spending(6);
    expect(Array.from({ length: 8 }, () => says())).toEqual([true, true, true, true, true, true, false, false]);
    expect(() => spend(romeo, 'romeo@verona', say)).toThrow('At most 6 messages a minute: try again in 10 s');
    clock.at += 9_999;
    expect(says()).toBe(false);
    clock.at += 1;
    expect([says(), says()]).toEqual([true, false]);
  });

  test('each speaker of each account has their own, coming and going cost nothing, and without a limit nothing is counted', () => {
    const { spend, says } = spending(1);
    const others = [says(accountId('juliet')), says(romeo, 'benvolio@verona')];
    expect([says(), says(), ...others]).toEqual([true, false, true, true]);
    for (let n = 0; n < 5; n++) {
      spend(romeo, 'romeo@verona', { kind: 'join', chat, nick: 'romeo' });
      spend(romeo, 'romeo@verona', { kind: 'leave', chat });
    }
    const free = spending(undefined);
    expect(Array.from({ length: 10_000 }, () => free.says()).every(Boolean)).toBe(true);
  });

  test('over any time nobody says more than the limit allows, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5_000, max: 20_000 }), { maxLength: 200 }), (steps) => {
        const { clock, says } = spending(10);
        let forward = 0;
        let said = 0;
        for (const step of steps) {
          clock.at += step;
          forward += Math.max(0, step);
          if (says()) said++;
        }
        expect(said).toBeLessThanOrEqual(10 + forward / 6_000);
      }),
    );
  });
});

describe('rooms and servers', () => {
  const row = { id: accountId('1'), domain: 'net.test', owner: 'romeo@test' };
  const on = (servers: number) => ({
    owned: async () => Array.from({ length: servers }, (_, n): AccountRow => ({ ...row, id: accountId(`${n}`) })),
  });
  const quotas = { servers: 2, rooms: 3, messagesPerMinute: undefined };

  test('the last that is allowed, and one more', async () => {
    await expect(mustBeWithin(quotas, on(2), row, 3, false)).resolves.toBeUndefined();
    await expect(mustBeWithin(quotas, on(2), row, 4, true)).rejects.toMatchObject({ code: 'over-quota' });
    await expect(mustBeWithin(quotas, on(2), row, 1, false)).resolves.toBeUndefined();
    const third = { ...row, id: accountId('2') };
    await expect(mustBeWithin(quotas, on(3), third, 1, false)).rejects.toThrow('At most 2 servers at once');
  });

  test('of many at once the first are let in', async () => {
    const all = await on(4).owned();
    const tried = await Promise.allSettled(all.map((one) => mustBeWithin(quotas, on(4), one, 1, false)));
    expect(tried.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  });

  test('who is on a server already is not counted again', async () => {
    await expect(mustBeWithin(quotas, on(9), { ...row, id: accountId('9') }, 2, true)).resolves.toBeUndefined();
  });

  test('whoever comes into several rooms of one server too many at once is let into none', async () => {
    const test = setUp();
    for (const id of ['romeo on one', 'romeo on another']) await test.world.store.put({ ...row, id: accountId(id) });
    await accept(test);
    await accept(test, { ...join, chat: mantua }, { ...origin, to: '#mantua@net.test/romeo' });
    await test.runner.open(key);
    await calm(test);
    expect(test.fakeWorld.rooms().flatMap((one) => test.fakeWorld.members(one))).toEqual([]);
    expect(test.sent.map(({ kind, type, from }) => [kind, type, from])).toEqual([
      ['presence', 'error', '#verona@net.test/romeo'],
      ['presence', 'error', '#mantua@net.test/romeo'],
    ]);
  });
});
