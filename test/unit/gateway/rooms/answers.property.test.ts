/** Whatever is asked, by whom and of whom: one answer to each request, none to answers, every answer from where it was asked, to who asked. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { desk, inVerona, phone, received, room } from './world.ts';

const kinds = fc.constantFrom('iq', 'message', 'presence');
const types = fc.constantFrom(
  'get',
  'set',
  'result',
  'error',
  'chat',
  'groupchat',
  'headline',
  'normal',
  'unavailable',
  'probe',
  'subscribe',
  '',
  'odd',
);
const targets = fc.constantFrom(
  room,
  `${room}/Romeo`,
  `${room}/juliet`,
  `${room}/nobody`,
  '#mantua%net@irc.test',
  '#mantua%net@irc.test/x',
  'juliet%net@irc.test',
  'juliet%net@irc.test/x',
  'net@irc.test',
  'irc.test',
);
const senders = fc.constantFrom(phone, desk, 'stranger@example.net/x');
const namespaces = fc.constantFrom(
  'http://jabber.org/protocol/disco#info',
  'http://jabber.org/protocol/disco#items',
  'http://jabber.org/protocol/muc#admin',
  'http://jabber.org/protocol/muc#owner',
  'http://jabber.org/protocol/muc#user',
  'urn:xmpp:ping',
  'urn:xmpp:receipts',
  'jabber:x:data',
  'vcard-temp',
);
const inner = fc.constantFrom('', "<item role='moderator'/>", "<item affiliation='x'/>", '<invite/>', 'text');
const payload = fc.oneof(
  fc
    .tuple(fc.constantFrom('query', 'ping', 'x', 'vCard'), namespaces, inner)
    .map(([name, ns, text]) => `<${name} xmlns='${ns}'>${text}</${name}>`),
  fc.constantFrom(
    '',
    '<body>hi</body>',
    '<show>away</show>',
    '<subject/>',
    "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
    '<error/>',
  ),
);

test('GEN-01 GEN-03 GEN-08 one answer to each request, silence to each answer', () => {
  fc.assert(
    fc.property(
      kinds,
      types,
      senders,
      targets,
      fc.array(payload, { maxLength: 2 }),
      fc.boolean(),
      (kind, type, from, to, inside, named) => {
        const world = inVerona(['@Romeo', 'juliet'], [phone]);
        const id = named ? " id='q'" : '';
        const { stanzas, question } = world.hear(
          `<${kind} from='${from}' to='${to}' type='${type}'${id}>${inside.join('')}</${kind}>`,
        );
        const answers = stanzas.length + (question === undefined ? 0 : 1);
        if (kind === 'iq') expect(answers).toBe(type === 'get' || type === 'set' ? 1 : 0);
        if (type === 'error' || type === 'headline') expect(stanzas).toEqual([]);
        if (kind === 'presence' && type !== 'unavailable' && type !== 'probe') expect(stanzas).toEqual([]);
        for (const one of stanzas) {
          expect(one.to).toEqual([one.type === 'unsubscribed' ? from.split('/')[0] : from]);
          expect(one.kind).toBe(kind);
          if (kind === 'iq') expect([one.from, one.id]).toEqual([to, named ? 'q' : undefined]);
          expect(() => received(one, from)).not.toThrow();
        }
      },
    ),
    { numRuns: 2000 },
  );
});
