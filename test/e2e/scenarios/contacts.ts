/** People of IRC in a Jabber contact list: subscriptions and presence (CHECKLIST 7.1, 8). */
import { expect } from 'vitest';
import type { Element } from '../../../src/xml/element.ts';
import { discoInfo } from '../../../src/xmpp/xep/0030-disco.ts';
import { capsVer } from '../../../src/xmpp/xep/0115-caps.ts';
import { child, textOf } from '../../harness/markup.ts';
import { present } from '../../harness/present.ts';
import { scenario, theme } from '../../harness/scenario.ts';
import type { JabberPerson } from '../../harness/stage.ts';

/** Whether somebody is here is told from where they are, what concerns the subscription from their address itself. */
export const presence = (person: JabberPerson, address: string, type: '!' | 'unavailable' | 'subscribe') =>
  person.client.receive(`<presence from='${type === 'subscribe' ? address : present(address)}' type='${type}'/>`);

/** Until the server has it in the contact list that we see them. */
export async function befriends(person: JabberPerson, contact: string): Promise<void> {
  await person.client.ask("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
  person.client.send(`<presence type='subscribe' id='please' to='${contact}'/>`);
  await person.client.receive((one) => {
    const item = child(child(one, 'query', 'jabber:iq:roster'), 'item');
    return item?.attrs.jid === contact && /^(to|both)$/.test(item.attrs.subscription ?? '');
  });
}

/** The hash in that presence is that of what its sender says of itself, asked in either way. */
async function announcesWhatItAnswers({ client }: JabberPerson, here: Element, address: string): Promise<void> {
  const { node, ver } = child(here, 'c', 'http://jabber.org/protocol/caps')?.attrs ?? {};
  expect(ver).toBeDefined();
  for (const [to, attrs] of [
    [present(address), `node='${node}#${ver}'`],
    [present(address), ''],
    [address, ''],
  ]) {
    const query = `<query xmlns='http://jabber.org/protocol/disco#info' ${attrs}/>`;
    const answer = child(await client.ask(`<iq type='get' to='${to}'>${query}</iq>`), 'query');
    const read = answer && discoInfo.read(answer);
    const features = read?.features.map((one) => one.var) ?? [];
    expect(capsVer({ identities: read?.identities ?? [], features, forms: read?.forms ?? [] })).toBe(ver);
  }
}

export const contacts = theme('contacts', [
  scenario(
    'ROS-01 PRE-01 PRE-02 153-01 172-01 who is on IRC is subscribed to at once, here at once, asks in turn by name, and goes',
    async (stage) => {
      const { romeo, juliet } = await stage.pair();
      const contact = stage.address(juliet.nick);
      await befriends(romeo, contact);
      const asked = await presence(romeo, contact, 'subscribe');
      expect(textOf(child(asked, 'nick', 'http://jabber.org/protocol/nick'))).toBe(juliet.nick);
      expect(textOf(child(asked, 'status'))).toContain(juliet.nick);
      romeo.client.send(`<presence type='subscribed' to='${contact}'/>`);
      const here = await presence(romeo, contact, '!');
      expect(child(child(here, 'x', 'vcard-temp:x:update'), 'photo')?.children).toEqual([]);
      juliet.client.send('QUIT :good night');
      await presence(romeo, contact, 'unavailable');
    },
  ),

  scenario(
    'JID-13 PRE-01 whose nick has two spellings is seen, and heard, by the one that is in the contact list',
    async (stage) => {
      const { romeo } = await stage.pair();
      const nurse = await stage.irc('nurse[m]');
      await nurse.enters();
      const contact = stage.address(nurse.nick);
      await befriends(romeo, contact);
      await presence(romeo, contact, '!');
      nurse.says('good morrow', romeo.nick);
      await romeo.client.receive(`<message type='chat' from='${present(contact)}'><body>good morrow</body></message>`);
      nurse.client.send('QUIT :good night');
      await presence(romeo, contact, 'unavailable');
    },
  ),

  scenario('115-01 115-03 what somebody’s presence says that can be done there is what they answer', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const contact = stage.address(juliet.nick);
    await befriends(romeo, contact);
    await announcesWhatItAnswers(romeo, await presence(romeo, contact, '!'), contact);
  }),

  scenario('PRE-02 MSG-01 whoever answers to where somebody is seen reaches them', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    juliet.says('art thou not Romeo?', romeo.nick);
    const said = await romeo.client.receive('<message><body>art thou not Romeo?</body></message>');
    const { from = '' } = said.attrs;
    expect(from).toBe(present(stage.address(juliet.nick)));
    const request = "<request xmlns='urn:xmpp:receipts'/>";
    romeo.client.send(`<message type='chat' id='not' to='${from}'><body>neither</body>${request}</message>`);
    await juliet.hears(romeo, 'neither', juliet.nick);
    await romeo.client.receive(`<message from='${from}'><received xmlns='urn:xmpp:receipts' id='not'/></message>`);
    const card = await romeo.client.ask(`<iq type='get' to='${from}'><vCard xmlns='vcard-temp'/></iq>`);
    expect([card.attrs.from, textOf(child(child(card, 'vCard'), 'FN'))]).toEqual([from, juliet.nick]);
    romeo.client.send(`<presence to='${from}'/><presence type='unavailable' to='${from}'/>`);
    romeo.says('by a name');
    await juliet.hears(romeo, 'by a name');
  }),

  scenario('PRE-03 PRE-04 a client that comes later is told who is here', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const contact = stage.address(juliet.nick);
    await befriends(romeo, contact);
    await presence(romeo, contact, '!');
    const phone = await romeo.another('phone');
    await presence(phone, contact, '!');
  }),

  scenario('PRE-13 without a connection nobody is here; with one again they are', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const contact = stage.address(juliet.nick);
    await befriends(romeo, contact);
    await presence(romeo, contact, '!');
    await romeo.leaves();
    await presence(romeo, contact, 'unavailable');
    await romeo.enters();
    await presence(romeo, contact, '!');
  }),

  scenario(
    '100-01 100-11 100-16 115-01 the server in the contact list is there while one is connected to it',
    async (stage) => {
      const romeo = await stage.jabber('romeo');
      await befriends(romeo, stage.server);
      await presence(romeo, stage.server, 'subscribe');
      await romeo.enters();
      const here = await presence(romeo, stage.server, '!');
      await announcesWhatItAnswers(romeo, here, stage.server);
      await romeo.leaves();
      await presence(romeo, stage.server, 'unavailable');
    },
    { fixed: 'its address is the gateway’s, which is always there' },
  ),

  scenario('ROS-21 whom one no longer wants to see is not told of any more', async (stage) => {
    const { romeo, juliet } = await stage.pair();
    const contact = stage.address(juliet.nick);
    await befriends(romeo, contact);
    await presence(romeo, contact, '!');
    romeo.client.send(`<presence type='unsubscribe' to='${contact}'/>`);
    await presence(romeo, contact, 'unavailable');
    juliet.client.send('QUIT :good night');
    await romeo.sees(juliet, 'unavailable');
    await romeo.client.roundtrip(stage.room);
    expect(romeo.client.seen(`<presence from='${present(contact)}' type='unavailable'/>`)).toHaveLength(1);
  }),
]);
