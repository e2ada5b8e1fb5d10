/** How many dead letters there are, without looking at all of Redis at each scrape. */
import { expect, test } from 'vitest';
import { type AccountId, accountId } from '../../../src/core/ids.ts';
import { createDeadLetterCount } from '../../../src/process/dead-letters.ts';
import { createManualClock, settle } from '../../harness/manual-clock.ts';
import { silentLog } from '../../harness/silent-log.ts';

const [romeo, juliet, elsewhere] = [
  'romeo@example.org/irc.test/irc.example.org',
  'juliet@example.org/irc.test/irc.example.org',
  'juliet@example.org//discord.example.org',
].map(accountId);

test('they are counted by domain, once in five minutes', async () => {
  const clock = createManualClock();
  const found = new Map<AccountId | undefined, number>([
    [romeo, 2],
    [juliet, 3],
    [elsewhere, 1],
  ]) as ReadonlyMap<AccountId, number>;
  let looks = 0;
  const dead = async (): Promise<ReadonlyMap<AccountId, number>> => {
    if (++looks === 2) throw new Error('Redis is away');
    return looks === 1 ? found : new Map();
  };
  const warned: string[] = [];
  const log = { ...silentLog, warn: (_: object, text: string) => void warned.push(text) };
  const letters = createDeadLetterCount({ dead }, clock, log);
  expect(letters.of('irc.example.org')).toBe(0);
  await settle();
  expect(['irc', 'discord', 'other'].map((name) => letters.of(`${name}.example.org`))).toEqual([5, 1, 0]);
  expect(looks).toBe(1);
  await clock.advance(300_000);
  letters.of('irc.example.org');
  await settle();
  expect(letters.of('irc.example.org')).toBe(5);
  expect(warned).toEqual(['dead letters could not be counted']);
  await clock.advance(300_000);
  letters.of('irc.example.org');
  await settle();
  expect(letters.of('irc.example.org')).toBe(0);
});
