/** muc#admin sets as intents: what is asked of whom, all or nothing. */
import { describe, expect, test } from 'vitest';
import { conditionOf } from '../../../harness/markup.ts';
import { answers, away, channel, contact, decode, domain, me } from './world.ts';

const query = (items: string, type = 'set') =>
  `<iq type='${type}' id='a' from='${me}' to='${channel}'><query xmlns='http://jabber.org/protocol/muc#admin'>${items}</query></iq>`;
const targets = (items: string) => {
  const decoded = decode(query(items));
  return decoded.is === 'durable' && decoded.intent.kind === 'moderate' ? decoded.intent.targets : decoded.is;
};
const refused = (items: string) => answers(query(items)).map(conditionOf);

describe('what an item asks', () => {
  const moderator = ['helper', 'admin', 'owner'];
  const to = (power: string, ...alsoFine: string[]) => ({ action: 'power', power, alsoFine });
  test.each([
    ["nick='a' role='none'", { nick: 'a', action: 'kick' }],
    ["nick='a' role='visitor'", { nick: 'a', ...to('visitor') }],
    ["nick='a' role='participant'", { nick: 'a', ...to('participant', 'voiced') }],
    ["nick='a' role='moderator'", { nick: 'a', ...to('moderator', ...moderator) }],
    ["nick='a' affiliation='none'", { nick: 'a', ...to('participant', 'visitor') }],
    ["nick='a' affiliation='member'", { nick: 'a', ...to('voiced', 'helper') }],
    ["nick='a' affiliation='admin'", { nick: 'a', ...to('moderator') }],
    ["nick='a' affiliation='owner'", { nick: 'a', ...to('owner', 'admin') }],
    ["nick='a' affiliation='outcast'", { nick: 'a', action: 'ban' }],
    [`jid='${contact}' affiliation='outcast'`, { person: 'juliet', action: 'ban' }],
    [`jid='${contact}/x' affiliation='outcast'`, { person: 'juliet', action: 'ban' }],
    [`jid='${contact}' affiliation='none'`, { person: 'juliet', action: 'unban' }],
    [`jid='${contact}' role='moderator'`, { person: 'juliet', ...to('moderator', ...moderator) }],
    [`jid='${contact}' nick='j' affiliation='owner'`, { nick: 'j', person: 'juliet', ...to('owner', 'admin') }],
    [`jid='${contact}' nick='j' affiliation='none'`, { nick: 'j', person: 'juliet', ...to('participant', 'visitor') }],
    [`jid='${channel}/Paris' affiliation='outcast'`, { nick: 'Paris', action: 'ban' }],
    [`jid='real@example.net' nick='Paris' affiliation='outcast'`, { nick: 'Paris', action: 'ban' }],
    [
      `jid='*!*\\40cats.example%net.test@${domain}' affiliation='outcast'`,
      { person: '*!*@cats.example', action: 'ban' },
    ],
    [
      `jid='*!*\\40cats.example%net.test@${domain}' affiliation='none'`,
      { person: '*!*@cats.example', action: 'unban' },
    ],
  ])('45-71 45-75 45-77 %s', (attrs, target) => expect(targets(`<item ${attrs}/>`)).toEqual([target]));

  test('45-70 45-71 several, each with its reason, in one intent', () => {
    expect(targets("<item nick='a' role='none'><reason>one</reason></item><item nick='b' role='none'/>")).toEqual([
      { nick: 'a', action: 'kick', reason: 'one' },
      { nick: 'b', action: 'kick' },
    ]);
  });

  test('45-70 its answer is the iq’s', () => {
    expect(decode(query("<item nick='a' role='none'/>"))).toMatchObject({
      opens: false,
      intent: { chat: '#verona' },
      origin: { via: 'iq', stanzaId: 'a', type: 'set', to: channel },
    });
  });
});

describe('what is refused, whole', () => {
  const fine = "<item nick='a' role='none'/>";
  test.each([
    ['45-72 role and affiliation', "<item nick='a' role='none' affiliation='none'/>", 'bad-request'],
    ['45-72 neither', "<item nick='a'/>", 'bad-request'],
    ['45-72 a role that is none', "<item nick='a' role='king'/>", 'bad-request'],
    ['nobody', "<item role='none'/>", 'bad-request'],
    ['45-73 oneself', "<item jid='romeo@example.org' affiliation='outcast'/>", 'conflict'],
    ['45-75 a stranger', "<item jid='real@example.net' affiliation='outcast'/>", 'item-not-found'],
    ['45-75 a namesake elsewhere', "<item jid='juliet%net.test@example.net' affiliation='outcast'/>", 'item-not-found'],
    ['45-75 the room itself', `<item jid='${channel}' affiliation='outcast'/>`, 'item-not-found'],
    ['45-75 somebody on another server', `<item jid='a%other.test@${domain}' affiliation='none'/>`, 'item-not-found'],
    [
      '45-77 a mask on another server',
      `<item jid='*!*\\40x%other.test@${domain}' affiliation='none'/>`,
      'item-not-found',
    ],
    ['45-77 a mask for a rank', `<item jid='*!*\\40x%net.test@${domain}' affiliation='member'/>`, 'item-not-found'],
    ['45-75 no address', "<item jid='@' affiliation='outcast'/>", 'jid-malformed'],
  ])('%s', (_, item, condition) => {
    expect(refused(item)).toEqual([condition]);
    expect(refused(fine + item)).toEqual([condition]);
    expect(refused(item + fine)).toEqual([condition]);
  });

  test('no items, or more than anybody types', () => {
    expect(refused('')).toEqual(['bad-request']);
    expect(refused(fine.repeat(101))).toEqual(['bad-request']);
    expect(targets(fine.repeat(100))).toHaveLength(100);
  });
});

test('45-74 lists are the room’s to tell; with nobody connected nobody is in it', () => {
  for (const item of ["<item affiliation='outcast'/>", "<item role='moderator'/>"]) {
    expect(decode(query(item, 'get'))).toMatchObject({ is: 'mail' });
    expect(away(query(item, 'get')).map(conditionOf)).toEqual(['not-acceptable']);
  }
  expect(away(query("<item nick='a' role='none'/>")).map(conditionOf)).toEqual(['not-acceptable']);
});
