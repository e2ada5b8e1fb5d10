/** The user's own picture and name: shown to the network where they want that, and only there. */
import { describe, expect } from 'vitest';
import { type Picture, personId } from '../../src/bridge/index.ts';
import { accountId } from '../../src/core/ids.ts';
import type { Element } from '../../src/xml/element.ts';
import { child, childrenOf, show } from '../harness/markup.ts';
import { base64, png, sha1 } from '../harness/pictures.ts';
import { domainName } from './gateway.ts';
import type { Client } from './server.ts';
import { type Stage, scenario, verona } from './stage.ts';

const [rose, thorn] = [png(1), png(2)];
const pubsub = 'http://jabber.org/protocol/pubsub';
const metadata = 'urn:xmpp:avatar:metadata';

/** What the user's server has of them. */
interface Published {
  readonly picture?: Picture | 'none';
  readonly card?: Picture;
  readonly nick?: string;
  /** To the question for the picture itself nothing is answered at all. */
  readonly isLost?: boolean;
  /** What is given in the place of the picture. */
  readonly other?: Picture;
}

function answerTo(asked: Element, { picture, card, nick, other }: Published): string | undefined {
  if (child(asked, 'vCard', 'vcard-temp') !== undefined) {
    const photo = card && `<PHOTO><TYPE>image/png</TYPE><BINVAL>${base64(card)}</BINVAL></PHOTO>`;
    return `<vCard xmlns='vcard-temp'>${photo ?? ''}</vCard>`;
  }
  const node = child(child(asked, 'pubsub', pubsub), 'items')?.attrs.node;
  const item = (id: string, payload: string) =>
    `<pubsub xmlns='${pubsub}'><items node='${node}'><item id='${id}'>${payload}</item></items></pubsub>`;
  if (node === 'http://jabber.org/protocol/nick')
    return nick && item('current', `<nick xmlns='${node}'>${nick}</nick>`);
  if (picture === undefined) return undefined;
  if (picture === 'none') return item('current', `<metadata xmlns='${metadata}'/>`);
  const id = sha1(picture);
  const info = `<info bytes='1' id='${id}' type='image/png'/>`;
  if (node === metadata) return item(id, `<metadata xmlns='${metadata}'>${info}</metadata>`);
  return item(id, `<data xmlns='urn:xmpp:avatar:data'>${base64(other ?? picture)}</data>`);
}

/** The user's server answers for them until nobody asks any more; resolves with what was asked for. */
async function serves(stage: Stage, client: Client, has: Published): Promise<readonly string[]> {
  const asked: string[] = [];
  for (;;) {
    const requests = client.queue.splice(0).filter(({ name, attrs }) => name === 'iq' && attrs.type === 'get');
    if (requests.length === 0) return asked;
    for (const one of requests) {
      expect(one.attrs).toMatchObject({ from: domainName, to: client.bare });
      const [payload] = one.children.filter((node) => typeof node !== 'string');
      asked.push(payload?.name === 'vCard' ? 'card' : (childrenOf(payload, 'items')[0]?.attrs.node ?? ''));
      if (has.isLost === true && asked.at(-1) === 'urn:xmpp:avatar:data') continue;
      const answer = answerTo(one, has);
      const error = "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
      const type = answer === undefined ? 'error' : 'result';
      stage.server.fromClient(
        client.bare,
        `<iq type='${type}' id='${one.attrs.id}' to='${domainName}'>${answer ?? error}</iq>`,
      );
    }
    await stage.calm();
  }
}

async function configures(stage: Stage, client: Client, ...settings: readonly string[]): Promise<void> {
  for (const setting of settings)
    await client.sends(`<message type='chat' id='m' to='${domainName}'><body>configure ${setting}</body></message>`);
  await stage.calm();
}

const worn = (stage: Stage, who = 'romeo'): string | undefined => stage.gateway.world.wardrobe.of(personId(who));
const event = (node: string) =>
  `<message type='headline' to='${domainName}'><event xmlns='${pubsub}#event'><items node='${node}'><item id='x'><metadata xmlns='${metadata}'/></item></items></event></message>`;

