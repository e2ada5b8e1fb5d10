/** Members of channels that all sessions share. */
import { describe, expect, test } from 'vitest';
import { personId } from '#bridge';
import { createMembers } from '../../../../bridges/irc/shared-members.ts';
import { parseLine } from '../../../../bridges/irc/wire/line.ts';
import { keptEach } from '../../../harness/kept-heap.ts';

describe('createMembers', () => {
  const ann = personId('ann');

  test('whoever is seen alike is one object, for all sessions and channels', () => {
    const memberOf = createMembers();
    expect(memberOf('Ann', ann, 'o', 'a@host')).toBe(memberOf('Ann', ann, 'o', 'a@host'));
  });

  test.each([
    ['another spelling', () => ['ANN', 'o', 'a@host'] as const],
    ['another rank', () => ['Ann', '', 'a@host'] as const],
    ['another address', () => ['Ann', 'o', 'a@elsewhere'] as const],
  ])('%s is another, and the first stays as it was', (_, other) => {
    const memberOf = createMembers();
    const first = memberOf('Ann', ann, 'o', 'a@host');
    const [nick, ranks, address] = other();
    expect(memberOf(nick, ann, ranks, address)).toEqual({ nick, person: ann, ranks, address });
    expect(first).toEqual({ nick: 'Ann', person: ann, ranks: 'o', address: 'a@host' });
  });

  test('is bounded: who is still seen stays, who has not been seen for long is forgotten', () => {
    const memberOf = createMembers(4);
    const see = (name: string) => memberOf(name, personId(name), '', '');
    const kept = see('kept');
    const gone = see('gone');
    for (let i = 0; i < 20; i++) {
      see(`somebody${i}`);
      expect(see('kept')).toBe(kept);
    }
    expect(see('gone')).not.toBe(gone);
  });

  test('keeps nothing else of the line by which somebody came', () => {
    const memberOf = createMembers();
    const tags = 4_000;
    const kept = keptEach(1_000, (n) => {
      const line = parseLine(
        `@msgid=${'y'.repeat(tags)} :somebody-of-${n}!~romeo${n}@host-${n}.isp.example JOIN #verona`,
      );
      if (line === undefined) throw new Error('it is a line');
      return memberOf(line.nick, personId(String(n)), '', `${line.user}@${line.host}`);
    });
    expect(kept).toBeLessThan(tags / 4);
  });
});
