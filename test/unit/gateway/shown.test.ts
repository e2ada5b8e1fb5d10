/** What clients show of themselves, alone and together. */
import { describe, expect, test } from 'vitest';
import { online, sameShown, shownIn, together, writeShown } from '../../../src/gateway/shown.ts';
import { stanza } from './rooms/world.ts';

const read = (inside: string) => shownIn(stanza(`<presence from='a@b/c' to='d'>${inside}</presence>`).el);

describe('one client', () => {
  test.each([
    ['', { show: 'online' }],
    ['<show> away </show>', { show: 'away' }],
    ['<show>nonsense</show><status>here</status>', { show: 'online', status: 'here' }],
    ['<show>dnd</show><status/>', { show: 'dnd' }],
  ])('%s', (inside, shown) => expect(read(inside)).toEqual(shown));

  test('a long status is cut', () => expect(read(`<status>${'x'.repeat(5000)}</status>`).status).toHaveLength(1000));

  test('as markup', () => {
    expect(writeShown({}).text).toBe('');
    expect(writeShown({ show: 'online' }).text).toBe('');
    expect(writeShown({ show: 'online', status: 'a<b' }).text).toBe('<status>a&lt;b</status>');
    expect(writeShown({ show: 'away', status: 'x' }).text).toBe('<show>away</show><status>x</status>');
    expect(writeShown({ show: 'offline' }).text).toBe('<show>xa</show>');
  });
});

describe('several together', () => {
  test('away only when all are; the most reachable speaks', () => {
    const away = { show: 'away', status: 'asleep' } as const;
    expect(together([])).toBe(online);
    expect(together([away, online])).toBe(online);
    expect(together([away, { show: 'xa' }])).toBe(away);
    expect(together([away, { show: 'dnd' }])).toEqual({ show: 'dnd' });
    expect(together([online, { show: 'chat' }])).toEqual({ show: 'chat' });
  });

  test('alike is show and status', () => {
    expect(sameShown(online, { show: 'online' })).toBe(true);
    expect(sameShown(online, { show: 'online', status: 'x' })).toBe(false);
  });
});
