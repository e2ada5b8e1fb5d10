/** That ours is writing is said on Discord for as long as it is so, and no longer. */
import { expect, test } from 'vitest';
import type { Core } from '../../../../bridges/discord/core.ts';
import { createTyping } from '../../../../bridges/discord/typists.ts';
import { chatId } from '../../../../src/bridge/index.ts';
import { createManualClock } from '../../../harness/manual-clock.ts';
import { silentLog } from '../../../harness/silent-log.ts';

const chat = chatId('7');

function setUp(channel: Promise<string>, answer: () => Promise<unknown> = async () => undefined) {
  const clock = createManualClock();
  const said: string[] = [];
  const rest = {
    post(path: string) {
      said.push(path);
      return answer();
    },
  };
  const core = { clock, log: silentLog, rest } as unknown as Core;
  return { clock, said, typing: createTyping(core, () => channel, new AbortController().signal) };
}

test('085-02 it is said again until they stop', async () => {
  const { clock, said, typing } = setUp(Promise.resolve('9'));
  await typing.typing(chat, true, false);
  await typing.typing(chat, true, false);
  await clock.advance(20_000);
  expect(said).toEqual(Array(3).fill('/channels/9/typing'));
  await typing.typing(chat, false, true);
  await clock.advance(60_000);
  expect([said.length, clock.waiting]).toEqual([3, 0]);
});

test('085-02 who says nothing more for a minute is not writing for ever, and may begin anew', async () => {
  const { clock, said, typing } = setUp(Promise.resolve('9'));
  await typing.typing(chat, true, false);
  await clock.advance(600_000);
  expect([said.length, clock.waiting]).toEqual([8, 0]);
  await typing.typing(chat, true, false);
  expect(said).toHaveLength(9);
});

test('085-02 who says again that they write is believed for a minute from then', async () => {
  const { clock, said, typing } = setUp(Promise.resolve('9'));
  await typing.typing(chat, true, false);
  await clock.advance(50_000);
  await typing.typing(chat, true, false);
  await clock.advance(50_000);
  expect([said.length, clock.waiting]).toEqual([13, 1]);
  await clock.advance(60_000);
  expect(clock.waiting).toBe(0);
});

test.each([
  ['paused', (typing: ReturnType<typeof setUp>['typing']) => void typing.typing(chat, false, true)],
  ['said it', (typing: ReturnType<typeof setUp>['typing']) => typing.said(chat)],
])('who has %s while the conversation was being opened is not writing for ever', async (_, stop) => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const { clock, said, typing } = setUp(promise);
  const begun = typing.typing(chat, true, false);
  const again = typing.typing(chat, true, false);
  stop(typing);
  resolve('9');
  await Promise.all([begun, again]);
  await clock.advance(60_000);
  expect([said, clock.waiting]).toEqual([[], 0]);
});

test('where Discord refuses it nothing is said again, until they begin anew', async () => {
  const { clock, said, typing } = setUp(Promise.resolve('9'), () => Promise.reject(new Error('Missing Permissions')));
  await expect(typing.typing(chat, true, false)).rejects.toThrow('Missing Permissions');
  await clock.advance(60_000);
  expect([said.length, clock.waiting]).toEqual([1, 0]);
  await expect(typing.typing(chat, true, false)).rejects.toThrow('Missing Permissions');
  expect(said).toHaveLength(2);
});
