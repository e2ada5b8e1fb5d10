/** What of a session outlives it: read whatever stands there, and written down as a whole. */
import { expect, test } from 'vitest';
import { createConversations } from '../../../../bridges/discord/conversations.ts';
import { openResume } from '../../../../bridges/discord/resume.ts';
import { silentLog } from '../../../harness/silent-log.ts';

function open(text?: string) {
  const written: unknown[] = [];
  const resume = openResume(text, { checkpoint: async (one) => void written.push(JSON.parse(one)) }, silentLog);
  const conversations = createConversations({ rest: undefined as never, me: '1' }, resume);
  return { written, resume, conversations };
}

test.each([undefined, '', 'null', '[]', '7', '{"missing":7,"conversations":[["a","b"],["1"],"1",[1,2]]}'])(
  'what can’t be read is nothing: %s',
  (text) => {
    const { resume } = open(text);
    expect([resume.missing, resume.conversations]).toEqual([[], []]);
  },
);

test('conversations are known over sessions, the last heard of first; what is no news is not written', () => {
  const first = open('{"missing":["content"]}');
  first.conversations.heard('101', '11');
  first.conversations.heard('102', '12');
  first.conversations.heard('101', '11');
  expect(first.written).toHaveLength(2);
  const last = JSON.stringify(first.written.at(-1));
  expect(last).toBe('{"missing":["content"],"conversations":[["11","101"],["12","102"]]}');
  expect(first.conversations.known()).toEqual(['11', '12']);
  const second = open(last);
  expect([second.conversations.known(), second.conversations.personIn('102')]).toEqual([['12', '11'], '12']);
  second.resume.keep({ missing: [] });
  expect(second.written).toEqual([
    {
      missing: [],
      conversations: [
        ['11', '101'],
        ['12', '102'],
      ],
    },
  ]);
});

test('three hundred are kept', () => {
  const { written, conversations } = open();
  for (let n = 1; n <= 305; n++) conversations.heard(`${1000 + n}`, `${n + 1}`);
  const { conversations: kept } = written.at(-1) as { readonly conversations: readonly unknown[] };
  expect([kept.length, kept[0], conversations.known().length]).toEqual([300, ['7', '1006'], 300]);
});
