/** CHECKLIST PRE-02: what is sent to where a contact, a server or the gateway is seen means what it means at their address. */
import { describe, expect, test } from 'vitest';
import type { Decoded } from '../../../../src/gateway/face.ts';
import { present } from '../../../harness/present.ts';
import { contact, decode, domain, me, server, told } from './world.ts';

const presence = (type: string) => (to: string) => `<presence type='${type}' from='${me}' to='${to}'/>`;
const chat = (inside: string) => (to: string) =>
  `<message type='chat' id='m' from='${me}' to='${to}'>${inside}</message>`;
const iq = (payload: string) => (to: string) => `<iq type='get' id='q' from='${me}' to='${to}'>${payload}</iq>`;

const all: readonly (readonly [string, (to: string) => string])[] = [
  ['presence', (to) => `<presence from='${me}' to='${to}'/>`],
  ...['unavailable', 'probe', 'subscribe', 'unsubscribe'].map((type) => [type, presence(type)] as const),
  ['a message', chat('<body>hello</body>')],
  ['a state', chat("<composing xmlns='http://jabber.org/protocol/chatstates'/>")],
  ['a correction', chat("<body>hello</body><replace xmlns='urn:xmpp:message-correct:0' id='l'/>")],
  ['a ping', iq("<ping xmlns='urn:xmpp:ping'/>")],
  ['disco#info', iq("<query xmlns='http://jabber.org/protocol/disco#info'/>")],
  ['disco#items', iq("<query xmlns='http://jabber.org/protocol/disco#items'/>")],
  [
    'the commands',
    iq("<query xmlns='http://jabber.org/protocol/disco#items' node='http://jabber.org/protocol/commands'/>"),
  ],
  ['a card', iq("<vCard xmlns='vcard-temp'/>")],
  ['last activity', iq("<query xmlns='jabber:iq:last'/>")],
];

/** Without the addresses, which are those that were asked. */
function meant(decoded: Decoded): unknown {
  switch (decoded.is) {
    case 'answer':
      return decoded.stanzas.map(({ kind, type, body }) => [kind, type, body.text]);
    case 'durable':
      return [decoded.account, decoded.intent, decoded.opens];
    case 'question':
    case 'mail':
      return [decoded.is, decoded.account];
    default:
      return decoded;
  }
}

describe.each([contact, server, domain])('at %s', (address) => {
  test.each(all)('PRE-02 %s', (_, markup) => {
    expect(meant(decode(markup(present(address))))).toEqual(meant(decode(markup(address))));
  });

  test('PRE-02 115-03 whoever asks there is answered from there', async () => {
    const answer = await told(present(address), "<query xmlns='http://jabber.org/protocol/disco#info'/>");
    expect(answer.attrs).toMatchObject({ type: 'result', from: present(address), to: me });
  });
});

test('each server has an account of its own, whichever was written to before', () => {
  const accountOf = (on: string): unknown => {
    const decoded = decode(chat('<body>hello</body>')(`juliet%${on}@${domain}`));
    return decoded.is === 'durable' ? decoded.account : undefined;
  };
  const [first, other, again] = ['net.test', 'other.test', 'net.test'].map(accountOf);
  expect([first, other]).toMatchObject([{ on: 'net.test' }, { on: 'other.test' }]);
  expect(again).toEqual(first);
});

test('JID-05 another resource of a server is one of its people', () => {
  const intent = (to: string) => {
    const decoded = decode(chat('<body>hello</body>')(to));
    return decoded.is === 'durable' ? decoded.intent : undefined;
  };
  expect(intent(`${server}/juliet`)).toMatchObject({ kind: 'send', chat: 'juliet' });
  expect(intent(present(server))).toMatchObject({ kind: 'raw' });
});
