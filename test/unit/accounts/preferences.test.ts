/** What users have set: levels over each other, secrets sealed, changes told. */
import { describe, expect, test } from 'vitest';
import { createPreferences } from '../../../src/accounts/preferences.ts';
import { createVault } from '../../../src/accounts/vault.ts';
import { createWishes, historyLength, isRecorded, pastIn } from '../../../src/accounts/wishes.ts';
import { chatId } from '../../../src/core/ids.ts';
import type { SettingsForms, SettingsPlace, UserSettings } from '../../../src/core/settings.ts';
import { createMemorySettings } from '../../harness/memory-settings.ts';

const forms: SettingsForms = {
  all: [{ name: 'persistent', label: 'Stay', type: 'flag' }],
  server: [
    { name: 'nick', label: 'Nick', type: 'text' },
    { name: 'pass', label: 'Password', type: 'secret' },
    { name: 'after_connect_commands', label: 'Commands', type: 'lines', sealed: true },
  ],
  room: [{ name: 'record_history', label: 'Keep', type: 'choice' }],
};
const me = 'romeo@example.org';
const all: SettingsPlace = { level: 'all' };
const server: SettingsPlace = { level: 'server', on: 'net.test' };
const room: SettingsPlace = { level: 'room', on: 'net.test', chat: chatId('#Verona') };

function setUp(key = 1) {
  const store = createMemorySettings();
  const told: string[] = [];
  const onChange = async (owner: string, place: SettingsPlace): Promise<void> =>
    void told.push(`${owner} ${place.level}`);
  const open = (byte: number, fields: SettingsForms | undefined = forms) =>
    createPreferences({
      domain: 'irc.test',
      store,
      vault: createVault([new Uint8Array(32).fill(byte)]),
      forms: fields,
      onChange,
    });
  return { store, told, open, preferences: open(key) };
}

describe('levels', () => {
  test('a room’s own, over its server’s, over what is set for all', async () => {
    const { preferences } = setUp();
    await preferences.change(me, all, { persistent: true, nick: 'a' });
    await preferences.change(me, server, { nick: 'b', encoding_in: 'latin1' });
    await preferences.change(me, room, { encoding_in: 'utf-8' });
    const set = await preferences.of(me);
    expect(set.at(server)).toEqual({ nick: 'b', encoding_in: 'latin1' });
    expect(set.over(server)).toEqual({ persistent: true, nick: 'b', encoding_in: 'latin1' });
    expect(set.over(room)).toEqual({ persistent: true, nick: 'b', encoding_in: 'utf-8' });
    expect(set.over({ level: 'room', on: 'other.test', chat: chatId('#verona') })).toEqual({
      persistent: true,
      nick: 'a',
    });
    expect((await preferences.of('juliet@example.org')).over(room)).toEqual({});
  });

  test('a room is the same however it is written, and “unset” leaves it to the level above', async () => {
    const { preferences } = setUp();
    await preferences.change(me, all, { record_history: false });
    await preferences.change(me, room, { record_history: 'unset' });
    const here: SettingsPlace = { level: 'room', on: 'net.test', chat: chatId('#verona') };
    expect((await preferences.of(me)).over(here)).toEqual({ record_history: false });
    await preferences.change(me, here, { record_history: 'true' });
    expect((await preferences.of(me)).over(room)).toEqual({ record_history: 'true' });
  });

  test('a domain of one server has settings for all and for that server', async () => {
    const { preferences } = setUp();
    await preferences.change(me, all, { nick: 'a' });
    await preferences.change(me, { level: 'server' }, { nick: 'b' });
    const set = await preferences.of(me);
    expect([set.at(all).nick, set.at({ level: 'server' }).nick]).toEqual(['a', 'b']);
  });

  test('null is not set any more', async () => {
    const { preferences } = setUp();
    await preferences.change(me, server, { nick: 'b', pass: 'x' });
    await preferences.change(me, server, { nick: null });
    expect((await preferences.of(me)).at(server)).toEqual({ pass: 'x' });
  });
});

describe('secrets', () => {
  test('what is secret, what often holds a secret and what nobody knows is sealed', async () => {
    const { preferences, store } = setUp();
    const change = {
      nick: 'romeo',
      pass: 'hunter2',
      after_connect_commands: ['x hunter2'],
      certificate: 'hunter2 PEM',
    };
    await preferences.change(me, server, change);
    const rows = await store.of({ domain: 'irc.test', owner: me });
    expect(JSON.stringify(rows)).not.toContain('hunter2');
    expect(rows.filter(({ value }) => typeof value === 'object' && 'sealed' in value).map(({ name }) => name)).toEqual([
      'pass',
      'after_connect_commands',
      'certificate',
    ]);
    expect((await preferences.of(me)).at(server)).toEqual(change);
  });

  test('with another sealing key they are as never set, and the rest stays', async () => {
    const { preferences, open } = setUp();
    await preferences.change(me, server, { nick: 'romeo', pass: 'hunter2' });
    expect((await open(2).of(me)).at(server)).toEqual({ nick: 'romeo' });
  });

  test('a sealed value given to somebody else is not opened', async () => {
    const { preferences, store } = setUp();
    await preferences.change(me, server, { pass: 'hunter2' });
    const rows = await store.of({ domain: 'irc.test', owner: me });
    await store.change({ domain: 'irc.test', owner: 'tybalt@example.org' }, rows, []);
    expect((await preferences.of('tybalt@example.org')).at(server)).toEqual({});
  });
});

describe('bounds', () => {
  test('a change may be so large, a user may set so much; whoever comes over it is told and nothing changes', async () => {
    const { preferences, told } = setUp();
    await expect(preferences.change(me, server, { nick: 'x'.repeat(70_000) })).rejects.toMatchObject({
      code: 'queue-full',
    });
    const many = Object.fromEntries(Array.from({ length: 1_999 }, (_, n) => [`n${n}`, 1]));
    await preferences.change(me, server, many);
    await expect(preferences.change(me, room, { a: 1, b: 2 })).rejects.toMatchObject({ code: 'queue-full' });
    await preferences.change(me, room, { a: null });
    expect(told).toEqual([`${me} server`, `${me} room`]);
    expect((await preferences.of(me)).at(room)).toEqual({});
  });
});

describe('what the gateway itself understands', () => {
  test.each([
    [{}, true],
    [{ record_history: false }, false],
    [{ record_history: 'false' }, false],
    [{ record_history: 'true' }, true],
    [{ record_history: 'unset' }, true],
  ])('%j is kept: %s', (settings, kept) => expect(isRecorded(settings)).toBe(kept));

  test.each([
    [{}, undefined],
    [{ max_history_length: 0 }, 0],
    [{ max_history_length: 7 }, 7],
    [{ max_history_length: -1 }, undefined],
    [{ max_history_length: '7' }, undefined],
  ])('%j: %s messages of the past', (settings, length) => expect(historyLength(settings)).toBe(length));

  test('of a room, as it is set there and now', () => {
    const set = (length: number): UserSettings => {
      const settings = { max_history_length: length };
      return { at: () => settings, over: () => settings };
    };
    const wishes = createWishes(undefined, set(7));
    expect(pastIn(wishes, true)(chatId('#verona'))).toEqual({ recorded: true, length: 7 });
    wishes.replace(set(8));
    expect(pastIn(wishes, false)(chatId('#verona'))).toEqual({ recorded: false, length: 8 });
  });
});
