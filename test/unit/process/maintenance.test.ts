/** While the gateway is worked at nobody new comes in; all processes know it, a restart forgets nothing. */
import { expect, test } from 'vitest';
import { createMaintenance, mustBeOpen } from '../../../src/process/maintenance.ts';
import { openDatabase } from '../../../src/storage/sql/database.ts';
import { createMaintenanceStore } from '../../../src/storage/sql/maintenance-store.ts';
import { silentLog } from '../../harness/silent-log.ts';

const config = { admins: ['admin@example.org'] };

test('another process reads it; operators come in all the same', async () => {
  const store = createMaintenanceStore(await openDatabase(':memory:'));
  const told: string[] = [];
  const here = createMaintenance(store, silentLog, async () => void told.push('others'));
  const there = createMaintenance(store, silentLog);
  await here.set('Back at noon.');
  expect([told, there.now]).toEqual([['others'], undefined]);
  await there.read();
  expect(() => mustBeOpen(there, config, 'romeo@example.org')).toThrow(/worked at.*later\. Back at noon\.$/);
  expect(() => mustBeOpen(there, config, 'admin@example.org')).not.toThrow();
  const mucs = new Set(['piazza@conference.example.org']);
  expect(() => mustBeOpen(there, config, 'piazza@conference.example.org', mucs)).not.toThrow();
  expect(() => mustBeOpen(there, config, 'romeo@example.org', mucs)).toThrow(/worked at/);
  await here.set('');
  await there.read();
  expect(() => mustBeOpen(there, config, 'romeo@example.org')).toThrow(/try again later$/);
  await here.set(undefined);
  await there.read();
  expect(() => mustBeOpen(there, config, 'romeo@example.org')).not.toThrow();
});

test('the log has a line when it begins and ends, and at each start while it lasts', async () => {
  const store = createMaintenanceStore(await openDatabase(':memory:'));
  const lines: string[] = [];
  const write = (_: object, line: string): void => void lines.push(line);
  const log = { info: write, warn: write };
  const [isOn, isOver] = [expect.stringContaining('maintenance is on'), 'maintenance is over'];
  const first = createMaintenance(store, log);
  await first.read();
  expect(lines).toEqual([]);
  await first.set('Back at noon.');
  await first.set('Back at one.');
  expect(lines).toEqual([isOn]);
  const afterRestart = createMaintenance(store, log);
  await afterRestart.read();
  expect(lines).toEqual([isOn, isOn]);
  await afterRestart.set(undefined);
  await afterRestart.read();
  expect(lines).toEqual([isOn, isOn, isOver]);
});
