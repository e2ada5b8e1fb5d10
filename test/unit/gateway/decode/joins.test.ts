/** Joining, and what else presence to a room and to the service means. */
import { describe, expect, test } from 'vitest';
import { accountKey } from '../../../../src/gateway/decode/account-key.ts';
import { child, codesOf, conditionOf, textOf } from '../../../harness/markup.ts';
import { present } from '../../../harness/present.ts';
import { noon } from '../rooms/world.ts';
import { answers, away, channel, contact, decode, domain, me, server, stranger } from './world.ts';

const x = "<x xmlns='http://jabber.org/protocol/muc'/>";
const join = (to: string, inside = x, from = me) => `<presence id='j' from='${from}' to='${to}'>${inside}</presence>`;
const wish = (inside: string) => join(`${channel}/Romeo`, `<x xmlns='http://jabber.org/protocol/muc'>${inside}</x>`);
const typed = (type: string, to: string, from = 'romeo@example.org') =>
  `<presence type='${type}' id='s' from='${from}' to='${to}'/>`;

describe('a join', () => {
  test('opens the account of who joins on that server, and says who asked', () => {
    expect(decode(join(`${channel}/Romeo`))).toEqual({
      is: 'durable',
      opens: true,
      account: accountKey(domain, 'romeo@example.org', 'net.test'),
      intent: { kind: 'join', chat: '#verona', nick: 'Romeo' },
      origin: { from: me, to: `${channel}/Romeo`, stanzaId: 'j', via: 'presence', at: noon },
    });
  });

  test.each([
    ["<history maxchars='0'/>", { maxChars: 0 }],
    ["<history maxstanzas='20' seconds='180'/>", { maxStanzas: 20, seconds: 180 }],
    ["<history since='2026-11-21T12:00:00+01:00'/>", { since: noon - 3_600_000 }],
    ["<history since='yesterday' maxstanzas='-4'/>", {}],
    ['<history/>', {}],
  ])('45-36 %s', (inside, history) => {
    expect(decode(wish(inside))).toMatchObject({ is: 'durable', intent: { history } });
  });

  test('45-36 GEN-13 no wish is not an empty one; a password, even an empty one, is handed on', () => {
    expect(decode(wish(''))).not.toHaveProperty('intent.history');
    expect(decode(wish('<password>cauldron</password>'))).toHaveProperty('intent.password', 'cauldron');
    expect(decode(wish('<password/>'))).toHaveProperty('intent.password', '');
  });

  test.each([
    ['without a nick', join(channel), 'jid-malformed', 'modify'],
    ['with a nick of nothing but space', join(`${channel}/  `), 'not-acceptable', 'modify'],
    ['by who may not use us', join(`${channel}/N`, x, stranger), 'forbidden', 'auth'],
    ['to a person', join(`${contact}/N`), 'item-not-found', 'cancel'],
    ['to the gateway', join(`${domain}/N`), 'item-not-found', 'cancel'],
    ['to a server', join(`${server}/N`), 'item-not-found', 'cancel'],
    ['to a server in a private range', join(`#verona%10.0.0.1@${domain}/N`), 'not-allowed', 'cancel'],
  ])('45-30 JID-04 %s', (_, markup, condition, type) => {
    const [error, ...more] = answers(markup);
    expect(more).toEqual([]);
    expect(error?.attrs).toMatchObject({ type: 'error', id: 'j' });
    expect(child(error, 'x', 'http://jabber.org/protocol/muc')).toBeDefined();
    expect(error && conditionOf(error)).toBe(condition);
    const { by, type: found } = child(error, 'error')?.attrs ?? {};
    expect([found, by]).toEqual([type, error?.attrs.from?.split('/')[0]]);
  });

  test('45-30 where no room can be, it is said how the address of one is written', () => {
    const told = (address: string): string => textOf(child(child(answers(join(`${address}/N`))[0], 'error'), 'text'));
    for (const address of [`#verona@${domain}`, domain]) {
      expect(told(address)).toContain(`: #channel%irc.example.org@${domain}`);
    }
    // What clients that browse the gateway take for a room, and a room whose sign was left out.
    for (const address of [server, `verona%net.test@${domain}`]) {
      expect(told(address)).toContain(`: #channel%net.test@${domain}`);
    }
  });

  test('45-30 the errors come from where the join went', () => {
    expect(answers(join(channel)).map(({ attrs }) => attrs.from)).toEqual([channel]);
    expect(answers(join(`${channel}/ `)).map(({ attrs }) => attrs.from)).toEqual([`${channel}/ `]);
  });
});

