/** Any well-formed stanza to any address: nothing is thrown, requests are answered once, answers and errors never, and always from our own domain. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Element } from '../../../../src/xml/element.ts';
import { parseJid } from '../../../../src/xmpp/jid.ts';
import type { Outgoing } from '../../../../src/xmpp/outgoing.ts';
import { readStanza, type Stanza } from '../../../../src/xmpp/stanza.ts';
import { received } from '../rooms/world.ts';
import { channel, contact, decoder, domain, me, server, stranger } from './world.ts';

const odd = fc.string({ unit: 'binary', maxLength: 8 }).map((text) => text.replace(/[\p{C}\s/@]/gu, '_'));
const targets = fc.oneof(
  fc.constantFrom(domain, `${domain}/x`, server, contact, `${contact}/x`, channel, `${channel}/Nick`),
  odd.map((local) => `${local}@${domain}`),
  odd.map((nick) => `${channel}/${nick}`),
);
const senders = fc.constantFrom(me, 'romeo@example.org', stranger, 'example.org', 'far.test', channel);
const types = fc.constantFrom(
  ...['get', 'set', 'result', 'error', 'chat', 'normal', 'groupchat', 'headline', 'unavailable', 'probe', 'subscribe'],
  ...['subscribed', 'unsubscribe', 'unsubscribed', '', 'odd', undefined],
);
const vocabulary = fc.constantFrom(
  ...['http://jabber.org/protocol/disco#info query', 'http://jabber.org/protocol/disco#items query'],
  ...['http://jabber.org/protocol/muc x', 'http://jabber.org/protocol/muc#user x', 'jabber:x:data x'],
  ...['http://jabber.org/protocol/muc#admin query', 'http://jabber.org/protocol/muc#owner query', 'vcard-temp vCard'],
  ...['http://jabber.org/protocol/commands command', 'http://jabber.org/protocol/pubsub pubsub', 'urn:xmpp:ping ping'],
  ...['jabber:iq:register query', 'jabber:iq:version query', 'jabber:iq:last query', 'urn:xmpp:time time'],
  ...['urn:xmpp:mam:2 query', 'urn:xmpp:reactions:0 reactions', 'urn:xmpp:message-retract:1 retract'],
  ...['urn:xmpp:fallback:0 fallback', 'urn:xmpp:eme:0 encryption', 'eu.siacs.conversations.axolotl encrypted'],
  ...['jabber:client body', 'jabber:client subject', 'jabber:client error', 'jabber:client show', 'urn:x y'],
);
const inner = fc.constantFrom('item', 'history', 'invite', 'field', 'body', 'publish', 'payload', 'value');
const attributes = fc.dictionary(
  fc.constantFrom('node', 'nick', 'jid', 'role', 'affiliation', 'type', 'id', 'start', 'end', 'maxchars', 'var', 'for'),
  fc.constantFrom(
    'none',
    'outcast',
    'submit',
    '0',
    '7',
    '',
    '@',
    contact,
    channel,
    'x-roomuser-item',
    'urn:xmpp:reply:0',
  ),
);
const element = fc
  .tuple(vocabulary, attributes, fc.array(fc.tuple(inner, attributes), { maxLength: 2 }), odd)
  .map(([which, attrs, within, words]): Element => {
    const [ns = '', name = ''] = which.split(' ');
    const nested = within.map(([tag, its]): Element => ({ name: tag, ns, attrs: its, children: [] }));
    return { name, ns, attrs, children: [words, ...nested] };
  });

const stanzas = fc
  .tuple(
    fc.constantFrom('iq', 'message', 'presence'),
    types,
    senders,
    targets,
    fc.option(odd),
    fc.array(element, { maxLength: 3 }),
  )
  .map(([name, type, from, to, id, children]): Element => {
    const named = id === null ? {} : { id };
    return { name, ns: 'jabber:client', attrs: { from, to, ...named, ...(type !== undefined && { type }) }, children };
  });

/** Errors are never answered, and an iq's result neither. */
const isAsking = ({ kind, type }: Stanza) => type !== 'error' && (kind !== 'iq' || type !== 'result');

test('GEN-01 GEN-03 GEN-12 114-31 one answer to each request, none to answers and errors', () => {
  let requests = 0;
  const told = (one: Outgoing): void => {
    expect(parseJid(one.from)?.domain).toBe(domain);
    for (const to of one.to) expect(() => received(one, to)).not.toThrow();
  };
  fc.assert(
    fc.property(stanzas, (el) => {
      const stanza = readStanza(el);
      if (stanza === undefined) return;
      const decoded = decoder.decode(stanza);
      const atOnce = decoded.is === 'answer' ? decoded.stanzas : [];
      const absent = decoder.absent(stanza);
      for (const one of [...atOnce, ...absent]) told(one);
      if (!isAsking(stanza)) expect([...atOnce, ...absent]).toEqual([]);
      if (stanza.kind === 'iq' && isAsking(stanza)) {
        requests += 1;
        const answers = decoded.is === 'answer' ? atOnce : absent;
        expect(decoded.is).not.toBe('ignored');
        expect(answers).toHaveLength(1);
        expect(answers[0]).toMatchObject({ kind: 'iq', from: stanza.to.full, to: [stanza.from.full] });
        expect(answers[0]?.id).toBe(stanza.id);
      }
      if (stanza.kind === 'message') expect(atOnce.length).toBeLessThanOrEqual(1);
      if (decoded.is === 'durable') {
        const isOurs = stanza.from.domain === 'example.org';
        expect(decoded.opens).toBe(isOurs && /^(join|contact)$/.test(decoded.intent.kind));
      }
    }),
    { numRuns: 10_000 },
  );
  expect(requests).toBeGreaterThan(1000);
});
