/** What is written becomes: an intent with its origin, or an answer to its writer. */
import { describe, expect, test } from 'vitest';
import { createAddresses } from '../../../../bridges/irc/addresses.ts';
import { ircConfig } from '../../../../bridges/irc/config.ts';
import { GatewayError } from '../../../../src/core/errors.ts';
import { accountKey } from '../../../../src/gateway/decode/account-key.ts';
import { createDecoder } from '../../../../src/gateway/decode/create-decoder.ts';
import { bodyOf, child, conditionOf, textOf } from '../../../harness/markup.ts';
import { inbox, noon, stanza } from '../rooms/world.ts';
import { answers, away, channel, contact, decode, decoder, domain, me, server, stranger } from './world.ts';

const message = (type: string, to: string, inside: string, from = me) =>
  `<message type='${type}' id='m' from='${from}' to='${to}'>${inside}</message>`;
const intentOf = (markup: string) => {
  const decoded = decode(markup);
  return decoded.is === 'durable' ? decoded.intent : decoded.is;
};
const toRoom = (inside: string) => intentOf(message('groupchat', channel, inside));
const hi = '<body>hi</body>';
const words = (plain: string) => ({ text: { plain, marks: [] } });

describe('a message', () => {
  test('to a room: all that is needed to answer it later', () => {
    const inside = `${hi}<origin-id xmlns='urn:xmpp:sid:0' id='o'/><request xmlns='urn:xmpp:receipts'/>`;
    expect(decode(message('groupchat', channel, inside))).toEqual({
      is: 'durable',
      opens: false,
      account: accountKey(domain, 'romeo@example.org', 'net.test'),
      intent: { kind: 'send', chat: '#verona', content: words('hi') },
      origin: {
        from: me,
        to: channel,
        stanzaId: 'm',
        originId: 'o',
        via: 'message',
        type: 'groupchat',
        at: noon,
        said: 3329,
        receipt: true,
      },
    });
  });

  test('45-46 to an occupant: privately, in the room', () => {
    const inside = `${hi}<x xmlns='http://jabber.org/protocol/muc#user'/>`;
    const sent = { kind: 'send', chat: '#verona', privately: 'juliet', content: words('hi') };
    expect(intentOf(message('chat', `${channel}/juliet`, inside))).toEqual(sent);
  });

  test('MSG-03 to a contact: the chat is named by the person, whatever resource', () => {
    const sent = { kind: 'send', chat: 'juliet', content: words('hi') };
    for (const to of [contact, `${contact}/x`]) expect(intentOf(message('chat', to, hi))).toEqual(sent);
  });

  test('MSG-04 to a server: a line in its language; with a nick behind it, to that person', () => {
    expect(intentOf(message('chat', server, '<body>WHOIS juliet</body>'))).toEqual({
      kind: 'raw',
      chat: 'net.test',
      line: 'WHOIS juliet',
    });
    expect(intentOf(message('chat', `${server}/[Juliet]`, hi))).toMatchObject({ kind: 'send', chat: '[Juliet]' });
    expect(intentOf(message('chat', server, '<subject>x</subject>'))).toBe('ignored');
    expect(away(message('chat', server, hi)).map(conditionOf)).toEqual(['recipient-unavailable']);
    expect(intentOf(message('chat', server, '<body>help</body>'))).toBe('question');
  });

  test('MSG-04 with one server only the domain itself is that server', () => {
    const one = createDecoder({
      domain,
      addresses: createAddresses(ircConfig.parse({ fixedServer: 'net.test' })),
      allow: ['*'],
      admins: [],
      about: { type: 'irc', name: 'IRC' },
      version: '1',
      registration: 'none',
      startedAt: noon,
      now: () => noon,
    });
    expect(one.decode(stanza(message('chat', domain, '<body>LUSERS</body>')))).toMatchObject({
      is: 'durable',
      account: accountKey(domain, 'romeo@example.org'),
      intent: { kind: 'raw', chat: domain, line: 'LUSERS' },
    });
    expect(one.decode(stanza(message('chat', domain, '<body>help</body>'))).is).toBe('question');
  });

  test('MSG-07 "/me " is an action, and only that', () => {
    expect(toRoom('<body>/me waves</body>')).toMatchObject({ content: { ...words('waves'), action: true } });
    expect(toRoom('<body>/men</body>')).toMatchObject({ content: words('/men') });
    expect(toRoom('<body>/join #x</body>')).toMatchObject({ content: words('/join #x') });
  });

  test('MSG-06 461-01 thread and reply go with it', () => {
    const inside = `${hi}<thread>t</thread><reply xmlns='urn:xmpp:reply:0' to='${channel}/juliet' id='r'/>`;
    expect(toRoom(inside)).toMatchObject({ content: { ...words('hi'), thread: 't', replyTo: { stanzaId: 'r' } } });
  });

  test('428-02 a retraction is one, whatever stands there for other clients', () => {
    const inside = `<retract xmlns='urn:xmpp:message-retract:1' id='r'/><body>someone retracted something</body>
      <fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/>`;
    expect(toRoom(inside)).toEqual({ kind: 'retract', chat: '#verona', target: { stanzaId: 'r' } });
  });
});

