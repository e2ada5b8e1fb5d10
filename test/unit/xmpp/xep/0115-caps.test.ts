/** XEP-0115: the hash, by the specification's own examples. */
import { describe, expect, test } from 'vitest';
import { discoInfo } from '../../../../src/xmpp/xep/0030-disco.ts';
import { type Capable, capsVer, isIllFormed } from '../../../../src/xmpp/xep/0115-caps.ts';
import { parse } from '../../../harness/markup.ts';

const features = ['caps', 'disco#info', 'disco#items', 'muc'].map((name) => `http://jabber.org/protocol/${name}`);
const exodus: Capable = { identities: [{ category: 'client', type: 'pc', name: 'Exodus 0.9.1' }], features };

/** As it comes over the wire. */
function answered(markup: string): Capable {
  const read = discoInfo.read(parse(`<query xmlns='http://jabber.org/protocol/disco#info'>${markup}</query>`));
  if (read === undefined) throw new Error('no answer');
  return { ...read, features: read.features.map((feature) => feature.var) };
}

const form = (type: string, kind = " type='hidden'"): string =>
  `<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'${kind}><value>${type}</value></field>
    <field var='os'><value>Mac</value></field></x>`;

describe('the hash', () => {
  test('115-02 §5.2, whatever the order of the features', () => {
    expect(capsVer(exodus)).toBe('QgayPKawpkPSDYmwT/WM94uAlu0=');
    expect(capsVer({ ...exodus, features: features.toReversed() })).toBe('QgayPKawpkPSDYmwT/WM94uAlu0=');
  });

  test('115-02 §5.3: two languages and a form', () => {
    const psi = answered(`<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>
      <identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>
      ${features.map((name) => `<feature var='${name}'/>`).join('')}
      <x xmlns='jabber:x:data' type='result'>
        <field var='FORM_TYPE' type='hidden'><value>urn:xmpp:dataforms:softwareinfo</value></field>
        <field var='software_version'><value>0.11</value></field><field var='software'><value>Psi</value></field>
        <field var='os_version'><value>10.5.1</value></field><field var='os'><value>Mac</value></field>
        <field var='ip_version' type='text-multi'><value>ipv6</value><value>ipv4</value></field>
      </x>`);
    expect(capsVer(psi)).toBe('q07IKJEyjvHSyhy//CH0CxmKi8w=');
  });

  test('115-02 sorted by octets, which is not the order of UTF-16', () => {
    // U+FF01 is before U+1F600 in UTF-8 and behind it in UTF-16.
    const one = capsVer({ identities: [], features: ['\uff01', '😀'] });
    expect(one).toBe(capsVer({ identities: [], features: ['😀', '\uff01'] }));
    expect(one).toBe('iC/IXWnIBgKrpagt4Ychvrl8y78=');
  });

  test('115-06 what is escaped in the answer stays escaped in the hash', () => {
    const escaped = capsVer({ ...exodus, features: ['a&lt;b'] });
    expect(escaped).not.toBe(capsVer({ ...exodus, features: ['a<b'] }));
    expect(escaped).toBe(
      capsVer(answered("<identity category='client' type='pc' name='Exodus 0.9.1'/><feature var='a&amp;lt;b'/>")),
    );
  });

  test('115-05 a form without a hidden FORM_TYPE does not count', () => {
    const identity = "<identity category='client' type='pc' name='Exodus 0.9.1'/>";
    const plain = capsVer(answered(identity));
    expect(capsVer(answered(identity + form('x', '')))).toBe(plain);
    expect(capsVer(answered(identity + form('x')))).not.toBe(plain);
  });
});

describe('115-05 answers that must not be believed', () => {
  const identity = "<identity category='client' type='pc'/>";
  test.each([
    ['a double identity', identity + identity],
    ['a double feature', `${identity}<feature var='a'/><feature var='a'/>`],
    ['two forms of one type', identity + form('x') + form('x')],
  ])('%s', (_, markup) => expect(isIllFormed(answered(markup))).toBe(true));

  test('another language, another form: well-formed', () => {
    const other = "<identity category='client' type='pc' xml:lang='de'/>";
    expect(isIllFormed(answered(identity + other + form('x') + form('y')))).toBe(false);
  });
});
