/** Days and rows, as the archive is told them. */
import { expect, test } from 'vitest';
import { retentionRule } from '../../../src/process/retention.ts';
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
