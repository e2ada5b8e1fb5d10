/** Which elements are stanzas that somebody can be answered for. */
import { describe, expect, test } from 'vitest';
import { childText, isElement } from '../../../src/xml/query.ts';
import { isStanzaNamespace, readStanza } from '../../../src/xmpp/stanza.ts';
import { parse } from '../../harness/markup.ts';

const read = (markup: string) => readStanza(parse(markup));
const addresses = "from='romeo@example.org/phone' to='irc.test'";

describe('reading', () => {
  test.each(['jabber:component:accept', 'jabber:client', 'jabber:server'])(
    '114-40 %s is the one content namespace',
    (ns) => {
      expect(read(`<message xmlns='${ns}' ${addresses}/>`)?.kind).toBe('message');
      expect(isStanzaNamespace(ns)).toBe(true);
    },
  );

  test('114-40 a child is of the stanza in whichever of them it is written; others are not', () => {
    const inside =
      "<body xmlns='jabber:client'>hi<b/></body><subject xmlns='jabber:server'/><body xmlns='jabber:x:data'/>";
    const el = read(`<message xmlns='jabber:component:accept' ${addresses}>${inside}</message>`)?.el;
    expect(el && childText(el, 'body')).toBe('hi');
    expect(el?.children.map((one) => isElement(one) && one.ns)).toEqual([
      'jabber:component:accept',
      'jabber:component:accept',
      'jabber:x:data',
    ]);
  });

  test.each([
    ['another namespace', `<message xmlns='jabber:x:data' ${addresses}/>`],
    ['no namespace', `<message ${addresses}/>`],
    ['no stanza', `<handshake xmlns='jabber:client' ${addresses}/>`],
    ['no from', "<iq xmlns='jabber:client' to='irc.test'/>"],
    ['no to', "<iq xmlns='jabber:client' from='a@b'/>"],
    ['a from that is no JID', "<iq xmlns='jabber:client' from='@b' to='irc.test'/>"],
    ['a to that is no JID', "<iq xmlns='jabber:client' from='a@b' to='irc.test/'/>"],
    ['empty addresses', "<iq xmlns='jabber:client' from='' to=''/>"],
  ])('114-43 none: %s', (_, markup) => expect(read(markup)).toBeUndefined());

  test('what is absent is absent, what is there is there, even if empty or unknown', () => {
    const minimal = read(`<presence xmlns='jabber:client' ${addresses}/>`);
    expect(minimal && Object.keys(minimal).sort()).toEqual(['el', 'from', 'kind', 'to']);
    const whole = read(`<presence xmlns='jabber:client' id='' type='odd' xml:lang='de' ${addresses}/>`);
    expect(whole).toMatchObject({ id: '', type: 'odd', lang: 'de', kind: 'presence' });
    expect([whole?.from.full, whole?.to.bare]).toEqual(['romeo@example.org/phone', 'irc.test']);
  });
});
