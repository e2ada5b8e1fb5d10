/** Questions about people, commands that are typed, lines to the service: who is told what, and who is not. */

import { describe, expect } from 'vitest';
import { personId } from '../../src/core/ids.ts';
import { child, childrenOf, textOf } from '../harness/markup.ts';
import { domainName } from './gateway.ts';
import { failed, said } from './lines.ts';
import { type Stage, scenario, verona } from './stage.ts';

async function pair(stage: Stage) {
  const juliet = await stage.inhabitant('juliet', '#verona', 'moderator');
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  romeo.ignores();
  return { romeo, juliet };
}

const contact = `juliet@${domainName}`;
const result = (payload: string, from: string) => `<iq type='result' id='q' from='${from}'>${payload}</iq>`;
const get = (to: string, payload: string) => `<iq type='get' id='q' to='${to}'>${payload}</iq>`;
const vcard = "<vCard xmlns='vcard-temp'/>";
const version = "<query xmlns='jabber:iq:version'/>";
const private_ =
  "<private xmlns='urn:xmpp:carbons:2'/><no-copy xmlns='urn:xmpp:hints'/><no-store xmlns='urn:xmpp:hints'/>";

describe('about people', () => {
  scenario('054-01 who is on one’s list has a card, in whatever room they are', async (stage) => {
    stage.gateway.world.contacts.put(personId('romeo'), personId('juliet'));
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await romeo.sends(get(contact, vcard));
    romeo.gets(result("<vCard xmlns='vcard-temp'><FN>The juliet</FN><NICKNAME>juliet</NICKNAME></vCard>", contact));
  });

  scenario(
    'GEN-01 054-01 everybody’s card asked for in one breath, as on coming into a large room, is had',
    async (stage) => {
      const { romeo } = await pair(stage);
      const requests = Array.from({ length: 200 }, (_, i) => get(`${verona}/juliet`, vcard).replace("'q'", `'q${i}'`));
      await romeo.sends(...requests);
      await expect.poll(() => romeo.queue).toHaveLength(200);
      expect(romeo.queue.map(({ attrs }) => attrs.type)).toEqual(Array(200).fill('result'));
    },
  );

  scenario('054-01 092-01 202-01 a contact and an occupant are asked alike', async (stage) => {
    const { romeo } = await pair(stage);
    for (const to of [contact, `${verona}/juliet`]) {
      await romeo.sends(get(to, vcard));
      romeo.gets(
        result(
          "<vCard xmlns='vcard-temp'><FN>The juliet</FN><NICKNAME>juliet</NICKNAME><DESC>Rooms: #verona</DESC></vCard>",
          to,
        ),
      );
      await romeo.sends(get(to, version));
      romeo.gets(result("<query xmlns='jabber:iq:version'><name>Fake 1</name><version/></query>", to));
      await romeo.sends(get(to, "<query xmlns='jabber:iq:last'/>"));
      romeo.gets(result("<query xmlns='jabber:iq:last' seconds='60'/>", to));
      await romeo.sends(get(to, "<time xmlns='urn:xmpp:time'/>"));
      const [answer] = romeo.gets(result("<time xmlns='urn:xmpp:time'/>", to));
      expect(textOf(child(child(answer, 'time'), 'tzo'))).toBe('+00:00');
    }
    await romeo.sends(get(contact, "<ping xmlns='urn:xmpp:ping'/>"));
    romeo.gets(`<iq type='result' id='q' from='${contact}'/>`);
  });

  scenario('030-08 a contact announces what can be asked, and nothing where nobody is connected', async (stage) => {
    const info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
    const features = async (): Promise<readonly (string | undefined)[]> => {
      await romeo.sends(get(contact, info));
      const [answer] = romeo.queue.splice(0);
      return childrenOf(child(answer, 'query'), 'feature').map(({ attrs }) => attrs.var);
    };
    const romeo = stage.client();
    const asked = ['jabber:iq:last', 'jabber:iq:version', 'urn:xmpp:ping', 'urn:xmpp:time', 'vcard-temp'];
    for (const one of asked) expect(await features()).not.toContain(one);
    await stage.inhabitant('juliet', '#verona');
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    expect(await features()).toEqual(expect.arrayContaining(asked));
  });

  scenario('054-01 410-02 nobody of that name, nobody connected, nobody who may ask', async (stage) => {
    const stranger = stage.client('paris');
    await stranger.sends(get(contact, vcard));
    stranger.gets(failed('iq', 'q', 'cancel', 'recipient-unavailable'));
    await stranger.sends(get(`${verona}/juliet`, version));
    stranger.gets(failed('iq', 'q', 'cancel', 'service-unavailable'));
    const { romeo } = await pair(stage);
    await romeo.sends(get(`nobody@${domainName}`, vcard));
    romeo.gets(failed('iq', 'q', 'cancel', 'item-not-found'));
    await romeo.sends(get(`${verona}/nobody`, vcard));
    romeo.gets(failed('iq', 'q', 'cancel', 'item-not-found'));
    const tablet = stage.client('romeo', 'tablet');
    await tablet.sends(get(`${verona}/juliet`, vcard));
    tablet.gets(failed('iq', 'q', 'cancel', 'not-acceptable'));
  });

  scenario('054-02 nobody’s card is changed from here', async (stage) => {
    const { romeo } = await pair(stage);
    for (const to of [contact, `${verona}/juliet`]) {
      await romeo.sends(`<iq type='set' id='q' to='${to}'><vCard xmlns='vcard-temp'><FN>x</FN></vCard></iq>`);
      romeo.gets(failed('iq', 'q', 'auth', 'forbidden'));
    }
  });
});

