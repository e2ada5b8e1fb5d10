/** Questions to clients: each is answered by who was asked, once, or by nobody in time. */
import { expect, test } from 'vitest';
import { createClientIqs } from '../../../src/accounts/client-iqs.ts';
import { empty } from '../../../src/xml/writer.ts';
import { createManualClock } from '../../harness/manual-clock.ts';

const [desk, phone] = ['romeo@test/desk', 'romeo@test/phone'];
const payload = empty;

function setUp() {
  const clock = createManualClock();
  let asked = 0;
  const iqs = createClientIqs({ send: () => undefined, newId: () => `q${++asked}`, clock });
  return { clock, iqs, ask: () => iqs.ask({ from: 'net.test', to: desk, payload }, 1_000) };
}

test('nobody else answers in a client’s place, whatever id they name', async () => {
  const { iqs, ask } = setUp();
  const [first, second] = [ask(), ask()];
  expect(iqs.answered({ id: 'q1', from: phone })).toBe(false);
  expect(iqs.answered({ id: 'q3', from: desk })).toBe(false);
  expect(iqs.answered({ id: 'q2', from: desk, condition: 'item-not-found' })).toBe(true);
  expect(iqs.answered({ id: 'q1', from: desk })).toBe(true);
  expect([await first, await second]).toEqual([
    { id: 'q1', from: desk },
    { id: 'q2', from: desk, condition: 'item-not-found' },
  ]);
});

test('what was answered, or was not in time, is forgotten: another answer is to nothing of ours', async () => {
  const { clock, iqs, ask } = setUp();
  const [first, second] = [ask(), ask()];
  iqs.answered({ id: 'q1', from: desk });
  await clock.advance(1_000);
  expect([await first, await second]).toEqual([{ id: 'q1', from: desk }, undefined]);
  expect(['q1', 'q2'].map((id) => iqs.answered({ id, from: desk }))).toEqual([false, false]);
});
