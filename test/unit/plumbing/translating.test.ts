/** What was said in the network's room, in the words of the MUC. */
import { expect, test } from 'vitest';
import { createNames } from '../../../src/plumbing/names.ts';
import { createNamed } from '../../../src/plumbing/nicks.ts';
import { createTranslate } from '../../../src/plumbing/translating.ts';
import { parseFragment } from '../../../src/xml/document.ts';
import type { Element } from '../../../src/xml/element.ts';

const translate = createTranslate(
  { sign: (room) => `${room}!`, read: () => undefined },
  createNames([{ muc: 'm1', room: 'r1' }]),
  (id) => (id === 'own' ? { name: 'r3', isRetracted: false } : undefined),
  createNamed('#verona@net.test', 'piazza@muc.test', {
    inMuc: (name) => (name === 'ada' ? 'ada (net)' : undefined),
  }),
  () => undefined,
);

const told = (inside: string, named?: string): string | undefined => {
  const children = parseFragment(inside).filter((node): node is Element => typeof node !== 'string');
  return translate({ id: 'r2', nick: 'tybalt', isOwn: false, children }, named)?.text;
};
const body = '<body>hi</body>';
const names = (uri: string): string =>
  `<reference xmlns='urn:xmpp:reference:0' type='mention' begin='0' end='2' uri='xmpp:${uri}'/>`;
const reply = (id: string): string => `<reply xmlns='urn:xmpp:reply:0' to='#verona@net.test/x' id='${id}'/>`;
const fallback = `<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='0' end='1'/></fallback>`;

test.each<[string, string, string | undefined]>([
  ['text', body, body],
  [
    'what is the room’s own',
    `${body}<stanza-id xmlns='urn:xmpp:sid:0' by='a' id='b'/><occupant-id xmlns='urn:xmpp:occupant-id:0' id='c'/>`,
    body,
  ],
  ['a file', `${body}<x xmlns='jabber:x:oob'><url>u</url></x>`, `${body}<x xmlns='jabber:x:oob'><url>u</url></x>`],
  [
    'a correction',
    `${body}<replace xmlns='urn:xmpp:message-correct:0' id='r1'/>`,
    `${body}<replace xmlns='urn:xmpp:message-correct:0' id='r1!'/>`,
  ],
  [
    'a correction of what the account itself said',
    `${body}<replace xmlns='urn:xmpp:message-correct:0' id='own'/>`,
    `${body}<replace xmlns='urn:xmpp:message-correct:0' id='r3!'/>`,
  ],
  ['a reply', body + reply('r1') + fallback, `${body}<reply xmlns='urn:xmpp:reply:0' id='m1'/>${fallback}`],
  ['a reply to nothing', body + reply('r9') + fallback, body],
  [
    'a retraction',
    `<retract xmlns='urn:xmpp:message-retract:1' id='r1'/>`,
    `<retract xmlns='urn:xmpp:message-retract:1' id='m1'/>`,
  ],
  [
    'one by a moderator',
    `<retract xmlns='urn:xmpp:message-retract:1' id='r1'><moderated xmlns='urn:xmpp:message-moderate:1' by='a'/></retract><apply-to xmlns='urn:xmpp:fasten:0' id='r1'><moderated xmlns='urn:xmpp:message-moderate:0' by='a'/></apply-to>`,
    `<retract xmlns='urn:xmpp:message-retract:1' id='m1'/>`,
  ],
  ['one of nothing', `<retract xmlns='urn:xmpp:message-retract:1' id='r9'/>`, undefined],
  [
    'whom it names, by the address that they have in the MUC',
    body + names('%23verona@net.test/ada') + names('%23verona@net.test/peter'),
    body + names('piazza@muc.test/ada%20%28net%29') + names('%23verona@net.test/peter'),
  ],
  ['a state', `<composing xmlns='http://jabber.org/protocol/chatstates'/>`, undefined],
])('%s', (_, inside, expected) => expect(told(inside)).toBe(expected));

test.each<[string, string, string | undefined]>([
  ['text', `${body}<x xmlns='jabber:x:oob'><url>u</url></x>`, '<body>&lt;tybalt&gt; hi</body>'],
  ['lines', '<body>a\nb</body>', '<body>&lt;tybalt&gt; a\n&lt;tybalt&gt; b</body>'],
  ['an action', '<body>/me bows</body>', '<body>* tybalt bows</body>'],
  [
    'a correction',
    `${body}<replace xmlns='urn:xmpp:message-correct:0' id='r1'/>`,
    `<body>&lt;tybalt&gt; hi</body><replace xmlns='urn:xmpp:message-correct:0' id='r1!'/>`,
  ],
  [
    'a retraction',
    `<retract xmlns='urn:xmpp:message-retract:1' id='r1'/>`,
    `<retract xmlns='urn:xmpp:message-retract:1' id='m1'/>`,
  ],
  ['one of nothing', `<retract xmlns='urn:xmpp:message-retract:1' id='r9'/>`, undefined],
  [
    'one with words for clients that don’t know retractions',
    `<retract xmlns='urn:xmpp:message-retract:1' id='r1'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/><body>/me took it back</body>`,
    `<body>* tybalt took it back</body><retract xmlns='urn:xmpp:message-retract:1' id='m1'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>`,
  ],
  [
    'a reply, with what it answers in front of the name',
    `<body>&gt; a\nhi</body>${reply('r1')}${fallback.replace(`'1'`, `'4'`)}`,
    `<body>&gt; a\n&lt;tybalt&gt; hi</body><reply xmlns='urn:xmpp:reply:0' id='m1'/>${fallback.replace(`'1'`, `'4'`)}`,
  ],
  [
    'a reply to nothing',
    `<body>&gt; a\nhi</body>${reply('r9')}${fallback}`,
    '<body>&lt;tybalt&gt; &gt; a\n&lt;tybalt&gt; hi</body>',
  ],
])('by the herald: %s', (_, inside, expected) => expect(told(inside, 'tybalt')).toBe(expected));
