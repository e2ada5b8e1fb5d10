/** CHECKLIST sections 3, 4 and 13: what every kind of address says of itself, to whom. */
import { describe, expect, test } from 'vitest';
import { createAddresses } from '../../../../bridges/irc/addresses.ts';
import { ircConfig } from '../../../../bridges/irc/config.ts';
import { createDecoder } from '../../../../src/gateway/decode/create-decoder.ts';
import type { Element } from '../../../../src/xml/element.ts';
import { discoInfo } from '../../../../src/xmpp/xep/0030-disco.ts';
import { capsVer } from '../../../../src/xmpp/xep/0115-caps.ts';
import { child, childrenOf, conditionOf, textOf } from '../../../harness/markup.ts';
import { inbox, noon, sessionOf, stanza } from '../rooms/world.ts';
import { answers, ask, away, channel, contact, decode, domain, me, server, stranger, told } from './world.ts';

const infoNs = 'http://jabber.org/protocol/disco#info';
const itemsNs = 'http://jabber.org/protocol/disco#items';
const info = (node?: string) => `<query xmlns='${infoNs}'${node === undefined ? '' : ` node='${node}'`}/>`;
const items = `<query xmlns='${itemsNs}'/>`;
const room = (payload: string) => `<iq type='get' id='q' from='${me}' to='${channel}'>${payload}</iq>`;

const query = (answer: Element | undefined) => child(answer, 'query');
const identities = (answer: Element | undefined) =>
  childrenOf(query(answer), 'identity').map(({ attrs }) => `${attrs.category}/${attrs.type}`);
const features = (answer: Element | undefined) => childrenOf(query(answer), 'feature').map(({ attrs }) => attrs.var);

const all: readonly (readonly [string, () => Element | undefined | Promise<Element>])[] = [
  ['the gateway', () => ask(domain, info())],
  ['a server', () => ask(server, info())],
  ['a contact', () => told(contact, info())],
  ['a channel that nobody of ours is in', () => away(room(info()))[0]],
];

describe('service discovery', () => {
  test.each(all)(
    '030-01 030-03 030-07 %s: identities, disco#info, nothing twice, the same each time',
    async (_, get) => {
      const answer = await get();
      expect(answer?.attrs.type).toBe('result');
      expect(identities(answer).length).toBeGreaterThan(0);
      expect(new Set(identities(answer)).size).toBe(identities(answer).length);
      expect(features(answer)).toContain(infoNs);
      expect(new Set(features(answer)).size).toBe(features(answer).length);
      expect(childrenOf(query(answer), 'feature').every(({ children }) => children.length === 0)).toBe(true);
      expect(await get()).toEqual(answer);
    },
  );

  test('308-01 424-03 444-01 085-01 333-03 of a contact what can be done to messages is announced where it can be', async () => {
    const can = { typing: { typing: async () => {} }, reactions: { react: async () => {} } };
    const announced = features(await told(contact, info(), sessionOf('romeo', can)));
    expect(announced).toEqual(
      expect.arrayContaining(['http://jabber.org/protocol/chatstates', 'urn:xmpp:reactions:0', 'urn:xmpp:receipts']),
    );
    expect(announced).not.toContain('urn:xmpp:message-correct:0');
    expect(features(await told(contact, info()))).not.toContain('urn:xmpp:reactions:0');
  });

  test('066-01 447-01 what names files is announced where it is read', async () => {
    const known = expect.arrayContaining(['jabber:x:oob', 'urn:xmpp:sfs:0']);
    expect(features(await told(contact, info()))).toEqual(known);
    expect(features(away(room(info()))[0])).toEqual(known);
  });

  test('504-01 what becomes of what users entrust to us, and what is known of the network', () => {
    const forms = childrenOf(query(ask(domain, info())), 'x').map((form) =>
      Object.fromEntries(
        childrenOf(form, 'field').map((one) => [one.attrs.var, childrenOf(one, 'value').map(textOf).join()]),
      ),
    );
    expect(forms.find(({ FORM_TYPE }) => FORM_TYPE === 'urn:xmpp:data-policy:0')).toMatchObject({
      auth_data: 'plain',
      data_retention: '720',
      data_deletion: 'true',
      data_export: 'true',
      full_erasure: 'true',
      encryption_at_rest: 'false',
      access_policy: 'admins',
    });
    expect(forms.at(-1)).toEqual({
      FORM_TYPE: 'urn:xmpp:data-policy:identity:gateway:irc:0',
      data_transmission: 'encrypted',
      encryption_algorithm: 'TLS',
      data_retention: 'unknown',
    });
  });

  test('030-04 nothing is listed, which is an empty list and no error', () => {
    for (const to of [domain, server, contact]) expect(query(ask(to, items))?.children).toEqual([]);
    expect(query(away(room(items))[0])?.children).toEqual([]);
  });

  test('030-02 030-11 the node comes back; an unknown one is item-not-found; one gateway identity a domain', () => {
    const commands = ask(domain, info('http://jabber.org/protocol/commands'));
    expect(query(commands)?.attrs.node).toBe('http://jabber.org/protocol/commands');
    expect(identities(commands)).toEqual(['automation/command-list']);
    for (const to of [domain, server, contact]) expect(conditionOf(ask(to, info('no-such')))).toBe('item-not-found');
    expect(identities(ask(domain, info())).filter((one) => one.startsWith('gateway/'))).toEqual(['gateway/irc']);
  });

  test('030-12 114-42 the gateway answers anybody from anywhere; the rest is for who may use it', () => {
    for (const from of [stranger, 'server.test', 'conference.far.test/Nick'])
      expect(ask(domain, info(), from).attrs.type).toBe('result');
    for (const to of [server, contact, channel]) expect(ask(to, info(), stranger).attrs.type).toBe('error');
  });

  test('JID-11 115-04 030-08 45-01 what the service does is announced', () => {
    expect(features(ask(domain, info()))).toEqual(
      expect.arrayContaining([
        'jid\\20escaping',
        'http://jabber.org/protocol/caps',
        'http://jabber.org/protocol/muc',
        'http://jabber.org/protocol/muc#stable_id',
      ]),
    );
  });

  test('030-05 pages are announced where lists come in pages, and nowhere else', () => {
    const rsm = 'http://jabber.org/protocol/rsm';
    for (const to of [domain, server]) expect(features(ask(to, info())), to).not.toContain(rsm);
  });

  test('157-01 JID-18 the admins are whom to turn to', () => {
    const form = child(query(ask(domain, info())), 'x', 'jabber:x:data');
    const fields = childrenOf(form, 'field');
    expect(fields.map(({ attrs }) => [attrs.var, attrs.type])).toEqual([
      ['FORM_TYPE', 'hidden'],
      ['admin-addresses', 'list-multi'],
    ]);
    expect(childrenOf(fields[1], 'value').map(textOf)).toEqual([
      'xmpp:admin@example.org',
      'xmpp:d%5C27artagnan@example.org',
    ]);
  });

  test('every feature of an answer that is a request is answered with no error', async () => {
    const requests: Readonly<Record<string, string>> = {
      'urn:xmpp:ping': "<ping xmlns='urn:xmpp:ping'/>",
      'jabber:iq:version': "<query xmlns='jabber:iq:version'/>",
      'urn:xmpp:time': "<time xmlns='urn:xmpp:time'/>",
      'jabber:iq:last': "<query xmlns='jabber:iq:last'/>",
      'vcard-temp': "<vCard xmlns='vcard-temp'/>",
      [itemsNs]: items,
    };
    for (const to of [domain, server]) {
      const announced = features(ask(to, info()));
      for (const [name, payload] of Object.entries(requests))
        if (announced.includes(name)) expect(ask(to, payload).attrs.type, `${name} at ${to}`).toBe('result');
        else if (name !== itemsNs) expect(ask(to, payload).attrs.type, `${name} at ${to}`).toBe('error');
    }
  });
});

