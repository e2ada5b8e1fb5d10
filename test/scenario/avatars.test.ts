/** Pictures of the network's people: told by hash where they are seen, and given to who asks, the same bytes everywhere. */
import { describe, expect } from 'vitest';
import { GatewayError, type Picture, personId } from '../../src/bridge/index.ts';
import { child, textOf } from '../harness/markup.ts';
import { base64, png, sha1 } from '../harness/pictures.ts';
import { present } from '../harness/present.ts';
import { domainName } from './gateway.ts';
import type { Client } from './server.ts';
import { type Stage, scenario, verona } from './stage.ts';

const contact = `juliet@${domainName}`;
const [rose, thorn] = [png(1), png(2)];
const photo = (picture: Picture): string => `<x xmlns='vcard-temp:x:update'><photo>${sha1(picture)}</photo></x>`;
const none = "<x xmlns='vcard-temp:x:update'><photo/></x>";
const vcard = "<vCard xmlns='vcard-temp'/>";
const get = (to: string, payload: string) => `<iq type='get' id='q' to='${to}'>${payload}</iq>`;
const items = (node: string, id?: string) =>
  `<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='${node}'>${id ? `<item id='${id}'/>` : ''}</items></pubsub>`;
const error = (condition: string) =>
  `<iq type='error' id='q'><error><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`;

async function wears(stage: Stage, nick: string, picture: Picture | undefined): Promise<void> {
  stage.gateway.world.wear(personId(nick), picture);
  await stage.calm();
}

async function befriends(client: Client): Promise<void> {
  await client.sends(`<presence type='subscribe' id='s' to='${contact}'/>`);
}

/** What a presence says of the picture, in what came since. */
const photosIn = (client: Client, from: string): readonly string[] =>
  client.queue
    .splice(0)
    .filter(({ name, attrs }) => name === 'presence' && attrs.type === undefined && attrs.from === from)
    .map((one) => {
      const update = child(one, 'x', 'vcard-temp:x:update');
      return update === undefined
        ? 'nothing'
        : textOf(child(update, 'photo')) || (update.children.length > 0 ? 'none' : 'unknown');
    });

describe('of occupants', () => {
  scenario(
    '153-01 153-04 whoever is seen has a hash, or the word that there is none; a change is told',
    async (stage) => {
      await stage.inhabitant('juliet', '#verona');
      await stage.inhabitant('nurse', '#verona');
      await wears(stage, 'juliet', rose);
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      const joined = romeo.queue.splice(0);
      const of = (nick: string) => joined.filter(({ attrs }) => attrs.from === `${verona}/${nick}`);
      expect(
        of('juliet')
          .map((one) => textOf(child(child(one, 'x', 'vcard-temp:x:update'), 'photo')))
          .at(-1),
      ).toBe(sha1(rose));
      expect(child(child(of('nurse')[0], 'x', 'vcard-temp:x:update'), 'photo')).toBeDefined();
      await wears(stage, 'juliet', thorn);
      romeo.gets(`<presence from='${verona}/juliet'>${photo(thorn)}</presence>`);
      await wears(stage, 'juliet', undefined);
      romeo.gets(`<presence from='${verona}/juliet'>${none}</presence>`);
      await wears(stage, 'juliet', rose);
      romeo.gets(`<presence from='${verona}/juliet'>${photo(rose)}</presence>`);
      expect(stage.gateway.world.wardrobe.fetched).toBe(2);
    },
  );

  scenario('084-04 a picture is fetched once, whoever sees it and whoever begins anew', async (stage) => {
    await stage.inhabitant('juliet', '#verona');
    await wears(stage, 'juliet', rose);
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    const paris = stage.client('paris');
    await paris.joins(verona, 'paris');
    expect(photosIn(paris, `${verona}/juliet`)).toEqual([sha1(rose)]);
    await stage.restarts();
    const tybalt = stage.client('tybalt');
    await tybalt.joins(verona, 'tybalt');
    expect(photosIn(tybalt, `${verona}/juliet`)).toEqual([sha1(rose)]);
    expect(stage.gateway.world.wardrobe.fetched).toBe(1);
  });

  scenario('054-01 153-02 398-01 their card has it, for occupants only', async (stage) => {
    await stage.inhabitant('juliet', '#verona');
    await wears(stage, 'juliet', rose);
    const [romeo, paris] = [stage.client(), stage.client('paris')];
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    await romeo.sends(get(`${verona}/juliet`, vcard));
    const card = `<vCard xmlns='vcard-temp'><FN>The juliet</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>${base64(rose)}</BINVAL></PHOTO></vCard>`;
    romeo.gets(`<iq type='result' id='q' from='${verona}/juliet'>${card}</iq>`);
    await paris.sends(get(`${verona}/juliet`, vcard));
    expect(paris.queue.splice(0).map(({ attrs }) => attrs.type)).toEqual(['error']);
  });

  scenario('153-01 one that can not be had is not told, and one that is no picture is none', async (stage) => {
    await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    romeo.ignores();
    stage.gateway.world.wardrobe.fail(new GatewayError('network-away'));
    await wears(stage, 'juliet', rose);
    expect(romeo.queue).toEqual([]);
    stage.gateway.world.wardrobe.fail(undefined);
    await wears(stage, 'juliet', { bytes: Buffer.from('<svg/>') });
    romeo.gets(`<presence from='${verona}/juliet'>${none}</presence>`);
  });

  scenario(
    'a network without pictures says nothing of any',
    async (stage) => {
      await stage.inhabitant('juliet', '#verona');
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      expect(photosIn(romeo, `${verona}/juliet`)).toEqual(['nothing']);
      await romeo.sends(get(contact, items('urn:xmpp:avatar:metadata')));
      romeo.gets(error('item-not-found'));
    },
    { options: { avatars: false } },
  );
});