describe('45-39 the subject', () => {
  test('alone changes the topic, empty clears it', () => {
    expect(toRoom('<subject>New</subject>')).toEqual({ kind: 'topic', chat: '#verona', text: 'New' });
    expect(toRoom('<subject/>')).toEqual({ kind: 'topic', chat: '#verona', text: '' });
  });
  test('MSG-06 with a body it stands above it, marked as what it is; with a thread it is nothing', () => {
    const both = { plain: 'The feast\nhi', marks: [{ is: 'strong', from: 0, to: 9 }] };
    const subject = '<subject>The\n feast</subject>';
    expect(toRoom(`${subject}${hi}`)).toMatchObject({ kind: 'send', content: { text: both } });
    expect(intentOf(message('chat', contact, `${subject}${hi}`))).toMatchObject({ content: { text: both } });
    const bold = '<body>*hi*</body>';
    expect(toRoom(`${subject}${bold}`)).toMatchObject({
      content: { text: { plain: 'The feast\n*hi*', marks: [both.marks[0], { is: 'strong', from: 10, to: 14 }] } },
    });
    expect(toRoom(`${subject}<body>/me waves</body>`)).toMatchObject({ content: { ...words('waves'), action: true } });
    const file = "<body>https://x.example/f</body><x xmlns='jabber:x:oob'><url>https://x.example/f</url></x>";
    expect(toRoom(`${subject}${file}`)).toMatchObject({ content: words('The feast') });
    const other = "<fallback xmlns='urn:xmpp:fallback:0' for='urn:x'><subject/></fallback>";
    expect(toRoom(`${subject}${hi}${other}`)).toMatchObject({ content: words('hi') });
    expect(toRoom('<subject>x</subject><thread>t</thread>')).toBe('ignored');
  });
  test('of a private or a direct message it is nothing', () => {
    expect(intentOf(message('chat', contact, '<subject>x</subject>'))).toBe('ignored');
    expect(intentOf(message('chat', `${channel}/juliet`, '<subject>x</subject>'))).toBe('ignored');
  });
});

describe('GEN-07 nothing that anybody would miss', () => {
  test.each([
    ['', ''],
    ['a receipt', "<received xmlns='urn:xmpp:receipts' id='x'/>"],
    ['an event', "<event xmlns='http://jabber.org/protocol/pubsub#event'/>"],
    ['an old event', "<x xmlns='jabber:x:event'><composing/></x>"],
    ['an empty body', '<body/>'],
  ])('%s', (_, inside) => {
    for (const to of [contact, channel, `${channel}/x`]) {
      expect(decode(message('chat', to, inside))).toEqual({ is: 'ignored' });
    }
  });
});