describe('presence of somebody whose server tells that of all its users', () => {
  const overhearing = (registration: 'none' | 'required') =>
    createDecoder({
      ...{ domain, addresses: createAddresses(ircConfig.parse({})), allow: ['example.org', 'other.org'], admins: [] },
      ...{ about: { type: 'irc', name: 'IRC' }, version: '1', startedAt: noon, now: () => noon, registration },
      overhears: (owner) => owner.endsWith('@example.org'),
    });
  const shown = `<presence from='${me}' to='${domain}'/>`;

  test('356-30 100-18 is answered to who is asked about us alone, and is for the account where there can be one', () => {
    const free = overhearing('none');
    expect(free.decode(stanza(shown))).toEqual({ is: 'ignored' });
    expect(free.decode(stanza(shown.replace('example.org', 'other.org')))).toMatchObject({ is: 'answer' });
    expect(free.decode(stanza(`<presence type='probe' from='${me}' to='${domain}'/>`))).toMatchObject({ is: 'answer' });
    const asked = overhearing('required').decode(stanza(shown));
    expect(asked).toMatchObject({ is: 'mail', account: { owner: 'romeo@example.org' } });
    expect(asked).not.toHaveProperty('besides');
  });
});

describe('capabilities', () => {
  const [available] = answers(`<presence from='${me}' to='${domain}'/>`);
  const caps = child(available, 'c', 'http://jabber.org/protocol/caps');

  test('115-01 the service’s presence has them', () => {
    expect(caps?.attrs).toMatchObject({ hash: 'sha-1', node: 'urn:isthmus:gateway' });
  });

  test('115-03 115-02 the node is answered by who sent it, and the answer has that hash', () => {
    const node = `${caps?.attrs.node}#${caps?.attrs.ver}`;
    const answer = query(ask(available?.attrs.from ?? '', info(node)));
    expect(answer?.attrs.node).toBe(node);
    const read = answer && discoInfo.read(answer);
    if (read === undefined) throw new Error('no disco#info');
    expect(capsVer({ ...read, features: read.features.map((one) => one.var) })).toBe(caps?.attrs.ver);
    expect(conditionOf(ask(domain, info(`${caps?.attrs.node}#other`)))).toBe('item-not-found');
  });
});

