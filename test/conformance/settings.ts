/** What every implementation of the settings' store promises. */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { SettingRow, SettingsOwner, SettingsStore } from '../../src/storage/ports.ts';

const newOwner = (domain = 'irc.example.org'): SettingsOwner => ({ domain, owner: `${randomUUID()}@example.org` });

const rows: readonly SettingRow[] = [
  { on: '*', chat: '', name: 'persistent', value: true },
  { on: 'irc.example.net', chat: '', name: 'nick', value: `O'Neil "ü" 🙂` },
  { on: 'irc.example.net', chat: '', name: 'after_connect_commands', value: ['PRIVMSG a :b', ''] },
  { on: 'irc.example.net', chat: '#verona', name: 'max_history_length', value: 0 },
  { on: 'irc.example.net', chat: '', name: 'pass', value: { sealed: 'v1:x' } },
  { on: '', chat: '', name: 'nick', value: '' },
];

const sorted = (all: readonly SettingRow[]): readonly string[] => all.map((one) => JSON.stringify(one)).sort();

export function describeSettings(name: string, open: () => SettingsStore): void {
  describe(`${name}: settings`, () => {
    test('come back as they were put, to their owner on their domain alone', async () => {
      const store = open();
      const whose = newOwner();
      await store.change(whose, rows, []);
      expect(sorted(await store.of(whose))).toEqual(sorted(rows));
      expect(await store.of({ ...whose, domain: 'discord.example.org' })).toEqual([]);
      expect(await store.of(newOwner())).toEqual([]);
    });

    test('the last value counts, what is removed is gone, and what is not named stays', async () => {
      const store = open();
      const whose = newOwner();
      await store.change(whose, rows, []);
      const [first, second, ...rest] = rows;
      if (first === undefined || second === undefined) throw new Error('two rows');
      await store.change(whose, [{ ...first, value: false }], [second, { on: '*', chat: '', name: 'never-set' }]);
      expect(sorted(await store.of(whose))).toEqual(sorted([{ ...first, value: false }, ...rest]));
    });

    test('what is removed is so for one owner, domain, server and room', async () => {
      const store = open();
      const whose = newOwner();
      const others = [{ ...whose, domain: 'discord.example.org' }, newOwner()];
      const row: SettingRow = { on: 'irc.example.net', chat: '#verona', name: 'nick', value: 'x' };
      const beside: readonly SettingRow[] = [
        { ...row, on: 'irc.example.org' },
        { ...row, chat: '' },
        { ...row, name: 'pass' },
      ];
      for (const one of [whose, ...others]) await store.change(one, [row, ...beside], []);
      await store.change(whose, [], [row]);
      expect(sorted(await store.of(whose))).toEqual(sorted(beside));
      for (const one of others) expect(sorted(await store.of(one))).toEqual(sorted([row, ...beside]));
    });

    test('what is removed and put in one change is put', async () => {
      const store = open();
      const whose = newOwner();
      const [first] = rows;
      if (first === undefined) throw new Error('a row');
      await store.change(whose, [first], [first]);
      expect(await store.of(whose)).toEqual([first]);
    });

    test('are erased of one user on one domain, and no others', async () => {
      const store = open();
      const whose = newOwner();
      const elsewhere = { ...whose, domain: 'discord.example.org' };
      const somebody = newOwner();
      for (const one of [whose, elsewhere, somebody]) await store.change(one, rows, []);
      await store.erase(whose);
      expect(await store.of(whose)).toEqual([]);
      for (const one of [elsewhere, somebody]) expect(sorted(await store.of(one))).toEqual(sorted(rows));
    });

    test('two changes at once are both made', async () => {
      const store = open();
      const whose = newOwner();
      await Promise.all(rows.map((row) => store.change(whose, [row], [])));
      expect(sorted(await store.of(whose))).toEqual(sorted(rows));
    });
  });
}
