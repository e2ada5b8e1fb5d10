/** What is remembered of conversations: for how long, of how many, and under which name. */
import { describe, expect, test } from 'vitest';
import { createConversations } from '../../../../bridges/irc/conversations.ts';
import { chatId } from '../../../../src/bridge/index.ts';
import { live } from '../../../harness/irc-session.ts';
import { mark, usePuppets } from '../../../harness/puppet-room.ts';

const { meet } = usePuppets();

function setUp() {
  const time = { now: 1_700_000_000_000 };
  return { time, all: createConversations(() => time.now) };
}
const hour = 3_600_000;

describe('conversations', () => {
  test('to have been written to by them is not to have written', () => {
    const { all } = setUp();
    all.heard('romeo');
    expect(all.hasWritten('romeo')).toBe(false);
    expect(all.tellsAway('romeo')).toBe(false);
    all.wrote('romeo');
    all.heard('romeo');
    expect(all.hasWritten('romeo')).toBe(true);
  });

  test('away is told once an hour, while one talks', () => {
    const { all, time } = setUp();
    all.wrote('romeo');
    expect([all.tellsAway('romeo'), all.tellsAway('romeo')]).toEqual([true, false]);
    time.now += hour;
    expect(all.tellsAway('romeo')).toBe(true);
    time.now += hour + 1;
    expect(all.tellsAway('romeo')).toBe(false);
  });

  test('another name keeps what is known; it is told while one talks, and not for a mere change of case', () => {
    const { all, time } = setUp();
    all.wrote('romeo');
    expect(all.renamed('romeo', 'romeo')).toBe(false);
    expect(all.renamed('romeo', 'montague')).toBe(true);
    expect([all.hasWritten('romeo'), all.hasWritten('montague')]).toEqual([false, true]);
    time.now += hour + 1;
    expect(all.renamed('montague', 'romeo')).toBe(false);
    expect(all.hasWritten('romeo')).toBe(true);
    expect(all.renamed('paris', 'count')).toBe(false);
  });

  test('512 at most: the one that was silent longest goes', () => {
    const { all } = setUp();
    for (let at = 0; at < 512; at++) all.wrote(`n${at}`);
    all.wrote('n0');
    all.wrote('one more');
    expect([all.hasWritten('n0'), all.hasWritten('n1'), all.hasWritten('n2')]).toEqual([true, false, true]);
  });
});

test('what answers a notice of ours belongs into the conversation, also before the server has answered', async () => {
  const { us, server } = await meet();
  await using _ = us;
  server.answer = (line) => (line.startsWith('NOTICE Tybalt') ? [':Tybalt!u@h NOTICE juliet :thou wretched boy'] : []);
  const told = await us.live.commands?.run(chatId('#room'), '/notice Tybalt stay', live());
  expect(told).toBe('Sent to Tybalt.');
  await mark({ us, server });
  expect(us.events.all.find(({ kind }) => kind === 'message')).toMatchObject({
    chat: 'tybalt',
    content: { text: { plain: 'thou wretched boy' } },
  });
});