test('157-01 115-07 admins who are others by a reload are whom to turn to, and what presence says of it is another thing', () => {
  const admins: readonly string[] = ['old@example.org'];
  const living = {
    ...{ domain, addresses: createAddresses(ircConfig.parse({})), allow: ['example.org'], admins, version: '1' },
    ...{ about: { type: 'irc', name: 'IRC' }, registration: 'none' as const, startedAt: noon, now: () => noon },
  };
  const { decode: read } = createDecoder(living);
  const said = (markup: string) => {
    const decoded = read(stanza(markup));
    return decoded.is === 'answer' ? inbox(decoded.stanzas, me)[0] : undefined;
  };
  const now = () => {
    const ver = child(said(`<presence from='${me}' to='${domain}'/>`), 'c')?.attrs.ver;
    const asked = info(`urn:isthmus:gateway#${ver}`);
    const form = child(query(said(`<iq type='get' id='q' from='${me}' to='${domain}'>${asked}</iq>`)), 'x');
    return { ver, whom: textOf(child(childrenOf(form, 'field')[1], 'value')) };
  };
  const before = now();
  expect(before.whom).toBe('xmpp:old@example.org');
  living.admins = ['new@example.org'];
  expect(now().whom).toBe('xmpp:new@example.org');
  expect(now().ver).not.toBe(before.ver);
});

describe('small protocols', () => {
  test('199-01 092-01 202-01 ping, version without a system, time', () => {
    for (const to of [domain, server])
      expect(ask(to, "<ping xmlns='urn:xmpp:ping'/>")).toMatchObject({ attrs: { type: 'result' }, children: [] });
    const version = query(ask(domain, "<query xmlns='jabber:iq:version'/>"));
    expect(version?.children.map((one) => (typeof one === 'string' ? one : one.name))).toEqual(['name', 'version']);
    const time = child(ask(domain, "<time xmlns='urn:xmpp:time'/>"), 'time');
    expect(child(time, 'tzo')?.children).toEqual(['+00:00']);
    expect(child(time, 'utc')?.children).toEqual(['2026-11-21T12:00:00Z']);
  });

  test('077-20 a contact registers nobody', () => {
    expect(conditionOf(ask(contact, "<query xmlns='jabber:iq:register'/>"))).toBe('service-unavailable');
  });

  test('380-03 nothing makes a client encrypt: no keys at a contact, no word of it, and a room that shows itself to all', async () => {
    const nodes = ['eu.siacs.conversations.axolotl.devicelist', 'urn:xmpp:omemo:2:devices'];
    for (const node of [...nodes, 'urn:xmpp:openpgp:0:public-keys']) {
      const asked = `<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='${node}'/></pubsub>`;
      expect(conditionOf(ask(contact, asked))).toBe('item-not-found');
    }
    for (const answer of [ask(domain, info()), await told(contact, info()), away(room(info()))[0]])
      expect(JSON.stringify(features(answer))).not.toMatch(/urn:xmpp:eme|omemo|openpgp|otr/i);
    expect(features(away(room(info()))[0])).toContain('muc_open');
  });

  test('060-01 there are no nodes, and none can be made', () => {
    const ns = 'http://jabber.org/protocol/pubsub';
    for (const to of [domain, contact]) {
      expect(conditionOf(ask(to, `<pubsub xmlns='${ns}'><items node='x'/></pubsub>`))).toBe('item-not-found');
      const refused = ask(to, `<pubsub xmlns='${ns}'><publish node='x'/></pubsub>`, me, 'set');
      expect(conditionOf(refused)).toBe('feature-not-implemented');
      expect(child(child(refused, 'error'), 'unsupported')?.attrs.feature).toBe('publish');
    }
  });
});

describe('addresses', () => {
  test('JID-14 the sign of a channel makes it a room, everything else is a person or a server', () => {
    const chat = (to: string) => decode(`<message type='chat' id='m' from='${me}' to='${to}'><body>x</body></message>`);
    expect(chat(contact)).toMatchObject({ is: 'durable' });
    for (const sign of ['#', '+', '!', '\\26'])
      expect(identities(away(room(info()).replace(`to='#`, `to='${sign}`))[0])).toContain('conference/text');
  });

  test('45-05 45-02 of a channel only its address is told to who is not in it', () => {
    const [answer] = away(room(info()));
    expect(childrenOf(query(answer), 'identity').map(({ attrs }) => attrs.name)).toEqual(['#verona on net.test']);
    expect(child(query(answer), 'x', 'jabber:x:data')).toBeUndefined();
    expect(query(away(room(items))[0])?.children).toEqual([]);
  });

  test('JID-15 45-02 what is no address here: item-not-found for requests, silence for presence', () => {
    for (const local of ['#a,b%net.test', 'a%-bad-', '%net.test\\20']) {
      expect(conditionOf(ask(`${local}@${domain}`, info())), local).toBe('item-not-found');
      expect(decode(`<presence from='${me}' to='${local}@${domain}'/>`)).toEqual({ is: 'ignored' });
    }
  });
});
