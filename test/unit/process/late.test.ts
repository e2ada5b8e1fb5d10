/** What an edge hands on late has the time at which it was said. */
import { expect, test } from 'vitest';
import { createLate } from '../../../src/process/late.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const late = createLate('net.test', { now: () => now });
const said = "<message from='a@net.test/x' to='b@y.test' type='groupchat'><body>1 &lt; 2</body></message>";
const delayed = (stamp: string): string => `<delay xmlns='urn:xmpp:delay' from='net.test' stamp='${stamp}'/></message>`;

test('114-54 what was written two seconds ago is stamped, message by message', () => {
  expect(late(said + said, now - 2_000)).toBe(said.replace('</message>', delayed('2026-11-21T11:59:58Z')).repeat(2));
});

/** What the owner wrote elsewhere, as their server is asked to tell it (356-20, 356-22). */
const own = (time = ''): string =>
  `<message from='romeo@test' to='juliet@net.test' type='chat' id='o1'><body>It is the east</body>${time}</message>`;
const inTheirName = (ns: string, inner: string): string =>
  `<message id='o1-p' from='net.test' to='test'><privilege xmlns='urn:xmpp:privilege:${ns}'><forwarded xmlns='urn:xmpp:forward:0'>${inner.replace('<message', "<message xmlns='jabber:client'")}</forwarded></privilege></message>`;
const asCarbon = (inner: string): string =>
  `<message from='romeo@test' to='romeo@test' type='chat' id='o1-c'><private xmlns='urn:xmpp:carbons:2'/><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>${inner.replace('<message', "<message xmlns='jabber:client'")}</forwarded></sent></message>`;

test('356-24 what is said in its user’s name has its time where their clients look for it', () => {
  const time = "<delay xmlns='urn:xmpp:delay' from='net.test' stamp='2026-11-21T11:59:00Z'/>";
  for (const [told, dated] of [
    [inTheirName('2', own()), inTheirName('2', own(time))],
    [inTheirName('1', asCarbon(own())), inTheirName('1', asCarbon(own(time)))],
  ] as const)
    expect(late(told, now - 60_000)).toBe(dated);
  expect(late(inTheirName('2', own(time)), now - 1_000)).toBe(inTheirName('2', own(time)));
});

test.each([
  ['what is on time', said, 1_999],
  ['presence', "<presence from='a@net.test/x' to='b@y.test'/>", 60_000],
  ['a subject', "<message from='a@net.test' to='b@y.test' type='groupchat'><subject>x</subject></message>", 60_000],
  ['what has a time', said.replace('</message>', delayed('2026-01-01T00:00:00Z')), 60_000],
])('%s stays as it is', (_, text, agoMs) => {
  expect(late(text, now - agoMs)).toBe(text);
});

test('more than any stanza may hold, of one turn of Redis, is stamped all the same, message by message', () => {
  const many = 4_000;
  const stamped = said.replace('</message>', delayed('2026-11-21T11:59:58Z')).repeat(many);
  expect(late(said.repeat(many), now - 2_000).trimEnd() === stamped).toBe(true);
  const elements = said.replace('</message>', `${'<a/>'.repeat(8)}</message>`).repeat(many);
  expect(late(elements, now - 2_000).match(/<delay /g)?.length).toBe(many);
});

test('much ends with the blanks that it had, and more for its times', () => {
  const much = said.repeat(20) + ' '.repeat(said.length);
  expect(/ +$/.exec(late(much, now - 2_000))?.[0].length).toBe(
    said.length + delayed('2026-11-21T11:59:58Z').length - 10,
  );
});

test('what can not be read is sent as it is: whatever stands behind it would wait for ever', () => {
  const broken = `${said}<message><body>`;
  expect(late(broken, now - 2_000)).toBe(broken);
});
