/** An account's settings: asked for with every message, laid over each other once. */
import { expect, test, vi } from 'vitest';
import { createAccountSettings } from '../../../src/accounts/account-settings.ts';
import { chatId } from '../../../src/core/ids.ts';
import type { SettingsPlace, UserSettings } from '../../../src/core/settings.ts';

const verona = chatId('#verona');
const of = (value: string): UserSettings => ({
  at: () => ({}),
  over: vi.fn(({ level }: SettingsPlace) => ({ level, value })),
});

test('a room is asked for on its server, once', () => {
  const user = of('one');
  const settings = createAccountSettings({ on: 'irc.test' }, user);
  expect(settings.inRoom(verona)).toEqual({ level: 'room', value: 'one' });
  settings.inRoom(verona);
  expect(user.over).toHaveBeenCalledExactlyOnceWith({ level: 'room', chat: verona, on: 'irc.test' });
});

test('after a change everything is asked for again', () => {
  const settings = createAccountSettings({}, of('one'));
  settings.inRoom(verona);
  settings.become(of('two'));
  expect(settings.inRoom(verona)).toEqual({ level: 'room', value: 'two' });
  expect(settings.onServer).toEqual({ level: 'server', value: 'two' });
});