describe('one’s own picture', () => {
  scenario('084-11 is nobody’s business until its owner says so', async (stage) => {
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    expect(await serves(stage, romeo, { picture: rose, nick: 'Romeo' })).toEqual([]);
    stage.server.fromClient(romeo.bare, event(metadata));
    await stage.calm();
    expect(await serves(stage, romeo, { picture: rose, nick: 'Romeo' })).toEqual([]);
    expect([worn(stage), stage.members('#verona')]).toEqual([undefined, ['romeo']]);
  });

  scenario(
    '084-10 is read from its owner’s node, given once, and again when the node says that it is new',
    async (stage) => {
      const romeo = stage.client();
      await configures(stage, romeo, 'share_avatar true');
      romeo.ignores();
      await romeo.joins(verona, 'romeo');
      expect(await serves(stage, romeo, { picture: rose })).toEqual([metadata, 'urn:xmpp:avatar:data']);
      const first = worn(stage);
      expect(first).toBeDefined();
      stage.server.fromClient(romeo.bare, event(metadata));
      await stage.calm();
      await serves(stage, romeo, { picture: thorn });
      expect(worn(stage)).not.toBe(first);
      stage.server.fromClient(romeo.bare, event(metadata));
      await stage.calm();
      await serves(stage, romeo, { picture: 'none' });
      expect(worn(stage)).toBeUndefined();
      expect(stage.members('#verona')).toEqual(['romeo']);
    },
  );

  scenario('084-10 else from the card, when a presence names another picture', async (stage) => {
    const romeo = stage.client();
    await configures(stage, romeo, 'share_avatar true');
    romeo.ignores();
    await romeo.joins(verona, 'romeo');
    expect(await serves(stage, romeo, { card: rose })).toEqual([metadata, 'card']);
    const first = worn(stage);
    const shows = (picture: Picture) =>
      romeo.sends(
        `<presence to='${verona}/romeo'><x xmlns='vcard-temp:x:update'><photo>${sha1(picture)}</photo></x></presence>`,
      );
    await shows(thorn);
    await serves(stage, romeo, { card: thorn });
    expect([worn(stage) === undefined, worn(stage) === first]).toEqual([false, false]);
    await shows(thorn);
    expect(await serves(stage, romeo, { card: thorn })).toEqual([]);
  });

  scenario('084-10 is not given again by another life, nor taken away where there never was one', async (stage) => {
    const romeo = stage.client();
    await configures(stage, romeo, 'share_avatar true');
    romeo.ignores();
    await romeo.joins(verona, 'romeo');
    await serves(stage, romeo, { picture: rose });
    stage.gateway.world.wear(personId('romeo'), thorn);
    const elsewhere = worn(stage);
    await stage.restarts();
    expect(await serves(stage, romeo, { picture: rose })).not.toEqual([]);
    expect(worn(stage)).toBe(elsewhere);
    const paris = stage.client('paris');
    await configures(stage, paris, 'share_avatar true');
    paris.ignores();
    stage.gateway.world.wear(personId('paris'), thorn);
    await paris.joins(verona, 'paris');
    await serves(stage, paris, {});
    expect(worn(stage, 'paris')).toBe(elsewhere);
  });

  scenario('084-10 stays what it was where the server does not answer, until it does', async (stage) => {
    const romeo = stage.client();
    await configures(stage, romeo, 'share_avatar true');
    romeo.ignores();
    await romeo.joins(verona, 'romeo');
    await serves(stage, romeo, { picture: rose });
    const first = worn(stage);
    stage.server.fromClient(romeo.bare, event(metadata));
    await stage.calm();
    expect(await serves(stage, romeo, { picture: thorn, isLost: true })).toEqual([metadata, 'urn:xmpp:avatar:data']);
    await stage.passes(31);
    expect(await serves(stage, romeo, { picture: thorn, isLost: true })).toEqual(['card']);
    expect([first === undefined, worn(stage)]).toEqual([false, first]);
    stage.server.fromClient(romeo.bare, event(metadata));
    await stage.calm();
    await serves(stage, romeo, { picture: thorn });
    expect([worn(stage) === undefined, worn(stage) === first]).toEqual([false, false]);
  });

  scenario('what is no picture, or another than it says, is not given', async (stage) => {
    const romeo = stage.client();
    await configures(stage, romeo, 'share_avatar true');
    romeo.ignores();
    await romeo.joins(verona, 'romeo');
    await serves(stage, romeo, { picture: { bytes: Buffer.from('<svg/>') } });
    expect(worn(stage)).toBeUndefined();
    stage.server.fromClient(romeo.bare, event(metadata));
    await stage.calm();
    expect(await serves(stage, romeo, { picture: rose, other: thorn })).toContain('card');
    expect(worn(stage)).toBeUndefined();
  });

  scenario('084-10 172 the name, too, where its owner wants that, and at once', async (stage) => {
    const romeo = stage.client();
    await romeo.joins(verona, 'romeo');
    await configures(stage, romeo, 'share_nick true');
    await serves(stage, romeo, { nick: 'Montague' });
    expect(stage.members('#verona')).toEqual(['Montague']);
  });
});

scenario('100-40 what the network was given is in its owner’s export, and goes with their data', async (stage) => {
  const romeo = stage.client();
  await configures(stage, romeo, 'share_avatar true');
  romeo.ignores();
  await romeo.joins(verona, 'romeo');
  await serves(stage, romeo, { picture: rose });
  const run = "<command xmlns='http://jabber.org/protocol/commands' node='export-my-data'/>";
  await romeo.sends(`<iq type='set' id='c' to='${domainName}'>${run}</iq>`);
  expect(romeo.queue.splice(0).map(show).join()).toContain(`"is":"profile","picture":"${sha1(rose)}"`);
  const given = () => stage.gateway.database.db.selectFrom('given_profiles').selectAll().execute();
  expect(await given()).toHaveLength(1);
  await stage.gateway.domain.runner.obey(accountId(`${romeo.bare}//${domainName}`), { is: 'erase', reason: 'Gone' });
  expect(await given()).toEqual([]);
});