describe('refused at once', () => {
  const refused = (markup: string) => answers(markup).map((el) => [conditionOf(el), child(el, 'error')?.attrs.type]);

  test('JID-15 no address of the network', () => {
    expect(refused(message('chat', `no,thing@${domain}`, hi))).toEqual([['jid-malformed', 'modify']]);
  });
  test('from who may not use us', () => {
    for (const to of [contact, channel, domain]) {
      expect(refused(message('chat', to, hi, stranger))).toEqual([['forbidden', 'auth']]);
    }
  });
  test('MSG-04 groupchat to the gateway or a server, where nobody reads it', () => {
    for (const to of [domain, server])
      expect(refused(message('groupchat', to, hi))).toEqual([['service-unavailable', 'cancel']]);
  });
  test('MSG-05 over 64 KiB, in octets', () => {
    const long = (text: string) => message('groupchat', channel, `<body>${text}</body>`);
    expect(refused(long('x'.repeat(65_537)))).toEqual([['not-acceptable', 'modify']]);
    expect(refused(long('ß'.repeat(32_769)))).toEqual([['not-acceptable', 'modify']]);
    expect(intentOf(long('ß'.repeat(32_768)))).toMatchObject({ kind: 'send' });
    expect(refused(message('groupchat', channel, `<subject>${'x'.repeat(65_537)}</subject>`))).toHaveLength(1);
  });
  test('a server that may not be used', () => {
    expect(refused(message('chat', `a%10.0.0.1@${domain}`, hi))).toEqual([['not-allowed', 'cancel']]);
  });
});

describe('bounces', () => {
  const gone = "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
  test('45-59 of what a room or a contact said go to its account', () => {
    for (const to of [channel, `${channel}/juliet`, contact]) {
      expect(decode(message('error', to, gone))).toMatchObject({ is: 'mail' });
    }
  });
  test('GEN-03 of anything else are dropped, and nobody away answers them', () => {
    for (const to of [domain, server]) expect(decode(message('error', to, gone))).toEqual({ is: 'ignored' });
    for (const to of [channel, contact, domain]) expect(away(message('error', to, gone))).toEqual([]);
  });
});

describe('with nobody connected', () => {
  test('45-44 45-46 in a room: you are not in it', () => {
    for (const markup of [message('groupchat', channel, hi), message('chat', `${channel}/juliet`, hi)]) {
      expect(away(markup).map((el) => [conditionOf(el), child(el, 'error')?.attrs.type])).toEqual([
        ['not-acceptable', 'modify'],
      ]);
    }
  });
  test('to a contact: not connected, and to what', () => {
    const [error] = away(message('chat', contact, hi));
    expect(error && conditionOf(error)).toBe('recipient-unavailable');
    expect(textOf(child(child(error, 'error'), 'text'))).toContain('net.test');
    expect(error && bodyOf(error)).toBeUndefined();
  });
});

describe('refusing later', () => {
  const full = new GatewayError('queue-full', { text: 'Too much waits' });
  const refuse = (markup: string) => inbox(decoder.refuse(stanza(markup), full), me);
  test('GEN-04 the same kind, the same id, from the same address', () => {
    const [error, ...more] = refuse(message('chat', contact, hi));
    expect(more).toEqual([]);
    expect(error?.attrs).toMatchObject({ type: 'error', id: 'm', from: contact, to: me });
    expect(error && conditionOf(error)).toBe('resource-constraint');
  });
  test.each([
    ['an error', message('error', contact, '')],
    ['a headline', message('headline', contact, hi)],
    ['a result', `<iq type='result' id='i' from='${me}' to='${contact}'/>`],
    ['a presence that is no join', `<presence from='${me}' to='${channel}/x'/>`],
    ['a leave', `<presence type='unavailable' from='${me}' to='${channel}/x'/>`],
  ])('GEN-03 never %s', (_, markup) => expect(refuse(markup)).toEqual([]));
});
