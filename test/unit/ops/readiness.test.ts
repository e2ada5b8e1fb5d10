/** What /readyz tells: every check by its name, and that all of them are needed. */
import { expect, test } from 'vitest';
import { createReadiness } from '../../../src/ops/readiness.ts';

test('a gateway that has nothing to check is not ready', () => {
  const readiness = createReadiness();
  expect(readiness.ready()).toBe(false);
  expect(readiness.checks()).toEqual({});
});

test('a new check is not fulfilled, and says so', () => {
  const readiness = createReadiness();
  readiness.check('xmpp a.example');
  expect(readiness.ready()).toBe(false);
  expect(readiness.checks()).toEqual({ 'xmpp a.example': 'starting' });
});

test('all must be true; one that fails again takes readiness with it', () => {
  const readiness = createReadiness();
  const [a, b] = [readiness.check('a'), readiness.check('b')];
  a.set(true);
  expect(readiness.ready()).toBe(false);
  b.set(true);
  expect(readiness.ready()).toBe(true);
  a.set('conflict');
  expect(readiness.ready()).toBe(false);
  expect(readiness.checks()).toEqual({ a: 'conflict', b: true });
  a.set(true);
  expect(readiness.ready()).toBe(true);
});

test('what is dropped is not waited for', () => {
  const readiness = createReadiness();
  const [a, b] = [readiness.check('a'), readiness.check('b')];
  a.set(true);
  b.drop();
  expect(readiness.ready()).toBe(true);
  expect(readiness.checks()).toEqual({ a: true });
});

test('an answer that was given out does not change', () => {
  const readiness = createReadiness();
  const check = readiness.check('a');
  const before = readiness.checks();
  check.set(true);
  expect(before).toEqual({ a: 'starting' });
});
