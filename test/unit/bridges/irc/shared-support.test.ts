/** What servers say of themselves, shared by all sessions to whom they say the same. */
import { describe, expect, test } from 'vitest';
import { createSupportReader } from '../../../../bridges/irc/shared-support.ts';
import { defaultSupport, readSupport } from '../../../../bridges/irc/wire/isupport.ts';

const first = ['NICKLEN=16', 'CHANLIMIT=#:250', 'are supported by this server'];
const second = ['TARGMAX=PRIVMSG:4,JOIN:', 'WHOX', 'are supported by this server'];

describe('createSupportReader', () => {
  test('what a server says to two sessions in the same lines is one object, and what `readSupport` makes of them', () => {
    const read = createSupportReader();
    const anns = read(read(defaultSupport, ['ann', ...first]), ['ann', ...second]);
    const bobs = read(read(defaultSupport, ['bob', ...first]), ['bob', ...second]);
    expect(bobs).toBe(anns);
    expect(anns).toEqual(readSupport(readSupport(defaultSupport, ['ann', ...first]), ['ann', ...second]));
  });

  test('the same line behind another one is another matter', () => {
    const read = createSupportReader();
    const alone = read(defaultSupport, ['ann', ...second]);
    const behind = read(read(defaultSupport, ['ann', ...first]), ['ann', ...second]);
    expect([alone.nickLength, behind.nickLength]).toEqual([9, 16]);
  });

  test('closing words that look like tokens are not taken for them', () => {
    const read = createSupportReader();
    expect(read(defaultSupport, ['ann', 'NICKLEN=16 KICKLEN=20']).nickLength).toBe(9);
    expect(read(defaultSupport, ['ann', 'NICKLEN=16', 'KICKLEN=20']).nickLength).toBe(16);
  });

  test('it remembers no more than the newest lines, and none of the longest', () => {
    const read = createSupportReader();
    const told = read(defaultSupport, ['ann', ...first]);
    for (let i = 0; i < 127; i++) read(defaultSupport, ['ann', `NETWORK=N${i}`]);
    expect(read(defaultSupport, ['ann', ...first])).toBe(told);
    read(defaultSupport, ['ann', 'NETWORK=last']);
    expect(read(defaultSupport, ['ann', ...first])).not.toBe(told);
    const long = ['ann', `NETWORK=${'n'.repeat(1_024)}`];
    expect(read(defaultSupport, long)).not.toBe(read(defaultSupport, long));
  });
});
