/** An account's settings: asked for with every message, laid over each other once a change. */
import { expect, test, vi } from 'vitest';
import { createWishes } from '../../../src/accounts/wishes.ts';
import { chatId } from '../../../src/core/ids.ts';
import type { SettingsPlace, UserSettings } from '../../../src/core/settings.ts';

const verona = chatId('#verona');
const of = (value: string): UserSettings => ({
  at: () => ({}),
  over: vi.fn(({ level }: SettingsPlace) => ({ level, value })),
});

test('a room is asked for on its server, once', () => {
  const user = of('one');
  const wishes = createWishes('irc.test', user);
  expect(wishes.inRoom(verona)).toEqual({ level: 'room', value: 'one' });
  wishes.inRoom(verona);
  expect(user.over).toHaveBeenCalledExactlyOnceWith({ level: 'room', chat: verona, on: 'irc.test' });
});

test('after a change everything is asked for again', () => {
  const wishes = createWishes(undefined, of('one'));
  wishes.inRoom(verona);
  wishes.replace(of('two'));
  expect(wishes.inRoom(verona)).toEqual({ level: 'room', value: 'two' });
  expect(wishes.onServer()).toEqual({ level: 'server', value: 'two' });
});

test('of everybody who ever wrote they are not kept', () => {
  const user = of('one');
  const wishes = createWishes('irc.test', user);
  wishes.inRoom(verona);
  for (let at = 1; at < 1_000; at++) wishes.inRoom(chatId(`nurse${at}`));
  wishes.inRoom(verona);
  expect(user.over).toHaveBeenCalledTimes(1_000);
  wishes.inRoom(chatId('one more'));
  wishes.inRoom(verona);
  expect(user.over).toHaveBeenCalledTimes(1_002);
});
