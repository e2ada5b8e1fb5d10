/** Pictures of rooms (XEP-0486): their hash in service discovery and in the presence of the room's address, the picture on its card, and the word that it changed. */
import { expect } from 'vitest';
import { chatId, GatewayError, type Picture } from '../../src/bridge/index.ts';
import type { Element } from '../../src/xml/element.ts';
import { valuesOf } from '../../src/xmpp/xep/0004-data-forms.ts';
import { discoInfo } from '../../src/xmpp/xep/0030-disco.ts';
import { child, textOf } from '../harness/markup.ts';
import { base64, png, sha1 } from '../harness/pictures.ts';
import { self, subject } from './lines.ts';
import type { Client } from './server.ts';
import { type Stage, scenario, verona } from './stage.ts';

const [rose, thorn] = [png(1), png(2)];
const changed =
  "<message type='groupchat' from='#verona@net.test'><x xmlns='http://jabber.org/protocol/muc#user'><status code='104'/></x></message>";
const shows = (photo: string): string =>
  `<presence type='!' from='${verona}'><x xmlns='vcard-temp:x:update'>${photo}</x></presence>`;
const hash = (picture: Picture): string => shows(`<photo>${sha1(picture)}</photo>`);

async function hangs(stage: Stage, picture: Picture | undefined): Promise<void> {
  stage.gateway.world.hang(chatId('#verona'), picture);
  await stage.calm();
}

async function ask(client: Client, to: string, payload: string): Promise<Element | undefined> {
  client.ignores();
  await client.sends(`<iq type='get' id='q' to='${to}'>${payload}</iq>`);
  return client.queue.splice(0).find(({ attrs }) => attrs.id === 'q');
}

async function info(client: Client, to: string) {
  const answer = await ask(client, to, "<query xmlns='http://jabber.org/protocol/disco#info'/>");
  const read = discoInfo.read(child(answer, 'query') as Element);
  return {
    hasCards: read?.features.some((one) => one.var === 'vcard-temp'),
    hash: read?.forms.flatMap((form) => valuesOf(form, 'muc#roominfo_avatarhash') ?? []),
  };
}

const photoOn = async (client: Client): Promise<string | undefined> => {
  const card = child(await ask(client, verona, "<vCard xmlns='vcard-temp'/>"), 'vCard');
  expect(card).toBeDefined();
  const photo = child(card, 'PHOTO');
  return photo && textOf(child(photo, 'BINVAL'));
};

scenario('486-01 486-02 a picture is announced, shown, changed and taken down', async (stage) => {
  await stage.inhabitant('juliet', '#verona');
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  expect(romeo.queue.map(({ attrs }) => attrs.from)).not.toContain(`${verona}/`);
  expect(await info(romeo, verona)).toEqual({ hasCards: true, hash: [] });
  expect(await info(romeo, 'net.test')).toMatchObject({ hasCards: true });
  expect(await photoOn(romeo)).toBeUndefined();
  for (const picture of [rose, thorn]) {
    romeo.ignores();
    await hangs(stage, picture);
    romeo.gets(changed, hash(picture));
    expect((await info(romeo, verona)).hash).toEqual([sha1(picture)]);
    expect(await photoOn(romeo)).toBe(base64(picture));
  }
  romeo.ignores();
  await hangs(stage, undefined);
  romeo.gets(changed, shows('<photo/>'));
  expect(await info(romeo, verona)).toEqual({ hasCards: true, hash: [] });
  expect(await photoOn(romeo)).toBeUndefined();
});

scenario('486-03 who comes in is shown it, behind the subject; nothing is fetched twice', async (stage) => {
  await stage.inhabitant('juliet', '#verona');
  await hangs(stage, rose);
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  expect(romeo.queue.splice(0)).toHaveLength(5);
  const phone = stage.client('romeo', 'phone');
  await phone.joins(verona, 'romeo');
  phone.gets(`<presence from='${verona}/juliet'/>`, self('romeo'), subject(), hash(rose));
  await stage.restarts();
  romeo.gets();
  expect(await photoOn(romeo)).toBe(base64(rose));
  expect(stage.gateway.world.wardrobe.fetched).toBe(1);
});

scenario('486-01 whoever is not in is told nothing of it', async (stage) => {
  await stage.inhabitant('juliet', '#verona');
  await hangs(stage, rose);
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  const paris = stage.client('paris');
  expect(await photoOn(paris)).toBeUndefined();
  expect((await info(paris, verona)).hash).toEqual([]);
});

scenario('486-02 what can not be fetched is no change', async (stage) => {
  await stage.inhabitant('juliet', '#verona');
  const romeo = stage.client();
  await romeo.joins(verona, 'romeo');
  romeo.ignores();
  stage.gateway.world.wardrobe.fail(new GatewayError('network-away'));
  await hangs(stage, rose);
  romeo.gets();
});

scenario(
  '486-01 a network without pictures announces none',
  async (stage) => {
    await stage.inhabitant('juliet', '#verona');
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    expect(await info(romeo, verona)).toEqual({ hasCards: false, hash: [] });
    expect(await photoOn(romeo)).toBeUndefined();
  },
  { options: { avatars: false } },
);