describe('of contacts', () => {
  scenario('PRE-09 153-01 153-04 their presence has the hash, and changes with it', async (stage) => {
    await stage.inhabitant('juliet', '#verona');
    await wears(stage, 'juliet', rose);
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    await befriends(romeo);
    expect(photosIn(romeo, present(contact)).at(-1)).toBe(sha1(rose));
    await wears(stage, 'juliet', thorn);
    expect(photosIn(romeo, present(contact))).toEqual([sha1(thorn)]);
    await wears(stage, 'juliet', undefined);
    expect(photosIn(romeo, present(contact))).toEqual(['none']);
    await romeo.sends(`<presence type='unsubscribe' to='${contact}'/>`);
    romeo.ignores();
    await wears(stage, 'juliet', rose);
    expect(photosIn(romeo, present(contact))).toEqual([]);
  });

  scenario(
    '084-01 398-01 172-02 292 their nodes have it, of the same bytes as the card, and their name',
    async (stage) => {
      await stage.inhabitant('juliet', '#verona');
      const romeo = stage.client();
      await romeo.joins(verona, 'romeo');
      romeo.ignores();
      const asks = async (payload: string, answer: string) => {
        await romeo.sends(get(contact, payload));
        romeo.gets(answer);
      };
      const answer = (node: string, id: string, payload: string) =>
        `<iq type='result' id='q' from='${contact}'><pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='${node}'><item id='${id}'>${payload}</item></items></pubsub></iq>`;
      const [metadata, data] = ['urn:xmpp:avatar:metadata', 'urn:xmpp:avatar:data'];
      await asks(items(metadata), answer(metadata, 'current', `<metadata xmlns='${metadata}'/>`));
      await asks(items(data), error('item-not-found'));
      await wears(stage, 'juliet', rose);
      romeo.ignores();
      const info = `<info bytes='${rose.bytes.length}' id='${sha1(rose)}' type='image/png' width='8' height='8'/>`;
      await asks(items(metadata), answer(metadata, sha1(rose), `<metadata xmlns='${metadata}'>${info}</metadata>`));
      await asks(items(data, sha1(rose)), answer(data, sha1(rose), `<data xmlns='${data}'>${base64(rose)}</data>`));
      await asks(items(data, sha1(thorn)), error('item-not-found'));
      await asks(
        get(contact, vcard).replace(/^<iq[^>]*>|<\/iq>$/g, ''),
        `<iq type='result'><vCard xmlns='vcard-temp'><PHOTO><BINVAL>${base64(rose)}</BINVAL></PHOTO></vCard></iq>`,
      );
      const nick = 'http://jabber.org/protocol/nick';
      await asks(items(nick), answer(nick, 'current', `<nick xmlns='${nick}'>juliet</nick>`));
      const card =
        "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'><fn><text>The juliet</text></fn><nickname><text>juliet</text></nickname></vcard>";
      await asks(items('urn:xmpp:vcard4'), answer('urn:xmpp:vcard4', 'current', card));
      await asks(items('eu.siacs.conversations.axolotl.devicelist'), error('item-not-found'));
    },
  );

  scenario('084-03 060-01 only who has an account there reads them, and nobody writes', async (stage) => {
    await stage.inhabitant('juliet', '#verona');
    await wears(stage, 'juliet', rose);
    const romeo = stage.client();
    await romeo.sends(get(contact, items('urn:xmpp:avatar:metadata')));
    romeo.gets(
      "<iq type='error' id='q'><error type='auth'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><presence-subscription-required xmlns='http://jabber.org/protocol/pubsub#errors'/></error></iq>",
    );
    const publish =
      "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:avatar:data'><item id='x'/></publish></pubsub>";
    await romeo.sends(`<iq type='set' id='q' to='${contact}'>${publish}</iq>`);
    romeo.gets(error('feature-not-implemented'));
  });
});
