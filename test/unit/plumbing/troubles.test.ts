/** What is wrong with a plumbing is told when it begins and when it is over, and not again and again; in words of two languages. */
import { describe, expect, test } from 'vitest';
import { endIn, toldIn, troubleIn } from '../../../src/plumbing/trouble-words.ts';
import { createTroubles, type News, type Trouble } from '../../../src/plumbing/troubles.ts';

function setUp() {
  let now = 1_000;
  const told: string[] = [];
  const kept: (readonly string[])[] = [];
  const troubles = createTroubles({
    now: () => now,
    tell: ({ is }) => void told.push(is),
    onChange: (all) => void kept.push(all.map(({ is }) => is)),
  });
  return { troubles, told, kept, passes: (ms: number) => (now += ms) };
}

describe('troubles', () => {
  test('are told once, and once more when all of them are over', () => {
    const { troubles, told, kept } = setUp();
    for (let i = 0; i < 3; i++) troubles.has({ is: 'refused', condition: 'conflict' });
    troubles.has({ is: 'voiceless' });
    troubles.past('refused');
    expect([told, troubles.now]).toEqual([['refused', 'voiceless'], [{ is: 'voiceless' }]]);
    troubles.past('voiceless');
    troubles.past('voiceless');
    expect(told.at(-1)).toBe('well');
    expect(kept).toEqual([['refused'], ['refused', 'voiceless'], ['voiceless'], []]);
  });

  test('that come and go are told once an hour', () => {
    const { troubles, told, passes } = setUp();
    for (let i = 0; i < 5; i++) {
      troubles.has({ is: 'network', text: `away ${i}` });
      troubles.past('network');
    }
    expect(told).toEqual(['network', 'well']);
    passes(3_600_001);
    troubles.has({ is: 'network', text: 'away' });
    expect(told).toEqual(['network', 'well', 'network']);
  });

  test('that are back within the hour, and stay, are told behind it', () => {
    const { troubles, told, kept, passes } = setUp();
    const trouble: Trouble = { is: 'refused', condition: 'conflict' };
    troubles.has(trouble);
    troubles.past('refused');
    for (let minutes = 0; minutes < 90; minutes += 10) {
      passes(600_000);
      troubles.has(trouble);
    }
    expect(told).toEqual(['refused', 'well', 'refused']);
    expect(kept).toEqual([['refused'], [], ['refused']]);
    troubles.past('refused');
    expect(told.at(-1)).toBe('well');
  });

  test('news are told once an hour, that it is joined always', () => {
    const { troubles, told } = setUp();
    for (let i = 0; i < 2; i++) for (const nick of ['a', 'b']) troubles.news({ is: 'loop', nick });
    for (let i = 0; i < 2; i++) troubles.news({ is: 'joined' });
    expect(told).toEqual(['loop', 'loop', 'joined', 'joined']);
  });
});

describe('words', () => {
  const about = { title: '#verona on irc.test', muc: 'piazza@muc.test', room: '#verona%irc.test@net.test' };
  const all: readonly (Trouble | News)[] = [
    { is: 'refused', condition: 'registration-required' },
    { is: 'refused', condition: 'not-authorized' },
    { is: 'refused', condition: 'undefined-condition', text: 'No bridges here' },
    { is: 'refused', condition: 'kicked' },
    { is: 'puppets', condition: 'service-unavailable' },
    { is: 'voiceless' },
    { is: 'network', text: '' },
    { is: 'loop', nick: 'bot' },
    { is: 'rival', nick: 'bot' },
    { is: 'unmoderated', condition: 'forbidden' },
    { is: 'subject', condition: 'forbidden' },
    { is: 'joined' },
    { is: 'well' },
  ];

  test('are others in each language, and whole', () => {
    for (const one of all) {
      const [english, german] = [toldIn('en', one, about), toldIn('de', one, about)];
      expect(english).not.toBe(german);
      for (const text of [english, german])
        expect(text).toMatch(/^#verona on irc\.test (and|und) piazza@muc\.test.*\.$/);
    }
  });

  test('say whom an owner has to let in, and what a service said itself', () => {
    expect(troubleIn('en', { is: 'refused', condition: 'registration-required' }, about)).toContain(about.room);
    expect(troubleIn('de', { is: 'refused', condition: 'x', text: 'No bridges here' }, about)).toContain(
      'No bridges here.',
    );
    expect(troubleIn('de', { is: 'network', text: 'Try again later' }, about)).toBe('Versuch es später wieder');
    expect(endIn('de', { is: 'banned', reason: 'enough' }, about)).toMatch(/nicht mehr verbunden: .*: enough$/);
    expect(endIn('en', { is: 'no-room' }, about)).toMatch(/no longer joined: there is no such MUC\.$/);
    expect(endIn('en', { is: 'banned' }, about)).toMatch(/does not want us\.$/);
  });
});
