/** Lines that come round by somebody else's bridge are found, and people who quote or greet alike are not taken for one. */
import { describe, expect, test } from 'vitest';
import { createEchoes } from '../../../src/plumbing/echoes.ts';

function setUp() {
  let now = 1_000_000;
  const loops: string[] = [];
  const echoes = createEchoes({ now: () => now, onLoop: (nick) => void loops.push(nick) });
  return { ...echoes, loops, passes: (ms: number) => (now += ms) };
}

describe('with names before it', () => {
  test('who repeats others, name and all, is heard three times, however deep', () => {
    const { mayPass, loops } = setUp();
    const heard = ['one', 'two', 'three', 'four', 'five'].map((text, i) => {
      expect(mayPass('room', 'tybalt', text)).toBe(true);
      return mayPass('muc', 'other', `${'<piazza> '.repeat(i)}<tybalt (bridged)> ${text}`);
    });
    expect([heard, loops]).toEqual([[true, true, true, false, false], ['other']]);
    expect(mayPass('muc', 'other', 'words of my own')).toBe(true);
  });

  test('also where the echo is here first', () => {
    const { mayPass } = setUp();
    const heard = [1, 2, 3, 4, 5].map((n) => {
      const was = mayPass('room', 'other', `<owner> line ${n}`);
      expect(mayPass('muc', 'owner', `line ${n}`)).toBe(true);
      return was;
    });
    expect(heard).toEqual([true, true, true, true, false]);
  });

  test('what nobody said just now is nobody’s echo', () => {
    const { mayPass, passes } = setUp();
    for (let i = 0; i < 20; i++) {
      mayPass('room', 'tybalt', `line ${i}`);
      expect(mayPass('muc', 'other', `<romeo> line ${i}`)).toBe(true);
      mayPass('room', 'tybalt', `word ${i}`);
      passes(61_000);
      expect(mayPass('muc', 'other', `<tybalt> word ${i}`)).toBe(true);
    }
  });
});

describe('in names of their own', () => {
  test('the same words to and fro are stopped, and sooner from then on; once in ten minutes it is said', () => {
    const { mayPass, loops, passes } = setUp();
    const rounds = (text: string): number => {
      let n = 0;
      while (mayPass(n % 2 === 0 ? 'room' : 'muc', `${'[n] '.repeat(n)}tybalt`, text)) n++;
      return n;
    };
    expect([rounds('one'), rounds('two'), loops]).toEqual([9, 2, [`${'[n] '.repeat(9)}tybalt`]]);
    passes(601_000);
    expect([rounds('three'), loops.length]).toEqual([9, 2]);
  });

  test('so they are in names that have nothing in common, but are the same each time', () => {
    const { mayPass } = setUp();
    const heard = Array.from({ length: 12 }, (_, n) =>
      n % 2 === 0 ? mayPass('room', 'tybalt', 'one') : mayPass('muc', 'Prince of Cats', 'one'),
    );
    expect(heard).toEqual(Array.from({ length: 12 }, (_, n) => n < 10));
  });

  test('many who say the same on both sides are no loop either, also while there is one', () => {
    const { mayPass, loops } = setUp();
    const votes = (): void => {
      for (let i = 10; i < 99; i++) expect(mayPass(i % 2 === 0 ? 'room' : 'muc', `citizen${i}`, '+1')).toBe(true);
    };
    votes();
    expect(loops).toEqual([]);
    for (let n = 0; n < 20; n++) mayPass(n % 2 === 0 ? 'room' : 'muc', 'tybalt', 'one');
    expect(loops).toEqual(['tybalt']);
    votes();
  });

  test('many who say the same on one side are no loop', () => {
    const { mayPass } = setUp();
    for (let i = 0; i < 100; i++) expect(mayPass('muc', `citizen${i}`, '+1')).toBe(true);
  });
});
