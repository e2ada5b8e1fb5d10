/** Rooms that a text names, and the ways into them behind their names. */
import { expect, test } from 'vitest';
import type { Mark } from '../../../../src/core/content.ts';
import { chatId } from '../../../../src/core/ids.ts';
import { namesRooms, withWays } from '../../../../src/gateway/text/ways.ts';

const plain = 'see #a and #b, #a';
const room = (from: number, name: string): Mark => ({ is: 'room', from, to: from + 2, chat: chatId(name) });
const named = [room(4, '#a'), room(11, '#b'), room(15, '#a')];
const wayTo = (chat: string): string => `xmpp:${chat.slice(1)}`;

const told = (marks: readonly Mark[], lead: (chat: string) => string | undefined = wayTo) => {
  const { plain: text, marks: now } = withWays({ plain, marks }, lead);
  return [text, ...now.map(({ is, from, to }) => `${is}: ${text.slice(from, to)}`)];
};

test('behind the first name of each room stands what opens it', () => {
  expect(told(named)).toEqual(['see #a (xmpp:a) and #b (xmpp:b), #a', 'room: #a', 'room: #b', 'room: #a']);
  expect(told(named, (chat) => (chat === '#a' ? undefined : wayTo(chat)))[0]).toBe('see #a and #b (xmpp:b), #a');
  expect([namesRooms({ plain, marks: named }), namesRooms({ plain, marks: [] })]).toEqual([true, false]);
});

test('what the name is a part of goes on behind the way, what ended before it or begins behind it does not', () => {
  const others: readonly Mark[] = [
    { is: 'spoiler', from: 0, to: 6 },
    { is: 'strong', from: 4, to: 6 },
    { is: 'emphasis', from: 0, to: 3 },
    { is: 'code', from: 7, to: 10 },
    { is: 'quote', from: 0, to: plain.length },
  ];
  expect(told([...others, room(4, '#a'), room(11, '#b')])).toEqual([
    'see #a (xmpp:a) and #b (xmpp:b), #a',
    'spoiler: see #a (xmpp:a)',
    'strong: #a (xmpp:a)',
    'emphasis: see',
    'code: and',
    'quote: see #a (xmpp:a) and #b (xmpp:b), #a',
    'room: #a',
    'room: #b',
  ]);
});