describe('other presence to a room', () => {
  test('45-25 45-55 an update, a leave and a bounce are for the account', () => {
    for (const type of ['', " type='unavailable'", " type='error'"]) {
      const decoded = decode(`<presence${type} from='${me}' to='${channel}/Romeo'/>`);
      expect(decoded).toMatchObject({ is: 'mail', account: accountKey(domain, 'romeo@example.org', 'net.test') });
    }
  });

  test('45-25 GEN-08 to the room itself they mean nothing', () => {
    for (const type of ['', " type='unavailable'"]) {
      expect(decode(`<presence${type} from='${me}' to='${channel}'/>`)).toEqual({ is: 'ignored' });
    }
  });

  test('45-29 a subscription to a room is turned down, other types are nothing', () => {
    expect(answers(typed('subscribe', channel, me))).toEqual([]);
    expect(decode(typed('subscribe', channel))).toMatchObject({
      is: 'answer',
      stanzas: [{ kind: 'presence', type: 'unsubscribed', from: channel, to: ['romeo@example.org'] }],
    });
    for (const type of ['subscribed', 'unsubscribe', 'unsubscribed', 'probe']) {
      expect(decode(typed(type, `${channel}/Romeo`))).toEqual({ is: 'ignored' });
    }
  });

  test('45-25 114-53 a client that believes to be in is told that it is not; one that leaves is not', () => {
    const [kick, ...more] = away(`<presence id='p' from='${me}' to='${channel}/Romeo'><show>away</show></presence>`);
    expect(more).toEqual([]);
    expect(kick?.attrs).toMatchObject({ type: 'unavailable', from: `${channel}/Romeo`, to: me });
    expect(kick && codesOf(kick)).toEqual([110, 307, 333]);
    const item = child(child(kick, 'x'), 'item');
    expect(item?.attrs).toMatchObject({ affiliation: 'none', role: 'none' });
    expect(child(item, 'reason')).toBeDefined();
    for (const type of ['unavailable', 'error']) {
      expect(away(`<presence type='${type}' from='${me}' to='${channel}/Romeo'/>`)).toEqual([]);
    }
  });
});

