/** CHECKLIST 380-01, 380-02: an error a message, one explanation a conversation and hour. */
import { expect, test } from 'vitest';
import { bodyOf, child, conditionOf } from '../../harness/markup.ts';
import { inbox, inVerona, phone, room } from './rooms/world.ts';

const omemo = "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/><payload>x</payload></encrypted>";
const message = (to: string, inside = omemo, type = to === room ? 'groupchat' : 'chat') =>
  `<message type='${type}' id='m' from='${phone}' to='${to}'>${inside}<body>I sent you an OMEMO encrypted message</body></message>`;
const contact = 'juliet%net@irc.test';

test('380-02 each comes back; why is said once, of that conversation, again after an hour', () => {
  const world = inVerona(['Romeo', 'juliet'], [phone]);
  const told = (markup: string) => inbox(world.hear(markup).stanzas, phone);
  const [error, why, ...more] = told(message(room));
  expect(error && conditionOf(error)).toBe('not-acceptable');
  expect(error?.attrs).toMatchObject({ id: 'm', from: room, type: 'error' });
  expect(why?.attrs).toMatchObject({ from: room, type: 'groupchat' });
  expect(why && bodyOf(why)).toMatch(/on net; end-to-end encryption stops.*switch off OMEMO.*not delivered/);
  expect(child(why, 'no-store', 'urn:xmpp:hints')).toBeDefined();
  expect(more).toEqual([]);
  expect(told(message(room))).toHaveLength(1);
  expect(told(message(contact))).toHaveLength(2);
  expect(told(message(`${contact}/x`))).toHaveLength(1);
  for (const nick of ['juliet', 'nurse'])
    expect([1, 2].map(() => told(message(`net@irc.test/${nick}`)).length)).toEqual([2, 1]);
  world.clock += 3_600_000;
  expect(told(message(room))).toHaveLength(2);
});

test('380-01 what only claims to be encrypted is, and an error is nobody’s to answer', () => {
  const world = inVerona(['Romeo', 'juliet'], [phone]);
  const eme = "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:x' name='Enigma'/>";
  expect(
    inbox(world.hear(message(contact, eme)).stanzas, phone)
      .map((one) => bodyOf(one) ?? '')
      .join(),
  ).toContain('Enigma');
  expect(world.hear(message(contact, omemo, 'error')).stanzas).toEqual([]);
});

test('380-01 a namespace that is called like something that every object has is that of no method', () => {
  const world = inVerona(['Romeo', 'juliet'], [phone]);
  expect(world.hear(message(contact, "<encrypted xmlns='constructor'/>")).stanzas).toEqual([]);
  const [, why] = world.hear(message(contact, "<encryption xmlns='urn:xmpp:eme:0' namespace='toString'/>")).stanzas;
  expect(why?.body.text).toContain('switch off end-to-end ');
});
