/** Checklist lines of rooms that are kept by doing nothing: what we do not offer is refused as the specifications have it, and is not announced. */
import { describe, expect, test } from 'vitest';
import { child, childrenOf, conditionOf } from '../../../harness/markup.ts';
import { present } from '../../../harness/present.ts';
import * as there from '../decode/world.ts';
import { decode } from '../decode/world.ts';
import { inbox, inVerona, phone, room } from './world.ts';

const asks = (payload: string, type = 'get') =>
  `<iq type='${type}' id='q' from='${there.me}' to='${there.channel}'>${payload}</iq>`;

describe('what rooms do not do', () => {
  test.each([
    ['45-94 registration', "<query xmlns='jabber:iq:register'/>", 'get'],
    ['45-94 registration', "<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'/></query>", 'set'],
    ['GCR-01 reports', "<report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'/>", 'set'],
    ['463-01 versions of affiliations', "<mav xmlns='urn:xmpp:muc:affiliations:1' since='x'/>", 'get'],
  ])('%s: service-unavailable', (_, payload, type) => {
    const decoded = decode(asks(payload, type));
    const answers =
      decoded.is === 'answer' ? decoded.stanzas : inVerona(['Romeo'], [phone]).hear(asks(payload, type)).stanzas;
    expect(inbox(answers, there.me).map(conditionOf)).toEqual(['service-unavailable']);
  });

  test('45-94 463-01 none of it is announced', () => {
    const get = `<iq type='get' id='d' from='${phone}' to='${room}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>`;
    const [one] = inbox(inVerona(['Romeo'], [phone]).hear(get).stanzas, phone);
    const features = childrenOf(child(one, 'query'), 'feature').map(({ attrs }) => attrs.var);
    for (const absent of ['jabber:iq:register', 'urn:xmpp:muc:affiliations:1', 'urn:xmpp:reporting:1'])
      expect(features).not.toContain(absent);
    expect(features).toEqual(
      expect.arrayContaining([
        'urn:xmpp:hats:0',
        'http://jabber.org/protocol/muc#roomconfig',
        'http://jabber.org/protocol/muc#roominfo',
      ]),
    );
  });

  test('45-87 a room whose founder is not there has an owner nobody sees: an empty list', () => {
    const get = `<iq type='get' id='o' from='${phone}' to='${room}'><query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='owner'/></query></iq>`;
    const [one] = inbox(inVerona(['@Romeo', 'juliet'], [phone]).hear(get).stanzas, phone);
    expect([one?.attrs.type, child(one, 'query')?.children]).toEqual(['result', []]);
  });
});

describe('the gateway’s own presence', () => {
  const presence = (inside = '') => `<presence from='${there.me}' to='${there.domain}'>${inside}</presence>`;

  test('114-51 it waits for that of its users, and answers each', () => {
    const [one] = there.answers(presence());
    expect(one?.attrs).toEqual({ from: present(there.domain), to: there.me });
    const [probed] = there.answers(presence().replace('<presence', "<presence type='probe'"));
    expect(probed?.name).toBe('presence');
  });

  test('115-03 what it says it can do is computed from what it answers', () => {
    const [one] = there.answers(presence());
    const { node, ver } = child(one, 'c')?.attrs ?? {};
    const about = there.ask(
      there.domain,
      `<query xmlns='http://jabber.org/protocol/disco#info' node='${node}#${ver}'/>`,
    );
    expect(about.attrs.type).toBe('result');
    const features = childrenOf(child(about, 'query'), 'feature');
    const plain = there.ask(there.domain, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
    expect(features).toEqual(childrenOf(child(plain, 'query'), 'feature'));
  });
});