describe('subscriptions to the service', () => {
  const sent = (markup: string) => {
    const decoded = decode(markup);
    return decoded.is === 'answer' ? decoded.stanzas.map(({ type, id, to }) => [type, id, ...to]) : decoded.is;
  };
  const romeo = 'romeo@example.org';

  test('100-01 to the gateway: accepted with the request’s id, available, asked for in return', () => {
    expect(sent(typed('subscribe', domain))).toEqual([
      ['subscribed', 's', romeo],
      [undefined, undefined, romeo],
      ['subscribe', undefined, romeo],
    ]);
  });

  test('100-02 it asks by its name, and says in words what for, in the language of who asked', () => {
    const asks = (lang: string): string => {
      const decoded = decode(typed('subscribe', domain).replace('<presence', `<presence xml:lang='${lang}'`));
      return decoded.is === 'answer' ? (decoded.stanzas.at(-1)?.body.text ?? '') : '';
    };
    expect(asks('en')).toContain("<nick xmlns='http://jabber.org/protocol/nick'>IRC</nick>");
    expect(asks('en')).toContain('<status>IRC asks to see');
    expect(asks('de')).toContain('<status>IRC möchte');
  });

  test('100-01 to a server: kept by its account, which knows whether it is there', () => {
    expect(decode(typed('subscribe', server))).toMatchObject({
      is: 'durable',
      opens: true,
      intent: { kind: 'contact', chat: '', wanted: true },
    });
  });

  test('100-03 100-20 whoever may not use us is told so', () => {
    expect(sent(typed('subscribe', domain, 'a@far.test'))).toEqual([['unsubscribed', 's', 'a@far.test']]);
    expect(sent(typed('probe', domain, 'a@far.test'))).toEqual([['unsubscribed', undefined, 'a@far.test']]);
    expect(decode(`<presence from='a@far.test/x' to='${domain}'/>`)).toEqual({ is: 'ignored' });
  });

  test('100-20 PRE-02 PRE-04 115-01 a probe, and presence of a client to us, gets our presence', () => {
    for (const markup of [typed('probe', domain), `<presence from='${me}' to='${domain}'/>`]) {
      const decoded = decode(markup);
      const [stanza] = decoded.is === 'answer' ? decoded.stanzas : [];
      expect([stanza?.kind, stanza?.type, stanza?.from]).toEqual(['presence', undefined, present(domain)]);
      expect(stanza?.body.text).toContain("<c xmlns='http://jabber.org/protocol/caps'");
    }
    expect(decode(typed('probe', server))).toMatchObject({ is: 'mail' });
  });

  test('GEN-12 services do not subscribe to services', () => {
    for (const type of ['subscribe', 'probe', 'unsubscribe']) {
      expect(decode(typed(type, domain, 'example.org'))).toEqual({ is: 'ignored' });
    }
  });

  test('GEN-08 nobody answers for unknown addresses, or to what asks for nothing', () => {
    for (const type of ['subscribe', 'probe', 'unavailable', 'error'])
      expect(decode(typed(type, `nonsense,@${domain}`))).toEqual({ is: 'ignored' });
    for (const type of ['error', 'subscribed', 'unsubscribed'])
      expect(decode(typed(type, contact))).toEqual({ is: 'ignored' });
  });

  test('ROS-01 ROS-03 GEN-12 to a contact: accepted for who may, refused to others, nothing for services', () => {
    expect(decode(typed('subscribe', contact))).toMatchObject({
      is: 'durable',
      intent: { kind: 'contact', chat: 'juliet', wanted: true },
    });
    expect(decode(typed('unsubscribe', contact))).toMatchObject({ intent: { kind: 'contact', wanted: false } });
    expect(decode(typed('subscribe', contact, stranger))).toMatchObject({
      is: 'answer',
      stanzas: [{ kind: 'presence', type: 'unsubscribed', from: contact }],
    });
    expect(decode(typed('subscribe', contact, 'example.org'))).toEqual({ is: 'ignored' });
    expect(decode(typed('probe', contact))).toMatchObject({ is: 'mail' });
  });

  test.each([domain, contact])(
    'ROS-02 who may not use us hears why %s does not let them see it, in their language',
    (to) => {
      const asked = (lang: string) =>
        decode(`<presence type='subscribe' id='s1' from='${stranger}' to='${to}' xml:lang='${lang}'/>`);
      for (const [lang, words] of [
        ['en', /<status>\S+ may not use irc\.test\./],
        ['de', /<status>\S+ darf irc\.test nicht benutzen/],
      ] as const) {
        const decoded = asked(lang);
        const [told, ...more] = decoded.is === 'answer' ? decoded.stanzas : [];
        expect(more).toEqual([]);
        expect(told).toMatchObject({ type: 'unsubscribed', id: 's1', from: to });
        expect(told?.body.text).toMatch(words);
        expect(told?.lang).toBe(lang === 'en' ? undefined : lang);
      }
    },
  );

  test('ROS-02 why nobody of a server that may not be used can be added', () => {
    const decoded = decode(`<presence type='subscribe' from='${me}' to='juliet%10.0.0.1@${domain}'/>`);
    const [refused, ...more] = decoded.is === 'answer' ? decoded.stanzas : [];
    expect(more).toEqual([]);
    expect(refused?.type).toBe('unsubscribed');
    expect(refused?.body.text).toMatch(/^<status>10\.0\.0\.1 is in a private network/);
  });

  test('nobody of such a server is asked for anything', () => {
    const asked = `<iq type='get' id='q' from='${me}' to='juliet%10.0.0.1@${domain}'><vCard xmlns='vcard-temp'/></iq>`;
    const [refused] = answers(asked);
    expect(refused?.attrs).toMatchObject({ type: 'error', id: 'q' });
    expect(textOf(child(child(refused, 'error'), 'text'))).toMatch(/^10\.0\.0\.1 is in a private network/);
  });

  test('ROS-03 who may not use us can take back what was granted once, and opens no account by it', () => {
    expect(decode(typed('unsubscribe', contact))).toMatchObject({ is: 'durable', opens: true });
    const taken = typed('unsubscribe', contact, stranger);
    expect(decode(taken)).toMatchObject({ is: 'durable', opens: false, intent: { kind: 'contact', wanted: false } });
    expect(away(taken)).toEqual([]);
  });

  test.each([contact, server])('PRE-04 a probe to %s of an account that is not connected: not here', (to) => {
    const markup = `<presence type='probe' from='${me}' to='${to}'/>`;
    expect(away(markup)).toMatchObject([{ attrs: { type: 'unavailable', from: to, to: me } }]);
  });
});
