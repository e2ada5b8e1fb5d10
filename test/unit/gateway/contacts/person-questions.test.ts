/** CHECKLIST section 13 and 054: what is asked of the session about a person, and what its answer becomes. */

import { describe, expect, test } from 'vitest';
import { noArchive } from '../../../../src/accounts/archiving.ts';
import type { People, PersonCard, Session } from '../../../../src/bridge/contract.ts';
import { GatewayError } from '../../../../src/core/errors.ts';
import { accountId, personId } from '../../../../src/core/ids.ts';
import { cardOf } from '../../../../src/gateway/contacts/person-card.ts';
import {
  contactQuestions,
  occupantQuestions,
  offeredOf,
  personQuestion,
  questionIn,
} from '../../../../src/gateway/contacts/person-questions.ts';
import { child, textOf } from '../../../harness/markup.ts';
import { inbox, noon, phone, sessionOf, stanza } from '../rooms/world.ts';

const juliet = personId('juliet');
const card: PersonCard = {
  nick: 'Juliet',
  realName: 'Juliet Capulet',
  address: 'j@verona.test',
  account: 'capulet',
  away: 'asleep',
  idleSeconds: 7,
  facts: [{ label: 'Server', value: 'net.test' }],
};
const people: People = {
  about: async () => card,
  tellsIdle: true,
  version: async () => 'WeeChat 4',
  time: async () => 'Sat Nov 21 14:00:00 2026',
  ping: async () => 12,
};

const asItIs = (text: string): string => text;

async function ask(payload: string, session: Session | undefined = sessionOf('romeo', { people })) {
  const request = stanza(`<iq type='get' id='q' from='${phone}' to='juliet%net@irc.test'>${payload}</iq>`);
  const [asked] = request.el.children;
  const question = typeof asked === 'object' ? questionIn(contactQuestions, asked) : undefined;
  if (question === undefined) throw new Error(`no question: ${payload}`);
  const stanzas = await personQuestion(
    question,
    request,
    juliet,
    asItIs,
  )({
    account: { id: accountId('a'), owner: 'romeo@example.org', on: 'net' },
    session,
    archive: noArchive,
    now: () => noon,
    signal: new AbortController().signal,
  });
  const [answer] = inbox(stanzas, phone);
  return answer;
}

describe('answers', () => {
  test('054-01 054-03 a card has the name, the nick and the rest to read', async () => {
    const vcard = child(await ask("<vCard xmlns='vcard-temp'/>"), 'vCard', 'vcard-temp');
    expect(textOf(child(vcard, 'FN'))).toBe('Juliet Capulet');
    expect(textOf(child(vcard, 'NICKNAME'))).toBe('Juliet');
    expect(textOf(child(vcard, 'DESC'))).toBe(
      'Address: j@verona.test\nAccount: capulet\nAway: asleep\nServer: net.test',
    );
  });

  test('092-01 the version is what they say, in one piece, with both of the elements that an answer has to have', async () => {
    const query = child(await ask("<query xmlns='jabber:iq:version'/>"), 'query');
    expect(query?.children.map((one) => (typeof one === 'string' ? one : [one.name, textOf(one)]))).toEqual([
      ['name', 'WeeChat 4'],
      ['version', ''],
    ]);
  });

  test('202-01 199-01 PRE-06 time, ping, idle time', async () => {
    const time = child(await ask("<time xmlns='urn:xmpp:time'/>"), 'time');
    expect([textOf(child(time, 'tzo')), textOf(child(time, 'utc'))]).toEqual(['+02:00', '2026-11-21T12:00:00Z']);
    expect((await ask("<ping xmlns='urn:xmpp:ping'/>"))?.children).toEqual([]);
    const last = child(await ask("<query xmlns='jabber:iq:last'/>"), 'query');
    expect([last?.attrs.seconds, textOf(last)]).toEqual(['7', 'asleep']);
  });
});

describe('what a session does not offer', () => {
  const none = sessionOf('romeo');
  const code = (payload: string, session?: Session) => ask(payload, session).catch((error: GatewayError) => error.code);

  test('an empty card, a ping of ours; else service-unavailable', async () => {
    expect(child(await ask("<vCard xmlns='vcard-temp'/>", none), 'vCard')?.children).toEqual([]);
    expect((await ask("<ping xmlns='urn:xmpp:ping'/>", none))?.attrs.type).toBe('result');
    for (const payload of [
      "<query xmlns='jabber:iq:version'/>",
      "<query xmlns='jabber:iq:last'/>",
      "<time xmlns='urn:xmpp:time'/>",
    ])
      expect(await code(payload, none)).toBe('not-available');
  });

  test('a clock that can not be read is told in its own words', async () => {
    const session = sessionOf('romeo', { people: { time: async () => 'teatime' } });
    await expect(ask("<time xmlns='urn:xmpp:time'/>", session)).rejects.toThrow('Their clock says: teatime');
  });

  test('nobody connected; the network’s own error is passed on', async () => {
    const request = stanza(`<iq type='get' id='q' from='${phone}' to='juliet%net@irc.test'/>`);
    const [question] = contactQuestions;
    if (question === undefined) throw new Error('no questions');
    const asking = {
      account: { id: accountId('a'), owner: 'romeo@example.org', on: 'net' },
      session: undefined,
      archive: noArchive,
      now: () => noon,
      signal: new AbortController().signal,
    };
    const away = () => new GatewayError('not-connected', { text: 'Not connected to net' });
    await expect(personQuestion(question, request, juliet, asItIs, away)(asking)).rejects.toThrow(
      'Not connected to net',
    );
    const about = () => Promise.reject(new GatewayError('no-such-person'));
    expect(await code("<vCard xmlns='vcard-temp'/>", sessionOf('romeo', { people: { about } }))).toBe('no-such-person');
  });

  test('030-08 012-01 announced is what is offered, of occupants all but the ping', () => {
    expect(offeredOf(contactQuestions, people)).toEqual([
      'vcard-temp',
      'jabber:iq:version',
      'urn:xmpp:time',
      'jabber:iq:last',
      'urn:xmpp:ping',
    ]);
    expect(offeredOf(contactQuestions, {})).toEqual(['vcard-temp', 'urn:xmpp:ping']);
    expect(offeredOf(contactQuestions, { about: async () => card })).toEqual(['vcard-temp', 'urn:xmpp:ping']);
    expect(offeredOf(occupantQuestions, people)).not.toContain('urn:xmpp:ping');
  });
});

describe('a card', () => {
  test('of which only the nick is known', () => {
    expect(cardOf({ nick: 'x', facts: [] }, asItIs)).toEqual({ fullName: 'x', nickname: 'x' });
  });

  test('GEN-10 what stands before each line is in the language of whoever asks', () => {
    const inCapitals = (label: string): string => label.toUpperCase();
    expect(cardOf(card, inCapitals).description).toBe(
      'ADDRESS: j@verona.test\nACCOUNT: capulet\nAWAY: asleep\nSERVER: net.test',
    );
  });
});
