/** Lives of a process: what its sign shows, and when another begins. */
import { expect, test } from 'vitest';
import { manyLives, oneLife, showsLife } from '../../../../src/storage/redis/life.ts';

test('with one Redis there is one, and its sign is always the same', () => {
  const life = oneLife();
  const { now } = life;
  expect([life.nextSign(), life.nextSign()]).toEqual([now, now]);
  expect(life.expired()).toBe(false);
  life.begin();
  expect(life.now).toBe(now);
  expect(showsLife(life.nextSign(), now)).toBe(true);
});

test('another begins when its sign is up, and those before are shown until no lease stands under them', () => {
  const life = manyLives();
  const first = life.now;
  const signs = [life.nextSign(), life.nextSign()];
  expect(signs[0]).not.toBe(signs[1]);
  expect(signs.every((sign) => showsLife(sign, first))).toBe(true);
  life.begin();
  expect(life.now).toBe(first);
  expect(life.expired()).toBe(true);
  expect(life.now).toBe(first);
  const announced = life.nextSign();
  life.begin();
  const second = life.now;
  expect(second).not.toBe(first);
  expect([first, second].map((one) => showsLife(announced, one))).toEqual([true, true]);
  expect(showsLife(life.nextSign(), first)).toBe(true);
  life.renewed(first);
  expect(showsLife(life.nextSign(), first)).toBe(true);
  life.renewed(second);
  expect([first, second].map((one) => showsLife(life.nextSign(), one))).toEqual([false, true]);
});

test('a look after leases that began in a life before takes nothing off a later one', () => {
  const life = manyLives();
  const all = [life.now];
  for (let i = 0; i < 2; i++) {
    life.expired();
    life.begin();
    all.push(life.now);
  }
  life.renewed(all[1] ?? '');
  expect(all.map((one) => showsLife(life.nextSign(), one))).toEqual([false, true, true]);
});

test('no more of them are shown than sixteen, and nobody’s where there is no sign', () => {
  const life = manyLives();
  for (let i = 0; i < 40; i++) {
    life.expired();
    life.begin();
  }
  expect(life.nextSign().split(' ')).toHaveLength(16 + 1);
  expect(showsLife(null, life.now)).toBe(false);
});
