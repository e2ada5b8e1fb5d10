/** The XMPP server in memory: what RFC 6121 asks of a server where scenarios rely on it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { parse } from '../../harness/markup.ts';
import { createMemoryServer, type MemoryServer } from '../../harness/memory-server.ts';
import { connectXmpp, type XmppClient } from '../../harness/xmpp-client.ts';

const juliet = 'juliet@irc.test';
let heard: string[] = [];
let server: MemoryServer;

beforeEach(() => {
  heard = [];
  server = createMemoryServer({ domain: 'test', component: 'irc.test', toComponent: (markup) => heard.push(markup) });
});

const comes = (resource: string): Promise<XmppClient> =>
  connectXmpp({ user: 'romeo', domain: 'test', resource }, server.connect);

/** What the component hears when everything that was said before has been routed. */
async function told(client: XmppClient): Promise<readonly string[]> {
  await client.roundtrip('test');
  return heard.splice(0);
}

describe('addresses', () => {
  test('to a client, to all of them, to nobody', async () => {
    const desk = await comes('desk');
    const phone = await comes('phone');
    server.fromComponent(`<message from='${juliet}' to='romeo@test/phone' id='one'/>`);
    server.fromComponent(`<message from='${juliet}' to='romeo@test' id='all' type='chat'/>`);
    await phone.receive(`<message id='one'/>`);
    await phone.receive(`<message id='all'/>`);
    await desk.receive(`<message id='all'/>`);
    expect(desk.seen(`<message id='one'/>`)).toEqual([]);
    await phone.close();
    for (const type of ['groupchat', 'headline', 'error'])
      server.fromComponent(`<message from='${juliet}' to='romeo@test/phone' id='${type}' type='${type}'/>`);
    server.fromComponent(`<iq from='${juliet}' to='romeo@test/phone' id='q' type='get'/>`);
    const errors = (await told(desk)).map((one) => parse(one).attrs);
    expect(errors).toEqual([
      { type: 'error', id: 'groupchat', from: 'romeo@test/phone', to: juliet },
      { type: 'error', id: 'q', from: 'romeo@test/phone', to: juliet },
    ]);
  });

  test('a domain that it does not know, and a question to an account', async () => {
    const desk = await comes('desk');
    const ask = (to: string) => desk.ask(`<iq type='get' to='${to}'><ping xmlns='urn:xmpp:ping'/></iq>`);
    expect((await ask('elsewhere.test')).attrs.type).toBe('error');
    expect((await ask('romeo@test')).attrs.type).toBe('error');
  });

  test('a resource is one client’s: who comes by the same takes its place', async () => {
    const first = await comes('desk');
    const second = await comes('desk');
    await first.closed;
    await expect(first.receive('<never/>')).rejects.toThrow(/the stream ended/);
    await second.roundtrip('test');
  });
});

describe('presence', () => {
  test('whoever had presence hears of the end, however it came', async () => {
    const desk = await comes('desk');
    const phone = await comes('phone');
    await desk.receive(`<presence from='${phone.jid}' type='!'/>`);
    phone.send(`<presence to='#a@irc.test/x'/><presence to='#b@irc.test/x'/>`);
    phone.send(`<presence to='#a@irc.test/x' type='unavailable'/>`);
    expect(await told(phone)).toHaveLength(3);
    phone.cut();
    await desk.receive(`<presence from='${phone.jid}' type='unavailable'/>`);
    expect((await told(desk)).map((one) => parse(one).attrs)).toEqual([
      { from: phone.jid, to: '#b@irc.test/x', type: 'unavailable' },
    ]);
  });
});

describe('contacts', () => {
  const says = (type: string): void =>
    server.fromComponent(`<presence from='${juliet}' to='romeo@test' type='${type}'/>`);
  const roster = async (client: XmppClient): Promise<readonly unknown[]> => {
    const answer = await client.ask(`<iq type='get'><query xmlns='jabber:iq:roster'/></iq>`);
    return answer.children.flatMap((query) =>
      typeof query === 'string' ? [] : query.children.map((item) => (typeof item === 'string' ? item : item.attrs)),
    );
  };

  test('asked for, granted, asked back, granted, and taken back', async () => {
    const desk = await comes('desk');
    expect(await roster(desk)).toEqual([]);
    desk.send(`<presence type='subscribe' to='${juliet}'/>`);
    expect((await told(desk)).map((one) => parse(one).attrs)).toEqual([
      { type: 'subscribe', to: juliet, from: 'romeo@test' },
    ]);
    await desk.receive(
      `<iq type='set'><query><item jid='${juliet}' subscription='none' ask='subscribe'/></query></iq>`,
    );
    says('subscribed');
    await desk.receive(`<iq type='set'><query><item jid='${juliet}' subscription='to' ask='!'/></query></iq>`);
    says('subscribe');
    await desk.receive(`<presence type='subscribe' from='${juliet}'/>`);
    desk.send(`<presence type='subscribed' to='${juliet}'/>`);
    await desk.receive(`<iq type='set'><query><item jid='${juliet}' subscription='both'/></query></iq>`);
    expect((await told(desk)).map((one) => parse(one).attrs)).toEqual([
      { type: 'subscribed', to: juliet, from: 'romeo@test' },
      { to: juliet, from: desk.jid },
    ]);
    const phone = await comes('phone');
    expect((await told(phone)).map((one) => parse(one).attrs)).toEqual([
      { to: juliet, from: phone.jid },
      { type: 'probe', to: juliet, from: 'romeo@test' },
    ]);
    says('probe');
    expect((await told(phone)).map((one) => parse(one).attrs.from)).toEqual([desk.jid, phone.jid]);
    says('unsubscribe');
    says('probe');
    expect((await told(phone)).map((one) => parse(one).attrs.type)).toEqual(['unsubscribed']);
    expect(await roster(phone)).toEqual([{ jid: juliet, subscription: 'to' }]);
  });

  test('what was never asked for is granted to nobody, and nobody hears of it', async () => {
    const desk = await comes('desk');
    says('subscribed');
    says('unsubscribed');
    await desk.roundtrip('test');
    expect(desk.seen(`<presence from='${juliet}'/>`)).toEqual([]);
    expect(await roster(desk)).toEqual([]);
  });
});
