/** Days and rows, as the archive is told them. */
import { expect, test } from 'vitest';
import { retentionHours, retentionRule } from '../../../src/process/retention.ts';
import { bareConfig } from '../../harness/bare-config.ts';

const rule = (retention: { days?: number; perRoom?: number }) => {
  const { storage } = bareConfig();
  return retentionRule({ storage: { ...storage, retention } }, 10 * 24 * 3_600_000);
};

test('days become a time, rows stay rows, and what is absent is no limit', () => {
  expect(rule({ days: 3, perRoom: 500 })).toEqual({ before: 7 * 24 * 3_600_000, perRoom: 500 });
  expect(rule({ days: 3 })).toEqual({ before: 7 * 24 * 3_600_000 });
  expect(rule({ perRoom: 500 })).toEqual({ perRoom: 500 });
  expect(rule({})).toEqual({});
});

test('504-01 for people: hours, for ever, nobody knows, not at all', () => {
  const { storage } = bareConfig();
  const hours = (retention: { days?: number; perRoom?: number }, archive = true) =>
    retentionHours({ storage: { ...storage, retention, archive } });
  expect(hours({ days: 30, perRoom: 500 })).toBe(720);
  expect(hours({})).toBe('infinite');
  expect(hours({ perRoom: 500 })).toBe('unknown');
  expect(hours({ days: 30 }, false)).toBe(0);
});