describe('typed commands', () => {
  scenario('the answer is for the client that typed it; nobody hears the line, nothing is kept', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const phone = stage.client('romeo', 'phone');
    await phone.joins(verona, 'romeo');
    phone.ignores();
    await romeo.says(verona, '/who secret', 'c1');
    romeo.gets(`<message type='groupchat' from='${verona}' id='*'><body>juliet romeo</body>${private_}</message>`);
    phone.gets();
    expect(juliet.heard).toEqual([]);
    await stage.passes(5);
    const tablet = stage.client('romeo', 'tablet');
    await tablet.joins(verona, 'romeo');
    expect(tablet.queue.filter((one) => child(one, 'body') !== undefined)).toEqual([]);
  });

  scenario('the same stanza again runs nothing again', async (stage) => {
    const { romeo } = await pair(stage);
    await romeo.says(verona, '/who', 'c1');
    romeo.ignores();
    await romeo.says(verona, '/who', 'c1');
    romeo.gets();
  });

  scenario('an error is the error of the message, and what is not known is said', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    await romeo.says(verona, '/fail', 'c1');
    romeo.gets(failed('message', 'c1', 'cancel', 'not-allowed'));
    await romeo.says(verona, '/shrug', 'c2');
    romeo.gets(said('romeo', '/shrug', 'c2'));
    await romeo.says(verona, '/me fails', 'c3');
    expect(juliet.heard).toEqual(['romeo: /shrug', 'romeo: fails']);
  });

  scenario(
    '45-46 in a private message the occupant’s address answers, in a conversation the contact’s',
    async (stage) => {
      const { romeo } = await pair(stage);
      await romeo.sends(`<message type='chat' id='p' to='${verona}/juliet'><body>/fail</body></message>`);
      romeo.gets(failed('message', 'p', 'cancel', 'not-allowed'));
      await romeo.sends(`<message type='chat' id='p2' to='${contact}'><body>/who</body></message>`);
      romeo.gets();
    },
  );

  scenario(
    '380-01 380-02 encrypted: an error each time, an explanation once, and nobody hears its stand-in text',
    async (stage) => {
      const { romeo, juliet } = await pair(stage);
      const omemo = (type: string, id: string, to: string) =>
        `<message type='${type}' id='${id}' to='${to}'><body>I sent you an OMEMO encrypted message</body>
        <encrypted xmlns='eu.siacs.conversations.axolotl'><payload/></encrypted></message>`;
      for (const [type, to] of [
        ['groupchat', verona],
        ['chat', `${verona}/juliet`],
        ['chat', contact],
      ] as const) {
        await romeo.sends(omemo(type, 'e1', to), omemo(type, 'e2', to));
        const [, told] = romeo.gets(
          failed('message', 'e1', 'modify', 'not-acceptable'),
          `<message type='${type}' from='${to}'>${private_}</message>`,
          failed('message', 'e2', 'modify', 'not-acceptable'),
        );
        expect(textOf(child(told, 'body'))).toMatch(/end-to-end encryption stops at the gateway/);
      }
      await stage.passes(3601);
      await romeo.sends(omemo('chat', 'e3', contact));
      expect(romeo.queue).toHaveLength(2);
      expect(juliet.heard).toEqual([]);
    },
  );

  scenario('OTR between two people passes as it is; in a room it is refused', async (stage) => {
    const { romeo, juliet } = await pair(stage);
    const otr = (type: string, to: string) =>
      `<message type='${type}' id='o' to='${to}'><body>?OTR:AAMDJ+MVmSfjFZc=.</body><encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:otr:0'/></message>`;
    await romeo.sends(otr('chat', contact), otr('chat', `${verona}/juliet`));
    romeo.gets();
    await romeo.sends(otr('groupchat', verona));
    expect(romeo.queue.length).toBeGreaterThan(0);
    expect(juliet.heard).toEqual(Array(2).fill('romeo: ?OTR:AAMDJ+MVmSfjFZc=.'));
  });
});
