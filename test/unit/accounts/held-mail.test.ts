/** What comes for an account that is being opened is delivered when it runs, in its order. */
import { expect, test } from 'vitest';
import { createHeldMail } from '../../../src/accounts/held-mail.ts';
import { romeo } from './account-world.ts';

const account = { id: romeo, owner: 'romeo@test' };

function setUp() {
  const opening = Promise.withResolvers<undefined>();
  const state = { isOpening: true, isComing: false };
  const delivered: string[] = [];
  const runner = { get: () => undefined, isOpening: () => state.isOpening, open: () => opening.promise };
  const mail = createHeldMail({ runner, isComing: () => state.isComing });
  const holds = (what: string): boolean => mail.holds(account, () => void delivered.push(what));
  return { mail, holds, delivered, state, opening };
}

test('it waits for that, also where it comes behind the end of it: nothing goes past what waits', async () => {
  const { holds, delivered, state, opening } = setUp();
  expect([holds('join'), holds('leave')]).toEqual([true, true]);
  state.isOpening = false;
  expect(holds('join again')).toBe(true);
  expect(delivered).toEqual([]);
  opening.resolve(undefined);
  await opening.promise;
  await Promise.resolve();
  expect(delivered).toEqual(['join', 'leave', 'join again']);
  expect(holds('later')).toBe(false);
});

test('while its first join is being accepted it waits until somebody looks', () => {
  const { mail, holds, delivered, state } = setUp();
  Object.assign(state, { isOpening: false, isComing: true });
  expect(holds('leave')).toBe(true);
  mail.look(account);
  expect(delivered).toEqual([]);
  state.isComing = false;
  mail.look(account);
  expect(delivered).toEqual(['leave']);
});

test('of one account two hundred wait', () => {
  const { holds } = setUp();
  const held = Array.from({ length: 201 }, (_, n) => holds(`${n}`));
  expect(held.indexOf(false)).toBe(200);
});
