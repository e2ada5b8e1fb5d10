/** Answers of service discovery keep the rules of XEP-0030 §3.1 whatever they are made from. */
import { expect, test } from 'vitest';
import { announced, CAPS_NODE, capsVer, discoInfo, discoItems, emptyInfo, tidy } from '../../../src/gateway/disco.ts';
import { typedForm, valueField } from '../../../src/xmpp/xep/0004-data-forms.ts';
import { discoInfo as infoQuery } from '../../../src/xmpp/xep/0030-disco.ts';
import { parse } from '../../harness/markup.ts';

const irc = { category: 'gateway', type: 'irc', name: 'IRC' };
const disco = 'http://jabber.org/protocol/disco#info';

test('030-01 030-03 no double identity, no double feature, disco#info always', () => {
  const german = { ...irc, name: 'IRC auf Deutsch', lang: 'de' };
  const info = { identities: [irc, { ...irc, name: 'again' }, german], features: ['b', 'a', 'b', disco] };
  const read = infoQuery.read(parse(discoInfo(info).text));
  expect(read?.identities).toEqual([irc, german]);
  expect(read?.features.map((one) => one.var)).toEqual(['a', 'b', disco]);
  expect(read?.node).toBeUndefined();
});

test('030-02 115-03 the node comes back, with everything', () => {
  const form = typedForm('result', 'urn:example', [valueField('a', ['1'])]);
  const read = infoQuery.read(parse(discoInfo({ identities: [irc], features: [], forms: [form], node: 'n' }).text));
  expect(read).toMatchObject({ node: 'n', forms: [form] });
});

test('115-02 115-05 the hash is of what is answered, so who recomputes it agrees', () => {
  const form = typedForm('result', 'urn:example', [valueField('a', ['2', '1'])]);
  const info = { identities: [irc, irc], features: ['z', 'a', 'z'], forms: [form] };
  const { ver, caps } = announced(info);
  const answered = infoQuery.read(parse(discoInfo(info).text));
  const features = answered?.features.map((one) => one.var) ?? [];
  expect(capsVer({ identities: answered?.identities ?? [], features, forms: answered?.forms ?? [] })).toBe(ver);
  expect(parse(caps.text).attrs).toEqual({ hash: 'sha-1', node: CAPS_NODE, ver });
  expect(announced({ ...info, features: ['z', 'a', 'y'] }).ver).not.toBe(ver);
  expect(tidy(info).forms).toEqual([form]);
});

test('030-04 45-13 nothing is an empty answer', () => {
  expect(discoItems([]).text).toBe("<query xmlns='http://jabber.org/protocol/disco#items'/>");
  expect(discoItems([{ jid: 'a@b', name: '<A>' }], 'n').text).toBe(
    "<query xmlns='http://jabber.org/protocol/disco#items' node='n'><item jid='a@b' name='&lt;A&gt;'/></query>",
  );
  expect(emptyInfo('x-roomuser-item').text).toBe(`<query xmlns='${disco}' node='x-roomuser-item'/>`);
});
