/** CHECKLIST 45-45, 45-90, 45-91, 45-93 and 045-249-01: whom an invitation means, and what is asked about voice. */
import { describe, expect, test } from 'vitest';
import type { Element } from '../../../../src/xml/element.ts';
import { child, conditionOf, textOf } from '../../../harness/markup.ts';
import { answers, away, channel, contact, decode, domain, me, told } from './world.ts';

const user = 'http://jabber.org/protocol/muc#user';
const toRoom = (inside: string) =>
  `<message id='m' from='${me}' to='${channel}'><x xmlns='${user}'>${inside}</x></message>`;
const invite = (to: string, inside = '') => `<invite to='${to}'>${inside}</invite>`;
const intentOf = (markup: string) => {
  const decoded = decode(markup);
  return decoded.is === 'durable' ? decoded.intent : decoded.is;
};
const conditions = (markup: string) => answers(markup).map(conditionOf);
const direct = (attrs: string, inside = '') =>
  `<message id='m' from='${me}' to='${contact}'><x xmlns='jabber:x:conference' ${attrs}/>${inside}</message>`;

describe('45-90 invited by the room', () => {
  test.each([
    ['a contact', contact],
    ['a contact’s client', `${contact}/x`],
    ['a nick alone', 'juliet'],
    ['an occupant', `${channel}/juliet`],
    ['an occupant of another room there', `#mantua%net.test@${domain}/juliet`],
  ])('%s is asked on the network', (_, to) => {
    expect(intentOf(toRoom(invite(to, '<reason>come</reason>')))).toEqual({
      kind: 'invite',
      chat: '#verona',
      person: 'juliet',
      reason: 'come',
    });
  });

  test('a user of ours is the room’s to tell, several too', () => {
    expect(decode(toRoom(invite('mercutio@example.org')))).toMatchObject({ is: 'mail' });
    expect(decode(toRoom(invite('a@example.org') + invite('b@example.org')))).toMatchObject({ is: 'mail' });
  });

  test.each([
    ['who may not use the gateway', invite('real@example.net'), 'forbidden'],
    ['who has a contact’s name on a server of their own', invite('juliet%net.test@example.net'), 'forbidden'],
    ['no address', invite('@'), 'jid-malformed'],
    ['nobody', '<invite/>', 'jid-malformed'],
    ['a server', invite('example.org'), 'item-not-found'],
    ['the room itself', invite(channel), 'item-not-found'],
    ['somebody on another server', invite(`juliet%other.test@${domain}`), 'item-not-found'],
    ['what is no nick', invite(`${channel}/not a nick`), 'item-not-found'],
    ['two of the network', invite(contact) + invite('nurse'), 'bad-request'],
    ['both kinds', invite('a@example.org') + invite(contact), 'bad-request'],
    ['eleven', invite('a@example.org').repeat(11), 'bad-request'],
  ])('45-90 %s', (_, inside, condition) => expect(conditions(toRoom(inside))).toEqual([condition]));

  test('45-90 a reason has an end; with nobody connected nobody is in the room', () => {
    expect(intentOf(toRoom(invite('juliet', `<reason>${'x'.repeat(2000)}</reason>`)))).toMatchObject({
      reason: 'x'.repeat(1000),
    });
    expect(away(toRoom(invite('mercutio@example.org'))).map(conditionOf)).toEqual(['not-acceptable']);
  });
});

describe('45-91 declined', () => {
  const decline = (to: string) => toRoom(`<decline to='${to}'><reason>busy</reason></decline>`);
  test('who invited from here hears it from the room', () => {
    const decoded = decode(decline('mercutio@example.org/phone'));
    if (decoded.is !== 'answer') throw new Error('no answer');
    expect(decoded.stanzas).toMatchObject([{ kind: 'message', from: channel, to: ['mercutio@example.org'] }]);
    expect(decoded.stanzas[0]?.body.text).toContain("<decline from='romeo@example.org'><reason>busy</reason>");
  });

  test('a network has no word for it; strangers are not written to', () => {
    expect(decode(decline(contact))).toEqual({ is: 'ignored' });
    expect(decode(decline('nobody'))).toEqual({ is: 'ignored' });
    expect(conditions(decline('real@example.net'))).toEqual(['forbidden']);
  });
});

describe('045-249-01 invited directly', () => {
  test('into a room of the same network: by the network', () => {
    expect(intentOf(direct(`jid='${channel}' reason='come'`, '<body>come!</body>'))).toEqual({
      kind: 'invite',
      chat: '#verona',
      person: 'juliet',
      reason: 'come',
    });
  });

  test('into another: a text with its address', () => {
    const intent = intentOf(direct("jid='a#b@muc.example.net' reason='here'"));
    expect(intent).toMatchObject({ kind: 'send', chat: 'juliet' });
    expect(intent).toHaveProperty('content.text.plain', 'You are invited to xmpp:a%23b@muc.example.net?join: here');
  });

  test.each([
    [`jid='#verona%other.test@${domain}'`, 'item-not-found'],
    [`jid='${contact}'`, 'item-not-found'],
    ["jid='@'", 'jid-malformed'],
  ])('%s is %s', (attrs, condition) => expect(conditions(direct(attrs))).toEqual([condition]));

  test('contacts announce it', async () => {
    const query = await told(contact, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
    expect(JSON.stringify(query)).toContain('jabber:x:conference');
  });
});

describe('45-93 voice', () => {
  const form = (fields: Readonly<Record<string, string>>, type = 'submit') => {
    const all = Object.entries({ FORM_TYPE: 'http://jabber.org/protocol/muc#request', ...fields });
    const inside = all.map(([name, value]) => `<field var='${name}'><value>${value}</value></field>`).join('');
    return `<message id='m' from='${me}' to='${channel}'><x xmlns='jabber:x:data' type='${type}'>${inside}</x></message>`;
  };
  test('asked for', () => {
    const asked = { kind: 'ask-voice', chat: '#verona' };
    expect(intentOf(form({ 'muc#role': 'participant' }))).toEqual(asked);
    expect(intentOf(form({}))).toEqual(asked);
    expect(conditions(form({ 'muc#role': 'moderator' }))).toEqual(['feature-not-implemented']);
    expect(decode(form({}, 'cancel'))).toEqual({ is: 'ignored' });
  });

  test('granted by a moderator, or not', () => {
    expect(intentOf(form({ 'muc#roomnick': 'juliet', 'muc#request_allow': 'true' }))).toMatchObject({
      kind: 'moderate',
      targets: [{ nick: 'juliet', action: 'power', power: 'voiced' }],
    });
    expect(decode(form({ 'muc#roomnick': 'juliet', 'muc#request_allow': '0' }))).toEqual({ is: 'ignored' });
    expect(conditions(form({ 'muc#request_allow': '1' }))).toEqual(['bad-request']);
  });

  test('a form of another kind is no message', () => {
    const other = form({}).replace('muc#request', 'muc#other').replace('</x>', '</x><body>x</body>');
    expect(conditions(other)).toEqual(['bad-request']);
    expect(textOf(child(answers(other)[0] as Element, 'body'))).toBe('');
  });
});
