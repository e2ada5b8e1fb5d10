/** What clients do to messages, as intents; and what is worth nothing late. */
import { describe, expect, test } from 'vitest';
import { conditionOf } from '../../../harness/markup.ts';
import { ask, away, channel, contact, decode, me, server, stranger } from './world.ts';

const message = (inside: string, to = channel, from = me) =>
  `<message type='${to === channel ? 'groupchat' : 'chat'}' id='m' from='${from}' to='${to}'>${inside}</message>`;
const intentOf = (inside: string, to = channel) => {
  const decoded = decode(message(inside, to));
  return decoded.is === 'durable' ? decoded.intent : decoded.is;
};
const retractV1 = "<retract xmlns='urn:xmpp:message-retract:1' id='r'><reason>oops</reason></retract>";
const retractV0 = "<apply-to xmlns='urn:xmpp:fasten:0' id='r'><retract xmlns='urn:xmpp:message-retract:0'/></apply-to>";
const reaction =
  "<reactions xmlns='urn:xmpp:reactions:0' id='r'><reaction>❤️</reaction><reaction>❤</reaction></reactions>";
const composing = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";
const displayed = "<displayed xmlns='urn:xmpp:chat-markers:0' id='x'/>";

describe('deeds', () => {
  test('308-02 a correction is the whole message again, and names the first', () => {
    const inside = "<body>*b*</body><replace xmlns='urn:xmpp:message-correct:0' id='first'/>";
    expect(intentOf(inside)).toEqual({
      kind: 'edit',
      chat: '#verona',
      target: { stanzaId: 'first' },
      content: { text: { plain: '*b*', marks: [{ from: 0, to: 3, is: 'strong' }] } },
    });
    expect(intentOf(inside, contact)).toMatchObject({ kind: 'edit', chat: 'juliet' });
  });

  test('359-06 a retraction, in the form of today and in the old one', () => {
    expect(intentOf(retractV1)).toEqual({
      kind: 'retract',
      chat: '#verona',
      target: { stanzaId: 'r' },
      reason: 'oops',
    });
    expect(intentOf(retractV0, contact)).toEqual({ kind: 'retract', chat: 'juliet', target: { stanzaId: 'r' } });
    expect(intentOf("<apply-to xmlns='urn:xmpp:fasten:0' id='r'><other xmlns='urn:x'/></apply-to>")).toBe('ignored');
  });

  test('444-02 444-05 no emoji twice, whatever its variation', () => {
    expect(intentOf(reaction)).toMatchObject({ kind: 'react', emoji: ['❤️'] });
  });

  test('done to what was said to one occupant: the same, privately', () => {
    const occupant = `${channel}/juliet`;
    const target = { stanzaId: 'r' };
    const there = { chat: '#verona', privately: 'juliet' };
    expect(intentOf("<body>b</body><replace xmlns='urn:xmpp:message-correct:0' id='r'/>", occupant)).toMatchObject({
      kind: 'edit',
      target,
      ...there,
    });
    expect(intentOf(retractV1, occupant)).toMatchObject({ kind: 'retract', target, ...there });
    expect(intentOf(reaction, occupant)).toMatchObject({ kind: 'react', target, ...there });
  });
});

describe('replies', () => {
  const reply = (to: string, start = '0', end = '4') =>
    `<body>&gt; a\nb</body><reply xmlns='urn:xmpp:reply:0' to='${to}' id='r'/><fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body start='${start}' end='${end}'/></fallback>`;

  test('461-01 428-02 the quotation goes with the reference, the nick too', () => {
    expect(intentOf(reply(`${channel}/juliet`))).toMatchObject({
      content: { text: { plain: 'b' }, replyTo: { stanzaId: 'r', fallback: '> a\n', nick: 'juliet' } },
    });
    expect(intentOf(reply('other@example.org/juliet'))).toMatchObject({ content: { replyTo: { stanzaId: 'r' } } });
  });

  test.each([
    ['it stands elsewhere', '1', '4'],
    ['it is nothing', '0', '0'],
    ['it is everything', '0', '99'],
    ['it is no range', 'x', 'y'],
  ])('428-02 and stays in the text where %s', (_, start, end) => {
    expect(intentOf(reply(`${channel}/juliet`, start, end))).toMatchObject({ content: { text: { plain: '> a\nb' } } });
  });
});

describe('moderation', () => {
  const set = (payload: string, to = channel) =>
    decode(`<iq type='set' id='q' from='${me}' to='${to}'>${payload}</iq>`);
  const v1 = (inside: string) => `<moderate xmlns='urn:xmpp:message-moderate:1' id='r'>${inside}</moderate>`;
  const wish = "<retract xmlns='urn:xmpp:message-retract:1'/>";

  test('425-01 425-03 a wish in either form becomes a retraction by right', () => {
    const intent = { kind: 'retract', chat: '#verona', target: { stanzaId: 'r' }, moderates: true };
    expect(set(v1(`${wish}<reason>spam</reason>`))).toMatchObject({
      is: 'durable',
      intent: { ...intent, reason: 'spam' },
      origin: { via: 'iq', stanzaId: 'q' },
    });
    const v0 = `<apply-to xmlns='urn:xmpp:fasten:0' id='r'><moderate xmlns='urn:xmpp:message-moderate:0'><retract xmlns='urn:xmpp:message-retract:0'/><reason/></moderate></apply-to>`;
    expect(set(v0)).toMatchObject({ intent });
  });

  test.each([v1(''), v1("<other xmlns='urn:x'/>"), "<apply-to xmlns='urn:xmpp:fasten:0' id='r'/>"])(
    'anything else is no request: %s',
    (payload) => {
      const decoded = set(payload);
      expect(decoded.is === 'answer' && decoded.stanzas[0]?.body.text).toContain('bad-request');
    },
  );

  test('GEN-01 nothing to moderate at a contact or an occupant', () => {
    expect(conditionOf(ask(contact, v1(wish), me, 'set'))).toBe('service-unavailable');
    expect(conditionOf(ask(`${channel}/juliet`, v1(wish), me, 'set'))).toBe('service-unavailable');
  });
});

describe('GEN-07 what is worth nothing late', () => {
  test('085-01 333-02 goes to the account that is there, and is answered by nobody', () => {
    for (const inside of [composing, displayed]) {
      for (const to of [channel, contact]) expect(decode(message(inside, to)).is).toBe('mail');
      expect(decode(message(inside, server))).toEqual({ is: 'ignored' });
      expect(decode(message(inside, channel, stranger))).toEqual({ is: 'ignored' });
      expect(away(message(inside))).toEqual([]);
    }
  });

  test('beside a body it is nothing of its own', () => {
    expect(intentOf(`<body>x</body>${composing}`)).toMatchObject({ kind: 'send' });
  });
});
