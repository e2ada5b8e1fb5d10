/** CHECKLIST section 2: every request is answered once, nothing else is. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOutbound } from '../../../../src/xmpp/stream/outbound.ts';
import { child, conditionOf, textOf } from '../../../harness/markup.ts';
import { stanza } from '../rooms/world.ts';
import { answers, ask, away, channel, contact, decode, domain, me, server, stranger } from './world.ts';

const everywhere = [domain, server, contact, channel, `${channel}/Nick`, `nonsense,@${domain}`];
const error = "<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

describe('requests', () => {
  test('GEN-01 an unknown payload is refused, from where it was asked', () => {
    for (const to of everywhere) {
      for (const type of ['get', 'set']) {
        const answer = ask(to, "<what xmlns='urn:example'/>", me, type);
        expect(answer.attrs).toMatchObject({ type: 'error', id: 'q', from: to });
        expect(conditionOf(answer)).toMatch(/^(service-unavailable|item-not-found)$/);
      }
    }
  });

  test.each([
    ['no child', "type='get' id='q'", ''],
    ['two children', "type='get' id='q'", "<a xmlns='x'/><b xmlns='x'/>"],
    ['no id', "type='get'", "<ping xmlns='urn:xmpp:ping'/>"],
    ['an empty id', "type='get' id=''", "<ping xmlns='urn:xmpp:ping'/>"],
    ['no type', "id='q'", "<ping xmlns='urn:xmpp:ping'/>"],
    ['an unknown type', "type='ask' id='q'", "<ping xmlns='urn:xmpp:ping'/>"],
  ])('GEN-02 %s', (_, attrs, inside) => {
    const markup = `<iq ${attrs} from='${me}' to='${domain}'>${inside}</iq>`;
    const [answer] = answers(markup);
    expect(answer && conditionOf(answer)).toBe('bad-request');
    // And it can be sent: the id is the question's, whatever that was.
    const decoded = decode(markup);
    const sent: string[] = [];
    for (const one of decoded.is === 'answer' ? decoded.stanzas : []) createOutbound(domain).render(one, sent);
    expect(sent).toHaveLength(1);
    expect(answer?.attrs.id).toBe(stanza(markup).id);
  });

  test('GEN-01 GEN-04 GEN-10 whatever is asked of whom: answered at once or by its account, one defined condition first, text in English', () => {
    const word = fc.stringMatching(/^[a-z]{1,6}$/);
    const ns = fc.oneof(
      word.map((one) => `urn:${one}`),
      fc.constantFrom('vcard-temp', 'urn:xmpp:mam:2', 'jabber:iq:register', 'http://jabber.org/protocol/muc#admin'),
    );
    const from = fc.constantFrom(me, stranger, 'example.org', 'far.test');
    fc.assert(
      fc.property(
        fc.constantFrom(...everywhere),
        fc.constantFrom('get', 'set'),
        from,
        ns,
        word,
        (to, type, who, uri, name) => {
          const markup = `<iq type='${type}' id='q' from='${who}' to='${to}'><${name} xmlns='${uri}'/></iq>`;
          const decoded = decode(markup);
          if (decoded.is === 'durable') return;
          const all = decoded.is === 'mail' ? away(markup) : answers(markup);
          expect(all).toHaveLength(1);
          expect(all[0]?.attrs).toMatchObject({ id: 'q', from: to, to: who });
          if (all[0]?.attrs.type === 'result') return;
          const [first, ...rest] = child(all[0], 'error')?.children ?? [];
          expect(first).toMatchObject({ ns: 'urn:ietf:params:xml:ns:xmpp-stanzas', children: [] });
          for (const one of rest)
            if (typeof one !== 'string' && one.name === 'text') expect(one.attrs['xml:lang']).toBe('en');
        },
      ),
      { numRuns: 10_000 },
    );
  });
});

describe('what is never answered', () => {
  test('GEN-03 GEN-12 errors and results, to whomever', () => {
    for (const to of everywhere) {
      for (const markup of [
        `<iq type='result' id='q' from='${me}' to='${to}'/>`,
        `<iq type='error' id='q' from='${me}' to='${to}'>${error}</iq>`,
        `<message type='error' id='q' from='${me}' to='${to}'>${error}</message>`,
        `<presence type='error' from='${me}' to='${to}'>${error}</presence>`,
      ]) {
        expect(answers(markup)).toEqual([]);
        expect(away(markup)).toEqual([]);
      }
    }
  });

  test('GEN-06 GEN-07 headlines, and messages without anything that we know', () => {
    for (const to of everywhere) {
      expect(answers(`<message type='headline' from='${me}' to='${to}'><body>x</body></message>`)).toEqual([]);
      for (const inside of [
        '',
        "<received xmlns='urn:xmpp:receipts' id='x'/>",
        "<x xmlns='jabber:x:event'/>",
        "<event xmlns='http://jabber.org/protocol/pubsub#event'/>",
      ])
        expect(answers(`<message type='chat' from='${me}' to='${to}'>${inside}</message>`)).toEqual([]);
    }
  });

  test('GEN-08 45-29 presences of unknown types', () => {
    for (const to of everywhere)
      expect(decode(`<presence type='invisible' from='${me}' to='${to}'/>`)).toEqual({ is: 'ignored' });
  });

  test('GEN-12 another service whose presence answers presence gets no answer', () => {
    for (const from of ['far.test', 'far.test/x', 'gw@far.test'])
      expect(answers(`<presence from='${from}' to='${domain}'/>`)).toEqual([]);
    for (const type of ['subscribed', 'unsubscribed', 'unavailable'])
      expect(answers(`<presence type='${type}' from='${me}' to='${domain}'/>`)).toEqual([]);
  });
});

describe('types of messages', () => {
  const kind = (type: string, to: string) => `<message${type} id='m' from='${me}' to='${to}'><body>x</body></message>`;

  test('GEN-06 chat, normal and none are one-to-one', () => {
    for (const type of ['', " type='chat'", " type='normal'", " type='strange'"])
      expect(decode(kind(type, contact))).toMatchObject({ is: 'durable', intent: { kind: 'send' } });
  });

  test('GEN-06 groupchat is for rooms: a contact has none, an occupant is none', () => {
    expect(answers(kind(" type='groupchat'", contact)).map(conditionOf)).toEqual(['service-unavailable']);
    expect(answers(kind(" type='groupchat'", `${channel}/Nick`)).map(conditionOf)).toEqual(['bad-request']);
    expect(decode(kind(" type='groupchat'", channel))).toMatchObject({ is: 'durable' });
  });

  test('45-48 45-49 of what a client writes only what a network can say goes on: no status, no delay, no ids of others', () => {
    const plain = decode(`<message type='groupchat' id='m' from='${me}' to='${channel}'><body>x</body></message>`);
    const more = decode(`<message type='groupchat' id='m' from='${me}' to='${channel}'><body>x</body>
      <x xmlns='http://jabber.org/protocol/muc#user'><item role='moderator'/><status code='110'/></x>
      <delay xmlns='urn:xmpp:delay' from='${channel}' stamp='2001-01-01T00:00:00Z'/>
      <stanza-id xmlns='urn:xmpp:sid:0' by='${channel}' id='forged'/>
      <occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/><thing xmlns='urn:example'/></message>`);
    expect(plain).toMatchObject({ is: 'durable', intent: { kind: 'send', content: { text: { plain: 'x' } } } });
    expect(more).toEqual(plain);
  });

  test('45-45 to the room itself: what is neither an invitation nor a form is no message', () => {
    const [error, ...more] = answers(kind(" xml:lang='de'", channel));
    expect(more).toEqual([]);
    expect(error && conditionOf(error)).toBe('bad-request');
    expect(textOf(child(child(error, 'error'), 'text'))).toMatch(/^Das ist ein Raum: betritt ihn/);
  });
});
